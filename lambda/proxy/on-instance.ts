/**
 * What the operations on an instance begin with: the instance, a client with the user's rights, and the
 * entity.
 */
import type { OperationById, OperationIdOf } from '../../connector/contract/index.ts';
import type { RequestOf, ResponseOf } from '../../connector/contract/operation.ts';
import { type CustomerInsightsClient, isPathSegment } from '../customer-insights/index.ts';
import { entityUnknown } from '../customer-insights/not-found.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { CallContext, Implementation, ImplementationResult } from '../http/implementations.ts';
import type { InstancePorts, ProxyPorts } from './ports.ts';

type RequestTo<Id extends OperationIdOf<'proxy'>> = RequestOf<OperationById<Id>>;

interface InstancePath {
  readonly dataset: string;
}

interface EntityPath extends InstancePath {
  readonly table: string;
}

/** The operations whose path has these parameters. */
type OperationWith<Parameters> = {
  [Id in OperationIdOf<'proxy'>]: RequestTo<Id>['path'] extends Parameters ? Id : never;
}[OperationIdOf<'proxy'>];

export interface InstanceContext extends CallContext {
  /** As configured; the path may have another casing. */
  readonly instance: InstancePorts['settings']['instances'][number];
  /** With the rights of the signed-in user. */
  readonly client: CustomerInsightsClient;
}

export interface EntityContext extends InstanceContext {
  /** A name that a path can contain. */
  readonly entity: string;
}

type Serve<Id extends OperationIdOf<'proxy'>, Context, Ports> = (
  request: RequestTo<Id>,
  context: Context,
  ports: Ports,
) => Promise<ImplementationResult<ResponseOf<OperationById<Id>>>>;

const instanceContext = (ports: InstancePorts, dataset: string, context: CallContext): InstanceContext => ({
  ...context,
  instance: servedInstance(ports.settings, dataset),
  client: ports.access.forUser(context.caller, context.deadline),
});

/** An operation on an instance. Rejects with InstanceUnknown before anything else is done. */
export const onInstance =
  <Id extends OperationWith<InstancePath>>(serve: Serve<Id, InstanceContext, InstancePorts>) =>
  (ports: InstancePorts): Implementation<Id> =>
  async (request, context) =>
    serve(request, instanceContext(ports, (request.path as InstancePath).dataset, context), ports);

/**
 * An operation on an entity of an instance. Rejects with InstanceUnknown or EntityUnknown before anything
 * else is done.
 */
export const onEntity =
  <Id extends OperationWith<EntityPath>>(serve: Serve<Id, EntityContext, ProxyPorts>) =>
  (ports: ProxyPorts): Implementation<Id> =>
  async (request, context) => {
    const { dataset, table } = request.path as EntityPath;
    const found = instanceContext(ports, dataset, context);
    if (!isPathSegment(table)) throw entityUnknown(table);
    return serve(request, { ...found, entity: table }, ports);
  };
