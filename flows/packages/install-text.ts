/** INSTALL.md: the steps after the packages were made. */
import type { FlowSource, Setting } from '../definitions/authoring.ts';
import { connectionReferenceName, hostVariable, schemaNameOf } from './package-names.ts';
import type { PackageSources } from './sources.ts';

const settingsOf = (flows: readonly FlowSource[]): readonly Setting[] => [
  ...new Map(flows.flatMap(({ settings }) => settings).map((setting) => [setting.key, setting])).values(),
];

const flowList = (flows: readonly FlowSource[]): string =>
  flows.map(({ name, description }) => `- **${name}**: ${description}`).join('\n');

const settingTable = (flows: readonly FlowSource[]): string =>
  [
    '| environment variable | what it is | value in the package |',
    '|---|---|---|',
    ...settingsOf(flows).map(
      (setting) =>
        `| ${setting.displayName} (\`${schemaNameOf(setting)}\`) | ${setting.description} | \`${setting.example}\` |`,
    ),
  ].join('\n');

/** @param files the names of the zips that were written */
export const solutionInstallText = (
  sources: PackageSources,
  files: { readonly connector: string; readonly flows: string; readonly single: boolean },
): string => `# Install the connector and its flows

${files.single ? `\`${files.connector}\` contains the connector and the flows. Two packages are safer: an import that asks for connections asks before the connector exists.` : `\`${files.connector}\` contains the connector, \`${files.flows}\` the flows:`}

${flowList(sources.flows)}

The flows are off when they have been imported. Six steps lead to running ones. You need the role System Customizer in the
environment, and a premium licence for who runs the flows.

1. **Import the connector.** make.powerapps.com, your environment, Solutions, Import solution, \`${files.connector}\`. The import
   shows the environment variable *${hostVariable.displayName}* (\`${schemaNameOf(hostVariable)}\`): the host of your deployment,
   \`${sources.connector.definition.host}\`, without \`https://\`.
2. **Set the secret and register the redirect URL.** Open the connector, Edit, Security: paste the client secret of the
   connector's application registration (no package ever contains it) and save. The page then shows the redirect URL of this
   environment, \`https://global.consent.azure-apim.net/redirect/…\`; add it to the application registration in Microsoft Entra ID
   (Authentication, Web). It is another one in each environment. A later import of the connector may remove the secret: set it again.
3. **Create the connections.** On the connector's page, Test, New connection, and sign in. Connections to Microsoft Teams and
   Office 365 Outlook are made under Connections where you have none.
4. **Import the flows**${files.single ? '' : ` (\`${files.flows}\`)`}, and choose the connections that it asks for:
   ${['customerInsights', 'teams', 'outlook'].map((api) => `\`${connectionReferenceName(api as 'teams')}\``).join(', ')}. In a pipeline:
   fill the connection ids into \`${files.flows.replace(/\.zip$/, '')}.settings.json\` and run
   \`pac solution import --path ${files.flows} --settings-file ${files.flows.replace(/\.zip$/, '')}.settings.json\`.
5. **Set the environment variables** (Solutions, Default Solution, Environment variables), then open the connector once more and
   choose *Update connector*: a changed host counts from then on.

${settingTable(sources.flows)}

6. **Turn the flows on**, each on its page. Turning one on registers its trigger: the run history of the connector's operations
   shows it, and the flow's own history shows the first event.

What can go wrong: "ConnectionNotFound" means that the importing person has no right to the connection, or that it was made for
another connector. "Attribute 'value' was not found for environment variable" means that a variable has neither a value nor a
default. An import in one go that asks for a connection to a connector which is not there yet: import the connector first.
`;

export const legacyInstallText = (
  sources: PackageSources,
  style: 'A' | 'B',
): string => `# Import the flows without a solution

Each zip contains one flow. It carries no connector and no environment variables: the connector must exist in the environment, and the
values of settings are written into the flow.

${flowList(sources.flows)}

1. Import the connector (docs/connector.md) and note its internal id, \`shared_…\`, from the address of its page; the packages here
   were made for \`${sources.ids.connectorInternalId ?? ''}\`.
2. Create a connection to it, and to Microsoft Teams or Office 365 Outlook where the flow uses them.
3. make.powerautomate.com, My flows, Import, Import Package (Legacy), choose the zip.
4. For the flow choose *Create as new*; for each connection choose *Select during import* and the connection of step 2. The button
   stays grey until every line is chosen.
5. Open the flow and look at its values: instance, team, channel, recipients, thresholds.
6. Turn the flow on.

The packages are written in style ${style}. If the import says \`WorkflowRunActionInputsMissingProperty\` or
\`WorkflowRunActionInputsInvalidProperty\`, make them again with \`--style ${style === 'A' ? 'B' : 'A'}\`: two spellings of a connection
are in use, and importers differ.
`;

export const logicAppsInstallText = (
  sources: PackageSources,
): string => `# Deploy the flows as Logic Apps (Consumption)

\`azuredeploy.json\` contains the custom API, its connections and one workflow per flow:

${flowList(sources.flows)}

1. \`az deployment group create --resource-group <group> --template-file azuredeploy.json --parameters @azuredeploy.parameters.json connectorClientSecret=<secret>\`
2. Open each API connection in the portal and authorise it once: connections that sign a user in are deployed unauthorised.
3. Add the redirect URL that the custom API shows to the application registration.
4. Deploy again with \`state=Enabled\`; each workflow then registers its trigger.
`;
