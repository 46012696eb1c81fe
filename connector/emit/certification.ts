/**
 * The texts that certification wants beside the connector: intro.md and readme.md
 * (https://learn.microsoft.com/connectors/custom-connectors/certification-submission), made from the
 * contract.
 */
import type { Configuration } from '../../config/schema.ts';
import type { Operation, OperationKind } from '../contract/operation.ts';
import type { TObject, TSchema } from '../contract/schema.ts';
import { fileNames } from './settings.ts';
import { fullScope } from './sign-in.ts';
import { connectorDescription } from './swagger.ts';

interface Shown {
  readonly description?: string;
  readonly 'x-ms-summary'?: string;
  readonly 'x-ms-visibility'?: string;
}

/** One line per value that a maker sees. */
const valuesOf = (schema: TSchema | null): readonly string[] =>
  Object.values((schema as TObject | null)?.properties ?? {})
    .map((property) => property as Shown)
    .filter((property) => property['x-ms-summary'] && property['x-ms-visibility'] !== 'internal')
    .map((property) => `  - ${property['x-ms-summary']}: ${property.description ?? ''}`.trimEnd());

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length > 0 ? [`- ${title}`, ...lines] : [];

const operationText = (operation: Operation): string =>
  [
    `#### ${operation.summary}`,
    '',
    operation.description,
    '',
    ...section('Inputs', [
      ...valuesOf(operation.pathParameters),
      ...valuesOf(operation.queryParameters),
      ...valuesOf(operation.body),
    ]),
    ...section('Outputs', valuesOf(operation.notification ?? operation.response.schema)),
  ].join('\n');

const operationsOf = (
  operations: readonly Operation[],
  kind: OperationKind,
  title: string,
): readonly string[] => {
  const shown = operations.filter(
    (operation) => operation.kind === kind && operation.visibility !== 'internal',
  );
  return shown.length > 0 ? [`### ${title}`, ...shown.map(operationText)] : [];
};

const paragraphs = (...blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`;

const prerequisites = [
  '- A Dynamics 365 Customer Insights - Data instance, and its subscription key.',
  '- An AWS account, into which the service behind this connector is deployed.',
  '- Two application registrations in Microsoft Entra ID: one for the connector, one for the service.',
].join('\n');

const credentials = (configuration: Configuration): string =>
  `Sign in with your work account when you create a connection. An administrator registers both applications once and lets the connector's application use the permission \`${fullScope(configuration)}\`.`;

const limitations = ({ limit }: Configuration): string =>
  [
    `- At most ${limit.calls} calls in any ${limit.windowSeconds} seconds through one connection; further calls are answered with 429 and the seconds to wait.`,
    '- An event may be delivered twice when the service stops at the wrong moment; both deliveries carry the same event id.',
    '- A threshold trigger fires when the value rises across the threshold, and again only after it has been at or below it.',
  ].join('\n');

/**
 * `--overwrite-settings`, because paconn otherwise asks a question, and without a terminal fails after the
 * creation. docs/deployment.md and docs/connector.md have the same commands; a test compares them.
 */
export const createCommand = `paconn create --env "$ENVIRONMENT" --api-def ${fileNames.definition} --api-prop ${fileNames.properties} --icon ${fileNames.icon} --overwrite-settings --secret "$SECRET"`;

/** The settings contain the arguments of `paconn create`, so this command asks no question. */
export const updateCommand = `paconn update --settings ${fileNames.settings} --secret "$SECRET"`;

/** What a maker reads on the connector's page. */
export const introText = (operations: readonly Operation[], configuration: Configuration): string =>
  paragraphs(
    connectorDescription,
    '## Prerequisites',
    prerequisites,
    '## How to get credentials',
    credentials(configuration),
    '## Get started with your connector',
    'Create a flow, choose one of the triggers below, sign in, and pick the instance from the list.',
    operations
      .filter(({ kind }) => kind === 'trigger')
      .map(({ summary, description }) => `- **${summary}**: ${description}`)
      .join('\n'),
    '## Known issues and limitations',
    limitations(configuration),
    '## Common errors and remedies',
    [
      '- 401: the sign-in has expired. Repair the connection.',
      '- 404: the instance, or what was asked for in it, does not exist or is not served. Choose it from the list again.',
      '- 429: too many calls. Wait as long as the answer says, or spread the calls.',
      '- 502: Customer Insights is unavailable. The message says whether to wait or to contact an administrator.',
    ].join('\n'),
  );

/** The readme of the connector's folder. */
export const readmeText = (operations: readonly Operation[], configuration: Configuration): string =>
  paragraphs(
    `# ${configuration.connector.title}`,
    connectorDescription,
    `## Publisher: ${configuration.connector.publisher}`,
    '## Prerequisites',
    prerequisites,
    '## Supported operations',
    ...operationsOf(operations, 'trigger', 'Triggers'),
    ...operationsOf(operations, 'action', 'Actions'),
    '## Obtaining credentials',
    credentials(configuration),
    '## Known issues and limitations',
    limitations(configuration),
    '## Deployment instructions',
    [
      'Sign in with `paconn login`, then run in this folder, with the id of your environment and the client secret of the connector application:',
      '',
      '```',
      createCommand,
      '```',
      '',
      'It writes the id of the connector into settings.json, from where an update takes it:',
      '',
      '```',
      updateCommand,
      '```',
      '',
      'An import of apiDefinition.swagger.json by hand leaves out the policies; paging then has to be set up by the maker.',
    ].join('\n'),
  );
