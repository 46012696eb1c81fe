/**
 * What really happens in Customer Insights: jobs with their tasks, and evaluations. Each state is kept with
 * its time, so that what the API shows (a little later) and what is owed can both be told from it.
 */
import type { Chance } from './chance.ts';

export type RunStatus =
  | 'queued'
  | 'running'
  | 'failed'
  | 'timedOut'
  | 'successful'
  | 'skipped'
  | 'aborted'
  | 'deleted';

export interface State {
  /** True time, ms. */
  readonly at: number;
  readonly status: RunStatus;
}

export interface Task {
  readonly id: string;
  readonly operation: string;
  /** Display name: all that the API tells of a task's object. */
  readonly objectName: string;
  /** Id of the data source, name of the segment or measure. */
  readonly subject: string;
  readonly submittedAt: number;
  readonly states: State[];
  readonly jobs: Job[];
  error: { readonly code: string; readonly message: string } | undefined;
  /** Settles when the job that began the task does nothing more with it. */
  readonly done: Promise<void>;
}

export interface Job {
  readonly id: string;
  readonly operation: string;
  readonly kind: 'scheduled' | 'onDemand';
  readonly submittedAt: number;
  readonly states: State[];
  readonly tasks: Task[];
}

export interface Evaluation {
  readonly runId: string;
  /** True times of its begin, of its date, and of its end. */
  readonly from: number;
  readonly at: number;
  readonly endedAt: number;
  /** When the API shows how it ended. */
  readonly visibleAt: number;
  readonly status: 'CompletedSuccess' | 'CompletedFailure' | 'Cancelled' | 'NotQualified';
  /** Exact, as text; a failed evaluation may carry a meaningless one. */
  readonly value: string | undefined;
}

/** A segment or a measure. */
export interface Valued {
  readonly name: string;
  readonly displayName: string;
  /** In order of time; of all its lives. */
  readonly evaluations: Evaluation[];
  /**
   * When it was deleted and created again under the same name; a measure may have gained a dimension and lost
   * it again instead, which leaves its history.
   */
  readonly reborn: {
    readonly deletedAt: number;
    readonly createdAt: number;
    readonly dimension: boolean;
  }[];
  /** Numbers that its values lie around. */
  readonly levels: readonly string[];
  /** When its evaluations begin and end, for what the API shows meanwhile. */
  readonly running: { readonly from: number; to: number }[];
}

export interface DataSource {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
}

export interface InstanceWorld {
  readonly id: string;
  readonly name: string;
  readonly dataSources: readonly DataSource[];
  readonly segments: readonly Valued[];
  readonly measures: readonly Valued[];
  readonly jobs: Job[];
  /** The API shows the state of jobs this much later, ms. */
  readonly lagMs: number;
  /** The source's clock is ahead of the true time by this, ms. */
  readonly clockOffsetMs: number;
  /** Times in the API are multiples of this, ms. */
  readonly granularityMs: number;
  /** Words in camel case or Pascal case. */
  readonly pascalCase: boolean;
  /** Much happens at short intervals, and things come and go. */
  readonly hectic: boolean;
  /** While it is there, so many further segments are listed, and others each minute; true times. */
  crowd?: { readonly from: number; readonly to: number; readonly size: number };
  /** While it is there, a job and an evaluation of each segment are dated so far ahead, true times and ms. */
  ghost?: { readonly from: number; readonly to: number; readonly aheadMs: number };
}

/** What the API lists of jobs at most: the newest. */
export const jobsListed = 500;

/** A true time as the source states it, epoch ms. */
export const stampOf = (
  { clockOffsetMs, granularityMs }: Pick<InstanceWorld, 'clockOffsetMs' | 'granularityMs'>,
  time: number,
): number => Math.floor((time + clockOffsetMs) / granularityMs) * granularityMs;

export const statusAt = (states: readonly State[], time: number): State | undefined =>
  states.findLast(({ at }) => at <= time);

export const isFinalStatus = (status: RunStatus): boolean => status !== 'queued' && status !== 'running';

export const guid = (chance: Chance, kind: string) => {
  const hex = (digits: number) =>
    Array.from({ length: digits }, () => chance.whole(0, 15).toString(16)).join('');
  return `${kind}${hex(7)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`;
};

export const existsAt = ({ reborn }: Valued, time: number): boolean =>
  !reborn.some(({ deletedAt, createdAt }) => deletedAt <= time && time < createdAt);

/**
 * Levels where thresholds lie and values fall: small counts, or numbers with more digits than a double holds.
 */
const levelsOf = (chance: Chance, decimals: boolean): readonly string[] => {
  if (chance.happens(0.7)) return Array.from({ length: 8 }, (_, index) => String(index + 8));
  const start = `${chance.whole(1, 9)}${Array.from({ length: 29 }, () => chance.whole(0, 9)).join('')}`;
  return Array.from({ length: 8 }, (_, index) =>
    decimals ? `${start}.${index}5` : String(BigInt(start) + BigInt(index)),
  );
};

const valued = (name: string, levels: readonly string[]): Valued => ({
  name,
  displayName: `The ${name}`,
  evaluations: [],
  reborn: [],
  levels,
  running: [],
});

export const createInstance = (chance: Chance, index: number, hectic: boolean): InstanceWorld => {
  const namesakes = chance.happens(0.15);
  const many = (most: number) => Array.from({ length: chance.whole(1, most) }, (_, n) => n);
  return {
    id: guid(chance, 'a'),
    name: `Instance ${index}`,
    dataSources: many(3).map((n) => ({
      id: guid(chance, 'd'),
      name: `Source${index}x${n}`,
      // Display names need not be unique.
      displayName: namesakes && n > 0 ? `Source ${index}` : `Source ${index}.${n}`,
    })),
    // A name may look like the separators of a key.
    segments: many(3).map((n) =>
      valued(n === 2 ? `Segment${index}x0#2` : `Segment${index}x${n}`, levelsOf(chance, false)),
    ),
    measures: many(2).map((n) => valued(`Measure${index}x${n}`, levelsOf(chance, true))),
    jobs: [],
    lagMs: chance.pick([0, 0, 200, 3_000]),
    clockOffsetMs: chance.whole(-300_000, 300_000),
    granularityMs: chance.pick([1, 1_000]),
    pascalCase: chance.happens(0.3),
    hectic,
  };
};
