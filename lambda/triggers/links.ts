/** Links to the web pages of Customer Insights. Their addresses are not published, so a template makes them. */

/** A page of Customer Insights that shows one object. */
export interface LinkedObject {
  readonly section: 'datasources' | 'segments' | 'measures';
  /** Id of a data source, unique name of a segment or measure. */
  readonly object: string;
}

/**
 * The address of an object; of its instance where no object is known.
 * @param linkBase `customerInsights.linkBase` of the configuration
 */
export const linkTo = (linkBase: string, instanceId: string, linked?: LinkedObject): string => {
  const place = linked === undefined ? linkBase.replace(/\{(section|object)\}.*$/, '') : linkBase;
  const values: Readonly<Record<string, string>> = { instanceId, ...linked };
  return place
    .replace(/\{(\w{1,10})\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
    .replace(/(?<=[^/:])\/$/, '');
};
