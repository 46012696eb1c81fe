import type { FunctionSettings } from '../../config/schema.ts';
import type { CustomerInsightsAccess } from '../customer-insights/index.ts';
import type { EntityFacts } from './entity-facts.ts';
import type { PartitionHandles } from './partitions/handle.ts';
import type { SentRows } from './sent-rows.ts';

/** What the operations on an instance as a whole work with; the console has them too. */
export interface InstancePorts {
  readonly settings: Pick<FunctionSettings, 'instances' | 'customerInsights'>;
  readonly access: CustomerInsightsAccess;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What the operations of the proxy work with. */
export interface ProxyPorts extends InstancePorts {
  readonly settings: Pick<FunctionSettings, 'instances' | 'connector' | 'customerInsights'>;
  /** Where Customer Insights is; the only place whose partitions may lie at an address without TLS. */
  readonly customerInsightsUrl: string;
  readonly facts: EntityFacts;
  readonly handles: PartitionHandles;
  readonly sentRows: SentRows;
  /** Fetches partitions, from hosts that get none of our credentials. */
  readonly fetch: typeof globalThis.fetch;
}
