import type { PlaceCounters } from '../../lambda/limiter/index.ts';
import { limitUnavailable } from '../../lambda/limiter/store.ts';
import type { Host } from './host.ts';

/** The counters as a host reaches them over the network. */
export const countersFrom = (host: Host, counters: PlaceCounters): PlaceCounters => {
  const call = <Result>(what: string, effect: () => Promise<Result>): Promise<Result> =>
    host.call({
      port: 'counters',
      what,
      effect,
      failure: () => limitUnavailable(new Error('The table did not answer.')),
    });
  return {
    read: (list) => call(`read ${list}`, () => counters.read(list)),
    readEach: (lists) => call(`read ${lists}`, () => counters.readEach(lists)),
    take: (list, limit) => call(`take ${list}`, () => counters.take(list, limit)),
    correct: (list, counted, known) => call(`correct ${list}`, () => counters.correct(list, counted, known)),
    release: (list) => call(`release ${list}`, () => counters.release(list)),
  };
};
