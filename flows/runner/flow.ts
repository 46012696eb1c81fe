/** A flow made ready for many runs, and a run from its trigger to its end. */
import { compileText, type Evaluate } from '../expressions/compile.ts';
import type { EvaluationContext } from '../expressions/context.ts';
import { bareContext } from '../expressions/context.ts';
import { EvaluationError, ExpressionSyntaxError } from '../expressions/evaluation-errors.ts';
import { isArray, isObject, kindOf, type Value, type ValueObject } from '../expressions/values.ts';
import { type Execute, type Prepare, preparationOf } from './actions/action.ts';
import { apiConnection, openApiConnection, outside } from './actions/calls.ts';
import * as control from './actions/control.ts';
import * as data from './actions/data.ts';
import * as variables from './actions/variables.ts';
import { blockStatus } from './block-status.ts';
import { structureProblems } from './block-structure.ts';
import { instantText } from './clock.ts';
import { Engine } from './engine.ts';
import type { FlowHostParts } from './host.ts';
import { error, isFailure } from './outcome.ts';
import type { RunRecord, TriggerResult } from './record.ts';
import { newFrame, type RunState } from './run-state.ts';
import {
  type ActionNode,
  type ActionType,
  allActions,
  DefinitionError,
  type FlowDefinition,
  type Problem,
} from './workflow-definition.ts';

export interface FireOptions {
  /** Headers of the callback. */
  readonly headers?: ValueObject;
  /** Values of the flow's parameters, in place of their defaults. */
  readonly parameters?: ValueObject;
}

export interface PreparedFlow {
  readonly definition: FlowDefinition;
  /**
   * Gives an event to the trigger.
   * @param body of the callback; undefined for a trigger without one
   * @throws RunStopped at what this machine cannot answer; EvaluationError when the trigger's own
   * expressions fail
   */
  fire(body: Value | undefined, host: FlowHostParts, options?: FireOptions): Promise<TriggerResult>;
}

const prepareBy = (definition: FlowDefinition): Readonly<Record<ActionType, Prepare>> => ({
  OpenApiConnection: openApiConnection(definition.connections),
  OpenApiConnectionWebhook: openApiConnection(definition.connections),
  ApiConnection: apiConnection(definition.connections),
  ApiConnectionWebhook: apiConnection(definition.connections),
  Http: outside('Http'),
  Workflow: outside('Workflow'),
  InitializeVariable: variables.initializeVariable,
  SetVariable: variables.setVariable,
  IncrementVariable: variables.incrementVariable,
  DecrementVariable: variables.decrementVariable,
  AppendToArrayVariable: variables.appendToArrayVariable,
  AppendToStringVariable: variables.appendToStringVariable,
  If: control.ifAction,
  Switch: control.switchAction,
  Foreach: control.foreach,
  Until: control.until,
  Scope: control.scope,
  Terminate: control.terminate,
  Compose: data.compose,
  ParseJson: data.parseJson,
  Query: data.query,
  Select: data.select,
  Join: data.join,
  Table: data.table,
  Expression: data.expression,
  Response: control.response,
  Wait: control.wait,
});

interface PreparedTrigger {
  readonly conditions: readonly { readonly text: string; readonly evaluate: Evaluate }[];
  readonly splitOn: Evaluate | undefined;
  readonly inputs: Evaluate;
}

const settled = (compile: () => Evaluate, place: string, problems: Problem[]): Evaluate => {
  try {
    return compile();
  } catch (problem) {
    if (!(problem instanceof ExpressionSyntaxError)) throw problem;
    problems.push({ place, problem: problem.message });
    return () => null;
  }
};

const prepareTrigger = ({ trigger }: FlowDefinition, problems: Problem[]): PreparedTrigger => {
  const { conditions, splitOn } = trigger.raw;
  const texts = (conditions !== undefined && isArray(conditions) ? conditions : []).map((condition) =>
    isObject(condition) && typeof condition.expression === 'string' ? condition.expression : '',
  );
  return {
    conditions: texts.map((text, index) => ({
      text,
      evaluate: settled(() => compileText(text), `${trigger.place}/conditions/${index}`, problems),
    })),
    splitOn:
      typeof splitOn === 'string'
        ? settled(() => compileText(splitOn), `${trigger.place}/splitOn`, problems)
        : undefined,
    inputs: () => trigger.raw.inputs ?? null,
  };
};

/** What the platform puts into `$connections`: an entry for each connection. */
const connectionValues = ({ connections }: FlowDefinition): ValueObject =>
  Object.fromEntries(
    [...connections].map(([key, { apiName }]) => [
      key,
      { connectionId: `local/${key}`, connectionName: key, id: apiName },
    ]),
  );

const parameterValues = (definition: FlowDefinition, given: ValueObject = {}): ReadonlyMap<string, Value> => {
  const values = new Map<string, Value>();
  for (const [name, { defaultValue }] of definition.parameters)
    if (defaultValue !== undefined) values.set(name, defaultValue);
  if (definition.parameters.has('$connections')) values.set('$connections', connectionValues(definition));
  for (const [name, value] of Object.entries(given)) values.set(name, value);
  return values;
};

/** @throws DefinitionError with everything that is wrong with the definition */
export const prepareFlow = (definition: FlowDefinition): PreparedFlow => {
  const problems: Problem[] = [...structureProblems(definition)];
  const prepares = prepareBy(definition);
  const executes = new Map(
    allActions(definition.actions).map((node): [ActionNode, Execute] => [
      node,
      prepares[node.type](node, preparationOf(node, definition.dialect, problems)),
    ]),
  );
  const trigger = prepareTrigger(definition, problems);
  if (problems.length > 0) throw new DefinitionError(definition.name, problems);

  const run = async (
    outputs: ValueObject,
    host: FlowHostParts,
    parameters: ReadonlyMap<string, Value>,
  ): Promise<RunRecord> => {
    const startTime = instantText(host.clock.now());
    const state: RunState = {
      flow: definition,
      host,
      id: host.newGuid(),
      trigger: {
        name: definition.trigger.name,
        type: definition.trigger.type,
        inputs: trigger.inputs(bareContext()),
        outputs,
        startTime,
      },
      variables: new Map(),
      parameters,
      warnings: new Set(),
      response: undefined,
      terminated: undefined,
    };
    const actions = await new Engine(executes, state).block(definition.actions, newFrame(undefined));
    const status =
      state.terminated?.status ??
      (isFailure(blockStatus(definition.actions, actions)) ? 'Failed' : 'Succeeded');
    const runError =
      state.terminated?.error ??
      (status === 'Failed' && !state.terminated
        ? error('ActionFailed', 'An action failed. No dependent actions succeeded.')
        : undefined);
    return {
      flow: definition.name,
      id: state.id,
      status: status === 'Failed' || status === 'Cancelled' ? status : 'Succeeded',
      ...(runError && { error: runError }),
      startTime,
      endTime: instantText(host.clock.now()),
      trigger: state.trigger,
      actions,
      ...(state.response !== undefined && { response: state.response }),
      warnings: [...state.warnings],
    };
  };

  const triggerContext = (
    outputs: ValueObject,
    host: FlowHostParts,
    parameters: ReadonlyMap<string, Value>,
  ): EvaluationContext =>
    bareContext({
      now: host.clock.now,
      newGuid: host.newGuid,
      random: host.random,
      slashPaths: definition.dialect === 'power-automate',
      trigger: () => ({ name: definition.trigger.name, outputs }),
      parameter: (name) => {
        const value = parameters.get(name);
        if (value !== undefined) return value;
        throw new EvaluationError(`The workflow parameter '${name}' is not found.`);
      },
    });

  return {
    definition,
    async fire(body, host, options = {}) {
      const parameters = parameterValues(definition, options.parameters);
      const whole: ValueObject = {
        ...(options.headers && { headers: options.headers }),
        ...(body !== undefined && { body }),
      };
      const { splitOn } = trigger;
      const list = splitOn?.(triggerContext(whole, host, parameters));
      if (list !== undefined && !isArray(list))
        throw new EvaluationError(
          `The 'splitOn' expression of '${definition.trigger.name}' gave a value of type '${kindOf(list)}'; it must give an array.`,
        );
      const events: readonly ValueObject[] =
        list === undefined ? [whole] : list.map((item) => ({ ...whole, body: item }));
      const runs: RunRecord[] = [];
      let reason = 'splitOn gave an empty list.';
      for (const outputs of events) {
        const context = triggerContext(outputs, host, parameters);
        const unmet = trigger.conditions.find(({ evaluate }) => evaluate(context) !== true);
        if (unmet === undefined) runs.push(await run(outputs, host, parameters));
        else reason = `The condition ${unmet.text} is not met.`;
      }
      return runs.length > 0 ? { fired: true, runs } : { fired: false, reason };
    },
  };
};
