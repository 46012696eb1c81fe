import { describe, expect, it } from 'vitest';
import { decide } from '../../../lambda/ledger/explain.ts';
import { ledgerStore } from '../../../lambda/store/ledger.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { instanceId, sourceSubscription } from '../store/example-subscription.ts';
import { endedJob, noon, shop } from '../subscriptions/world.ts';
import { watchWorld } from './world.ts';

/*
 * State: a task of a job that the source shows as failed; what was told of it.
 * Events: the source retries the task although the job seemed to have ended; the retry fails again, or succeeds.
 * Invariants: the failure is told once, the success once and with its own time; the explanation of the failure's flow says
 * what happened; a task that never failed is told once however its job changes.
 */

const minute = 60_000;

const job = (status: string, endedMinute: number | undefined): ObservedJob => {
  const endedAt = endedMinute === undefined ? undefined : noon + endedMinute * minute;
  const base = endedJob('task', 1);
  return { ...base, status, endedAt, tasks: base.tasks.map((task) => ({ ...task, status, endedAt })) };
};

const afterNoon = { baseline: { at: noon, occurrences: [] } };

const play = async (...states: readonly ObservedJob[]) => {
  const world = watchWorld();
  await world.look();
  const failed = sourceSubscription('failed', shop.dataSourceId, afterNoon);
  await world.subscribe(failed);
  await world.subscribe(
    sourceSubscription('succeeded', null, { ...afterNoon, trigger: 'OnDataSourceRefreshSucceeded' }),
  );
  for (const state of states) {
    world.state.jobs = [state];
    world.clock.now += minute;
    await world.look();
  }
  const ledger = ledgerStore(world.items, { now: () => world.clock.now });
  const subjectRecords = await ledger.ofSubject(instanceId, 'OnDataSourceRefreshFailed', null, noon, 100);
  const decisions = decide(triggers, {
    subscription: failed,
    subjectRecords,
    instanceRecords: [],
    deliveries: [],
  });
  const told = world.deliveries.map(({ subscriptionId, payload }) => [subscriptionId, payload.occurredAt]);
  return { told, sentences: decisions.map(({ sentence }) => sentence) };
};
const at = (minutes: number) => new Date(noon + minutes * minute).toISOString();

describe('a failure that was told and is retried all the same', () => {
  it('gives a success when the retry succeeds, and the explanation says so', async () => {
    const { told, sentences } = await play(
      job('failed', 1),
      job('running', undefined),
      job('successful', 3),
      job('successful', 3),
    );
    expect(told).toEqual([
      ['failed', at(1)],
      ['succeeded', at(3)],
    ]);
    expect(sentences[0]).toMatch(
      /^The refresh of the data source ".+" that had failed at .+12:01:00 UTC succeeded at .+12:03:00 UTC/,
    );
  });

  it('gives nothing more when it fails again', async () => {
    const { told, sentences } = await play(
      job('failed', 1),
      job('running', undefined),
      job('failed', 3),
      job('failed', 3),
    );
    expect(told).toEqual([['failed', at(1)]]);
    expect(sentences).toHaveLength(1);
  });

  it('gives one success after several failures', async () => {
    const running = job('running', undefined);
    const { told } = await play(job('failed', 1), running, job('failed', 3), running, job('successful', 5));
    expect(told).toEqual([
      ['failed', at(1)],
      ['succeeded', at(5)],
    ]);
  });
});

it('a success is told once, also when its job goes on', async () => {
  const { told } = await play(job('successful', 1), { ...job('successful', 1), status: 'running' });
  expect(told).toEqual([['succeeded', at(1)]]);
});
