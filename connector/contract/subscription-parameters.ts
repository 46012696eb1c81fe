/** The path parameter of operations on one subscription. */
import { dynamicValues } from './operation.ts';
import { listSubscriptions } from './operations/list-subscriptions.ts';
import { record, text } from './schema.ts';

export const ofSubscription = record({
  subscriptionId: text({
    summary: 'Subscription',
    description: 'One of your subscriptions.',
    minLength: 1,
    maxLength: 64,
    dynamicValues: dynamicValues(listSubscriptions, {
      parameters: {},
      collection: 'value',
      value: 'subscriptionId',
      title: 'label',
    }),
  }),
});

/** In examples: the first subscription that the caller has. */
export const exampleSubscription = {
  subscriptionId: { operationId: 'ListSubscriptions', at: ['value', 0, 'subscriptionId'] },
} as const;

export const exampleSubscriptionId = 'AAAAAAAAAAAAAAAAAAAAAA';
