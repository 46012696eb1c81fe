import { operatorRole } from '../../config/console.ts';
import type { TriggerId } from '../../connector/contract/index.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { CallContext, Implementations } from '../http/implementations.ts';
import { isOperator } from '../http/operator.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { acrossInstances, acrossPeople } from '../runtime/ids.ts';
import type { Trigger } from '../triggers/trigger-definition.ts';
import { ownerImplementations } from './owner-operations.ts';
import { deleteSubscription, registerSubscription, type SubscriptionPorts } from './service.ts';

/** Of any trigger: its own types are gone, and its definition has them. */
interface RegistrationRequest {
  readonly path: { readonly dataset?: string };
  readonly body: { readonly callbackUrl: string };
}

/**
 * The instance that a registration is about, or what takes its place.
 * @throws ConnectorError InstanceUnknown, OperatorRoleMissing
 */
const placeOf = (
  { settings }: SubscriptionPorts,
  definition: Trigger,
  { path, body }: RegistrationRequest,
  context: CallContext,
): string => {
  const whose = definition.across?.(body);
  if (whose === undefined) return servedInstance(settings, path.dataset ?? '').id;
  if (whose === 'mine') return acrossInstances(context.caller);
  if (!isOperator(context))
    throw new ConnectorError(
      'OperatorRoleMissing',
      `Only operators of the connector can follow the triggers of all people, and you do not have the app role ${operatorRole}. Choose your own triggers, or ask an administrator for the role and sign in again.`,
    );
  return acrossPeople;
};

const registration =
  (ports: SubscriptionPorts, trigger: TriggerId) =>
  async (request: RegistrationRequest, context: CallContext) => {
    const { body } = request;
    const definition = ports.triggers.of(trigger);
    const instanceId = placeOf(ports, definition, request, context);
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
