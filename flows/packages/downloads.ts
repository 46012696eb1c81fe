/**
 * The files that are imported into Power Platform, made for one deployment at the moment at which a user asks for them. A
 * bundle of its own (lib/bundle.ts): the function of the console loads it when it needs it.
 */
import type { FunctionSettings } from '../../config/schema.ts';
import { connectorFiles } from '../../connector/emit/files.ts';
import { withOutputs } from '../../connector/emit/outputs.ts';
import { flowSources } from '../definitions/index.ts';
import { zipped } from './archive.ts';
import { buildPackages } from './build.ts';
import { packageSources } from './sources.ts';

/** A file to download. */
export interface Download {
  readonly name: string;
  readonly kind: 'connector' | 'solution' | 'flow';
  /** As people read it. */
  readonly title: string;
  /** Of a ready flow, the trigger that starts it. */
  readonly trigger: string | null;
}

const connectorFolder = 'connector.zip';
/** The solution with flows, of all or of one. */
const flowsSolution = 'CustomerInsightsFlows.zip';
const solutions = { 'CustomerInsightsConnector.zip': 'connector', [flowsSolution]: 'flows' };

/** All files, in the order in which they are imported. */
export const downloads: readonly Download[] = [
  { name: connectorFolder, kind: 'connector', title: 'connector', trigger: null },
  ...Object.entries(solutions).map(
    ([name, title]): Download => ({ name, kind: 'solution', title, trigger: null }),
  ),
  ...flowSources.map(
    ({ id, name, trigger }): Download => ({
      name: `${id}.zip`,
      kind: 'flow',
      title: name,
      trigger: trigger.operationId,
    }),
  ),
];

const options = { format: 'solution', single: false, style: 'A', rootEnvironmentVariables: false } as const;

/**
 * A file of a deployment.
 * @param host of its API, without scheme
 * @returns undefined for a name that no file has
 * @throws ConfigurationError when the configuration lacks a value that the files need
 */
export const makeDownload = async (
  settings: FunctionSettings,
  host: string,
  name: string,
): Promise<Uint8Array | undefined> => {
  const download = downloads.find((one) => one.name === name);
  if (download === undefined) return undefined;
  const { tenantId, applications } = settings;
  const configuration = withOutputs(settings as Parameters<typeof withOutputs>[0], {
    host,
    tenantId,
    connectorClientId: applications.connector.clientId,
    apiClientId: applications.api.clientId,
  });
  if (download.kind === 'connector') return zipped(await connectorFiles({ configuration }));
  const sources = await packageSources(
    configuration,
    { icon: true, certification: false, locale: 'en' },
    download.kind === 'flow' ? flowSources.filter(({ id }) => `${id}.zip` === name) : flowSources,
  );
  const made = download.kind === 'flow' ? flowsSolution : name;
  return buildPackages(sources, options).find((file) => file.name === made)?.content;
};
