import type { ServerResponse } from 'node:http';

/** Ends a response with JSON that was made before; 404 without. */
export const answerJson = (response: ServerResponse, body: Buffer | undefined): void => {
  if (body === undefined) response.writeHead(404).end();
  else
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': body.byteLength })
      .end(body);
};
