/** Parameters that the operations on one subscription share. */
import { dynamicValues } from './operation.ts';
import { listSubscriptions } from './operations/list-subscriptions.ts';
import { record, text } from './schema.ts';

const ofSubscription = record({
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
const exampleSubscription = {
  subscriptionId: { operationId: 'ListSubscriptions', at: ['value', 0, 'subscriptionId'] },
} as const;

/** Settings that the operations on one subscription share. */
export const onSubscription = {
  function: 'subscriptions',
  authentication: 'user',
  counted: true,
  visibility: 'advanced',
  pathParameters: ofSubscription,
  body: null,
  errors: { 404: 'No such subscription of yours' },
  notification: null,
  exampleFrom: exampleSubscription,
  example: { path: { subscriptionId: 'AAAAAAAAAAAAAAAAAAAAAA' }, query: {}, body: null },
} as const;
