/** A flow's endpoint that answers at once: 202, or 500 to a share of the requests. */
import { createServer } from 'node:http';
import { becomePart, listening, partInput } from '../proxy/part.ts';

const { errors } = partInput<{ readonly errors: number }>();
let requests = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    requests += 1;
    // Evenly spread, and without chance.
    const fails = errors > 0 && requests % Math.round(1 / errors) === 0;
    response.writeHead(fails ? 500 : 202).end();
  });
});
becomePart(await listening(server), async () => requests);
