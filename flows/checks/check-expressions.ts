/** Expressions of a flow: their functions, and everything that they name. */
import { nearest } from '../expressions/closest-name.ts';
import { findFunction, unknownFunction } from '../expressions/functions/index.ts';
import type { Call, Expression } from '../expressions/syntax.ts';
import { parseTemplate } from '../expressions/template.ts';
import { isObject, type Value, written } from '../expressions/values.ts';
import { connectionKey } from '../runner/actions/calls.ts';
import type { Schema, SwaggerConnector } from '../runner/connectors/swagger-connector.ts';
import { type ActionNode, allActions, type FlowDefinition } from '../runner/workflow-definition.ts';
import { expressionsIn, type PlacedExpression } from './check-texts.ts';
import type { Report } from './finding.ts';
import { type Reach, reaches } from './reach.ts';
import { type Shapes, shapeOf } from './shapes.ts';

const callsIn = (expression: Expression): readonly Call[] => {
  switch (expression.type) {
    case 'literal':
      return [];
    case 'access':
      return [...callsIn(expression.target), ...callsIn(expression.key)];
    case 'call':
      return [expression, ...expression.args.flatMap(callsIn)];
  }
};

/** Functions whose argument must be a literal text: the platform evaluates it when a flow is saved. */
const literalNames: ReadonlySet<string> = new Set([
  'body',
  'outputs',
  'actions',
  'items',
  'variables',
  'parameters',
  'result',
  'actionbody',
  'actionoutputs',
  'iterationindexes',
]);

const namesActions: ReadonlySet<string> = new Set([
  'body',
  'outputs',
  'actions',
  'result',
  'actionbody',
  'actionoutputs',
]);

interface Known {
  readonly flow: FlowDefinition;
  readonly actions: ReadonlyMap<string, ActionNode>;
  /** Lower-case names of variables → the action that initialises them. */
  readonly variables: ReadonlyMap<string, string>;
}

const record = (value: Value | undefined): Readonly<Record<string, Value>> =>
  value !== undefined && isObject(value) ? value : {};

const variableOf = ({ raw }: ActionNode): string | undefined => {
  const { variables } = record(raw.inputs);
  const [declared] = Array.isArray(variables) ? (variables as readonly Value[]) : [];
  const { name } = record(declared);
  return typeof name === 'string' ? name : undefined;
};

const didYouMean = (name: string, names: readonly string[]): string => {
  const near = nearest(name, names);
  return near === undefined ? '' : ` Did you mean '${near}'?`;
};

/** Actions that may be named in a part of an action. */
const visible = (reach: Reach, part: string): ReadonlySet<string> =>
  // A condition of Until is evaluated after its body.
  reach.node.type === 'Until' && part === 'expression'
    ? new Set([...reach.before, ...reach.inside])
    : reach.before;

const checkActionName = (
  call: Call,
  name: string,
  reach: Reach | undefined,
  part: string,
  known: Known,
): string | undefined => {
  const target = known.actions.get(name.toLowerCase());
  const names = [...known.actions.values()].map((node) => node.name);
  if (target === undefined)
    return `${call.name}('${name}') names an action that the flow does not have.${didYouMean(name, names)}${
      name.includes(' ') ? ' In expressions blanks of a name are underscores.' : ''
    }`;
  if (reach === undefined) return `${call.name}('${name}') cannot be used in the trigger: no action has run.`;
  if (visible(reach, part).has(name.toLowerCase())) return undefined;
  if (target === reach.node) return `${call.name}('${name}') names the action itself.`;
  return `${call.name}('${name}') is not in the runAfter path of '${reach.node.name}': '${name}' may not have run before it.`;
};

const checkCall = (
  call: Call,
  placed: PlacedExpression,
  reach: Reach | undefined,
  known: Known,
  report: Report,
): void => {
  const { place, part } = placed;
  const found = findFunction(call.name);
  if (typeof found === 'string') {
    report('fails', place, unknownFunction(call.name, found).replace(/ Functions that can be used:.*$/, ''));
    return;
  }
  const { least, most, usage } = found;
  if (call.args.length < least || call.args.length > most) {
    report('fails', place, `${call.name}() has ${call.args.length} arguments here; it is written ${usage}.`);
    return;
  }
  const lower = call.name.toLowerCase();
  if (!literalNames.has(lower)) return;
  const [argument] = call.args;
  if (argument?.type !== 'literal' || typeof argument.value !== 'string') {
    report('refused', place, `${call.name}() needs a name that is a literal text, not a calculated one.`);
    return;
  }
  const name = argument.value;
  if (namesActions.has(lower)) {
    const problem = checkActionName(call, name, reach, part, known);
    if (problem !== undefined) report('refused', place, problem);
  } else if (lower === 'variables') {
    const initialised = known.variables.get(name.toLowerCase());
    if (initialised === undefined)
      report(
        'refused',
        place,
        `The variable '${name}' is not initialised anywhere.${didYouMean(name, [...known.variables.keys()])}`,
      );
    else if (reach !== undefined && !visible(reach, part).has(initialised))
      report(
        'refused',
        place,
        `The variable '${name}' is initialised by '${initialised}', which may not have run before '${reach.node.name}'.`,
      );
  } else if (lower === 'parameters') {
    const names = [...known.flow.parameters.keys()];
    if (!names.includes(name))
      report('refused', place, `The flow has no parameter '${name}'.${didYouMean(name, names)}`);
  } else {
    const loop = reach?.loops.find((one) => one.name.toLowerCase() === name.toLowerCase());
    const wanted = lower === 'items' ? 'Foreach' : 'Until';
    if (loop?.type !== wanted)
      report('refused', place, `${call.name}('${name}') is in no ${wanted} loop of that name.`);
  }
};

const shapesFor = (
  flow: FlowDefinition,
  all: ReadonlyMap<string, Reach>,
  connectors: readonly SwaggerConnector[],
): ((reach: Reach | undefined, perItem: boolean) => Shapes) => {
  const operationOutput = (raw: Readonly<Record<string, Value>>): Schema | undefined => {
    const host = record(record(raw.inputs).host);
    const key = connectionKey(host);
    const reference = key === undefined ? undefined : flow.connections.get(key);
    const connector = reference && connectors.find((one) => one.serves(reference));
    return typeof host.operationId === 'string' ? connector?.operation(host.operationId)?.output : undefined;
  };
  const trigger = operationOutput(flow.trigger.raw);
  const bodies = new Map<string, Schema | undefined>();
  const sourceOf = (reach: Reach, text: Value | undefined): Schema | undefined => {
    if (typeof text !== 'string') return undefined;
    const template = parseTemplate(text);
    return template.type === 'expression'
      ? shapeOf(template.expression, text, shapes(reach, false), () => undefined)
      : undefined;
  };
  const bodyOf = (name: string): Schema | undefined => {
    const key = name.toLowerCase();
    if (bodies.has(key)) return bodies.get(key);
    bodies.set(key, undefined);
    const reach = all.get(key);
    if (reach === undefined) return undefined;
    const { node } = reach;
    const shape =
      node.type === 'Query' ? sourceOf(reach, record(node.raw.inputs).from) : operationOutput(node.raw);
    bodies.set(key, shape);
    return shape;
  };
  const loopItem = (loop: ActionNode | undefined): Schema | undefined => {
    const outer = loop && all.get(loop.name.toLowerCase());
    return outer && sourceOf(outer, outer.node.raw.foreach)?.items;
  };
  const shapes = (reach: Reach | undefined, perItem: boolean): Shapes => ({
    trigger,
    body: bodyOf,
    item: !reach
      ? undefined
      : perItem
        ? sourceOf(reach, record(reach.node.raw.inputs).from)?.items
        : loopItem(reach.loops.find(({ type }) => type === 'Foreach')),
    items: (loop) =>
      reach && loopItem(reach.loops.find(({ name }) => name.toLowerCase() === loop.toLowerCase())),
  });
  return shapes;
};

/** @param place in front of every place: the file, or '' */
export const checkExpressions = (
  flow: FlowDefinition,
  connectors: readonly SwaggerConnector[],
  place: string,
  report: Report,
): void => {
  const list = reaches(flow);
  const all = new Map(list.map((reach) => [reach.node.name.toLowerCase(), reach]));
  const actions = new Map(allActions(flow.actions).map((node) => [node.name.toLowerCase(), node]));
  const variables = new Map(
    [...actions.values()]
      .filter(({ type }) => type === 'InitializeVariable')
      .map((node) => [(variableOf(node) ?? '').toLowerCase(), node.name.toLowerCase()]),
  );
  const known: Known = { flow, actions, variables };
  const shapes = shapesFor(flow, all, connectors);
  const check = (placed: PlacedExpression, reach: Reach | undefined) => {
    for (const call of callsIn(placed.expression)) {
      if (
        call.name.toLowerCase() === 'item' &&
        !placed.perItem &&
        reach &&
        !reach.loops.some(({ type }) => type === 'Foreach')
      )
        report('refused', placed.place, 'item() is in no loop and in no Select, Filter array or table.');
      checkCall(call, placed, reach, known, report);
    }
    shapeOf(placed.expression, placed.text, shapes(reach, placed.perItem), (problem) => {
      report('fails', placed.place, problem);
    });
  };
  for (const placed of expressionsIn(flow.trigger.raw, place + flow.trigger.place, report))
    check(placed, undefined);
  for (const reach of list)
    for (const placed of expressionsIn(reach.node.raw, place + reach.node.place, report)) {
      // A loop's list and a condition are evaluated outside the loop.
      check(placed, reach);
      if (reach.node.type === 'SetVariable') selfReference(placed, reach.node, report);
    }
};

const selfReference = (placed: PlacedExpression, { raw }: ActionNode, report: Report): void => {
  const { name } = record(raw.inputs);
  const own = callsIn(placed.expression).some(
    ({ name: called, args: [argument] }) =>
      called.toLowerCase() === 'variables' &&
      argument?.type === 'literal' &&
      written(argument.value).toLowerCase() === written(name).toLowerCase(),
  );
  if (own)
    report(
      'refused',
      placed.place,
      `The variable '${written(name)}' is set from itself; use a Compose action before, or increment or append.`,
    );
};
