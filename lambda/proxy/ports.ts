import type { FunctionSettings } from '../../config/schema.ts';
import type { CustomerInsightsAccess } from '../customer-insights/index.ts';
import type { EntityFacts } from './entity-facts.ts';
import type { PartitionHandles } from './partitions/handle.ts';
import type { SentRows } from './sent-rows.ts';

/** What the operations of the proxy work with. */
export interface ProxyPorts {
  readonly settings: Pick<FunctionSettings, 'instances' | 'connector' | 'customerInsights'>;
  readonly access: CustomerInsightsAccess;
  /** Where Customer Insights is; the only place whose partitions may lie at an address without TLS. */
  readonly customerInsightsUrl: string;
  readonly facts: EntityFacts;
  readonly handles: PartitionHandles;
  readonly sentRows: SentRows;
  /** Fetches partitions, from hosts that get none of our credentials. */
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
