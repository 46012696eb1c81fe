/** Segments, measures and data sources by name, and one error for each that does not exist. */
import { ConnectorError } from '../runtime/errors.ts';
import { measureLoss } from './measures.ts';
import type { ObservedDataSource, ObservedMeasure, ObservedSegment } from './observation.ts';
import { longestHistoryDays, type Source } from './source.ts';

export const measureUnknown = (name: string) =>
  new ConnectorError(
    'MeasureUnknown',
    `The instance has no measure named ${JSON.stringify(name)}. Choose one from the list.`,
  );

/**
 * By its id; where none has it, by its unique name, then by the name that people see if only one has it.
 * @throws ConnectorError DataSourceUnknown
 */
export const dataSourceNamed = (
  sources: readonly ObservedDataSource[],
  chosen: string,
): ObservedDataSource => {
  for (const key of ['dataSourceId', 'name', 'displayName'] as const) {
    const [found, ...others] = sources.filter((source) => source[key] === chosen);
    if (found && others.length === 0) return found;
    if (found)
      throw new ConnectorError(
        'DataSourceUnknown',
        `The instance has ${others.length + 1} data sources named ${JSON.stringify(chosen)}. Choose one from the list, or give its id.`,
      );
  }
  throw new ConnectorError(
    'DataSourceUnknown',
    `The instance has no data source with the id or name ${JSON.stringify(chosen)}. Choose one from the list, or leave it empty for any.`,
  );
};

/**
 * @param historyDays see {@link Source.segments}
 * @throws ConnectorError SegmentUnknown
 */
export const segmentNamed = async (
  source: Source,
  instanceId: string,
  name: string,
  historyDays: number,
): Promise<ObservedSegment> => {
  const segment = (await source.segments(instanceId, historyDays)).find(
    (candidate) => candidate.name === name,
  );
  if (segment === undefined)
    throw new ConnectorError(
      'SegmentUnknown',
      `The instance has no segment named ${JSON.stringify(name)}. Choose one from the list.`,
    );
  return segment;
};

/**
 * A measure with its history.
 * @throws ConnectorError MeasureUnknown or MeasureNotScalar
 */
export const scalarMeasureNamed = async (
  source: Source,
  instanceId: string,
  name: string,
): Promise<ObservedMeasure> => {
  const measure = await source.measure(instanceId, name, longestHistoryDays);
  if (measure === undefined) throw measureUnknown(name);
  const loss = measureLoss(name, measure);
  if (loss !== undefined) throw new ConnectorError('MeasureNotScalar', loss);
  return measure;
};
