import type { TriggerId } from '../../connector/contract/index.ts';
import type { InstanceWorld } from './source-world.ts';

/** Something that became final in the source and that a trigger speaks of. */
export interface Truth {
  readonly trigger: TriggerId;
  readonly instance: InstanceWorld;
  /** Data source id, segment name … */
  readonly subject: string;
  /** Of the occurrence, unlike any other's. */
  readonly key: string;
  /** True time at which it became final. */
  readonly finalAt: number;
  /** True time at which the API shows it. */
  readonly visibleAt: number;
  /** Nobody can tell whether it is one: it may be reported or not. */
  readonly optional: boolean;
  /** The payload's own keys, beside those that every payload has. */
  readonly expected: Readonly<Record<string, unknown>>;
  /** Values of a key, any of which is right; null where any value at all is. */
  readonly oneOf: Readonly<Record<string, readonly unknown[] | null>>;
  /** Its subject bears a name that another one bears too, and may not be told from it. */
  readonly ambiguous?: boolean;
  /** For thresholds: the step. */
  readonly step?: { readonly previous: string; readonly current: string };
  /** For completions. */
  readonly completion?: { readonly outcome: 'succeeded' | 'failed'; readonly scheduled: boolean };
}
