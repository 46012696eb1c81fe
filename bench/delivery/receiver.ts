/** A flow's endpoint that answers at once: 202, or 500 to a share of the requests. Says when it answered. */
import { createServer } from 'node:http';
import { becomePart, listening, partInput } from '../proxy/part.ts';

const { errors } = partInput<{ readonly errors: number }>();
let requests = 0;
/** Epoch ms of each 202 since the last question. */
let accepted: number[] = [];
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    requests += 1;
    // Evenly spread, and without chance.
    const fails = errors > 0 && requests % Math.round(1 / errors) === 0;
    if (!fails) accepted.push(performance.timeOrigin + performance.now());
    response.writeHead(fails ? 500 : 202).end();
  });
});
becomePart(await listening(server), async () => {
  const times = accepted;
  accepted = [];
  return times;
});
