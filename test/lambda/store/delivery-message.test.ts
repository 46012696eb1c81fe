import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { toDecimal } from '../../../lambda/runtime/decimal.ts';
import { type FlowId, hashedId, type SubscriptionId, subscriptionId } from '../../../lambda/runtime/ids.ts';
import { notificationBody, queued } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { UnknownMessage } from '../../../lambda/store/message-reader.ts';
import { readWatchMessage } from '../../../lambda/store/watch-message.ts';
import { message } from '../deliver/deliver-world.ts';
import { decimal, instanceId } from './example-subscription.ts';

const validators = compileAnswerValidators();

const conforms = (trigger: 'OnSegmentThresholdCrossed' | 'OnDataSourceRefreshFailed', body: string) => {
  const check = validators[trigger].notification ?? expect.fail(`${trigger} has no notification`);
  const valid = check(JSON.parse(body));
  expect(check.errors ?? []).toEqual([]);
  return valid;
};

describe('the body of a notification', () => {
  it('of a threshold is what the contract says', () => {
    const body = notificationBody(message());
    expect(conforms('OnSegmentThresholdCrossed', body)).toBe(true);
    expect(JSON.parse(body)).toEqual({
      ...message().payload,
      deliveryId: message().deliveryId,
      previousValue: 900,
      currentValue: 1100,
      threshold: 1000,
      direction: 'above',
    });
  });

  it.each([
    ['a name that the contract does not have', '"instanceName":', '"surprise":'],
    ['a text for a number', '"threshold":1000', '"threshold":"1000"'],
  ])('is held against the contract: %s would be found', (_, from, to) => {
    const body = notificationBody(message()).replace(from, to);
    const check = validators.OnSegmentThresholdCrossed.notification;
    expect(check?.(JSON.parse(body))).toBe(false);
  });

  it('of a failure is what the contract says, with and without what is optional', () => {
    const payload = {
      eventId: message().eventId,
      trigger: 'OnDataSourceRefreshFailed' as const,
      instanceId,
      instanceName: 'Contoso',
      occurredAt: '2026-01-10T11:59:00.000Z',
      dataSourceName: 'Web "shop" \\ \u2028',
      jobId: 'b3b2a1f0-0000-4000-8000-000000000001',
      status: 'failed' as const,
    };
    const optional = {
      dataSourceId: 'd0000000-0000-4000-8000-000000000001',
      errorCode: 'E1',
      errorMessage: 'No access.',
    };
    for (const each of [payload, { ...payload, ...optional }]) {
      const body = notificationBody(message({ payload: each, crossing: null }));
      expect(conforms('OnDataSourceRefreshFailed', body)).toBe(true);
      expect(JSON.parse(body)).toEqual({ ...each, deliveryId: message().deliveryId });
    }
  });

  it('holds numbers of 38 digits as they are', () => {
    const previous = decimal('-98765432109876543210.987654321098765432');
    const current = decimal('12345678901234567890123456789012345678');
    const body = notificationBody(
      message({ crossing: { previous, current, threshold: decimal('0.1'), direction: 'above' } }),
    );
    expect(body).toContain(
      `"previousValue":${previous},"currentValue":${current},"threshold":0.1,"direction":"above"}`,
    );
    expect(conforms('OnSegmentThresholdCrossed', body)).toBe(true);
  });

  it('is JSON whatever the numbers are', () => {
    const number = fc
      .tuple(fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }), fc.integer({ min: -100, max: 80 }))
      .map(([digits, exponent]) => toDecimal(`${digits}e${exponent}`))
      .filter((value) => value !== undefined);
    fc.assert(
      fc.property(number, (value) => {
        const body = notificationBody(
          message({ crossing: { previous: value, current: value, threshold: value, direction: 'above' } }),
        );
        // The text is exact; what a reader makes of it is a double.
        expect(JSON.parse(body).currentValue).toBe(Number(value));
        expect(toDecimal(/"currentValue":([^,]+),/.exec(body)?.[1] ?? '')).toBe(value);
      }),
    );
  });
});

describe('a message in the queue', () => {
  const { crossing, payload, ...rest } = message();

  it('comes back as it was, with fields that this program does not know', () => {
    for (const each of [message(), { ...message(), crossing: null, entry: null, origin: 'sample', later: 1 }])
      expect(readMessage(JSON.stringify(each))).toEqual(each);
  });

  it.each([
    ['of a newer program', { ...message(), v: 2 }, 'has schema version 2; this program knows 1'],
    ['of somebody else', {}, 'has schema version undefined; this program knows 1'],
    ['that is null', null, 'has schema version undefined; this program knows 1'],
    ['without a payload', { ...rest, crossing }, 'cannot be read: payload must be an object.'],
    [
      'without the time of its event',
      { ...rest, crossing, payload: { ...payload, occurredAt: undefined } },
      'cannot be read: payload.occurredAt must be a time.',
    ],
    [
      'with a number where digits could be lost',
      { ...rest, payload, crossing: { ...crossing, threshold: 1000 } },
      'cannot be read: crossing.threshold must be a decimal number.',
    ],
    [
      'with a value that is not a number',
      { ...rest, payload, crossing: { ...crossing, current: '1,"x":1' } },
      'cannot be read: crossing.current must be a decimal number.',
    ],
    [
      'with a direction of its own',
      { ...rest, payload, crossing: { ...crossing, direction: 'sideways' } },
      'cannot be read: crossing.direction must be "above" or "below".',
    ],
    [
      'with half an entry',
      { ...message(), entry: { key: { pk: 'I#' }, version: 'v' } },
      'cannot be read: entry.key.sk must be a text.',
    ],
    [
      'in no round',
      { ...message(), round: 0 },
      'cannot be read: round must be a whole number of at least 1.',
    ],
  ])('%s is refused, and the error names what is wrong', (_, value, expected) => {
    const read = () => readMessage(JSON.stringify(value));
    expect(read).toThrow(UnknownMessage);
    expect(read).toThrow(`A delivery message ${expected}`);
  });

  it('that is no JSON is refused', () => {
    const read = () => readMessage('hello');
    expect(read).toThrow(UnknownMessage);
    expect(read).toThrow('A delivery message is not JSON.');
  });

  it('lacking any one field is refused by its name', () => {
    const whole: Readonly<Record<string, unknown>> = { ...message() };
    for (const field of Object.keys(whole))
      expect(() => readMessage(JSON.stringify({ ...whole, [field]: undefined }))).toThrow(
        field === 'v' ? 'schema version undefined' : `cannot be read: ${field} must be`,
      );
  });
});

describe('a message about an instance to look at', () => {
  it.each([
    [{ v: 1, instanceIds: ['a', 5], busy: false }, 'instanceIds[1] must be a text'],
    [{ v: 1, instanceIds: 'a', busy: false }, 'instanceIds must be a list'],
    [{ v: 1, instanceIds: ['a'] }, 'busy must be true or false'],
  ])('%j is refused', (value, problem) => {
    expect(() => readWatchMessage(JSON.stringify(value))).toThrow(
      `A watch message cannot be read: ${problem}.`,
    );
  });
});

describe('the share of a queue', () => {
  const group = (objectId: string, flow: string) =>
    queued(
      message({
        subscriptionId: subscriptionId(hashedId('flow', flow) as FlowId, { tenantId: 't', objectId }),
      }),
    ).group;

  it('is one per person, however many flows', () => {
    expect(group('a', 'one')).toBe(group('a', 'two'));
    expect(group('a', 'one')).not.toBe(group('b', 'one'));
  });

  it('of a subscription of 0.1.0 is its own', () => {
    const id = hashedId('flow', 'one') as SubscriptionId;
    expect(queued(message({ subscriptionId: id })).group).toBe(id);
  });
});
