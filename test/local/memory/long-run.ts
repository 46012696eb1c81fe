/**
 * A whole system in a process of its own, which answers calls for some virtual minutes and prints the memory that is
 * held after each.
 * node --expose-gc --import tsx long-run.ts <minutes> <calls a minute> <bytes that are kept of each call, as a fault>
 */

import { minuteMs } from '../../../lambda/runtime/time.ts';
import { LocalClock } from '../../../local/clock.ts';
import { defaultUsers } from '../../../local/issuer/directory.ts';
import { startLocalSystem } from '../../../local/system.ts';
import { memoryOf, processTree } from '../process-tree.ts';

/** MB of 2^20 bytes. */
export interface Held {
  /** Of objects of the main thread, after all that is not used was let go. */
  readonly objects: number;
  /** Of the process and all that it started; 0 where there is no /proc. */
  readonly all: number;
}

const [minutes = 0, callsPerMinute = 0, faultBytes = 0] = process.argv.slice(2).map(Number);
const collect = globalThis.gc;
if (collect === undefined) throw new Error('Start it with --expose-gc.');

const held = async (): Promise<Held> => {
  // What is let go at the end of one collection may hold something that only the next one finds.
  for (let time = 0; time < 3; time += 1) {
    collect();
    await new Promise((turned) => setTimeout(turned, 100));
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return {
    objects: (heapUsed + external + arrayBuffers) / 2 ** 20,
    all: memoryOf(processTree(process.pid)),
  };
};

/** Each is a connection of its own, so that none is limited. */
const people = Array.from({ length: 20 }, (_, index) => ({
  objectId: `c0000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  userName: `person${index}@contoso.example`,
  name: `Person ${index}`,
}));

const clock = LocalClock.frozen(Date.UTC(2026, 5, 1, 10, 0, 0));
const system = await startLocalSystem({
  clock,
  customers: 500,
  activities: 2_000,
  users: [...defaultUsers, ...people],
});
const kept: Buffer[] = [];
try {
  const [instance] = system.configuration.instances;
  const paths = ['/v1/datasets', `/v1/datasets/${instance?.id}/data-sources`];
  for (let minute = 0; minute < minutes; minute += 1) {
    // A token lasts an hour.
    const tokens = await Promise.all(people.map((user) => system.issuer.userToken({ user })));
    let call = 0;
    const caller = async () => {
      while (call < callsPerMinute) {
        call += 1;
        const path = paths[call % paths.length];
        const token = tokens[call % tokens.length];
        const answer = await fetch(`${system.deployment.apiUrl}${path}`, {
          headers: { authorization: `Bearer ${token}` },
        });
        const text = await answer.text();
        if (answer.status >= 500) throw new Error(`${path} was answered with ${answer.status}: ${text}`);
        if (faultBytes > 0) kept.push(Buffer.alloc(faultBytes, 1));
      }
    };
    await Promise.all(Array.from({ length: 4 }, caller));
    await clock.advance(minuteMs);
    process.stdout.write(`${JSON.stringify(await held())}\n`);
  }
} finally {
  await system.close();
}
