import type { CustomerInsightsClient, EntityMetadata } from '../customer-insights/index.ts';
import { entityUnknown, notFoundAs } from '../customer-insights/not-found.ts';
import { createCache } from '../runtime/cache.ts';
import { hasCode } from '../runtime/errors.ts';
import { minuteMs } from '../runtime/time.ts';

/**
 * Milliseconds for which keys, columns and filterable fields are remembered: they change when an
 * administrator changes the instance.
 */
export const factsFreshMs = 5 * minuteMs;

/** Facts kept per process, of each kind. */
const capacity = 1_000;

export interface Column {
  readonly name: string;
  /** OData type name, such as `Edm.String`. */
  readonly dataType: string;
}

/** The entities whose key is published; the metadata has the keys of the others. */
const publishedKeys: ReadonlyMap<string, readonly Column[]> = new Map([
  ['Customer', [{ name: 'CustomerId', dataType: 'Edm.String' }]],
  ['UnifiedActivity', [{ name: 'ActivityId', dataType: 'Edm.String' }]],
]);

export interface EntityShape {
  /** In the order of a partition's fields. */
  readonly columns: readonly Column[];
  /** Empty when the entity has none. */
  readonly key: readonly Column[];
}

/**
 * What paging, filtering and reading need to know about an entity. The same for all users, so it is
 * remembered across calls.
 */
export interface EntityFacts {
  /** The key's columns; empty when the entity has none or the caller may not see its metadata. */
  keyOf(client: CustomerInsightsClient, instanceId: string, entity: string): Promise<readonly Column[]>;
  /**
   * Columns and key with their types.
   * @throws ConnectorError EntityUnknown, or UpstreamForbidden when the caller may not see the metadata
   */
  shapeOf(client: CustomerInsightsClient, instanceId: string, entity: string): Promise<EntityShape>;
  /**
   * The same, asked of the source by this call: it also shows that the caller may still see the entity.
   * @throws ConnectorError EntityUnknown, or UpstreamForbidden
   */
  shapeAsked(client: CustomerInsightsClient, instanceId: string, entity: string): Promise<EntityShape>;
  /** The fields of Customer that are indexed as filterable in this instance. */
  indexedFields(client: CustomerInsightsClient, instanceId: string): Promise<readonly string[]>;
}

const columnsOf = (attributes: EntityMetadata['attributes']): readonly Column[] =>
  (attributes ?? []).flatMap(({ name, dataType = 'Edm.String' }) =>
    name === undefined ? [] : [{ name, dataType }],
  );

/** @throws ConnectorError EntityUnknown */
export const readEntity = (
  client: CustomerInsightsClient,
  instanceId: string,
  entity: string,
): Promise<EntityMetadata> =>
  client.getEntity(instanceId, entity).catch(notFoundAs(() => entityUnknown(entity)));

const readIndexedFields = async (
  client: CustomerInsightsClient,
  instanceId: string,
): Promise<readonly string[]> => {
  const { entityConfig = [] } = await client.getSearchConfiguration(instanceId);
  return entityConfig
    .filter(({ qualifiedEntityName }) => qualifiedEntityName === 'Customer')
    .flatMap(({ attributes = [] }) =>
      attributes.flatMap(({ name, properties }) =>
        name !== undefined && properties?.isFilterable === true ? [name] : [],
      ),
    );
};

/** @param now milliseconds since the epoch */
export const createEntityFacts = (now: () => number): EntityFacts => {
  // A load runs with the rights and the deadline of its caller, so its failure says nothing about another
  // caller's.
  const kept = { now, capacity, freshMs: factsFreshMs, sharesLoads: false };
  const shapes = createCache<EntityShape>(kept);
  const fields = createCache<readonly string[]>(kept);

  const keyed = (instanceId: string, entity: string) => JSON.stringify([instanceId, entity]);
  const readShape = async (
    client: CustomerInsightsClient,
    instanceId: string,
    entity: string,
  ): Promise<EntityShape> => {
    const { attributes, keys } = await readEntity(client, instanceId, entity);
    const columns = columnsOf(attributes);
    const key = columnsOf(keys?.[0]).map(
      ({ name, dataType }) => columns.find((column) => column.name === name) ?? { name, dataType },
    );
    return { columns, key };
  };
  const shapeOf: EntityFacts['shapeOf'] = (client, instanceId, entity) =>
    shapes.get(keyed(instanceId, entity), () => readShape(client, instanceId, entity));

  return {
    shapeOf,
    shapeAsked: (client, instanceId, entity) =>
      shapes.renew(keyed(instanceId, entity), () => readShape(client, instanceId, entity)),
    async keyOf(client, instanceId, entity) {
      const published = publishedKeys.get(entity);
      if (published !== undefined) return published;
      try {
        return (await shapeOf(client, instanceId, entity)).key;
      } catch (error) {
        // Who may read rows but not metadata still gets them, in the order of the source.
        if (hasCode(error, 'UpstreamForbidden')) return [];
        throw error;
      }
    },
    indexedFields: (client, instanceId) =>
      fields.get(instanceId, () => readIndexedFields(client, instanceId)),
  };
};
