import type { TriggerId } from '../../connector/contract/index.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { CallContext, Implementations } from '../http/implementations.ts';
import { ownerImplementations } from './owner-operations.ts';
import { deleteSubscription, registerSubscription, type SubscriptionPorts } from './service.ts';

/** Of any trigger: its own types are gone, and its definition has them. */
interface RegistrationRequest {
  readonly path: { readonly dataset: string };
  readonly body: { readonly callbackUrl: string };
}

const registration =
  (ports: SubscriptionPorts, trigger: TriggerId) =>
  async ({ path, body }: RegistrationRequest, context: CallContext) => {
    const instanceId = servedInstance(ports.settings, path.dataset).id;
    const definition = ports.triggers.of(trigger);
    return registerSubscription(
      ports,
      {
        trigger,
        instanceId,
        ...definition.inputs(body, context.exactNumbers),
        callbackUrl: body.callbackUrl,
        readBaseline: (source) => definition.baseline(source, instanceId, body, ports.now()),
      },
      context,
    );
  };

/** The registry has a definition for every trigger, made for the types of its operation. */
const triggerImplementations = (ports: SubscriptionPorts) =>
  Object.fromEntries(
    ports.triggers.ids.map((trigger) => [trigger, registration(ports, trigger)]),
  ) as object as Pick<Implementations<'subscriptions'>, TriggerId>;

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
