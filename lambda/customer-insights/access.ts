import type { FunctionSettings } from '../../config/schema.ts';
import type { Caller } from '../identity/caller.ts';
import type { TokenSource } from '../identity/token-source.ts';
import type { UpstreamBudget } from '../limiter/index.ts';
import { createCache } from '../runtime/cache.ts';
import type { CoveredUp } from '../runtime/covered-up.ts';
import type { Deadline } from '../runtime/deadline.ts';
import type { Fetch } from '../runtime/http-client.ts';
import { type CustomerInsightsClient, createCustomerInsightsClient } from './client.ts';
import type { KnownLists } from './known-lists.ts';
import type { Secrets } from './secret-reader.ts';
import { servedInstance } from './served-instance.ts';
import { createSubscriptionKeys } from './subscription-keys.ts';
import { callerOf } from './transport.ts';

/** As many as there are instances that a process usually polls: four messages a minute. */
const listsKnown = 40;

export interface CustomerInsightsAccess {
  /** With the rights of the signed-in user: for the operations of the API. */
  forUser(caller: Pick<Caller, 'token'>, deadline: Deadline): CustomerInsightsClient;
  /** With the rights of the application: for the watch, which runs without a signed-in user. */
  forApplication(deadline: Deadline): CustomerInsightsClient;
  /** A call of the application is about to be made: what the limiter's table has to say of it is read now. */
  expectApplication(instanceId: string): void;
}

/** Makes clients that share subscription keys, tokens and the upstream budget; one per process. */
export const createCustomerInsightsAccess = (options: {
  readonly settings: Pick<FunctionSettings, 'instances'> & {
    readonly customerInsights: Pick<FunctionSettings['customerInsights'], 'scope'>;
  };
  /** Where the API is; the stack's parameter, which may differ from the configuration. */
  readonly baseUrl: string;
  readonly tokens: TokenSource;
  readonly secrets: Secrets;
  /** What each instance grants, shared with the other functions. */
  readonly budget: UpstreamBudget;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly fetch?: Fetch;
  readonly coveredUp?: CoveredUp;
}): CustomerInsightsAccess => {
  const { settings, tokens, now } = options;
  const { scope } = settings.customerInsights;
  const shared = {
    baseUrl: options.baseUrl.replace(/\/$/, ''),
    now,
    budget: options.budget,
    subscriptionKeys: createSubscriptionKeys({
      secrets: options.secrets,
      secretName: (instanceId) => servedInstance(settings, instanceId).secretName,
    }),
    ...(options.fetch && { fetch: options.fetch }),
    ...(options.coveredUp && { coveredUp: options.coveredUp }),
  };
  const knownLists: KnownLists = createCache({ now, capacity: listsKnown });
  return {
    forUser: (caller, deadline) =>
      createCustomerInsightsClient({
        ...shared,
        actingAs: 'user',
        deadline,
        token: async () => (await tokens.onBehalfOf(caller, scope)).value,
      }),
    forApplication: (deadline) =>
      createCustomerInsightsClient({
        ...shared,
        actingAs: 'application',
        deadline,
        knownLists,
        token: async () => (await tokens.clientCredentials(scope)).value,
      }),
    expectApplication: (instanceId) => options.budget.expect(instanceId, callerOf.application),
  };
};
