import { dynamicSchema } from './operation.ts';
import { getEntitySchema } from './operations/get-entity-schema.ts';
import { row, type Texts } from './schema.ts';

/** A row of the entity that the operation's path names; the designer asks for its columns. */
export const entityRow = (texts: Texts & { readonly minProperties?: number }) =>
  row({
    ...texts,
    dynamicSchema: dynamicSchema(getEntitySchema, {
      parameters: { dataset: { parameter: 'dataset' }, table: { parameter: 'table' } },
      value: 'schema',
    }),
  });
