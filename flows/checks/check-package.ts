/** Everything that import and activation of a package would refuse one by one, at once. */
import type { OpenAPIV2 } from 'openapi-types';
import { isObject, type Value } from '../expressions/values.ts';
import { connectorName, encodedName, isOurApiName } from '../packages/package-names.ts';
import type { ReadPackage } from '../packages/read-parts.ts';
import { outlookInbox } from '../runner/connectors/outlook.ts';
import { type SwaggerConnector, swaggerConnector } from '../runner/connectors/swagger-connector.ts';
import { teamsInbox } from '../runner/connectors/teams.ts';
import { DefinitionError, readDefinition } from '../runner/workflow-definition.ts';
import { checkFlow, severityOf } from './check-flow.ts';
import { checkLegacy } from './check-legacy.ts';
import { checkSolution } from './check-solution.ts';
import { type Finding, findings, type Report } from './finding.ts';

/** Whether a connection leads to the connector of this name, in whatever environment. */
export const servesConnector =
  (name: string) =>
  ({ apiName, logicalName }: { readonly apiName: string; readonly logicalName?: string }): boolean =>
    logicalName === name || apiName.startsWith(`shared_${encodedName(name)}-5f`);

const isSwagger = (value: Value): boolean =>
  isObject(value) && value.swagger === '2.0' && isObject(value.paths ?? null);

/** The connectors that a package brings with it, as their definitions describe them. */
export const connectorsOf = (read: ReadPackage, report: Report): readonly SwaggerConnector[] =>
  read.connectors.flatMap(({ definition, name, title, place }) => {
    if (!isSwagger(definition)) return [];
    try {
      return [
        swaggerConnector({
          title: title || name,
          definition: definition as unknown as OpenAPIV2.Document,
          serves: servesConnector(name),
        }),
      ];
    } catch (error) {
      report(
        'refused',
        place,
        `The definition cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      );
      return [];
    }
  });

const checkBytes = (read: ReadPackage, report: Report): void => {
  for (const [name, content] of read.files) {
    if (name.includes('\\')) report('refused', name, 'Folders are separated with \\ instead of /.');
    if (name.endsWith('.json') && content[0] === 0xef && content[1] === 0xbb)
      report('refused', name, 'The file begins with a byte order mark: "clientdata has an invalid format".');
  }
};

/**
 * @param own our connector from the contract, for packages that use it without bringing it
 */
export const checkPackage = (read: ReadPackage, own: SwaggerConnector): readonly Finding[] => {
  const { list, report } = findings();
  checkBytes(read, report);
  for (const { place, problem } of read.unreadable) report('refused', place, `It cannot be read: ${problem}`);
  if (read.kind === 'solution') checkSolution(read, report);
  if (read.kind === 'legacy') checkLegacy(read, report);
  const brought = connectorsOf(read, report);
  const described = brought.some((connector) => connector.serves({ apiName: '', logicalName: connectorName }))
    ? brought
    : [...brought, own];
  const connectors = [...described, teamsInbox(), outlookInbox()];
  const all: Finding[] = [...list];
  for (const { place, name, definition, connections, dialect } of read.flows) {
    try {
      const flow = readDefinition(definition, { name, connections, dialect });
      all.push(...checkFlow(flow, { connectors, described, place: `${place}: ` }));
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      for (const { place: at, problem } of error.problems)
        all.push({ place: `${place}: ${at}`, severity: severityOf(problem), problem });
    }
  }
  if (read.flows.length === 0 && read.connectors.length === 0)
    all.push({
      place: '',
      severity: 'doubtful',
      problem: 'The package contains neither a flow nor a connector.',
    });
  return all;
};

/** Connections of Logic Apps name our API by its key. */
export const isOurs = ({
  apiName,
  logicalName,
}: {
  readonly apiName: string;
  readonly logicalName?: string;
}): boolean => logicalName === connectorName || logicalName === 'customerinsights' || isOurApiName(apiName);
