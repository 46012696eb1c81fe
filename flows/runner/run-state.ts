/** What a run knows while it continues, and how its expressions ask for it. */

import { nearest } from '../expressions/closest-name.ts';
import type { EvaluationContext } from '../expressions/context.ts';
import { EvaluationError } from '../expressions/evaluation-errors.ts';
import { isObject, type Value, type ValueObject } from '../expressions/values.ts';
import { instantText } from './clock.ts';
import type { FlowHostParts } from './host.ts';
import { type ActionRecord, actionValue, type RunError, type TriggerRecord } from './record.ts';
import type { FlowDefinition } from './workflow-definition.ts';

export interface Variable {
  readonly name: string;
  readonly type: string;
  value: Value;
}

/** A level of nesting: what has ended in it, and the element that its loop is at. */
export interface Frame {
  readonly parent: Frame | undefined;
  /** By lower-case name. */
  readonly records: Map<string, ActionRecord>;
  readonly loop?: {
    readonly name: string;
    readonly kind: 'Foreach' | 'Until';
    readonly item: Value;
    readonly index: number;
  };
}

export const newFrame = (parent: Frame | undefined, loop?: Frame['loop']): Frame => ({
  parent,
  records: new Map(),
  ...(loop && { loop }),
});

export interface RunState {
  readonly flow: FlowDefinition;
  readonly host: FlowHostParts;
  readonly id: string;
  readonly trigger: TriggerRecord;
  /** By lower-case name. */
  readonly variables: Map<string, Variable>;
  readonly parameters: ReadonlyMap<string, Value>;
  readonly warnings: Set<string>;
  response: Value | undefined;
  /** Set by a Terminate action: everything ends. */
  terminated:
    | { readonly status: 'Succeeded' | 'Failed' | 'Cancelled'; readonly error?: RunError }
    | undefined;
}

const framesFrom = function* (frame: Frame): Generator<Frame> {
  for (let at: Frame | undefined = frame; at !== undefined; at = at.parent) yield at;
};

export const recordIn = (frame: Frame, name: string): ActionRecord | undefined => {
  const key = name.toLowerCase();
  for (const at of framesFrom(frame)) {
    const record = at.records.get(key);
    if (record !== undefined) return record;
  }
  return undefined;
};

const suggestion = (name: string, names: Iterable<string>): string => {
  const near = nearest(name, [...names]);
  return near === undefined ? '' : ` Did you mean '${near}'?`;
};

/** One entry per action in a loop, as `result()` gives it. */
const repeated = (record: ActionRecord): readonly Value[] => {
  const iterations = record.iterations ?? [];
  if (record.type === 'Until')
    return (iterations.at(-1) ?? []).map((child) => ({
      ...actionValue(child),
      repetitionCount: iterations.length,
    }));
  const names = [...new Set(iterations.flatMap((iteration) => iteration.map(({ name }) => name)))];
  return names.map((name) => {
    const children = iterations.flatMap((iteration) => iteration.filter((child) => child.name === name));
    return {
      name,
      status: children.some(({ status }) => status === 'Failed')
        ? 'Failed'
        : (children.at(-1)?.status ?? 'Skipped'),
      code: 'NotSpecified',
      repetitionCount: children.length,
      outputs: children.map(actionValue),
    };
  });
};

export interface ContextOptions {
  readonly state: RunState;
  readonly frame: Frame;
  /** Name of the action whose expressions are evaluated. */
  readonly action: string;
}

const workflowValue = ({ flow, id, host }: RunState): ValueObject => ({
  id: `/workflows/${host.workflowId}`,
  name: host.workflowId,
  type: 'Microsoft.Logic/workflows',
  location: 'local',
  tags: { flowDisplayName: flow.name, environmentName: 'local' },
  run: { id: `/workflows/${host.workflowId}/runs/${id}`, name: id, type: 'Microsoft.Logic/workflows/runs' },
});

/** The context of an action's expressions. {@link EvaluationContext.item} is the innermost loop's element. */
export const contextOf = ({ state, frame, action }: ContextOptions): EvaluationContext => {
  const { flow, host } = state;
  const record = (name: string): ActionRecord => {
    const found = recordIn(frame, name);
    if (found !== undefined) return found;
    throw new EvaluationError(
      `The template action '${name}' has not run before '${action}', so '${action}' cannot reference it.`,
    );
  };
  const loop = (name: string): NonNullable<Frame['loop']> => {
    for (const at of framesFrom(frame))
      if (at.loop?.name.toLowerCase() === name.toLowerCase()) return at.loop;
    throw new EvaluationError(`'${action}' is in no loop '${name}'.`);
  };
  return {
    now: host.clock.now,
    newGuid: host.newGuid,
    random: host.random,
    slashPaths: flow.dialect === 'power-automate',
    parameter: (name) => {
      const value = state.parameters.get(name);
      if (value !== undefined) return value;
      throw new EvaluationError(
        `The workflow parameter '${name}' is not found.${suggestion(name, state.parameters.keys())}`,
      );
    },
    variable: (name) => {
      const variable = state.variables.get(name.toLowerCase());
      if (variable !== undefined) return variable.value;
      throw new EvaluationError(
        `The variable '${name}' must be initialized before it can be used.${suggestion(
          name,
          [...state.variables.values()].map((known) => known.name),
        )}`,
      );
    },
    trigger: () => ({ ...state.trigger, status: 'Succeeded', endTime: state.trigger.startTime }),
    action: (name) => actionValue(record(name)),
    currentAction: () => ({ name: action, startTime: instantText(host.clock.now()) }),
    result: (name) => {
      const scope = record(name);
      if (scope.iterations !== undefined) return repeated(scope);
      if (scope.actions !== undefined) return scope.actions.map(actionValue);
      throw new EvaluationError(
        `result('${name}') needs a scope, a loop, a condition or a switch; '${name}' is none.`,
      );
    },
    item: () => {
      for (const at of framesFrom(frame)) if (at.loop?.kind === 'Foreach') return at.loop.item;
      throw new EvaluationError(`item() in '${action}' is in no loop over an array.`);
    },
    items: (name) => loop(name).item,
    iterationIndex: (name) => loop(name).index,
    workflow: () => workflowValue(state),
    callbackUrl: () =>
      `https://callback.invalid/workflows/${host.workflowId}/runs/${state.id}/actions/${action}/run`,
    warn: (text) => {
      state.warnings.add(`${action}: ${text}`);
    },
  };
};

export const withItem = (context: EvaluationContext, item: Value): EvaluationContext => ({
  ...context,
  item: () => item,
});

export const isRecord = (value: Value | undefined): value is ValueObject =>
  value !== undefined && isObject(value);
