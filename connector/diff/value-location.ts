/** The words that describe a change: first the label in the designer, then the key in brackets. */
import type { Shape } from '../canonical/shape.ts';

/** The location of a value in an operation. */
export interface ValueLocation {
  /** From the flow's side: input is sent, output is received. */
  readonly direction: 'input' | 'output';
  /** "The input", "The output of the event" … */
  readonly kind: string;
  /** Names from the top; `[]` for the entries of a list. */
  readonly path: readonly string[];
  /** At the start of a sentence: `The input "Threshold" (threshold)`. */
  readonly subject: string;
  /** Within a sentence: `the input "Threshold" (threshold)`. */
  readonly inside: string;
}

const lower = (text: string): string => `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;

const keyOf = (path: readonly string[]): string => path.join('/').replaceAll('/[]', '[]');

export const rootLocation = (
  direction: ValueLocation['direction'],
  kind: string,
  whole: string,
): ValueLocation => ({
  direction,
  kind,
  path: [],
  subject: whole,
  inside: lower(whole),
});

/** The location of a property, of a parameter, or of the entries (`[]`) below another. */
export const locationOf = (parent: ValueLocation, name: string, shape: Shape): ValueLocation => {
  const path = [...parent.path, name];
  const key = keyOf(path);
  const subject = shape.label === null ? `${parent.kind} ${key}` : `${parent.kind} "${shape.label}" (${key})`;
  return { direction: parent.direction, kind: parent.kind, path, subject, inside: lower(subject) };
};

const quantities: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'a yes or no',
  array: 'a list',
  object: 'an object',
  file: 'a file',
  any: 'of any type',
};

export const quantity = ({ type }: Shape): string => quantities[type] ?? `of type ${type}`;

/** At most five of them, in quotes as JSON has them. */
export const wordsOf = (words: readonly string[] | null): string => {
  const all = words ?? [];
  return all.length > 5 ? `${all.slice(0, 5).join(', ')} and ${all.length - 5} more` : all.join(', ');
};
