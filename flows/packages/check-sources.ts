/** Our own definitions are checked whenever they are built: a renamed token does not make a package. */
import { checkFlow } from '../checks/check-flow.ts';
import type { Finding } from '../checks/finding.ts';
import { definitionFor, type FlowSource } from '../definitions/authoring.ts';
import { outlookInbox } from '../runner/connectors/outlook.ts';
import type { SwaggerConnector } from '../runner/connectors/swagger-connector.ts';
import { teamsInbox } from '../runner/connectors/teams.ts';
import { type FlowDefinition, readDefinition } from '../runner/workflow-definition.ts';
import { apisOf, connectionKeys, connectorName } from './package-names.ts';
import { apiNameOf, solutionTarget } from './targets.ts';

/** One of our definitions does not fit the contract. */
export class FlowSourceWrong extends Error {
  override readonly name = 'FlowSourceWrong';
  readonly exitCode = 1;
}

/** A flow of ours as the engine runs it, settings at their examples. */
export const flowDefinitionOf = (source: FlowSource): FlowDefinition =>
  readDefinition(definitionFor(source, solutionTarget({})), {
    name: source.name,
    connections: new Map(
      apisOf(source).map((api) => [
        connectionKeys[api],
        {
          apiName: apiNameOf(api, {}),
          ...(api === 'customerInsights' && { logicalName: connectorName }),
        },
      ]),
    ),
  });

/** @throws FlowSourceWrong naming the flow and every place */
export const checkSources = (sources: readonly FlowSource[], own: SwaggerConnector): void => {
  const wrong = sources.flatMap((source): readonly (Finding & { readonly flow: string })[] =>
    checkFlow(flowDefinitionOf(source), {
      connectors: [own, teamsInbox(), outlookInbox()],
      described: [own],
    }).map((finding) => ({ ...finding, flow: source.id })),
  );
  if (wrong.length > 0)
    throw new FlowSourceWrong(
      `Flows do not fit the contract:\n${wrong.map(({ flow, place, problem }) => `  ${flow}: ${place}: ${problem}`).join('\n')}`,
    );
};
