/** Something that the simulation found wrong. */
export interface Violation {
  readonly rule: string;
  readonly text: string;
  /** Words by which its lines are found in the trace. */
  readonly about: readonly string[];
}
