import type { OperationId, OperationIdOf } from '../../connector/contract/index.ts';
import type { Implementation, Implementations } from '../http/implementations.ts';
import { actorOf, isOperator } from '../http/operator.ts';
import { listDataSources, listInstances, listScalarMeasures, listSegments } from '../proxy/lists.ts';
import type { InstancePorts } from '../proxy/ports.ts';
import { previewThreshold } from '../proxy/preview-threshold.ts';
import { iso } from '../runtime/time.ts';
import type { ConnectorUse } from '../store/connector-use.ts';
import { principalList } from '../store/lists.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';
import { ownerImplementations } from '../subscriptions/owner-operations.ts';
import { type DownloadPorts, getDownload, listDownloads } from './downloads.ts';
import { type InstanceStatePorts, listInstanceStates } from './instance-states.ts';
import { type LimitPorts, listLimits } from './limits-of-caller.ts';
import { type SearchPorts, searchSubscriptions } from './search.ts';

export type ConsolePorts = InstancePorts &
  SearchPorts &
  InstanceStatePorts &
  LimitPorts &
  DownloadPorts & {
    /** Version of this deployment. */
    readonly version: string;
    /** The subscriptions, changed by the owner or an operator; see audit-records.ts. */
    readonly storeOf: (actor: string) => SubscriptionStore;
    /** Undefined when no connector has called yet. */
    readonly connectorUse: () => Promise<ConnectorUse | undefined>;
  };

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
export const consoleImplementations = (ports: ConsolePorts): Implementations<'console'> => {
  const owner = ownerImplementations(ports);
  return {
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
          connectorSeenAt: use ? iso(use.seenAt) : null,
          connectorVersion: use?.version ?? null,
          ...counts,
        },
      };
    },

    ConsoleListDownloads: listDownloads(ports),
    ConsoleGetDownload: getDownload(ports),
    ConsoleSearchSubscriptions: searchSubscriptions(ports),
    ConsoleExplainSubscription: shared(owner.ExplainSubscription),
    ConsoleListDeliveries: shared(owner.ListDeliveries),
    ConsoleSendSampleEvent: shared(owner.SendSampleEvent),
    ConsoleRemoveSubscription: shared(async (request, context) =>
      ownerImplementations({ ...ports, store: ports.storeOf(actorOf(context)) }).RemoveSubscription(
        request,
        context,
      ),
    ),
    ConsoleListInstanceStates: listInstanceStates(ports),
    ConsoleListLimits: listLimits(ports),
    ConsoleListInstances: shared(listInstances(ports)),
    ConsoleListSegments: shared(listSegments(ports)),
    ConsoleListScalarMeasures: shared(listScalarMeasures(ports)),
    ConsoleListDataSources: shared(listDataSources(ports)),
    ConsolePreviewThreshold: shared(previewThreshold(ports)),
  };
};
