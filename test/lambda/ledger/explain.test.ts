import { describe, expect, it } from 'vitest';
import { summaryOf } from '../../../lambda/ledger/describe.ts';
import { decide, type Evidence } from '../../../lambda/ledger/explain.ts';
import type { DeliveryId, EventId, SubscriptionId } from '../../../lambda/runtime/ids.ts';
import type { Delivery } from '../../../lambda/store/deliveries.ts';
import { type Conditions, defaultConditions } from '../../../lambda/triggers/conditions.ts';
import type { Occurrence } from '../../../lambda/triggers/occurrence.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { conditionOf } from '../../../lambda/triggers/trigger-set.ts';
import { decimal, segmentSubscription, sourceSubscription } from '../store/example-subscription.ts';
import { at, completion, failure, noted, step } from './occurrences.ts';

const delivery = (occurrence: Occurrence, over: Partial<Delivery> = {}): Delivery => ({
  deliveryId: `delivery of ${occurrence.eventId}` as DeliveryId,
  eventId: occurrence.eventId,
  subscriptionId: 'a' as SubscriptionId,
  occurredAt: occurrence.payload.occurredAt,
  state: 'delivered',
  round: 1,
  firstAttemptAt: occurrence.finalAt + 31_000,
  begun: 1,
  attempts: [{ at: new Date(occurrence.finalAt + 31_000).toISOString(), status: 202, meaning: 'accepted' }],
  leaseUntil: 0,
  nextAttemptAt: 0,
  ...over,
});

const evidence = (over: Partial<Evidence>): Evidence => ({
  subscription: segmentSubscription('a'),
  subjectRecords: [],
  instanceRecords: [],
  deliveries: [],
  ...over,
});

const only = (over: Partial<Evidence>) => {
  const decisions = decide(triggers, evidence(over));
  expect(decisions).toHaveLength(1);
  return decisions[0] ?? expect.fail('none');
};

const watching = (conditions: Partial<Conditions>) =>
  segmentSubscription('a', { conditions: { ...defaultConditions, ...conditions } });

describe('a crossing that was sent', () => {
  const crossed = step(1, 900, 1100);

  it('says both values, the answer and its time', () => {
    expect(only({ subjectRecords: [noted(crossed)], deliveries: [delivery(crossed)] })).toMatchObject({
      at: at(1),
      outcome: 'fired',
      sentence:
        '"HighValue" went from 900 to 1,100. Sent; the flow accepted it at 2026-01-10 12:01:31 UTC after 1 attempt.',
      values: { previous: '900', current: '1100' },
      eventId: crossed.eventId,
    });
  });

  it.each([
    [
      {
        state: 'pending',
        nextAttemptAt: at(9),
        attempts: [{ at: '2026-01-10T12:02:00.000Z', status: 503, meaning: 'trouble' }],
      },
      /1 attempt, the last at 2026-01-10 12:02:00 UTC: 503, trouble\. The next follows at 2026-01-10 12:09:00 UTC\./,
    ],
    [
      {
        state: 'dead',
        attempts: [{ at: '2026-01-10T12:02:00.000Z', status: null, meaning: 'ECONNREFUSED' }],
      },
      /given up after 1 attempt, the last at .*: ECONNREFUSED\. It is a dead letter/,
    ],
    [
      { state: 'dropped', attempts: [], note: 'the subscription is paused' },
      /dropped: the subscription is paused\./,
    ],
    [{ round: 3 }, /moved back from the dead letters 2 times/],
  ] as const)('tells what became of it: %o', (over, sentence) => {
    expect(
      only({ subjectRecords: [noted(crossed)], deliveries: [delivery(crossed, over as Partial<Delivery>)] })
        .sentence,
    ).toMatch(sentence);
  });

  it('but could not be is said to be set aside, never to be on its way', () => {
    const record = { ...noted(crossed), setAside: 'A message of 300000 bytes was not sent.' };
    expect(only({ subjectRecords: [record] })).toMatchObject({
      outcome: 'notFired',
      sentence: expect.stringContaining(
        'could not be sent, or was withheld. An operator can send it with "replay"',
      ),
    });
  });

  it('is listed once for each delivery, also a replayed one', () => {
    const replayed = delivery(crossed, { deliveryId: 'replay-x' as DeliveryId, origin: 'replay' });
    const decisions = decide(
      triggers,
      evidence({ subjectRecords: [noted(crossed)], deliveries: [delivery(crossed), replayed] }),
    );
    expect(decisions.map(({ sentence }) => /Sent again by an operator/.test(sentence))).toEqual([
      false,
      true,
    ]);
  });
});

describe('a value that did not fire', () => {
  it.each([
    ['below the threshold', step(1, 900, 950), {}, 'not above the threshold (1,000)'],
    ['exactly at it', step(1, 900, 1000), {}, 'exactly at the threshold (1,000), not above it'],
    ['above already', step(1, 1001, 1100), {}, 'already above the threshold (1,000)'],
    ['falling', step(1, 1100, 900), {}, 'not above the threshold (1,000)'],
    [
      'rising, when falling is asked for',
      step(1, 900, 1100),
      { direction: 'below' },
      'not below the threshold (1,000)',
    ],
    ['below already', step(1, 900, 800), { direction: 'below' }, 'already below the threshold (1,000)'],
    ['of 38 digits', step(1, '1', '99999999999999999999.99'), { direction: 'below' }, 'not below'],
  ] as const)('%s says so', (_, occurrence, conditions, because) => {
    const { outcome, sentence } = only({
      subscription: watching(conditions),
      subjectRecords: [noted(occurrence)],
    });
    expect(outcome).toBe('notFired');
    expect(sentence).toContain(`Not sent: ${because}`);
  });

  it('because it happened before the registration says when that was', () => {
    const subscription = segmentSubscription('a', { baseline: { at: at(2), occurrences: [] } });
    expect(only({ subscription, subjectRecords: [noted(step(1, 900, 1100))] }).sentence).toMatch(
      /Not sent: the flow was registered at 2026-01-10 00:00:00 UTC, after the event\./,
    );
  });

  it('because the subscription was paused says why', () => {
    const subscription = segmentSubscription('a', {
      status: { state: 'paused', since: new Date(at(0)).toISOString(), reason: 'The flow is off.' },
    });
    expect(only({ subscription, subjectRecords: [noted(step(1, 900, 1100))] }).sentence).toMatch(
      /paused since 2026-01-10 12:00:00 UTC\. Reason: The flow is off\.$/,
    );
  });

  it('because it has to be armed again first says at what value', () => {
    expect(
      only({
        subscription: watching({ rearmLevel: decimal(800) }),
        subjectRecords: [noted(step(1, 900, 1100), 0)],
      }).sentence,
    ).toContain('not returned to the reset level (800)');
  });

  it('because it stayed the same, or because there was none, says so', () => {
    const trigger = 'OnSegmentThresholdCrossed';
    const decisions = decide(
      triggers,
      evidence({
        subjectRecords: [
          { kind: 'unchanged', trigger, subject: 'HighValue', at: at(1), value: decimal(900), seenAt: at(2) },
          {
            kind: 'no value',
            trigger,
            subject: 'High value',
            at: at(3),
            status: 'skipped',
            taskId: 't',
            seenAt: at(3),
          },
        ],
      }),
    );
    expect(decisions.map(({ outcome, sentence }) => `${outcome}: ${sentence}`)).toEqual([
      'notFired: The evaluation of "High value" ended as "skipped" and gave no value. The previous value is kept.',
      'notFired: "HighValue" was evaluated and is still 900. An unchanged value does not cross the threshold.',
    ]);
  });
});

describe('other triggers', () => {
  it('say nothing about other data sources, and everything to who watches any', () => {
    const records = [noted(failure(1, 'shop')), noted(failure(2, 'warehouse'))];
    expect(
      decide(triggers, evidence({ subscription: sourceSubscription('a', 'shop'), subjectRecords: records })),
    ).toHaveLength(1);
    expect(
      decide(triggers, evidence({ subscription: sourceSubscription('a', null), subjectRecords: records })),
    ).toHaveLength(2);
  });

  it.each([
    [
      { outcome: 'failed' },
      completion(1, 'succeeded'),
      'the outcome is "succeeded", and the flow is for "failed" only',
    ],
    [
      { outcome: 'succeeded' },
      completion(1, 'failed'),
      'the outcome is "failed", and the flow is for "succeeded" only',
    ],
    [
      { runs: 'scheduled' },
      completion(1, 'failed', false),
      'a user started the refresh, and the flow is for scheduled refreshes only',
    ],
  ] as const)('say that the flow asks for something else: %o', (conditions, occurrence, because) => {
    const subscription = sourceSubscription('a', null, {
      trigger: 'OnFullRefreshCompleted',
      conditions: { ...defaultConditions, ...conditions },
    });
    expect(only({ subscription, subjectRecords: [noted(occurrence)] }).sentence).toContain(because);
  });
});

describe('what explains a silence', () => {
  it('is noted: gaps, and times without an answer', () => {
    const decisions = decide(
      triggers,
      evidence({
        instanceRecords: [
          {
            kind: 'gap',
            gap: { kind: 'jobs', from: at(0), to: at(1), reason: 'The list is too short.' },
            seenAt: at(2),
          },
          {
            kind: 'gap',
            gap: { kind: 'value', subject: 'Another', from: at(0), to: at(1), reason: 'No number.' },
            seenAt: at(2),
          },
          { kind: 'source failed', at: at(3), reason: 'UpstreamUnavailable', seenAt: at(3) },
          { kind: 'source back', at: at(4), failures: 2, seenAt: at(4) },
        ],
      }),
    );
    expect(decisions.map(({ outcome }) => outcome)).toEqual(['note', 'note', 'note']);
    expect(decisions.map(({ sentence }) => sentence)).toEqual([
      'Customer Insights responds again, after 2 failed polls.',
      'Customer Insights stopped responding (UpstreamUnavailable). When it responds again, polling covers the time of the outage; events that it no longer lists then are reported as a gap.',
      'Gap from 2026-01-10 12:00:00 UTC to 2026-01-10 12:01:00 UTC: The list is too short. Events of this period may be missing.',
    ]);
  });

  it('is a sample, when nothing happened', () => {
    const sample = delivery(step(1, 1, 2), { eventId: 'sample-x' as EventId, origin: 'sample' });
    expect(only({ deliveries: [sample] }).sentence).toMatch(/^A sample was requested\. Sent as a sample;/);
  });
});

describe('a subscription in words', () => {
  it.each([
    [segmentSubscription('a'), 'member count rises above 1,000'],
    [
      watching({ direction: 'below', rearmLevel: decimal('1200.5') }),
      'member count falls below 1,000, re-armed at 1,200.5',
    ],
    [sourceSubscription('a', null), 'refresh fails permanently'],
    [
      sourceSubscription('a', null, {
        trigger: 'OnFullRefreshCompleted',
        conditions: { ...defaultConditions, outcome: 'failed', runs: 'scheduled' },
      }),
      'ends, if it failed, if it was scheduled',
    ],
  ])('says when it fires', (subscription, words) => {
    expect(conditionOf(triggers, subscription)).toBe(words);
    expect(summaryOf(triggers, subscription, 'Contoso')).toContain(`in Contoso: ${words}. Registered at`);
  });

  it('says when its instance is served no more', () => {
    expect(summaryOf(triggers, segmentSubscription('a'), undefined)).toContain(
      '(removed from the connector; no events are sent)',
    );
  });
});
