import { expect, it } from 'vitest';
import {
  connectorUseNoter,
  connectorVersions,
  lastConnectorUse,
  noteEveryMs,
} from '../../../lambda/store/connector-use.ts';
import { StoreUnavailable, type Table } from '../../../lambda/store/table.ts';
import { memoryTable } from '../memory-table.ts';
import { noon } from '../subscriptions/world.ts';

/*
 * State: the last call of all, and the last call of each version.
 * Events: a connector of some version calls; ten minutes pass; a write fails; another process notes at the same time.
 * Invariants:
 *  - each version that called is listed once, the last one first, with a time at most ten minutes before its last call;
 *  - a process writes at most once in ten minutes for each version, however many versions call in turn;
 *  - a call never fails because of its note.
 */
const world = (table: Table = memoryTable()) => {
  let now = noon;
  const covered: string[] = [];
  let writes = 0;
  const counted: Table = {
    ...table,
    swap: (...given) => {
      writes += 1;
      return table.swap(...given);
    },
  };
  const noter = () =>
    connectorUseNoter(counted, { now: () => now, coveredUp: (effect) => covered.push(effect) });
  return {
    noter,
    covered,
    writes: () => writes,
    pass: (ms: number) => {
      now += ms;
    },
    versions: () => connectorVersions(table),
    last: () => lastConnectorUse(table),
  };
};

it('nothing is known before the first call', async () => {
  const { versions, last } = world();
  expect([await versions(), await last()]).toEqual([[], undefined]);
});

it('two versions in turn are two entries, and cost a write of each in ten minutes', async () => {
  const { noter, pass, versions, last, writes } = world();
  const seen = noter();
  for (let call = 0; call < 50; call += 1) {
    await seen('0.1.0');
    pass(1_000);
    await seen('0.2.0');
    pass(1_000);
  }
  expect(await versions()).toEqual([
    { version: '0.2.0', seenAt: noon + 1_000 },
    { version: '0.1.0', seenAt: noon },
  ]);
  expect(await last()).toEqual({ version: '0.2.0', seenAt: noon + 1_000 });
  const before = writes();
  pass(noteEveryMs);
  await seen('0.1.0');
  expect((await versions()).map(({ version }) => version)).toEqual(['0.1.0', '0.2.0']);
  expect(writes() - before).toBe(before / 2);
});

it('processes that note at the same time lose no version', async () => {
  const { noter, versions, covered } = world();
  await Promise.all(['0.1.0', '0.2.0', '0.3.0', '0.2.0'].map((version) => noter()(version)));
  expect((await versions()).map(({ version }) => version).sort()).toEqual(['0.1.0', '0.2.0', '0.3.0']);
  expect(covered).toEqual([]);
});

it('a note that cannot be written is covered up, and written with the next call', async () => {
  const table = memoryTable();
  let broken = true;
  const { noter, versions, covered } = world({
    ...table,
    swap: (...given) => (broken ? Promise.reject(new StoreUnavailable('down')) : table.swap(...given)),
  });
  const seen = noter();
  await seen('0.2.0');
  expect([covered.length, await versions()]).toEqual([1, []]);
  broken = false;
  await seen('0.2.0');
  expect((await versions()).map(({ version }) => version)).toEqual(['0.2.0']);
});

it('a version of any length is cut, so that a caller cannot fill the table with one', async () => {
  const { noter, versions } = world();
  const seen = noter();
  await seen(`0.2.0-${'x'.repeat(5_000)}`);
  await seen(`0.2.0-${'x'.repeat(5_001)}`);
  expect((await versions()).map(({ version }) => version.length)).toEqual([32]);
});
