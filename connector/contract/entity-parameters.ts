/** The entity, as the operations on its rows name it. */
import { dynamicValues } from './operation.ts';
import { getEntities } from './operations/get-entities.ts';
import { dataset } from './parameters.ts';
import { record, text } from './schema.ts';

/** Under the key that the existing Customer Insights connector uses (`table`). */
export const table = text({
  summary: 'Entity Name',
  description: 'The entity (table), for example Customer.',
  minLength: 1,
  maxLength: 200,
  dynamicValues: dynamicValues(getEntities, {
    parameters: { dataset: { parameter: 'dataset' } },
    collection: 'value',
    value: 'name',
    title: 'displayName',
  }),
});

export const inEntity = record({ dataset, table });
