import type { Configuration } from '../../config/schema.ts';
import type { CustomerInsightsAccess } from '../customer-insights/index.ts';
import type { EntityFacts } from './entity-facts.ts';

/** What the operations of the proxy work with. */
export interface ProxyPorts {
  readonly settings: Pick<Configuration, 'instances' | 'connector'>;
  readonly access: CustomerInsightsAccess;
  readonly facts: EntityFacts;
}
