import { operatorRole } from '../../config/console.ts';
import type { OperationId, OperationIdOf } from '../../connector/contract/index.ts';
import type { CallContext, Implementation, Implementations } from '../http/implementations.ts';
import { listDataSources, listInstances, listScalarMeasures, listSegments } from '../proxy/lists.ts';
import type { InstancePorts } from '../proxy/ports.ts';
import { previewThreshold } from '../proxy/preview-threshold.ts';
import type { ConnectorUse } from '../store/connector-use.ts';
import { type ListStore, principalList } from '../store/lists.ts';

export interface ConsolePorts extends InstancePorts {
  /** Version of this deployment. */
  readonly version: string;
  readonly lists: ListStore;
  /** Undefined when no connector has called yet. */
  readonly connectorUse: () => Promise<ConnectorUse | undefined>;
}

export const isOperator = ({ caller }: Pick<CallContext, 'caller'>): boolean =>
  caller.roles?.includes(operatorRole) ?? false;

/** The operations that the console has of the connector. */
type Shared =
  OperationIdOf<'console'> extends infer Id
    ? Id extends `Console${infer Own}`
      ? Own & OperationId
      : never
    : never;

/** The implementation of an operation of the connector, for the console's: request and answer have the same types. */
const shared = <Id extends Shared>(implementation: Implementation<Id>) =>
  implementation as unknown as Implementation<`Console${Id}` & OperationIdOf<'console'>>;

/** What each operation of the console does. */
export const consoleImplementations = (ports: ConsolePorts): Implementations<'console'> => ({
  ConsoleGetOverview: async (_, context) => {
    const use = await ports.connectorUse();
    const counts = { registered: 0, ended: 0 };
    for await (const { ended } of ports.lists.of(principalList(context.caller)))
      counts[ended ? 'ended' : 'registered'] += 1;
    return {
      body: {
        userName: context.caller.userName ?? null,
        isOperator: isOperator(context),
        version: ports.version,
        connectorSeenAt: use ? new Date(use.seenAt).toISOString() : null,
        connectorVersion: use?.version ?? null,
        ...counts,
      },
    };
  },

  ConsoleListInstances: shared(listInstances(ports)),
  ConsoleListSegments: shared(listSegments(ports)),
  ConsoleListScalarMeasures: shared(listScalarMeasures(ports)),
  ConsoleListDataSources: shared(listDataSources(ports)),
  ConsolePreviewThreshold: shared(previewThreshold(ports)),
});
