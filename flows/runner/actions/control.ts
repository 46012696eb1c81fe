/** Actions that decide what runs, and how often. */
import { compileText, invoke } from '../../expressions/compile.ts';
import { EvaluationError } from '../../expressions/evaluation-errors.ts';
import {
  isArray,
  isInteger,
  isObject,
  jsonText,
  kindOf,
  type Value,
  written,
} from '../../expressions/values.ts';
import { blockStatus } from '../block-status.ts';
import { compileCondition } from '../condition.ts';
import { actionFailed, error, failed, isFailure, type Outcome, succeeded } from '../outcome.ts';
import type { ActionRecord } from '../record.ts';
import { durationMs } from '../retry.ts';
import { type Frame, newFrame } from '../run-state.ts';
import { type ActionNode, allActions, type Block } from '../workflow-definition.ts';
import { firstBlock, inputsOf, type Prepare, type Running } from './action.ts';

/** What a container ends as, by what is inside. */
const containerOutcome = (
  running: Running,
  block: Block,
  records: readonly ActionRecord[],
  given: Partial<Outcome>,
): Outcome => {
  if (running.state.terminated) return { status: 'Cancelled', code: 'Terminated', ...given };
  return isFailure(blockStatus(block.actions, records))
    ? failed('ActionFailed', actionFailed(records), given)
    : { status: 'Succeeded', ...given };
};

export const scope: Prepare = (node) => {
  const block = firstBlock(node);
  return async (running) => {
    const actions = await running.run(block);
    return containerOutcome(running, block, actions, { actions });
  };
};

/** Runs one of the branches and skips the others. */
const branches = async (
  node: ActionNode,
  running: Running,
  taken: Block | undefined,
  given: Partial<Outcome>,
): Promise<Outcome> => {
  const actions: ActionRecord[] = [];
  let inside: readonly ActionRecord[] = [];
  const self = { name: node.name, status: 'Succeeded', code: 'NotSpecified' };
  for (const block of node.blocks) {
    if (block === taken) {
      inside = await running.run(block);
      actions.push(...inside);
    } else actions.push(...running.skip(block, 'branch not taken', self));
  }
  return containerOutcome(running, taken ?? { kind: 'actions', actions: [] }, inside, { ...given, actions });
};

/** A decision could not be made: nothing inside runs. */
const undecided = (node: ActionNode, running: Running, code: string, message: string): Outcome => ({
  ...failed(code, error(code, message)),
  actions: node.blocks.flatMap((block) =>
    running.skip(block, 'parent ended', { name: node.name, status: 'Failed', code }),
  ),
});

export const ifAction: Prepare = (node, { compileWith }) => {
  const condition = compileWith(
    () => compileCondition(node.raw.expression ?? null),
    'expression',
    () => null,
  );
  return (running) => {
    let decided: Value;
    try {
      decided = condition(running.evaluation);
    } catch (problem) {
      if (!(problem instanceof EvaluationError)) throw problem;
      return undecided(
        node,
        running,
        'BadRequest',
        `The condition of '${node.name}' cannot be evaluated: ${problem.message}`,
      );
    }
    if (typeof decided !== 'boolean')
      return undecided(
        node,
        running,
        'ExpressionEvaluationFailed',
        `The condition of '${node.name}' gave a value of type '${kindOf(decided)}' but must give a boolean.`,
      );
    return branches(node, running, firstBlock(node, decided ? 'actions' : 'else'), {
      inputs: { expressionResult: decided },
    });
  };
};

export const switchAction: Prepare = (node, { compile, report }) => {
  if (typeof node.raw.expression !== 'string') report('has no expression.', 'expression');
  const expression = compile(node.raw.expression, 'expression');
  const cases = node.blocks.filter(({ kind }) => kind === 'case');
  const values = cases.map(({ caseValue }) => JSON.stringify(written(caseValue ?? '')));
  if (new Set(values).size < values.length) report('has two cases of the same value.', 'cases');
  return (running) => {
    const value = expression(running.evaluation);
    if (typeof value !== 'string' && !isInteger(value))
      return undecided(
        node,
        running,
        'ExpressionEvaluationFailed',
        `The execution of template action '${node.name}' failed: the result of the evaluation of 'expression' '${written(node.raw.expression)}' is not valid. It is of type '${kindOf(value)}' but is expected to be a value of type 'String, Integer'.`,
      );
    const odd = cases.find(({ caseValue = null }) => kindOf(caseValue) !== kindOf(value));
    if (odd !== undefined)
      return undecided(
        node,
        running,
        'InternalServerError',
        `The template language function 'strongEquals' expects parameters of same type, but found '${kindOf(value)},${kindOf(odd.caseValue ?? null)}' distinct types.`,
      );
    const taken = cases.find(({ caseValue }) => caseValue === value) ?? firstBlock(node, 'default');
    return branches(node, running, taken, { inputs: { expressionResult: value } });
  };
};

const changesVariables = (node: ActionNode): boolean =>
  allActions(firstBlock(node).actions).some(({ type }) => /Variable$/.test(type));

/** More go round at once than one. */
const isParallel = (node: ActionNode): boolean => {
  const { runtimeConfiguration, operationOptions } = node.raw;
  if (written(operationOptions ?? '').toLowerCase() === 'sequential') return false;
  const concurrency = isObject(runtimeConfiguration ?? null)
    ? (runtimeConfiguration as Record<string, Value>).concurrency
    : undefined;
  return concurrency !== undefined && isObject(concurrency) && Number(concurrency.repetitions ?? 1) > 1;
};

/** The last iteration's records stand for the loop's inside from then on. */
const publish = (frame: Frame, iterations: readonly (readonly ActionRecord[])[]): void => {
  for (const record of iterations.at(-1) ?? []) frame.records.set(record.name.toLowerCase(), record);
};

export const foreach: Prepare = (node, { compile, report }) => {
  if (node.raw.foreach === undefined) report('has no list to go through.', 'foreach');
  const list = compile(node.raw.foreach, 'foreach');
  const block = firstBlock(node);
  const parallel = isParallel(node);
  const racing = parallel && changesVariables(node);
  return async (running) => {
    const values = list(running.evaluation);
    if (!isArray(values))
      return undecided(
        node,
        running,
        'ExpressionEvaluationFailed',
        `The execution of template action '${node.name}' failed: the result of the evaluation of 'foreach' expression '${written(node.raw.foreach)}' is of type '${kindOf(values)}'. The result must be a valid array.`,
      );
    if (racing)
      running.evaluation.warn(
        'changes variables while several iterations run at once on the platform; here they run one after the other.',
      );
    const iterations: (readonly ActionRecord[])[] = [];
    let anyFailed = false;
    for (const [index, item] of values.entries()) {
      const frame = newFrame(running.frame, { name: node.name, kind: 'Foreach', item, index });
      const records = await running.run(block, frame);
      iterations.push(records);
      anyFailed ||= isFailure(blockStatus(block.actions, records));
      if (running.state.terminated) break;
    }
    publish(running.frame, iterations);
    const given = { inputs: { foreachItemsCount: values.length }, iterations };
    if (running.state.terminated) return { status: 'Cancelled', code: 'Terminated', ...given };
    return anyFailed
      ? failed('ActionFailed', actionFailed(iterations.flat()), given)
      : { status: 'Succeeded', ...given };
  };
};

/** What an Until loop does at most where it says nothing itself. */
const untilDefaults = { count: 60, timeoutMs: 3_600_000, maximumCount: 5_000 } as const;

export const until: Prepare = (node, { compileWith, report }) => {
  const { expression, limit } = node.raw;
  const condition = compileWith(
    () => (typeof expression === 'string' ? compileText(expression) : compileCondition(expression ?? null)),
    'expression',
    () => null,
  );
  const limits = limit !== undefined && isObject(limit) ? limit : {};
  const count = limits.count === undefined ? untilDefaults.count : Number(limits.count);
  const timeout = limits.timeout === undefined ? untilDefaults.timeoutMs : durationMs(limits.timeout);
  if (!Number.isInteger(count) || count < 1 || count > untilDefaults.maximumCount)
    report(
      `goes round at most ${written(limits.count)} times; 1 to ${untilDefaults.maximumCount} are allowed.`,
      'limit/count',
    );
  if (timeout === undefined) report('has no duration such as PT1H.', 'limit/timeout');
  const block = firstBlock(node);
  return async (running) => {
    const startedAt = running.state.host.clock.now();
    const iterations: (readonly ActionRecord[])[] = [];
    let decided: Value = false;
    while (decided !== true) {
      const frame = newFrame(running.frame, {
        name: node.name,
        kind: 'Until',
        item: null,
        index: iterations.length,
      });
      iterations.push(await running.run(block, frame));
      publish(running.frame, iterations);
      if (running.state.terminated) return { status: 'Cancelled', code: 'Terminated', iterations };
      decided = condition(running.evaluation);
      if (typeof decided !== 'boolean')
        return failed(
          'ExpressionEvaluationFailed',
          error(
            'ExpressionEvaluationFailed',
            `The condition of '${node.name}' gave a value of type '${kindOf(decided)}' but must give a boolean.`,
          ),
          { iterations },
        );
      const passed = running.state.host.clock.now() - startedAt;
      if (decided !== true && (iterations.length >= count || passed >= (timeout ?? 0))) {
        running.evaluation.warn(
          `ended at its limit of ${iterations.length >= count ? `${count} iterations` : written(limits.timeout ?? 'PT1H')} without its condition being true; in tests, the platform continued as if it were.`,
        );
        break;
      }
    }
    const last = iterations.at(-1) ?? [];
    return containerOutcome(running, block, last, { iterations });
  };
};

const runStatuses = ['Succeeded', 'Failed', 'Cancelled'] as const;

export const terminate: Prepare = (node, preparation) => {
  const inputs = inputsOf(node, preparation);
  const status = runStatuses.find(
    (one) => one.toLowerCase() === written(inputs.runStatus ?? '').toLowerCase(),
  );
  if (status === undefined)
    preparation.report(
      `ends the run as ${jsonText(inputs.runStatus ?? null)}; there are ${runStatuses.join(', ')}.`,
      'inputs/runStatus',
    );
  const given = preparation.compile(inputs.runError, 'inputs/runError');
  return ({ state, evaluation }) => {
    const problem = given(evaluation);
    const { code, message } = isObject(problem) ? problem : {};
    const runError = isObject(problem) && error(written(code ?? 'Terminated'), written(message ?? ''));
    state.terminated = { status: status ?? 'Failed', ...(runError && { error: runError }) };
    return succeeded({
      inputs: { runStatus: status ?? null, ...(runError && { runError: { ...runError } }) },
    });
  };
};

const unitMs: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

export const wait: Prepare = (node, preparation) => {
  const inputs = inputsOf(node, preparation);
  if (inputs.interval === undefined && inputs.until === undefined)
    preparation.report('waits for no interval and until no time.', 'inputs');
  const evaluated = preparation.compile(inputs, 'inputs');
  return async ({ state, evaluation }) => {
    const values = evaluated(evaluation);
    const { interval = null, until: end = null } = isObject(values) ? values : {};
    const { clock } = state.host;
    let ms = 0;
    if (isObject(interval)) {
      const { count = null, unit = null } = interval;
      const months = /^(month|year)s?$/i.test(written(unit));
      const unitLength = unitMs[written(unit).toLowerCase().replace(/s$/, '')];
      if (!isInteger(count) || (unitLength === undefined && !months))
        throw new EvaluationError(
          `'${node.name}' waits for ${written(count)} ${written(unit)}; it needs a whole number and one of ${Object.keys(unitMs).join(', ')}, month.`,
        );
      ms = months
        ? Date.parse(String(invoke('getFutureTime', [count, written(unit)], evaluation))) - clock.now()
        : Number(count) * (unitLength ?? 0);
    } else if (isObject(end)) {
      const instant = invoke('formatDateTime', [end.timestamp ?? null], evaluation);
      ms = Math.max(
        0,
        Date.parse(written(instant).replace(/(\.\d{3})\d*(Z|\+00:00)?$/, '$1Z')) - clock.now(),
      );
    }
    await clock.wait(ms);
    return succeeded({ inputs: values });
  };
};

export const response: Prepare = (node, preparation) => {
  const inputs = preparation.compile(node.raw.inputs ?? {}, 'inputs');
  return ({ state, evaluation }) => {
    const values = inputs(evaluation);
    const { statusCode = 200, headers = {}, body = null } = isObject(values) ? values : {};
    const answer = { statusCode, headers, body };
    if (state.response !== undefined)
      return failed('BadRequest', error('ActionResponseSkipped', 'The caller has been answered already.'), {
        inputs: values,
      });
    state.response = answer;
    return succeeded({ inputs: values, outputs: answer });
  };
};
