import { EvaluationError } from './evaluation-errors.ts';
import type { Value, ValueObject } from './values.ts';

/**
 * What expressions may ask of the run they are in. Every member throws EvaluationError for a name that is not
 * there.
 */
export interface EvaluationContext {
  /** Epoch ms. */
  now(): number;
  /** A new GUID in its 8-4-4-4-12 form. */
  newGuid(): string;
  /** A number from 0 (included) to 1 (excluded). */
  random(): number;
  parameter(name: string): Value;
  variable(name: string): Value;
  /** The record of the trigger: name, inputs, outputs, status … */
  trigger(): ValueObject;
  /** The record of an action that has ended. */
  action(name: string): ValueObject;
  /** The record of the action that the expression is in. */
  currentAction(): ValueObject;
  /** The records of the actions directly in a scope or a loop. */
  result(name: string): readonly Value[];
  /** The element that the innermost loop, Select or Query is at. */
  item(): Value;
  /** The element that the named loop is at. */
  items(loop: string): Value;
  /** How many iterations of the named Until loop have ended. */
  iterationIndex(loop: string): Value;
  workflow(): ValueObject;
  callbackUrl(): string;
  /** Whether `?['a/b']` walks from a to b: in flows of Power Automate, not in Logic Apps. */
  readonly slashPaths: boolean;
  /** Told where the platform's documentation and its measured behaviour differ. */
  warn(text: string): void;
}

const absent = (what: string) => (): never => {
  throw new EvaluationError(`${what} is not available here: there is no run around the expression.`);
};

/** A context without a run: clock, randomness and what is given. */
export const bareContext = (given: Partial<EvaluationContext> = {}): EvaluationContext => ({
  now: absent('The time'),
  newGuid: absent('A GUID'),
  random: absent('A random number'),
  parameter: absent('A parameter'),
  variable: absent('A variable'),
  trigger: absent('The trigger'),
  action: absent('An action'),
  currentAction: absent('The current action'),
  result: absent('The result of a scope'),
  item: absent('The item'),
  items: absent('The item of a loop'),
  iterationIndex: absent('The index of an iteration'),
  workflow: absent('The workflow'),
  callbackUrl: absent('The callback URL'),
  slashPaths: true,
  warn: () => undefined,
  ...given,
});
