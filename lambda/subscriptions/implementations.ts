import type { Implementations } from '../http/implementations.ts';
import { ownerImplementations } from './own.ts';
import { deleteSubscription, type SubscriptionPorts } from './service.ts';
import { triggerImplementations } from './triggers.ts';

/** What each operation of the function does. */
export const subscriptionImplementations = (ports: SubscriptionPorts): Implementations<'subscriptions'> => ({
  ...triggerImplementations(ports),
  ...ownerImplementations(ports),

  DeleteSubscription: async ({ path }, context) => {
    const outcome = await deleteSubscription(ports, path.subscriptionId, path.secret);
    context.log.info('subscription delete', { subscriptionId: path.subscriptionId, outcome });
    return { body: null };
  },
});
