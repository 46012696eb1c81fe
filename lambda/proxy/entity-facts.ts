import type { CustomerInsightsClient } from '../customer-insights/index.ts';
import { ApiError, isApiError } from '../http/errors.ts';

/** Milliseconds for which keys and filterable fields are remembered: they change when an administrator changes the instance. */
export const FACTS_FRESH_MS = 5 * 60_000;

/** Facts kept per process. */
const capacity = 1_000;

/** The entities whose key is published; of others the metadata tells it. */
const publishedKeys: Readonly<Record<string, readonly string[]>> = {
  Customer: ['CustomerId'],
  UnifiedActivity: ['ActivityId'],
};

/** What paging and filtering need to know about an entity. The same for all users, so it is remembered across calls. */
export interface EntityFacts {
  /** The key's columns; empty when the entity has none or the caller may not see its metadata. */
  keyOf(client: CustomerInsightsClient, instanceId: string, entity: string): Promise<readonly string[]>;
  /** The fields of Customer that are indexed as filterable in this instance. */
  indexedFields(client: CustomerInsightsClient, instanceId: string): Promise<readonly string[]>;
}

export const entityUnknown = (entity: string): ApiError<'EntityUnknown'> =>
  new ApiError(
    'EntityUnknown',
    `The instance has no entity ${JSON.stringify(entity)}. Names are exact, capitals too: Customer, UnifiedActivity, or as shown under Data > Tables in Customer Insights; a source's table is named with its source, such as PoS_posPurchases.`,
  );

async function readKey(
  client: CustomerInsightsClient,
  instanceId: string,
  entity: string,
): Promise<readonly string[]> {
  try {
    const { keys } = await client.getEntity(instanceId, entity);
    return (keys?.[0] ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  } catch (error) {
    if (isApiError(error, 'UpstreamNotFound')) throw entityUnknown(entity);
    // Who may read rows but not metadata still gets them, in the order of the source.
    if (isApiError(error, 'UpstreamForbidden')) return [];
    throw error;
  }
}

async function readIndexedFields(
  client: CustomerInsightsClient,
  instanceId: string,
): Promise<readonly string[]> {
  const { entityConfig = [] } = await client.getSearchConfiguration(instanceId);
  return entityConfig
    .filter(({ qualifiedEntityName }) => qualifiedEntityName === 'Customer')
    .flatMap(({ attributes = [] }) =>
      attributes.flatMap(({ name, properties }) =>
        name !== undefined && properties?.isFilterable === true ? [name] : [],
      ),
    );
}

/** @param now milliseconds since the epoch */
export function createEntityFacts(now: () => number): EntityFacts {
  const known = new Map<string, { readonly names: readonly string[]; readonly readAt: number }>();

  async function remembered(key: string, read: () => Promise<readonly string[]>): Promise<readonly string[]> {
    const found = known.get(key);
    if (found !== undefined && now() - found.readAt < FACTS_FRESH_MS) return found.names;
    const names = await read();
    known.delete(key);
    known.set(key, { names, readAt: now() });
    for (const oldest of known.keys()) {
      if (known.size <= capacity) break;
      known.delete(oldest);
    }
    return names;
  }

  return {
    keyOf: async (client, instanceId, entity) =>
      publishedKeys[entity] ??
      remembered(JSON.stringify(['key', instanceId, entity]), () => readKey(client, instanceId, entity)),
    indexedFields: (client, instanceId) =>
      remembered(JSON.stringify(['indexed', instanceId]), () => readIndexedFields(client, instanceId)),
  };
}
