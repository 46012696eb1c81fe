/** INSTALL.md: the steps after the packages were made, in the language of the packages. */
import type { FlowSource } from '../definitions/authoring.ts';
import { settingInLanguage } from '../definitions/tokens.ts';
import { connectionReferenceName, hostVariable, schemaNameOf, settingsOf } from './package-names.ts';
import type { PackageSources } from './sources.ts';

/** A text in the language of the packages, with its values. */
type Say = (english: string, ...values: readonly string[]) => string;

export const sayIn =
  ({ language }: Pick<PackageSources, 'language'>): Say =>
  (english, ...values) =>
    language.text(english).replaceAll(/\{(\d)\}/g, (_, at) => values[Number(at)] ?? '');

const flowList = (flows: readonly FlowSource[]): string =>
  flows.map(({ name, description }) => `- **${name}**: ${description}`).join('\n');

const settingTable = (flows: readonly FlowSource[], say: Say): string =>
  [
    `| ${say('environment variable')} | ${say('what it is')} | ${say('value in the package')} |`,
    '|---|---|---|',
    ...settingsOf(flows).map(
      (setting) =>
        `| ${setting.displayName} (\`${schemaNameOf(setting)}\`) | ${setting.description} | \`${setting.example}\` |`,
    ),
  ].join('\n');

/** Numbered, with what belongs below a step. */
const numbered = (steps: readonly (readonly [step: string, below?: string])[]): string =>
  steps
    .map(([step, below], at) => `${at + 1}. ${step}${below === undefined ? '' : `\n\n${below}\n`}`)
    .join('\n');

const page = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;

/** In other languages than English, the labels would have to be guessed. */
const labelsHint = ({ language }: PackageSources, say: Say): string =>
  language.locale === 'en'
    ? ''
    : say('The names of pages and buttons are those of the English user interface.');

/** @param files the names of the zips that were written */
export const solutionInstallText = (
  sources: PackageSources,
  files: { readonly connector: string; readonly flows: string; readonly single: boolean },
): string => {
  const say = sayIn(sources);
  const host = settingInLanguage(hostVariable, sources.language);
  return page([
    `# ${say('Install the connector and its flows')}`,
    files.single
      ? say(
          '`{0}` contains the connector and the flows. Two packages are safer: an import that asks for connections asks before the connector exists.',
          files.connector,
        )
      : say('`{0}` contains the connector, `{1}` the flows:', files.connector, files.flows),
    flowList(sources.flows),
    say(
      'The flows are off when they have been imported. Six steps lead to running ones. You need the role System Customizer in the environment, and a premium licence for who runs the flows.',
    ),
    labelsHint(sources, say),
    numbered([
      [
        say(
          '**Import the connector.** make.powerapps.com, your environment, Solutions, Import solution, `{0}`. The import shows the environment variable *{1}* (`{2}`): the host of your deployment, `{3}`, without `https://`.',
          files.connector,
          host.displayName,
          schemaNameOf(host),
          sources.connector.definition.host,
        ),
      ],
      [
        say(
          "**Set the secret and register the redirect URL.** Open the connector, Edit, Security: paste the client secret of the connector's application registration (no package ever contains it) and save. The page then shows the redirect URL of this environment, `https://global.consent.azure-apim.net/redirect/…`; add it to the application registration in Microsoft Entra ID (Authentication, Web). It is another one in each environment. A later import of the connector may remove the secret: set it again.",
        ),
      ],
      [
        say(
          "**Create the connections.** On the connector's page, Test, New connection, and sign in. Connections to Microsoft Teams and Office 365 Outlook are made under Connections where you have none.",
        ),
      ],
      [
        say(
          '**Import the flows** (`{0}`), and choose the connections that it asks for: {1}. In a pipeline: fill the connection ids into `{2}` and run `pac solution import --path {0} --settings-file {2}`.',
          files.flows,
          (['customerInsights', 'teams', 'outlook'] as const)
            .map((api) => `\`${connectionReferenceName(api)}\``)
            .join(', '),
          `${files.flows.replace(/\.zip$/, '')}.settings.json`,
        ),
      ],
      [
        say(
          '**Set the environment variables** (Solutions, Default Solution, Environment variables), then open the connector once more and choose *Update connector*: a changed host counts from then on.',
        ),
        settingTable(sources.flows, say),
      ],
      [
        say(
          "**Turn the flows on**, each on its page. Turning one on registers its trigger: the run history of the connector's operations shows it, and the flow's own history shows the first event.",
        ),
      ],
    ]),
    say(
      "What can go wrong: `ConnectionNotFound` means that the importing person has no right to the connection, or that it was made for another connector. `Attribute 'value' was not found for environment variable` means that a variable has neither a value nor a default. An import in one go that asks for a connection to a connector which is not there yet: import the connector first.",
    ),
  ]);
};

export const legacyInstallText = (sources: PackageSources, style: 'A' | 'B'): string => {
  const say = sayIn(sources);
  return page([
    `# ${say('Import the flows without a solution')}`,
    say(
      'Each zip contains one flow. It carries no connector and no environment variables: the connector must exist in the environment, and the values of settings are written into the flow.',
    ),
    flowList(sources.flows),
    labelsHint(sources, say),
    numbered([
      [
        say(
          'Import the connector (docs/connector.md) and note its internal id, `shared_…`, from the address of its page; the packages here were made for `{0}`.',
          sources.ids.connectorInternalId ?? '',
        ),
      ],
      [
        say(
          'Create a connection to it, and to Microsoft Teams or Office 365 Outlook where the flow uses them.',
        ),
      ],
      [say('make.powerautomate.com, My flows, Import, Import Package (Legacy), choose the zip.')],
      [
        say(
          'For the flow choose *Create as new*; for each connection choose *Select during import* and the connection of step 2. The button stays grey until every line is chosen.',
        ),
      ],
      [say('Open the flow and look at its values: instance, team, channel, recipients, thresholds.')],
      [say('Turn the flow on.')],
    ]),
    say(
      'The packages are written in style {0}. If the import says `WorkflowRunActionInputsMissingProperty` or `WorkflowRunActionInputsInvalidProperty`, make them again with `--style {1}`: two spellings of a connection are in use, and importers differ.',
      style,
      style === 'A' ? 'B' : 'A',
    ),
  ]);
};

export const logicAppsInstallText = (sources: PackageSources): string => {
  const say = sayIn(sources);
  return page([
    `# ${say('Deploy the flows as Logic Apps (Consumption)')}`,
    say('`azuredeploy.json` contains the custom API, its connections and one workflow per flow:'),
    flowList(sources.flows),
    numbered([
      [
        '`az deployment group create --resource-group <group> --template-file azuredeploy.json --parameters @azuredeploy.parameters.json connectorClientSecret=<secret>`',
      ],
      [
        say(
          'Open each API connection in the portal and authorise it once: connections that sign a user in are deployed unauthorised.',
        ),
      ],
      [say('Add the redirect URL that the custom API shows to the application registration.')],
      [say('Deploy again with `state=Enabled`; each workflow then registers its trigger.')],
    ]),
  ]);
};
