/** An expression that the platform would not take when a flow is saved. */
export class ExpressionSyntaxError extends Error {
  override readonly name = 'ExpressionSyntaxError';
  /** Index of the character in the text that was given. */
  readonly position: number;

  constructor(problem: string, text: string, position: number) {
    const around = `${text.slice(Math.max(0, position - 20), position)}⟨here⟩${text.slice(position, position + 20)}`;
    super(`${problem} At character ${position + 1}: ${around}`);
    this.position = position;
  }
}

/** An expression that cannot be evaluated with the values that it met. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
  readonly exitCode = 1;
  /** The platform's code. */
  readonly code: 'InvalidTemplate' | 'ExpressionEvaluationFailed';

  constructor(message: string, code: EvaluationError['code'] = 'InvalidTemplate') {
    super(message);
    this.code = code;
  }
}

const ordinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'] as const;

/** "first", "second" …, of an index from 0. */
export const ordinal = (index: number): string => ordinals[index] ?? `${index + 1}th`;

/** An argument is not what the function takes. The evaluator adds where the value came from. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
  readonly index: number;
  readonly expected: string;

  /** @param expected completes "expects its first parameter to be …" */
  constructor(index: number, expected: string) {
    super(`expects its ${ordinal(index)} parameter to be ${expected}`);
    this.index = index;
    this.expected = expected;
  }
}
