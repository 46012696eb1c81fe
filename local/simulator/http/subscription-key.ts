import type { Behaviours } from '../behaviours.ts';
import type { Instance } from '../world/instance.ts';
import { ServiceError } from './errors.ts';

export type KeyName = 'primary' | 'secondary';

const challenge = 'AzureApiManagementKey name="Ocp-Apim-Subscription-Key",type="header"';

/**
 * Which key of these instances the request carries. Instance routes pass one instance; the instance list
 * accepts any.
 * @throws ServiceError 401 with a challenge when the key is missing or belongs to none of them.
 */
export const checkSubscriptionKey = (
  header: string | undefined,
  query: URLSearchParams,
  instances: readonly Instance[],
  behaviours: Behaviours,
): KeyName => {
  const fromQuery = behaviours.subscriptionKeyInQuery ? query.get('subscription-key') : null;
  const key = header ?? fromQuery ?? undefined;
  if (key === undefined) throw denied('the request carries no subscription key');
  if (instances.some(({ keys }) => keys.primary === key)) return 'primary';
  if (instances.some(({ keys }) => keys.secondary === key)) return 'secondary';
  throw denied('the subscription key is not valid for this instance');
};

const denied = (reason: string): ServiceError =>
  new ServiceError(401, 'authInvalidSubscriptionKey', reason, {
    headers: { 'WWW-Authenticate': `${challenge}, error_description="${reason}"` },
  });
