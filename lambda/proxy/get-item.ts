import { entityUnknown, itemUnknown, notFoundAs } from '../customer-insights/not-found.ts';
import { toDecimal } from '../runtime/decimal.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { columnType } from './column-types.ts';
import type { Column } from './entity-facts.ts';
import { type Literal, renderFilter } from './odata/filter.ts';
import { onEntity } from './on-instance.ts';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The key's value as a literal of its type. */
const literalOf = (id: string, { name, dataType }: Column): Literal => {
  const wrong = (allowed: string) =>
    requestInvalid([{ parameter: 'id', problem: `is not a value of the key ${name}`, allowed }]);
  const { type, format } = columnType(dataType);
  if (type === 'number' || type === 'integer') {
    const value = toDecimal(id);
    if (value === undefined) throw wrong('a number');
    return { kind: 'number', value };
  }
  if (format === 'uuid') {
    if (!guid.test(id)) throw wrong('a GUID such as 01234567-89ab-cdef-0123-456789abcdef');
    return { kind: 'guid', value: id };
  }
  return { kind: 'string', value: id };
};

/** The one column that identifies an item. */
const singleKey = (entity: string, key: readonly Column[]): Column => {
  const [column, ...others] = key;
  if (column !== undefined && others.length === 0) return column;
  const names = key.map(({ name }) => name).join(', ');
  throw new ConnectorError(
    'ItemNotAddressable',
    names === ''
      ? `The key of ${entity} is missing, or you have no access to it, so a single item cannot be read. Use "Get items from an entity".`
      : `An item of ${entity} is identified by ${key.length} columns together (${names}), not by one. Use "Get items from an entity" with a filter.`,
  );
};

export const getItem = onEntity<'GetItem'>(async ({ path }, { instance, client, entity }, { facts }) => {
  const key = singleKey(entity, await facts.keyOf(client, instance.id, entity));
  const $filter = renderFilter({
    kind: 'compare',
    field: { name: key.name, position: 1 },
    comparison: 'eq',
    literal: literalOf(path.id, key),
  });
  const [item] = await client
    .readRows(instance.id, entity, { $filter, $top: 1 })
    .catch(notFoundAs(() => entityUnknown(entity)));
  if (item === undefined) throw itemUnknown(entity, path.id);
  return { body: item };
});
