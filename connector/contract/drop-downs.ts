/** Drop-downs of what an instance holds, for operations below `/datasets/{dataset}`. */
import { dynamicValues } from './operation.ts';
import { listDataSources } from './operations/list-data-sources.ts';
import { listScalarMeasures } from './operations/list-scalar-measures.ts';
import { listSegments } from './operations/list-segments.ts';

const ofInstance = { parameters: { dataset: { parameter: 'dataset' } }, collection: 'value' } as const;
const byName = { ...ofInstance, value: 'name', title: 'displayName' } as const;

export const dataSourceDropDown = dynamicValues(listDataSources, {
  ...ofInstance,
  value: 'dataSourceId',
  title: 'displayName',
});
export const segmentDropDown = dynamicValues(listSegments, byName);
export const scalarMeasureDropDown = dynamicValues(listScalarMeasures, byName);
