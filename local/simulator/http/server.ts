import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenOnLoopback } from '../../loopback-server.ts';
import type { Reply } from './reply.ts';

/** What a request led to: an answer, or a connection cut on purpose. */
export type Outcome = { readonly reply: Reply; readonly delayMs?: number } | 'reset';

export interface RawRequest {
  readonly message: IncomingMessage;
  readonly url: URL;
  readonly text: string;
}

const largestBody = 4 * 1024 * 1024;

export interface RunningServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Serves on loopback only; port 0 takes a free one. A fault of `answer` itself becomes a 500 that says so.
 */
export const serve = async (
  port: number,
  answer: (request: RawRequest) => Promise<Outcome>,
): Promise<RunningServer> => {
  const late = new Set<NodeJS.Timeout>();
  let origin = '';
  const server = createServer((message, response) => {
    handle(message, response).catch((error: unknown) => {
      if (!response.headersSent) send(response, { status: 500, json: { simulatorError: String(error) } });
      else response.destroy();
    });
  });
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await bodyText(message);
    if (text === undefined) {
      send(response, { status: 413, headers: { Connection: 'close' } });
      return;
    }
    const target = message.url ?? '/';
    if (!URL.canParse(target, origin)) {
      send(response, { status: 400 });
      return;
    }
    const outcome = await answer({ message, url: new URL(target, origin), text });
    if (outcome === 'reset') {
      message.socket.resetAndDestroy();
    } else if (outcome.delayMs === undefined) {
      send(response, outcome.reply);
    } else {
      const timer = setTimeout(() => {
        late.delete(timer);
        send(response, outcome.reply);
      }, outcome.delayMs);
      late.add(timer);
    }
  };
  origin = await listenOnLoopback(server, port);
  return {
    origin,
    close: () => {
      for (const timer of late) clearTimeout(timer);
      return closeServer(server);
    },
  };
};

/** undefined when the body is too large. */
const bodyText = async (message: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message) {
    length += chunk.length;
    if (length > largestBody) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const send = (response: ServerResponse, reply: Reply): void => {
  const json = reply.json === undefined ? undefined : JSON.stringify(reply.json);
  const body = json ?? reply.text ?? '';
  const type = json === undefined ? {} : { 'Content-Type': 'application/json; charset=utf-8' };
  const length = reply.status === 204 ? {} : { 'Content-Length': Buffer.byteLength(body) };
  response.writeHead(reply.status, { ...type, ...length, ...reply.headers });
  response.end(body);
};
