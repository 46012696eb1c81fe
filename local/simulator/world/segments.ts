import type { Behaviours } from '../behaviours.ts';
import type { EvaluationPlan, RunStatus, TaskError } from '../workflow/types.ts';

/** `segmentJobStatus` of section 4 that an ended evaluation can have. */
export type SegmentJobStatus =
  | 'CompletedSuccess'
  | 'CompletedFailure'
  | 'Cancelled'
  | 'Interrupted'
  | 'NotQualified';

export interface SegmentEvaluation {
  readonly evaluationDate: number;
  readonly jobStatus: SegmentJobStatus;
  readonly entityCount: number | undefined;
  readonly error: TaskError | undefined;
}

export interface Segment {
  readonly name: string;
  readonly createdAt: number;
  /** Orders the members: two segments of one size differ. */
  readonly memberSeed: number;
  friendlyName: string;
  description: string;
  active: boolean;
  /** The given SegmentationQuery; the simulator does not run it. */
  query: unknown;
  version: number;
  updatedAt: number;
  /** Members after the last successful evaluation. */
  count: number;
  lastSuccessfulRunId: string | undefined;
  /** In time order. */
  evaluations: SegmentEvaluation[];
  /** Taken by the next successful evaluation. */
  pending: EvaluationPlan | undefined;
}

interface SegmentSeed {
  readonly name: string;
  readonly friendlyName: string;
  readonly description: string;
  readonly active: boolean;
  /** Members as a share of all customers. */
  readonly share: number;
}

export const segmentSeeds: readonly SegmentSeed[] = [
  {
    name: 'HighRiskTransactionChurn',
    friendlyName: 'High risk of transaction churn',
    description: 'Customers who are likely to stop buying in the next 60 days',
    active: true,
    share: 0.115,
  },
  {
    name: 'HighValueCustomers',
    friendlyName: 'High value customers',
    description: 'Lifetime value in the top quarter',
    active: true,
    share: 0.248,
  },
  {
    name: 'LoyaltyGold',
    friendlyName: 'Loyalty gold members',
    description: 'Reward points of 9,000 and more',
    active: true,
    share: 0.081,
  },
  {
    name: 'NewsletterSubscribers',
    friendlyName: 'Newsletter subscribers',
    description: 'Customers who opted in to the newsletter',
    active: true,
    share: 0.452,
  },
  {
    name: 'InactiveSixMonths',
    friendlyName: 'Inactive for six months',
    description: 'No activity in the last 180 days',
    active: true,
    share: 0.063,
  },
  {
    name: 'SpringCampaign',
    friendlyName: 'Spring campaign',
    description: 'Audience of a campaign that has ended',
    active: false,
    share: 0.021,
  },
];

export interface EvaluationEnd {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: RunStatus;
  readonly error: TaskError | undefined;
  readonly plan: EvaluationPlan | undefined;
  newRunId(): string;
}

/** Appends the evaluation that a task of this segment ended with. A skipped task evaluates nothing. */
export const evaluateSegment = (segment: Segment, end: EvaluationEnd, behaviours: Behaviours): void => {
  const status = statusOf(end);
  if (status === undefined) return;
  const success = status === 'CompletedSuccess';
  if (success) {
    segment.count = nextCount(segment, end.plan);
    segment.pending = undefined;
  }
  if (success || behaviours.runIdChangesOn === 'everyEvaluation')
    segment.lastSuccessfulRunId = end.newRunId();
  const moment = behaviours.segmentEvaluationDate === 'start' ? end.startedAt : end.endedAt;
  const previous = segment.evaluations.at(-1)?.evaluationDate ?? 0;
  segment.evaluations.push({
    // Name and evaluation date identify an evaluation, so two that end in the same millisecond get different
    // dates.
    evaluationDate: Math.max(moment, previous + 1),
    jobStatus: status,
    entityCount: success ? segment.count : countOfFailure(segment, behaviours),
    error: success ? undefined : end.error,
  });
};

const statusOf = (end: EvaluationEnd): SegmentJobStatus | undefined => {
  if (end.status === 'skipped') return undefined;
  if (end.status === 'successful') return 'CompletedSuccess';
  const cancelled = end.status === 'aborted' || end.status === 'deleted';
  return end.plan?.status ?? (cancelled ? 'Cancelled' : 'CompletedFailure');
};

const nextCount = (segment: Segment, plan: EvaluationPlan | undefined): number => {
  const change = plan?.count !== undefined || plan?.growBy !== undefined ? plan : segment.pending;
  return Math.max(0, change?.count ?? segment.count + (change?.growBy ?? 0));
};

const countOfFailure = (segment: Segment, behaviours: Behaviours): number | undefined => {
  if (behaviours.countOnFailure === 'absent') return undefined;
  return behaviours.countOnFailure === 'zero' ? 0 : segment.count;
};
