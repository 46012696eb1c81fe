import { describe, expect, it } from 'vitest';
import { operations } from '../../../connector/contract/index.ts';
import { compileAnswerValidators } from '../../../connector/contract/validation.ts';
import { notificationBody } from '../../../lambda/store/delivery-message.ts';
import { sampleMessage } from '../../../lambda/subscriptions/sample.ts';
import { defaultConditions } from '../../../lambda/triggers/conditions.ts';
import { triggers } from '../../../lambda/triggers/registry.ts';
import { decimal, segmentSubscription, sourceSubscription } from '../store/example-subscription.ts';
import { noon } from './world.ts';

const validators = compileAnswerValidators();
const triggerIds = operations.flatMap((operation) =>
  operation.notification === null ? [] : [operation.operationId],
);
const sourceId = 'd0000000-0000-4000-8000-000000000001';

describe('a sample', () => {
  it.each(triggerIds)('of %s is what the contract says, and says what it is', (trigger) => {
    for (const subject of [null, trigger.includes('DataSource') ? sourceId : 'Named']) {
      const threshold = trigger.endsWith('ThresholdCrossed') ? decimal('0.5') : null;
      const subscription = sourceSubscription('a', subject, { trigger, threshold });
      const linkBase = 'https://insights.example.com/{instanceId}/{section}/{object}';
      const message = sampleMessage(triggers, subscription, { name: 'Contoso', linkBase }, 'one', noon);
      const body = JSON.parse(notificationBody(message));
      const check = validators[trigger].notification ?? expect.fail('no notification');
      check(body);
      expect(check.errors ?? []).toEqual([]);
      expect(body).toMatchObject({ eventId: 'sample-one', trigger, deliveryId: message.deliveryId });
      expect(message.origin).toBe('sample');
    }
  });

  it.each([
    ['1000', 'above', '1001'],
    ['1000', 'below', '999'],
    ['-0.05', 'above', '0.95'],
    ['0.5', 'below', '-0.5'],
    ['99999999999999999999999999999999999999', 'above', '100000000000000000000000000000000000000'],
    // One more would need 39 digits: the threshold itself is shown.
    ['9999999999999999999999999999999999999.5', 'above', '9999999999999999999999999999999999999.5'],
  ] as const)('crosses the threshold %s to %s', (threshold, direction, current) => {
    const { crossing } = sampleMessage(
      triggers,
      segmentSubscription('a', {
        threshold: decimal(threshold),
        conditions: { ...defaultConditions, direction },
      }),
      { name: 'Contoso', linkBase: 'https://insights.example.com' },
      'one',
      noon,
    );
    expect(crossing).toEqual({ previous: threshold, current, threshold, direction });
  });

  it('has ids of its own each time', () => {
    const of = (name: string) =>
      sampleMessage(triggers, segmentSubscription('a'), { name: 'Contoso' }, name, noon);
    expect(of('one').eventId).not.toBe(of('two').eventId);
    expect(of('one').deliveryId).not.toBe(of('two').deliveryId);
    expect(of('one')).toEqual(of('one'));
  });
});
