/** Runs the actions of a block in their order, and enters in the record what came of each. */
import { EvaluationError } from '../expressions/evaluation-errors.ts';
import { isArray, isObject, type Value, type ValueObject, written } from '../expressions/values.ts';
import type { Execute, Running, SkippedBy } from './actions/action.ts';
import { instantText } from './clock.ts';
import { error, failed, type Outcome } from './outcome.ts';
import type { ActionRecord } from './record.ts';
import { contextOf, type Frame, type RunState } from './run-state.ts';
import type { ActionNode } from './workflow-definition.ts';

const skippedBecause = (
  { name }: ActionNode,
  reason: 'branch not taken' | 'parent ended',
  parent: SkippedBy,
): Outcome => ({
  status: 'Skipped',
  code: 'ActionSkipped',
  error:
    reason === 'branch not taken'
      ? error(
          'ActionBranchingConditionNotSatisfied',
          `The execution of template action '${name}' skipped: the branching condition for this action is not satisfied.`,
        )
      : error(
          'ActionDependencyFailed',
          `The execution of template action '${name}' is skipped: dependant action '${parent.name}' completed with status '${parent.status}' and code '${parent.code}'.`,
        ),
});

export class Engine {
  readonly #executes: ReadonlyMap<ActionNode, Execute>;
  readonly #state: RunState;

  constructor(executes: ReadonlyMap<ActionNode, Execute>, state: RunState) {
    this.#executes = executes;
    this.#state = state;
  }

  /** One after the other, each when all before it have ended; in the order of the definition. */
  async block(actions: readonly ActionNode[], frame: Frame): Promise<readonly ActionRecord[]> {
    const records = new Map<ActionNode, ActionRecord>();
    const ended = new Map<string, ActionRecord>();
    let waiting = [...actions];
    while (waiting.length > 0) {
      const next = waiting.find(({ runAfter }) =>
        [...runAfter.keys()].every((name) => ended.has(name.toLowerCase())),
      );
      if (next === undefined) throw new Error('The definition has a cycle that was not noticed.');
      waiting = waiting.filter((node) => node !== next);
      const record = this.#state.terminated
        ? this.#skipped(next, frame, 'parent ended', {
            name: 'Terminate',
            status: 'Succeeded',
            code: 'Terminated',
          })
        : await this.#action(next, frame, ended);
      records.set(next, record);
      ended.set(next.name.toLowerCase(), record);
      frame.records.set(next.name.toLowerCase(), record);
    }
    return actions.map((node) => records.get(node)).filter((record) => record !== undefined);
  }

  async #action(
    node: ActionNode,
    frame: Frame,
    ended: ReadonlyMap<string, ActionRecord>,
  ): Promise<ActionRecord> {
    const startTime = instantText(this.#state.host.clock.now());
    for (const [name, statuses] of node.runAfter) {
      const before = ended.get(name.toLowerCase());
      if (before !== undefined && !statuses.includes(before.status)) {
        const skipped: Outcome = {
          status: 'Skipped',
          code: 'ActionSkipped',
          error: error(
            'ActionConditionFailed',
            `The execution of template action '${node.name}' is skipped: the 'runAfter' condition for action '${name}' is not satisfied. Expected status values '${statuses.join(', ')}' and actual value '${before.status}'.`,
          ),
        };
        return this.#record(node, startTime, this.#withSkippedInside(node, frame, skipped));
      }
    }
    return this.#record(node, startTime, await this.#execute(node, frame));
  }

  async #execute(node: ActionNode, frame: Frame): Promise<Outcome> {
    const execute = this.#executes.get(node);
    if (execute === undefined) throw new Error(`${node.place} was not prepared.`);
    const running: Running = {
      state: this.#state,
      frame,
      evaluation: contextOf({ state: this.#state, frame, action: node.name }),
      run: (block, inner = frame) => this.block(block.actions, inner),
      skip: (block, reason, parent) =>
        block.actions.map((child) => {
          const record = this.#skipped(child, frame, reason, parent);
          frame.records.set(child.name.toLowerCase(), record);
          return record;
        }),
    };
    const mocked = this.#staticResult(node);
    if (mocked !== undefined) return mocked;
    try {
      return await execute(running);
    } catch (problem) {
      if (!(problem instanceof EvaluationError)) throw problem;
      const outcome = failed(
        problem.code === 'InvalidTemplate' ? 'BadRequest' : problem.code,
        error(
          problem.code,
          problem.code === 'InvalidTemplate'
            ? `Unable to process template language expressions in action '${node.name}' inputs at line '0' and column '0': '${problem.message}'.`
            : problem.message,
        ),
      );
      return this.#withSkippedInside(node, frame, outcome);
    }
  }

  /** The platform's own way to try a flow out: an action answers what the definition says. */
  #staticResult({ raw }: ActionNode): Outcome | undefined {
    const configuration = isObject(raw.runtimeConfiguration ?? null)
      ? (raw.runtimeConfiguration as ValueObject)
      : {};
    const declared = configuration.staticResult;
    if (declared === undefined || !isObject(declared) || declared.staticResultOptions !== 'Enabled')
      return undefined;
    const result = this.#state.flow.staticResults[written(declared.name)];
    if (result === undefined || !isObject(result)) return undefined;
    const { status, outputs, error: problem } = result;
    const good = status === undefined || status === 'Succeeded';
    const told = problem !== undefined && isObject(problem) ? problem : {};
    return {
      status: good ? 'Succeeded' : status === 'TimedOut' || status === 'Skipped' ? status : 'Failed',
      code: good ? 'OK' : written(told.code ?? 'StaticResult'),
      ...(outputs !== undefined && { outputs }),
      ...(!good && { error: error(written(told.code ?? 'StaticResult'), written(told.message ?? '')) }),
    };
  }

  #withSkippedInside(node: ActionNode, frame: Frame, outcome: Outcome): Outcome {
    if (node.blocks.length === 0 || outcome.actions !== undefined) return outcome;
    const parent = { name: node.name, status: outcome.status, code: outcome.code ?? '' };
    const actions = node.blocks.flatMap((block) =>
      block.actions.map((child) => {
        const record = this.#skipped(child, frame, 'parent ended', parent);
        frame.records.set(child.name.toLowerCase(), record);
        return record;
      }),
    );
    return { ...outcome, actions };
  }

  #skipped(
    node: ActionNode,
    frame: Frame,
    reason: 'branch not taken' | 'parent ended',
    parent: SkippedBy,
  ): ActionRecord {
    const outcome = this.#withSkippedInside(node, frame, skippedBecause(node, reason, parent));
    return this.#record(node, instantText(this.#state.host.clock.now()), outcome);
  }

  #record(node: ActionNode, startTime: string, outcome: Outcome): ActionRecord {
    const { host } = this.#state;
    const secured = securedParts(node.raw);
    return {
      name: node.name,
      type: node.type,
      startTime,
      endTime: instantText(host.clock.now()),
      trackingId: host.newGuid(),
      ...outcome,
      ...((secured.inputs || secured.outputs) && { secure: secured }),
    };
  }
}

const securedParts = (raw: ValueObject): { readonly inputs: boolean; readonly outputs: boolean } => {
  const configuration = isObject(raw.runtimeConfiguration ?? null)
    ? (raw.runtimeConfiguration as ValueObject)
    : {};
  const secure = isObject(configuration.secureData ?? null) ? (configuration.secureData as ValueObject) : {};
  const properties = isArray(secure.properties ?? null) ? (secure.properties as readonly Value[]) : [];
  return { inputs: properties.includes('inputs'), outputs: properties.includes('outputs') };
};
