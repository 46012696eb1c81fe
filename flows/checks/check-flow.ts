/** Everything about a flow that the platform would refuse, one after the other, when it is turned on. */
import { isArray, isObject, jsonText, type Value, type ValueObject, written } from '../expressions/values.ts';
import { connectionKey } from '../runner/actions/calls.ts';
import type { Connector } from '../runner/connectors/hosted-connector.ts';
import { parameterProblems } from '../runner/connectors/hosted-connector.ts';
import type { SwaggerConnector } from '../runner/connectors/swagger-connector.ts';
import { prepareFlow } from '../runner/flow.ts';
import {
  type ActionNode,
  allActions,
  DefinitionError,
  type FlowDefinition,
  type TriggerNode,
} from '../runner/workflow-definition.ts';
import { checkExpressions } from './check-expressions.ts';
import { type Finding, findings, type Report, type Severity } from './finding.ts';
import { reaches } from './reach.ts';

/** https://learn.microsoft.com/power-automate/limits-and-config and the reference of Logic Apps. */
const limits = {
  actions: 500,
  /** One of the documentation's pages says so. */
  doubtfulActions: 250,
  depth: 8,
  cases: 25,
  variables: 250,
  name: 80,
  description: 256,
  splitOnWithConcurrency: 100,
} as const;

const record = (value: Value | undefined): ValueObject =>
  value !== undefined && isObject(value) ? value : {};

const checkLimits = (flow: FlowDefinition, place: string, report: Report): void => {
  const actions = allActions(flow.actions);
  if (actions.length > limits.actions)
    report('refused', place, `The flow has ${actions.length} actions; ${limits.actions} are allowed.`);
  else if (actions.length > limits.doubtfulActions)
    report(
      'doubtful',
      place,
      `The flow has ${actions.length} actions; one page of the documentation allows ${limits.doubtfulActions}, another ${limits.actions}.`,
    );
  const variables = actions.filter(({ type }) => type === 'InitializeVariable').length;
  if (variables > limits.variables)
    report('refused', place, `The flow has ${variables} variables; ${limits.variables} are allowed.`);
  for (const node of [...actions, flow.trigger]) {
    if (node.name.length > limits.name)
      report(
        'refused',
        place + node.place,
        `The name has ${node.name.length} characters; ${limits.name} are allowed.`,
      );
    const { description } = node.raw;
    if (typeof description === 'string' && description.length > limits.description)
      report(
        'refused',
        place + node.place,
        `The description has ${description.length} characters; ${limits.description} are allowed.`,
      );
  }
};

const isRecurrent = ({ type, raw }: TriggerNode): boolean =>
  type === 'Recurrence' || raw.recurrence !== undefined;

const frequencies = ['Second', 'Minute', 'Hour', 'Day', 'Week', 'Month'];

const checkRecurrence = ({ raw, place, type }: TriggerNode, at: string, report: Report): void => {
  const { recurrence } = raw;
  if (recurrence === undefined) {
    if (type === 'Recurrence')
      report('refused', at + place, 'A recurrence trigger needs "recurrence" with frequency and interval.');
    return;
  }
  const { frequency, interval } = record(recurrence);
  if (!frequencies.includes(written(frequency)))
    report(
      'refused',
      `${at}${place}/recurrence`,
      `The frequency ${jsonText(frequency ?? null)} is not one of ${frequencies.join(', ')}; letter case matters.`,
    );
  if (typeof interval !== 'number' || !Number.isInteger(interval) || interval < 1)
    report(
      'refused',
      `${at}${place}/recurrence`,
      `The interval ${jsonText(interval ?? null)} is not a whole number from 1.`,
    );
};

const checkPlacement = (flow: FlowDefinition, place: string, report: Report): void => {
  const schemas = new Map<string, string>();
  for (const { node, parents, depth, loops } of reaches(flow)) {
    const at = place + node.place;
    if (depth > limits.depth)
      report('refused', at, `The action is nested ${depth} deep; ${limits.depth} are allowed.`);
    if (node.type === 'InitializeVariable' && depth > 0)
      report('refused', at, 'A variable can be initialised at the top level only.');
    if (node.type === 'Terminate' && loops.length > 0)
      report('refused', at, 'Terminate is not allowed in a loop.');
    if (node.type === 'Response') {
      if (loops.length > 0) report('refused', at, 'Response is not allowed in a loop.');
      if (isRecurrent(flow.trigger))
        report('refused', at, 'Response needs a trigger that is called; this one is a recurrence.');
      if (parents.length === 0 && node.runAfter.size === 0 && flow.actions.length > 1)
        report(
          'doubtful',
          at,
          'Response is in a parallel branch: the documentation forbids it, but the platform accepted it in a test.',
        );
      const { statusCode, schema } = record(node.raw.inputs);
      const spelt = jsonText(schema ?? null);
      const other = schemas.get(written(statusCode));
      if (other !== undefined && other !== spelt)
        report('refused', at, `Two responses with the status ${written(statusCode)} have different schemas.`);
      schemas.set(written(statusCode), spelt);
    }
    if (node.type === 'Switch') {
      const count = node.blocks.filter(({ kind }) => kind === 'case').length;
      if (count > limits.cases)
        report('refused', at, `The switch has ${count} cases; ${limits.cases} are allowed.`);
    }
    if (node.type === 'Foreach') checkConcurrency(node.raw, 'repetitions', 50, at, report);
    if (node.type === 'If' && typeof node.raw.expression === 'string')
      report('doubtful', at, 'The condition is a text; the designer shows rows of the object form only.');
  }
  checkConcurrency(flow.trigger.raw, 'runs', 100, place + flow.trigger.place, report);
};

const checkVariables = (flow: FlowDefinition, place: string, report: Report): void => {
  const seen = new Map<string, string>();
  for (const { type, raw, place: at } of allActions(flow.actions)) {
    if (type !== 'InitializeVariable') continue;
    const { variables } = record(raw.inputs);
    const [declared] = variables !== undefined && isArray(variables) ? variables : [];
    const name = written(record(declared).name ?? '');
    const other = seen.get(name.toLowerCase());
    if (other !== undefined)
      report('refused', place + at, `The variable '${name}' is initialised by ${other} already.`);
    seen.set(name.toLowerCase(), at);
  }
};

const checkConcurrency = (raw: ValueObject, key: string, most: number, at: string, report: Report): void => {
  const value = record(record(raw.runtimeConfiguration).concurrency)[key];
  if (value === undefined || typeof value === 'string') return;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > most)
    report(
      'refused',
      `${at}/runtimeConfiguration/concurrency`,
      `"${key}" is ${jsonText(value)}; 1 to ${most} are allowed.`,
    );
};

/** Connector actions and triggers with what they are given. */
const connectorNodes = (flow: FlowDefinition): readonly (ActionNode | TriggerNode)[] =>
  [flow.trigger, ...allActions(flow.actions)].filter(({ type }) => type.startsWith('OpenApiConnection'));

/** Operations of Teams that were replaced by the …Conversation ones. */
const deprecated = /^PostMessageToChannel|^PostUserNotification|^PostChannelNotification/;

const checkConnector = (
  flow: FlowDefinition,
  node: ActionNode | TriggerNode,
  connectors: readonly Connector[],
  place: string,
  report: Report,
): void => {
  const inputs = record(node.raw.inputs);
  const host = record(inputs.host);
  const at = `${place}${node.place}/inputs`;
  const key = connectionKey(host);
  const reference = key === undefined ? undefined : flow.connections.get(key);
  if (reference === undefined) {
    report(
      'refused',
      `${at}/host`,
      `The connection ${jsonText(key ?? null)} is not among connectionReferences (${[...flow.connections.keys()].join(', ')}): "API connection reference could not be found", or WorkflowRunActionInputsMissingProperty host.connectionReferenceName.`,
    );
    return;
  }
  if (record(host.connection).name !== undefined || record(host.api).runtimeUrl !== undefined)
    report(
      'refused',
      `${at}/host`,
      'host.connection and host.api.runtimeUrl are the spelling of Logic Apps and of the clipboard; a package needs apiId, connectionName and operationId.',
    );
  const connector = connectors.find((one) => one.serves(reference));
  if (connector === undefined) return;
  const operationId = written(host.operationId ?? '');
  const operation = connector.operation(operationId);
  if (operation === undefined) {
    if (connector.isComplete)
      report(
        'refused',
        `${at}/host`,
        `${connector.title} has no operation '${operationId}'; it has ${connector.operationIds.join(', ')}.`,
      );
    else if (deprecated.test(operationId))
      report('doubtful', `${at}/host`, `${operationId} of ${connector.title} is deprecated.`);
    return;
  }
  if (operation.isTrigger !== !('blocks' in node))
    report('refused', `${at}/host`, `${operationId} is ${operation.isTrigger ? 'a trigger' : 'no trigger'}.`);
  for (const problem of parameterProblems(operation, record(inputs.parameters), false))
    report('refused', `${at}/parameters`, `InvalidOpenApiFlow: ${problem}`);
};

const checkTrigger = (flow: FlowDefinition, place: string, report: Report): void => {
  const { trigger } = flow;
  checkRecurrence(trigger, place, report);
  const { conditions, splitOn } = trigger.raw;
  for (const [index, condition] of (conditions !== undefined && isArray(conditions)
    ? conditions
    : []
  ).entries())
    if (typeof record(condition).expression !== 'string')
      report(
        'refused',
        `${place}${trigger.place}/conditions/${index}`,
        'A condition is an object with a text "expression".',
      );
  if (splitOn !== undefined && (typeof splitOn !== 'string' || !splitOn.startsWith('@')))
    report('refused', `${place}${trigger.place}/splitOn`, 'splitOn is an expression that gives an array.');
  if (trigger.type === 'OpenApiConnectionWebhook' && trigger.raw.recurrence !== undefined)
    report('refused', `${place}${trigger.place}/recurrence`, 'A webhook trigger has no recurrence.');
};

export interface CheckFlowOptions {
  /** Connectors whose operations are known. */
  readonly connectors: readonly Connector[];
  /** Those of them whose outputs are known too. */
  readonly described: readonly SwaggerConnector[];
  /** In front of every place: `Workflows/X.json: `. */
  readonly place?: string;
}

/** What this engine does not run may be taken by the platform. */
export const severityOf = (problem: string): Severity =>
  problem.includes('which is not run here') ? 'doubtful' : 'refused';

export const checkFlow = (
  flow: FlowDefinition,
  { connectors, described, place = '' }: CheckFlowOptions,
): readonly Finding[] => {
  const { list, report } = findings();
  checkLimits(flow, place, report);
  checkTrigger(flow, place, report);
  checkPlacement(flow, place, report);
  checkVariables(flow, place, report);
  for (const node of connectorNodes(flow)) checkConnector(flow, node, connectors, place, report);
  checkExpressions(flow, described, place, report);
  try {
    prepareFlow(flow);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    // What has been said of a place is not said again in the engine's words.
    const told = new Set(list.map((finding) => finding.place));
    for (const { place: below, problem } of error.problems)
      if (![...told].some((known) => known.startsWith(place + below)))
        report(severityOf(problem), place + below, problem);
  }
  return list;
};
