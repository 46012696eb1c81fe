import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { toDecimal } from '../../../lambda/runtime/decimal.ts';
import { notificationBody, readMessage, UnknownMessage } from '../../../lambda/store/delivery-message.ts';
import { message } from '../deliver/world.ts';
import { decimal, instanceId } from './example.ts';

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
  it('comes back as it was', () => {
    expect(readMessage(JSON.stringify(message()))).toEqual(message());
  });

  it.each([
    ['of a newer program', JSON.stringify({ ...message(), v: 2 }), UnknownMessage],
    ['of somebody else', '{}', UnknownMessage],
    ['that is no JSON', 'hello', SyntaxError],
  ])('%s is refused', (_, body, kind) => {
    expect(() => readMessage(body)).toThrow(kind);
  });
});
