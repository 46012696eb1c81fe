/** The entities of an instance, and the columns of one: what the designer and the makers see of the metadata. */
import { type EntityMetadata, isAnyOf, isPathSegment } from '../customer-insights/index.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { Implementation } from '../http/implementations.ts';
import { byText } from './by-text.ts';
import { columnSchema } from './column-schema.ts';
import { entityUnknown, readEntity } from './entity-facts.ts';
import type { ProxyPorts } from './ports.ts';

const nameOf = ({ qualifiedEntityName, name }: EntityMetadata): string | undefined =>
  qualifiedEntityName ?? name;

const displayNameOf = (entity: EntityMetadata): string => {
  const name = entity.name ?? entity.qualifiedEntityName ?? '';
  return entity.dataSourceName ? `${name} (${entity.dataSourceName})` : name;
};

/** Profiles can be updated; activities can be created, on the timeline or in a source table that is set up as activities. */
const canBeWritten = (entity: EntityMetadata): boolean =>
  nameOf(entity) === 'Customer' ||
  nameOf(entity) === 'UnifiedActivity' ||
  isAnyOf(entity.entityType, 'activity');

export const getEntities =
  ({ settings, access }: ProxyPorts): Implementation<'GetEntities'> =>
  async ({ path }, { caller, deadline }) => {
    const { id } = servedInstance(settings, path.dataset);
    const { entities = [] } = await access.forUser(caller, deadline).listEntities(id);
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
  };

/** Asked of Customer Insights each time, never remembered: it is the user's right to see the entity that answers. */
export const getEntitySchema =
  ({ settings, access }: ProxyPorts): Implementation<'GetEntitySchema'> =>
  async ({ path }, { caller, deadline }) => {
    const { id } = servedInstance(settings, path.dataset);
    if (!isPathSegment(path.table)) throw entityUnknown(path.table);
    const entity = await readEntity(access.forUser(caller, deadline), id, path.table);
    const writable = canBeWritten(entity);
    const key = (entity.keys?.[0] ?? []).map(({ name }) => name);
    const properties = Object.fromEntries(
      (entity.attributes ?? []).flatMap((attribute) => {
        const { name } = attribute;
        if (name === undefined) return [];
        const keyOrder = key.indexOf(name);
        // A profile's key is given by unification and identifies the item to update.
        const readOnly = !writable || (path.table === 'Customer' && keyOrder >= 0);
        return [[name, columnSchema(attribute, { keyOrder, readOnly })]];
      }),
    );
    return {
      body: {
        name: path.table,
        title: displayNameOf(entity),
        'x-ms-permission': writable ? ('read-write' as const) : ('read-only' as const),
        schema: { type: 'object', properties },
      },
    };
  };
