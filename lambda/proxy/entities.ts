/**
 * The entities of an instance, and the columns of one: what the designer and the makers see of the metadata.
 */
import { type AttributeMetadata, type EntityMetadata, isAnyOf } from '../customer-insights/index.ts';
import { byText } from './by-text.ts';
import { columnType } from './column-types.ts';
import { readEntity } from './entity-facts.ts';
import { onEntity, onInstance } from './on-instance.ts';

const nameOf = ({ qualifiedEntityName, name }: EntityMetadata): string | undefined =>
  qualifiedEntityName ?? name;

const displayNameOf = (entity: EntityMetadata): string => {
  const name = entity.name ?? entity.qualifiedEntityName ?? '';
  return entity.dataSourceName ? `${name} (${entity.dataSourceName})` : name;
};

/**
 * Profiles can be updated; activities can be created, on the timeline or in a source table that is set up as
 * activities.
 */
const canBeWritten = (entity: EntityMetadata): boolean =>
  nameOf(entity) === 'Customer' ||
  nameOf(entity) === 'UnifiedActivity' ||
  isAnyOf(entity.entityType, 'activity');

export const getEntities = onInstance<'GetEntities'>(async (_request, { instance, client }) => {
  const { entities = [] } = await client.listEntities(instance.id);
  const value = entities
    .flatMap((entity) => {
      const name = nameOf(entity);
      return name === undefined
        ? []
        : [
            {
              name,
              displayName: displayNameOf(entity),
              entityType: entity.entityType ?? 'unspecified',
              dataSourceName: entity.dataSourceName || null,
              canBeWritten: canBeWritten(entity),
              columnCount: entity.attributes?.length ?? 0,
              refreshedAt: entity.refreshTime ?? null,
            },
          ];
    })
    .sort(byText(({ displayName }) => displayName));
  return { body: { value } };
});

/**
 * One column in the JSON schema of an item, with the extensions that the designer reads
 * (https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions).
 * @param options.keyOrder the column's place in the key, from 0; negative when it is not in it
 */
const columnSchema = (
  attribute: AttributeMetadata,
  options: { readonly keyOrder: number; readonly readOnly: boolean },
): Readonly<Record<string, unknown>> => {
  const title = attribute.friendlyName || attribute.name;
  return {
    ...columnType(attribute.dataType),
    title,
    'x-ms-summary': title,
    ...(attribute.semanticType && { description: `Meaning: ${attribute.semanticType}.` }),
    ...(options.readOnly && { readOnly: true, 'x-ms-permission': 'read-only' }),
    ...(options.keyOrder >= 0
      ? { 'x-ms-keyType': 'primary', 'x-ms-keyOrder': options.keyOrder }
      : { 'x-ms-keyType': 'none', 'x-nullable': true }),
  };
};

/**
 * Asked of Customer Insights each time, never remembered: it is the user's right to see the entity that
 * answers.
 */
export const getEntitySchema = onEntity<'GetEntitySchema'>(async (_request, context) => {
  const entity = await readEntity(context.client, context.instance.id, context.entity);
  const writable = canBeWritten(entity);
  const key = (entity.keys?.[0] ?? []).map(({ name }) => name);
  const properties = Object.fromEntries(
    (entity.attributes ?? []).flatMap((attribute) => {
      const { name } = attribute;
      if (name === undefined) return [];
      const keyOrder = key.indexOf(name);
      // A profile's key is given by unification and identifies the item to update.
      const readOnly = !writable || (context.entity === 'Customer' && keyOrder >= 0);
      return [[name, columnSchema(attribute, { keyOrder, readOnly })]];
    }),
  );
  return {
    body: {
      name: context.entity,
      title: displayNameOf(entity),
      'x-ms-permission': writable ? ('read-write' as const) : ('read-only' as const),
      schema: { type: 'object', properties },
    },
  };
});
