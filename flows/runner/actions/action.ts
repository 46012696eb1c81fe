import { compileValue, type Evaluate } from '../../expressions/compile.ts';
import type { EvaluationContext } from '../../expressions/context.ts';
import { ExpressionSyntaxError } from '../../expressions/evaluation-errors.ts';
import { isObject, type Value, type ValueObject } from '../../expressions/values.ts';
import { ConditionUnreadable } from '../condition.ts';
import type { Outcome } from '../outcome.ts';
import type { ActionRecord } from '../record.ts';
import type { Frame, RunState } from '../run-state.ts';
import type { ActionNode, Block, Dialect, Problem } from '../workflow-definition.ts';

/** What an action works with while it runs. */
export interface Running {
  readonly state: RunState;
  readonly frame: Frame;
  readonly evaluation: EvaluationContext;
  /** Runs what is inside, in the frame of the action or in another. */
  run(block: Block, frame?: Frame): Promise<readonly ActionRecord[]>;
  /** Marks what is inside as skipped. */
  skip(block: Block, reason: 'branch not taken' | 'parent ended', parent: SkippedBy): readonly ActionRecord[];
}

/** The action whose end left others out. */
export interface SkippedBy {
  readonly name: string;
  readonly status: string;
  readonly code: string;
}

export type Execute = (running: Running) => Promise<Outcome> | Outcome;

/** Prepares an action once for many runs. What is wrong with it is reported, with its place. */
export type Prepare = (node: ActionNode, preparation: Preparation) => Execute;

export interface Preparation {
  readonly dialect: Dialect;
  report(problem: string, below?: string): void;
  /** Compiles a value; what cannot be compiled is reported. */
  compile(value: Value | undefined, below: string): Evaluate;
  /** Compiles by another compiler; what it throws for its input is reported. */
  compileWith<Compiled>(compile: () => Compiled, below: string, otherwise: Compiled): Compiled;
}

export const preparationOf = (node: ActionNode, dialect: Dialect, problems: Problem[]): Preparation => {
  const report = (problem: string, below?: string) => {
    problems.push({ place: below === undefined ? node.place : `${node.place}/${below}`, problem });
  };
  const compileWith = <Compiled>(compile: () => Compiled, below: string, otherwise: Compiled): Compiled => {
    try {
      return compile();
    } catch (error) {
      if (!(error instanceof ExpressionSyntaxError || error instanceof ConditionUnreadable)) throw error;
      report(error.message, below);
      return otherwise;
    }
  };
  return {
    dialect,
    report,
    compileWith,
    compile: (value, below) =>
      compileWith(
        () => compileValue(value ?? null),
        below,
        () => null,
      ),
  };
};

/** The object under `inputs`; its absence is reported. */
export const inputsOf = (node: ActionNode, { report }: Preparation): ValueObject => {
  const { inputs } = node.raw;
  if (inputs !== undefined && isObject(inputs)) return inputs;
  report('has no inputs.');
  return {};
};

export const firstBlock = (node: ActionNode, kind: Block['kind'] = 'actions'): Block =>
  node.blocks.find((block) => block.kind === kind) ?? { kind, actions: [] };
