/**
 * An environment that was frozen between two invocations, in one process: this thread stands still while a server
 * in another thread first sends the next event and then closes the connection that was kept. Both wait when the
 * thread goes on, the event first.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

const server = `
const { createServer } = require('node:http');
const net = require('node:net');
const { parentPort, workerData } = require('node:worker_threads');
const flag = new Int32Array(workerData);
let kept;
let events;
const http = createServer((request, response) => {
  kept = request.socket;
  request.resume();
  request.on('end', () => response.writeHead(200, { 'content-length': '2' }).end('[]'));
});
http.keepAliveTimeout = 600000;
const feed = net.createServer((socket) => {
  events = socket;
  parentPort.postMessage('connected');
});
http.listen(0, '127.0.0.1', () => feed.listen(0, '127.0.0.1', () =>
  parentPort.postMessage({ http: http.address().port, feed: feed.address().port })));
parentPort.on('message', () => {
  events.write('event', () => {
    kept.on('close', () => {
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    });
    kept.resetAndDestroy();
  });
});
`;

export interface FrozenEnvironment {
  readonly url: string;
  /** Freezes, and calls `handle` with the next event when the thread goes on. */
  readonly freeze: <Result>(handle: () => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<unknown>;
}

export const frozenEnvironment = async (): Promise<FrozenEnvironment> => {
  const shared = new SharedArrayBuffer(4);
  const flag = new Int32Array(shared);
  const worker = new Worker(server, { eval: true, workerData: shared });
  const [ports] = (await once(worker, 'message')) as [{ readonly http: number; readonly feed: number }];
  const events: Socket = connect(ports.feed, '127.0.0.1');
  await once(worker, 'message');
  return {
    url: `http://127.0.0.1:${ports.http}/`,
    freeze: async (handle) => {
      // Until nothing is left to be read on the connection that was kept, or it would be looked at first.
      for (let turns = 0; turns < 3; turns += 1) await new Promise(setImmediate);
      return new Promise((resolve, reject) => {
        events.once('data', () => handle().then(resolve, reject));
        Atomics.store(flag, 0, 0);
        worker.postMessage('go on');
        Atomics.wait(flag, 0, 0, 10_000);
      });
    },
    close: async () => {
      events.destroy();
      await worker.terminate();
    },
  };
};
