import { describe, expect, it } from 'vitest';
import { createAjv } from '../../../connector/contract/validation.ts';
import type { ImplementationResult } from '../../../lambda/http/implementations.ts';
import { deliveryStore } from '../../../lambda/store/deliveries.ts';
import type { DeliveryMessage } from '../../../lambda/store/delivery-message.ts';
import { failureStore } from '../../../lambda/store/failures.ts';
import { subscriptionStore } from '../../../lambda/store/subscriptions.ts';
import type { ObservedJob } from '../../../lambda/triggers/observation.ts';
import { definitions } from '../../../lambda/triggers/registry.ts';
import { createTriggers } from '../../../lambda/triggers/trigger-set.ts';
import { deliverWorld } from '../deliver/deliver-world.ts';
import {
  callbackUrl,
  endedJob,
  instanceId,
  registeredOf,
  segment,
  sourceOf,
  subscriptionsWorld,
} from '../subscriptions/world.ts';
import { contoso, watchWorld } from '../watch/world.ts';
import { onSegmentEvaluated as operation } from './additional/on-segment-evaluated.ts';
import { onSegmentEvaluated } from './additional/segment-evaluated.ts';

/*
 * A trigger that the connector does not have, added with the two files in additional/ and a registry of one more. Everything else is the
 * code of the functions as they are deployed.
 * State: the table that the functions share; the source.
 * Events: a registration; an evaluation that changes nothing; an evaluation of another segment; a sample; a removal.
 * Invariants:
 *  - each evaluation of the chosen segment after the registration is sent once, as the operation describes it, and explained;
 *  - nothing of another segment, or after the removal, is sent.
 */

const minute = 60_000;
const triggers = createTriggers({ ...definitions, OnSegmentEvaluated: onSegmentEvaluated });

const checkBody = createAjv('request').compile(operation.body);
const checkNotification = createAjv('answer').compile(operation.notification);

const segmentationJob = (minuteOfDay: number): ObservedJob => {
  const job = endedJob(`task ${minuteOfDay}`, minuteOfDay);
  const ended = { operation: 'segmentation', status: 'successful' };
  return { ...job, ...ended, tasks: job.tasks.map((task) => ({ ...task, ...ended })) };
};

/** As the handler calls an implementation that it has found by its id. */
type Registration = (
  request: { readonly path: object; readonly query: object; readonly body: object },
  context: object,
) => Promise<ImplementationResult<object>>;

const world = async () => {
  const watch = watchWorld();
  const { items, state } = watch;
  const [highValue, other] = [segment([0, 100]), { ...segment([0, 5]), name: 'Other' }];
  state.segments = [highValue, other];
  const subscriptions = subscriptionsWorld();
  const { implementations, context } = subscriptions.on(items, {
    triggers,
    sourceOf: () => sourceOf(state),
    now: () => watch.clock.now,
  });
  const deliver = deliverWorld();
  const poll = async () => {
    watch.clock.now += minute;
    await watch.look(contoso, false, { triggers });
    return watch.deliveries.splice(0);
  };
  await poll();
  return {
    poll,
    sent: subscriptions.sent,
    implementations,
    context,
    evaluated: (at: number, values: { readonly highValue: number; readonly other: number }) => {
      state.segments = [
        { ...highValue, evaluations: segment([0, 100], [at, values.highValue]).evaluations },
        { ...other, evaluations: segment([0, 5], [at, values.other]).evaluations },
      ];
      state.jobs = [segmentationJob(at), ...state.jobs];
    },
    async register(inputs: object) {
      const body = { callbackUrl: callbackUrl('additional'), ...inputs };
      expect(checkBody(body)).toBe(true);
      const registration =
        (implementations as object as Readonly<Record<string, Registration>>).OnSegmentEvaluated ??
        expect.fail('the function has no such implementation');
      const answer = await registration({ path: { dataset: instanceId }, query: {}, body }, context);
      return registeredOf(answer.headers);
    },
    /** What the flow is posted for a message that was queued. */
    async posted(message: DeliveryMessage | undefined) {
      await deliver.deliver(message ?? expect.fail('nothing was queued'), {
        subscriptions: subscriptionStore(items),
        deliveries: deliveryStore(items),
        failures: failureStore(items, { now: () => watch.clock.now }),
      });
      const notification = JSON.parse(deliver.posts.pop()?.body ?? 'null');
      checkNotification(notification);
      expect(checkNotification.errors ?? []).toEqual([]);
      return notification;
    },
  };
};

describe('an additional trigger', () => {
  it('is registered, detected, delivered and explained', async () => {
    const { register, evaluated, poll, posted, implementations, context } = await world();
    const { subscriptionId } = await register({ segment: 'HighValue' });
    evaluated(5, { highValue: 100, other: 7 });
    const queued = await poll();
    expect(queued).toHaveLength(1);
    expect(await posted(queued[0])).toMatchObject({
      trigger: 'OnSegmentEvaluated',
      instanceName: 'Contoso',
      segmentName: 'HighValue',
      memberCount: 100,
    });
    evaluated(6, { highValue: 100, other: 7 });
    expect(await poll()).toMatchObject([{ payload: { occurredAt: '2026-01-10T12:06:00.000Z' } }]);
    expect(await poll()).toEqual([]);

    const { body } = await implementations.ExplainSubscription(
      { path: { subscriptionId }, query: {}, body: null },
      context,
    );
    expect(body.summary).toMatch(/^HighValue in Contoso.*: is evaluated\. Registered at /);
    expect(body.decisions.map(({ sentence }) => sentence)).toEqual([
      expect.stringMatching(/^"HighValue" was evaluated to 100\. Queued/),
      expect.stringMatching(/^"HighValue" was evaluated to 100\. Sent; the flow accepted it/),
    ]);
  });

  it('refuses a subject that the source does not have, and takes any', async () => {
    const { register, evaluated, poll } = await world();
    await expect(register({ segment: 'Gone' })).rejects.toMatchObject({ code: 'SegmentUnknown' });
    await register({});
    evaluated(5, { highValue: 100, other: 7 });
    expect((await poll()).map(({ payload }) => payload)).toMatchObject([
      { memberCount: expect.any(Number) },
      { memberCount: expect.any(Number) },
    ]);
  });

  it('has samples', async () => {
    const { register, sent, posted, implementations, context } = await world();
    const { subscriptionId } = await register({ segment: 'HighValue' });
    await implementations.SendSampleEvent({ path: { subscriptionId }, query: {}, body: null }, context);
    expect(await posted(sent[0])).toMatchObject({ segmentName: 'HighValue', memberCount: 1 });
  });

  it('is listed and removed as any other, and sends nothing after that', async () => {
    const { register, evaluated, poll, implementations, context } = await world();
    const { subscriptionId } = await register({});
    const list = async () =>
      (await implementations.ListSubscriptions({ path: {}, query: {}, body: null }, context)).body.value;
    expect(await list()).toMatchObject([
      {
        trigger: 'OnSegmentEvaluated',
        condition: 'is evaluated',
        label: expect.stringMatching(/^any segment/),
      },
    ]);
    await implementations.RemoveSubscription({ path: { subscriptionId }, query: {}, body: null }, context);
    evaluated(5, { highValue: 1, other: 7 });
    expect(await poll()).toEqual([]);
    expect(await list()).toEqual([]);
  });
});
