/** What the pages of the console ask: what people see of their own, and operators of everybody's. */
import { describe, expect, it } from 'vitest';
import { minuteMs, secondMs } from '../../lambda/runtime/time.ts';
import { auditStore } from '../../lambda/store/audit-records.ts';
import { type Ask, consoleCallers, type Who } from './console-callers.ts';
import {
  type firstInstance,
  stateTableOf,
  type TestSystem,
  testStart,
  useTestSystem,
} from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
let ask: Ask;

useTestSystem(async (started, first) => {
  [system, instance, ask] = [started, first, consoleCallers(started)];
  const { world } = first;
  await started.flowHost.create('Big segment', 'OnSegmentThresholdCrossed', {
    dataset: first.id,
    segment: 'HighValueCustomers',
    threshold: 2_505,
    rearmLevel: 2_400,
  });
  // Not at the same time: the order would be by their random ids.
  await started.clock.advance(minuteMs);
  await started.flowHost.create('Failures', 'OnDataSourceRefreshFailed', { dataset: first.id });
  await started.clock.advance(2 * minuteMs);
  world.refreshSegment('HighValueCustomers', { count: 2_520, durationMs: 5_000 });
  await started.clock.advance(3 * minuteMs);
});

interface Found {
  readonly value: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}
const search = async (who: Who, query = '') => (await ask(who, `/subscriptions${query}`)).body as Found;

describe('the search', () => {
  it('finds what a person owns, the newest first, with condition, state and last delivery', async () => {
    const { value, next } = await search('owner');
    expect(next).toBeNull();
    expect(value).toMatchObject([
      { trigger: 'OnDataSourceRefreshFailed', isOwn: true, state: 'active', lastDelivery: null },
      {
        trigger: 'OnSegmentThresholdCrossed',
        subject: 'HighValueCustomers',
        threshold: 2_505,
        rearmLevel: 2_400,
        lastDelivery: 'delivered',
      },
    ]);
  });

  it('shows nothing to another person, and everything to an operator', async () => {
    expect(await search('other')).toEqual({ value: [], next: null });
    const { value } = await search('operator');
    expect(value.map(({ isOwn }) => isOwn)).toEqual([false, false]);
  });

  it.each([
    ['?search=highvalue', 1],
    ['?search=HIGHVALUE%202505', 1],
    ['?search=high%20value%20customers', 1],
    ['?search=contoso', 2],
    ['?search=nothing', 0],
    ['?state=active', 2],
    ['?state=paused', 0],
    ['?state=ended', 0],
  ])('%s finds %i', async (query, count) => {
    for (const who of ['owner', 'operator'] as const)
      expect((await search(who, query)).value).toHaveLength(count);
  });

  it('refuses a place that is none', async () => {
    expect(await ask('owner', '/subscriptions?after=everywhere')).toMatchObject({
      status: 400,
      body: { error: { code: 'RequestInvalid', details: [{ parameter: 'after' }] } },
    });
  });
});

describe('a subscription', () => {
  const idOf = async () => String((await search('owner', '?search=highvalue')).value[0]?.subscriptionId);

  it('explains itself to its owner and to an operator, and exists for no one else', async () => {
    const path = `/subscriptions/${await idOf()}/explanation`;
    const explained = await ask('owner', path);
    expect(explained.body).toMatchObject({
      decisions: expect.arrayContaining([expect.objectContaining({ outcome: 'fired', currentValue: 2_520 })]),
    });
    expect((await ask('operator', path)).body).toEqual(explained.body);
    expect((await ask('other', path)).status).toBe(404);
  });

  it('takes a sample of an operator, and none of another person', async () => {
    const path = `/subscriptions/${await idOf()}/sample-event`;
    expect((await ask('other', path, 'POST')).status).toBe(404);
    const { status, body } = await ask('operator', path, 'POST');
    expect(status).toBeLessThan(300);
    await system.clock.advance(minuteMs);
    expect(system.flowHost.callbacks.map(({ payload }) => payload.eventId)).toContain(
      (body as { eventId: string }).eventId,
    );
  });

  it('is removed by who owns it, and found no more', async () => {
    const path = `/subscriptions/${await idOf()}`;
    expect((await ask('other', path, 'DELETE')).status).toBe(404);
    expect((await ask('owner', path, 'DELETE')).status).toBe(200);
    expect((await search('owner', '?search=highvalue')).value).toEqual([]);
    expect((await ask('owner', `${path}/explanation`)).status).toBe(404);
  });
});

describe('a subscription that an operator removes', () => {
  it('is removed under the name of the operator', async () => {
    const [first] = (await search('owner')).value;
    // Audit records of one millisecond are in the order of hashes: this removal must come after that of the owner.
    await system.clock.advance(secondMs);
    expect((await ask('operator', `/subscriptions/${first?.subscriptionId}`, 'DELETE')).status).toBe(200);
    const told: string[] = [];
    for await (const { body } of auditStore(stateTableOf(system)).since(testStart, system.clock.now()))
      if (body.action === 'deleted') told.push(body.by);
    expect(told).toEqual(['owner', expect.stringMatching(/^operator [0-9a-f-]{36}$/)]);
    await system.flowHost.flows.at(-1)?.switchOn();
  });
});

describe('the states of instances', () => {
  it('tell of looks, and are those of own triggers but for operators', async () => {
    const states = async (who: Who) =>
      ((await ask(who, '/instances')).body as { value: readonly Readonly<Record<string, unknown>>[] }).value;
    expect(await states('other')).toEqual([]);
    for (const who of ['owner', 'operator'] as const)
      expect(await states(who)).toMatchObject([
        {
          instanceId: instance.id,
          failures: 0,
          lagSeconds: 0,
          pausedAt: null,
          pausedUntil: null,
          runningJobs: 0,
        },
      ]);
  });

  it('tell of looks that Customer Insights does not answer', async () => {
    instance.world.setBroken({ calls: true });
    await system.clock.advance(3 * minuteMs);
    const { body } = await ask('operator', '/instances');
    expect(body).toMatchObject({ value: [{ notes: [{ kind: 'source failed' }] }] });
    expect((body as { value: readonly { failures: number }[] }).value[0]?.failures).toBeGreaterThan(0);
    instance.world.setBroken({ calls: false });
    await system.clock.advance(10 * minuteMs);
  });
});

describe('the limits', () => {
  it('count the calls of the connection, which looking does not change', async () => {
    const used = async () =>
      ((await ask('owner', '/limits')).body as { value: readonly { counted: string; used: number }[] }).value;
    await system.clock.advance(minuteMs);
    await system.client.call('ListInstances', {});
    await system.client.call('ListInstances', {});
    for (let at = 0; at < 3; at += 1) await ask('owner', '/overview');
    expect(await used()).toMatchObject([
      { counted: 'calls', used: 2 },
      { counted: 'registrations', used: 0 },
      { counted: 'console', used: 4 },
    ]);
  });
});
