/** How a check tells what it has found. */
import type { Place } from './rule.ts';
import type { TextEdit } from './source.ts';

export interface Details {
  /** Which of the rule's variants; absent: the rule's own severity. */
  readonly variant?: string;
  readonly fix?: readonly TextEdit[];
}

/**
 * `Id`: the rules that the reporting group declares.
 * @param message one sentence with the values
 */
export type Report<Id extends string> = (rule: Id, place: Place, message: string, details?: Details) => void;
