/**
 * Deliveries and dead letters in the console, and sending them again. State: three dead letters of the owner's flow, in
 * the order of their events. Events: redrive of one, of all, replay. Never: a payload for anyone but the owner, a letter
 * sent by a person who does not own it without the role, a callback URL in an answer.
 */
import { describe, expect, it } from 'vitest';
import { minuteMs } from '../../lambda/runtime/time.ts';
import type { Flow } from '../../local/flow-host/flow-host.ts';
import { type Ask, consoleCallers, type Who } from './console-callers.ts';
import { failDataSource, type firstInstance, type TestSystem, useTestSystem } from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
let flow: Flow;
let subscriptionId: string;
let ask: Ask;
const answers: string[] = [];

const refusal = {
  status: 400,
  body: { error: { code: 'TriggerInputSchemaMismatch', message: 'Another schema.' } },
} as const;

useTestSystem(async (started, first) => {
  [system, instance] = [started, first];
  const call = consoleCallers(started);
  ask = async (...given) => {
    const answer = await call(...given);
    answers.push(JSON.stringify(answer.body));
    return answer;
  };
  flow = await started.flowHost.create('Failures', 'OnDataSourceRefreshFailed', { dataset: first.id });
  [, subscriptionId = ''] = /\/subscriptions\/([^/]+)\//.exec(flow.location ?? '') ?? [];
  flow.answerWith({ ...refusal, times: 3 });
  for (let at = 0; at < 3; at += 1) await failDataSource(started, first);
});

interface Letter {
  readonly letterId: string;
  readonly deliveryId: string;
  readonly decision: string;
  readonly isOwn: boolean;
}
const letters = async (who: Who): Promise<readonly Letter[]> =>
  ((await ask(who, '/dead-letters')).body as { value: readonly Letter[] }).value;
const redrive = async (who: Who, body: object) => ask(who, '/redrive', 'POST', { dryRun: false, ...body });
const accepted = () =>
  system.flowHost.callbacks.filter(({ flow: name, status }) => name === flow.name && status === 202);
const code = (body: unknown) => (body as { error: { code: string } }).error.code;

describe('dead letters', () => {
  it('are shown to their owner and to operators, with the answer and what sending again would do', async () => {
    expect(await letters('owner')).toMatchObject(
      Array.from({ length: 3 }, () => ({
        subscriptionId,
        trigger: 'OnDataSourceRefreshFailed',
        isOwn: true,
        decision: 'send',
        lastAttempt: { status: 400 },
      })),
    );
    expect((await letters('operator')).map(({ isOwn }) => isOwn)).toEqual([false, false, false]);
    expect(await letters('other')).toEqual([]);
  });

  it('show their payload to the owner only', async () => {
    const [first] = await letters('owner');
    const path = `/dead-letters/${first?.letterId}/payload`;
    const { body } = await ask('owner', path);
    expect(JSON.parse((body as { payload: string }).payload)).toMatchObject({
      deliveryId: first?.deliveryId,
      trigger: 'OnDataSourceRefreshFailed',
    });
    expect(await ask('operator', path)).toMatchObject({
      status: 403,
      body: { error: { code: 'PayloadOfAnother' } },
    });
    expect((await ask('other', path)).status).toBe(404);
  });

  it('are counted before they are sent, and nothing is changed by that', async () => {
    for (const who of ['owner', 'operator'] as const)
      expect((await redrive(who, { dryRun: true })).body).toMatchObject({
        sent: 3,
        alreadyDelivered: 0,
        kept: 0,
        next: null,
      });
    expect(await letters('owner')).toHaveLength(3);
  });

  it('are not sent by a person who neither owns them nor has the role', async () => {
    const letterIds = (await letters('owner')).map(({ letterId }) => letterId);
    const refused = await redrive('other', { letterIds });
    expect([refused.status, code(refused.body)]).toEqual([404, 'DeadLetterUnknown']);
    expect((await redrive('other', {})).body).toMatchObject({ sent: 0, kept: 0 });
    expect(await letters('owner')).toHaveLength(3);
    expect(accepted()).toEqual([]);
  });

  it.each([
    ['an id that is none', { letterIds: ['everything'] }, 404],
    ['a letter that is not there', { letterIds: ['retry.1.abc'] }, 404],
    ['too many at once', { letterIds: Array.from({ length: 101 }, (_, at) => `retry.${at}.a`) }, 400],
    ['a place that is none', { after: 'here' }, 400],
    ['a time that is none', { sentBefore: 'soon' }, 400],
  ])('refuse %s', async (_, body, status) => {
    expect((await redrive('owner', body)).status).toBe(status);
    expect(await letters('owner')).toHaveLength(3);
  });

  it('are sent again one by one by their owner, and refused when they are gone', async () => {
    const [first] = await letters('owner');
    const named = { letterIds: [first?.letterId] };
    expect((await redrive('owner', named)).body).toMatchObject({ sent: 1 });
    await system.clock.advance(2 * minuteMs);
    expect(accepted().map(({ payload }) => payload.deliveryId)).toEqual([first?.deliveryId]);
    expect(await letters('owner')).toHaveLength(2);
    expect((await redrive('owner', named)).status).toBe(404);
  });

  it('that are refused again are not sent in a circle', async () => {
    flow.answerWith({ ...refusal, times: 2 });
    const first = (await redrive('operator', {})).body as { sent: number; sentBefore: string };
    expect(first.sent).toBe(2);
    await system.clock.advance(2 * minuteMs);
    const { sentBefore } = first;
    expect((await redrive('operator', { sentBefore })).body).toMatchObject({ sent: 0, next: null });
    expect(await letters('owner')).toHaveLength(2);
  });

  it('are all sent by an operator', async () => {
    const before = accepted().length;
    expect((await redrive('operator', {})).body).toMatchObject({ sent: 2, kept: 0, reasons: [] });
    await system.clock.advance(2 * minuteMs);
    expect(accepted()).toHaveLength(before + 2);
    expect(await letters('operator')).toEqual([]);
  });
});

describe('deliveries', () => {
  interface Row {
    readonly deliveryId: string;
    readonly state: string;
    readonly occurredAt: string;
    readonly nextAttemptAt: string | null;
    readonly attempts: readonly { readonly status: number }[];
  }
  const rows = async (who: Who, query = '') =>
    ((await ask(who, `/deliveries${query}`)).body as { value: readonly Row[] }).value;
  const payloadOf = (who: Who, { deliveryId, occurredAt }: Row) =>
    ask(
      who,
      `/subscriptions/${subscriptionId}/deliveries/${deliveryId}/payload?occurredAt=${encodeURIComponent(occurredAt)}`,
    );

  it('are listed with their answer and the next attempt, to who owns them and to operators', async () => {
    flow.answerWith({ status: 503, times: 1 });
    await failDataSource(system, instance, minuteMs);
    const [pending] = await rows('owner', '?state=pending');
    expect(pending).toMatchObject({ state: 'pending', attempts: [{ status: 503 }] });
    expect(Date.parse(pending?.nextAttemptAt ?? '')).toBeGreaterThan(system.clock.now());
    expect(await rows('operator', '?state=pending')).toHaveLength(1);
    expect(await rows('other')).toEqual([]);
    await system.clock.advance(10 * minuteMs);
    const [newest] = await rows('owner');
    expect(newest).toMatchObject({
      deliveryId: pending?.deliveryId,
      state: 'delivered',
      nextAttemptAt: null,
    });
    expect(await rows('owner', '?state=pending')).toEqual([]);
    expect(await rows('owner', '?search=nothing')).toEqual([]);
  });

  it('show their payload to the owner only: what the flow got', async () => {
    const [newest] = await rows('owner', '?state=delivered');
    if (newest === undefined) return expect.fail('no delivery');
    const { body } = await payloadOf('owner', newest);
    expect(JSON.parse((body as { payload: string }).payload)).toEqual(accepted().at(-1)?.payload);
    expect((await payloadOf('operator', newest)).status).toBe(403);
    expect((await payloadOf('other', newest)).status).toBe(404);
    expect((await payloadOf('owner', { ...newest, deliveryId: 'none' })).status).toBe(404);
  });
});

describe('a replay', () => {
  const replay = (who: Who, body: object) =>
    ask(who, `/subscriptions/${subscriptionId}/replay`, 'POST', {
      name: 'again',
      hours: 1,
      onlyMissed: false,
      dryRun: false,
      ...body,
    });

  it('says what became of each event, and sends what was asked for', async () => {
    const told = (await replay('owner', { dryRun: true })).body as {
      sent: number;
      events: readonly { history: string }[];
    };
    expect(told.sent).toBeGreaterThanOrEqual(4);
    expect(told.events.filter(({ history }) => history === 'accepted').length).toBeGreaterThanOrEqual(4);
    expect((await replay('owner', { dryRun: true, onlyMissed: true })).body).toMatchObject({
      sent: told.events.filter(({ history }) => history === 'new' || history === 'notAccepted').length,
    });
    const before = accepted().length;
    expect((await replay('owner', {})).body).toMatchObject({ sent: told.sent });
    await system.clock.advance(2 * minuteMs);
    expect(accepted()).toHaveLength(before + told.sent);
    // Under the same name nothing that was accepted is sent twice.
    expect((await replay('owner', {})).body).toMatchObject({ sent: 0 });
  });

  it('is refused to other people, and allowed to operators', async () => {
    expect((await replay('other', {})).status).toBe(404);
    expect((await replay('operator', { dryRun: true })).status).toBe(200);
  });

  it('is refused for a subscription that would not receive it', async () => {
    await flow.switchOff({ unsubscribe: false });
    await failDataSource(system, instance);
    const { status, body } = await replay('owner', { name: 'another' });
    expect([status, code(body)]).toEqual([409, 'SubscriptionNotActive']);
    await flow.switchOn();
  });
});

describe('a dead letter of a flow that was switched off', () => {
  it('is kept, with the reason', async () => {
    flow.answerWith({ ...refusal, times: 1 });
    await failDataSource(system, instance);
    await flow.switchOff({ unsubscribe: false });
    await failDataSource(system, instance);
    const kept = async () => (await redrive('operator', { dryRun: true })).body;
    expect(await kept()).toMatchObject({
      sent: 0,
      kept: 1,
      reasons: [{ reason: expect.stringMatching(/paused; switch the flow on/), count: 1 }],
    });
    await flow.switchOn();
    expect(await kept()).toMatchObject({ reasons: [{ reason: expect.stringMatching(/"replay"/) }] });
  });
});

it('no answer and no line of the log has a callback URL', () => {
  expect(answers.length).toBeGreaterThan(30);
  const all = [...answers, ...system.lines.map(({ text }) => text)].join('\n');
  expect(all).not.toMatch(/\/workflows\/[^"]*\/run|[?&]sig=/);
});
