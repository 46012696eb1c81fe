/** The files that `insights-connector flows` writes, in memory. */
import type { ConnectorFilesRequest } from '../../connector/emit/files.ts';
import { withOutputs } from '../../connector/emit/outputs.ts';
import { flowSources } from '../definitions/index.ts';
import type { PackageFile } from './archive.ts';
import { jsonFile, textFile, zipped } from './archive.ts';
import { settingValue } from './environment-ids.ts';
import { legacyInstallText, logicAppsInstallText, sayIn, solutionInstallText } from './install-text.ts';
import { legacyZip } from './legacy.ts';
import { logicAppsTemplate } from './logic-apps.ts';
import { settingsOf } from './package-names.ts';
import { deploymentSettings, type SolutionContent, solutionZip } from './solution.ts';
import { type PackageSources, packageSources, solutionVersion } from './sources.ts';
import type { LegacyStyle } from './targets.ts';

export const formats = ['solution', 'legacy', 'logic-apps', 'certification'] as const;
export type Format = (typeof formats)[number];

export interface BuildOptions {
  readonly format: Format;
  /** One solution for connector and flows. */
  readonly single: boolean;
  readonly style: LegacyStyle;
  readonly rootEnvironmentVariables: boolean;
}

const base = 'CustomerInsights';

const content = (
  given: Partial<SolutionContent> & Pick<SolutionContent, 'uniqueName' | 'displayName'>,
): SolutionContent => ({
  connector: false,
  flows: false,
  environmentVariables: true,
  ...given,
});

const solutionOutput = (
  sources: PackageSources,
  { single, rootEnvironmentVariables }: BuildOptions,
): readonly PackageFile[] => {
  const { title } = sources.connector;
  const packages = single
    ? [
        content({
          uniqueName: base,
          displayName: sayIn(sources)('{0}: connector and flows', title),
          connector: true,
          flows: true,
          rootEnvironmentVariables,
        }),
      ]
    : [
        { ...connectorSolution(sources), rootEnvironmentVariables },
        content({
          uniqueName: `${base}Flows`,
          displayName: sayIn(sources)('{0}: flows', title),
          flows: true,
          rootEnvironmentVariables,
        }),
      ];
  const [first, last] = [packages[0], packages.at(-1)];
  return [
    ...packages.flatMap((one) => [
      { name: `${one.uniqueName}.zip`, content: solutionZip(one, sources) },
      jsonFile(`${one.uniqueName}.settings.json`, deploymentSettings(one, sources)),
    ]),
    textFile(
      'INSTALL.md',
      solutionInstallText(sources, {
        connector: `${first?.uniqueName}.zip`,
        flows: `${last?.uniqueName}.zip`,
        single,
      }),
    ),
  ];
};

/** The connector alone, as it is imported: what a solution cannot import are the files of `build`. */
const connectorSolution = (sources: PackageSources): SolutionContent =>
  content({
    uniqueName: `${base}Connector`,
    displayName: sayIn(sources)('{0}: connector', sources.connector.title),
    connector: true,
  });

/**
 * What `insights-connector package` writes: the solution of the connector, or the zip of a submission to
 * certification.
 * @throws ConfigurationError, ConnectorFormatError, MissingText
 */
export const connectorPackage = async ({
  configuration,
  outputs,
  icon = true,
  certification = false,
  locale = 'en',
}: ConnectorFilesRequest): Promise<{ readonly content: Uint8Array; readonly contains: string }> => {
  const sources = await packageSources(
    withOutputs(configuration, outputs),
    { icon, certification, locale },
    flowSources,
  );
  if (!certification)
    return {
      content: solutionZip(connectorSolution(sources), sources),
      contains: `solution ${base}Connector ${solutionVersion}`,
    };
  const [submission] = certificationOutput(sources);
  if (submission === undefined) throw new Error('A submission to certification is one file.');
  return {
    content: submission.content,
    contains: 'submission to certification: intro.md, ConnectorPackage.zip',
  };
};

const legacyOutput = (sources: PackageSources, { style }: BuildOptions): readonly PackageFile[] => [
  ...sources.flows.map((flow) => ({ name: `${flow.id}.zip`, content: legacyZip(flow, style, sources) })),
  textFile('INSTALL.md', legacyInstallText(sources, style)),
];

const logicAppsOutput = (sources: PackageSources): readonly PackageFile[] => [
  jsonFile('azuredeploy.json', logicAppsTemplate(sources)),
  jsonFile('azuredeploy.parameters.json', {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#',
    contentVersion: '1.0.0.0',
    parameters: {
      apiHost: { value: sources.connector.definition.host },
      ...Object.fromEntries(
        settingsOf(sources.flows).map((setting) => [
          setting.key,
          { value: String(settingValue(setting, sources.ids)) },
        ]),
      ),
    },
  }),
  textFile('INSTALL.md', logicAppsInstallText(sources)),
];

/**
 * The zip of a submission to certification: intro.md and a package, in whose one folder lie the solutions.
 * A solution may hold nothing but `Connector` and `Workflows` there, so hosts and settings are written into
 * them.
 */
const certificationOutput = (sources: PackageSources): readonly PackageFile[] => {
  const { title } = sources.connector;
  const connector = { ...connectorSolution(sources), environmentVariables: false };
  const flows = content({
    uniqueName: `${base}Flow`,
    displayName: sayIn(sources)('{0}: flows', title),
    connector: true,
    flows: true,
    environmentVariables: false,
  });
  const inner = zipped([
    { name: 'PkgAssets/Connector.zip', content: solutionZip(connector, sources) },
    { name: 'PkgAssets/Flow.zip', content: solutionZip(flows, sources) },
  ]);
  return [
    {
      name: 'CertificationSubmission.zip',
      content: zipped([
        textFile('intro.md', sources.connector.intro),
        { name: 'ConnectorPackage.zip', content: inner },
      ]),
    },
  ];
};

/** @throws ConnectorIdNeeded for a legacy package without the internal id of the connector */
export const buildPackages = (sources: PackageSources, options: BuildOptions): readonly PackageFile[] => {
  switch (options.format) {
    case 'solution':
      return solutionOutput(sources, options);
    case 'legacy':
      return legacyOutput(sources, options);
    case 'logic-apps':
      return logicAppsOutput(sources);
    case 'certification':
      return certificationOutput(sources);
  }
};
