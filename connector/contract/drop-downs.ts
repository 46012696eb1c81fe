/** Drop-downs of what an instance holds, for operations below `/datasets/{dataset}`. */
import { dynamicValues } from './operation.ts';
import { listDataSources } from './operations/list-data-sources.ts';
import { listObjects } from './operations/list-objects.ts';
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

/** The objects of a target. @param target the parameter in which the maker chooses it */
export const objectDropDown = (target: 'target' | 'body/target') =>
  dynamicValues(listObjects, {
    parameters: { ...ofInstance.parameters, target: { parameter: target } },
    collection: 'value',
    value: 'object',
    title: 'displayName',
  });
