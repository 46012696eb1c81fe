/** What Customer Insights does not know, in words for the maker of a flow. */
import { ConnectorError, hasCode } from '../runtime/errors.ts';

const quoted = (name: string): string => JSON.stringify(name);

export const entityUnknown = (entity: string): ConnectorError<'EntityUnknown'> =>
  new ConnectorError(
    'EntityUnknown',
    `The instance has no entity ${quoted(entity)}. Names are exact, capitals too: Customer, UnifiedActivity, or as shown under Data > Tables in Customer Insights; a source's table is named with its source, such as PoS_posPurchases.`,
  );

export const itemUnknown = (entity: string, id: string): ConnectorError<'ItemUnknown'> =>
  new ConnectorError(
    'ItemUnknown',
    `${entity} has no item with the key ${quoted(id)}, or none that you may see. Keys are exact, capitals too.`,
  );

export const jobUnknown = (jobId: string): ConnectorError<'JobUnknown'> =>
  new ConnectorError(
    'JobUnknown',
    `The instance has no job ${quoted(jobId)}. Take the Job Id from Refresh or from a trigger; Customer Insights forgets old jobs.`,
  );

const refreshable = {
  dataSource: { code: 'DataSourceUnknown', noun: 'data source' },
  segment: { code: 'SegmentUnknown', noun: 'segment' },
  measure: { code: 'MeasureUnknown', noun: 'measure' },
} as const;

export const notRefreshable = (kind: keyof typeof refreshable, name: string): ConnectorError => {
  const { code, noun } = refreshable[kind];
  return new ConnectorError(
    code,
    `The instance has no ${noun} ${quoted(name)}, or none that can be refreshed. Choose one from the list.`,
  );
};

/** For `catch`: turns the source's not-found into the error that names what was not found. */
export const notFoundAs =
  (unknown: () => ConnectorError) =>
  (error: unknown): never => {
    throw hasCode(error, 'UpstreamNotFound') ? unknown() : error;
  };
