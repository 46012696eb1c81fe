import type { Behaviours } from '../behaviours.ts';
import type { EvaluationPlan } from '../workflow/types.ts';
import type { EvaluationEnd } from './segments.ts';

export interface MeasureEvaluation {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly state: 'completed' | 'failed';
  readonly error: string | undefined;
  /** The last successful run as of this evaluation. */
  readonly runId: string | undefined;
  /** A scalar's value after a completed evaluation: a decimal text. */
  readonly value: string | undefined;
}

export interface MeasureDimension {
  readonly field: string;
  readonly alias: string;
}

export interface Measure {
  readonly name: string;
  readonly createdAt: number;
  readonly kind: 'entity' | 'attribute';
  readonly type: 'structured' | 'manual';
  readonly aggregate: { readonly operation: string; readonly field: string; readonly alias: string };
  displayName: string;
  description: string;
  dimensions: readonly MeasureDimension[];
  version: number;
  updatedAt: number;
  /** Scalars only. */
  value: string | undefined;
  lastSuccessfulRunId: string | undefined;
  consecutiveFailures: number;
  lastSuccessfulAt: number | undefined;
  /** In time order. */
  evaluations: MeasureEvaluation[];
  pending: EvaluationPlan | undefined;
}

type MeasureSeed = Pick<
  Measure,
  'name' | 'kind' | 'type' | 'aggregate' | 'displayName' | 'description' | 'dimensions'
> & { readonly value?: string };

const customer: MeasureDimension = { field: 'CustomerId', alias: 'CustomerId' };
const channel: MeasureDimension = { field: 'ActivityTypeDisplay', alias: 'Channel' };

export const measureSeeds: readonly MeasureSeed[] = [
  {
    name: 'TotalRevenue',
    displayName: 'Total revenue',
    description: 'Revenue of all purchases',
    kind: 'entity',
    type: 'structured',
    aggregate: { operation: 'sum', field: 'TotalPrice', alias: 'TotalRevenue' },
    dimensions: [],
    value: '7654321.50',
  },
  {
    name: 'AverageOrderValue',
    displayName: 'Average order value',
    description: 'Written in SQL: revenue divided by the number of purchases',
    kind: 'entity',
    type: 'manual',
    aggregate: { operation: 'avg', field: 'TotalPrice', alias: 'AverageOrderValue' },
    dimensions: [],
    value: '125.9375',
  },
  {
    name: 'RevenueByChannel',
    displayName: 'Revenue by channel',
    description: 'Revenue of web and store purchases',
    kind: 'entity',
    type: 'structured',
    aggregate: { operation: 'sum', field: 'TotalPrice', alias: 'Revenue' },
    dimensions: [channel],
  },
  {
    name: 'SpendByCustomerAndChannel',
    displayName: 'Spend by customer and channel',
    description: 'Customer measure: what each customer spent per channel',
    kind: 'entity',
    type: 'structured',
    aggregate: { operation: 'sum', field: 'TotalPrice', alias: 'Spend' },
    dimensions: [customer, channel],
  },
  {
    name: 'LifetimeSpend',
    displayName: 'Lifetime spend',
    description: 'Customer attribute: what each customer has spent so far',
    kind: 'attribute',
    type: 'structured',
    aggregate: { operation: 'sum', field: 'TotalPrice', alias: 'LifetimeSpend' },
    dimensions: [customer],
  },
];

/** One number for the whole environment (section 1: a business measure without a dimension). */
export const isScalar = (measure: Pick<Measure, 'kind' | 'dimensions'>): boolean =>
  measure.kind === 'entity' && measure.dimensions.length === 0;

const decimal = /^-?\d+(?:\.\d+)?$/;

/**
 * @throws RangeError unless the text is a decimal of at most 38 digits, the precision of the service's
 *   numbers.
 */
export const decimalText = (text: string): string => {
  if (!decimal.test(text) || text.replace(/[-.]/g, '').length > 38)
    throw new RangeError(`"${text}" is not a decimal of at most 38 digits, such as "1234.50"`);
  return text;
};

/**
 * Appends the evaluation that a task of this measure ended with. A skipped or cancelled task evaluates
 * nothing.
 */
export const evaluateMeasure = (measure: Measure, end: EvaluationEnd, behaviours: Behaviours): void => {
  if (end.status !== 'successful' && end.status !== 'failed' && end.status !== 'timedOut') return;
  const success = end.status === 'successful';
  if (success) {
    if (isScalar(measure)) measure.value = end.plan?.value ?? measure.pending?.value ?? measure.value ?? '0';
    measure.pending = undefined;
    measure.lastSuccessfulAt = end.endedAt;
  }
  measure.consecutiveFailures = success ? 0 : measure.consecutiveFailures + 1;
  if (success || behaviours.runIdChangesOn === 'everyEvaluation')
    measure.lastSuccessfulRunId = end.newRunId();
  measure.evaluations.push({
    startedAt: end.startedAt,
    endedAt: end.endedAt,
    state: success ? 'completed' : 'failed',
    error: success ? undefined : (end.error?.message ?? 'the evaluation failed'),
    runId: measure.lastSuccessfulRunId,
    value: success && isScalar(measure) ? measure.value : undefined,
  });
};
