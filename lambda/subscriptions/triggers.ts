/** What each trigger is registered for: its inputs, how they are checked against the source as the caller, and the baseline. */
import type { TriggerId } from '../../connector/contract/index.ts';
import { dataSourceUnknown, measureUnknown, segmentUnknown } from '../customer-insights/not-found.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { CallContext, Implementations } from '../http/implementations.ts';
import { requestInvalid } from '../http/request.ts';
import { type Decimal, toDecimal } from '../runtime/decimal.ts';
import { ApiError } from '../runtime/errors.ts';
import { baselineOfJobs, baselineOfValue } from '../triggers/baseline.ts';
import {
  type Conditions,
  type Direction,
  defaultConditions,
  isBehindThreshold,
  type ThresholdTrigger,
} from '../triggers/conditions.ts';
import type { StartingValue } from '../triggers/cursor.ts';
import { measureLoss } from '../triggers/measures.ts';
import type { ObservedEvaluation } from '../triggers/observation.ts';
import { longestHistoryDays, type Source } from '../triggers/source.ts';
import { type Beginning, registerSubscription, type SubscriptionPorts } from './service.ts';

const exactly = (parameter: string, value: number, { exactNumbers }: CallContext): Decimal => {
  const decimal = toDecimal(exactNumbers?.[parameter] ?? value);
  if (decimal === undefined)
    throw requestInvalid([
      {
        parameter,
        problem: 'cannot be held exactly',
        allowed: 'numbers of at most 38 significant digits with an exponent from -130 to 125',
      },
    ]);
  return decimal;
};

interface ThresholdBody {
  readonly threshold: number;
  readonly direction?: Direction;
  readonly rearmLevel?: number;
}

const thresholdOf = (
  body: ThresholdBody,
  context: CallContext,
): { readonly threshold: Decimal; readonly conditions: Conditions } => {
  const threshold = exactly('threshold', body.threshold, context);
  const { direction = defaultConditions.direction } = body;
  const level = body.rearmLevel === undefined ? null : exactly('rearmLevel', body.rearmLevel, context);
  if (level !== null && !isBehindThreshold(threshold, direction, level))
    throw requestInvalid([
      {
        parameter: 'rearmLevel',
        problem: 'is on the wrong side of the threshold, so the flow would run once and then never again',
        allowed: `at ${direction === 'above' ? 'most' : 'least'} ${threshold} for the direction ${direction}`,
      },
    ]);
  // At the threshold itself it changes nothing.
  const rearmLevel = level === threshold ? null : level;
  return { threshold, conditions: { ...defaultConditions, direction, rearmLevel } };
};

/** What a subscription to a value begins with. */
const beginningOf = (
  kind: StartingValue['kind'],
  name: string,
  last: ObservedEvaluation | undefined,
  readAt: number,
): Beginning => ({
  baseline: baselineOfValue(last),
  startingValue: {
    kind,
    name,
    at: last?.at ?? 0,
    value: last?.value ?? null,
    ...(last?.runId !== undefined && { runId: last.runId }),
    readAt,
  },
});

const readSegment = async (
  source: Source,
  instanceId: string,
  name: string,
  now: number,
): Promise<Beginning> => {
  const read = async (historyDays: number) =>
    (await source.segments(instanceId, historyDays)).find((segment) => segment.name === name);
  const segment = await read(0);
  if (!segment) throw segmentUnknown(name);
  // While it is being evaluated, or after a failure, the latest success stands in the history only.
  const last = segment.evaluations.at(-1) ?? (await read(longestHistoryDays))?.evaluations.at(-1);
  return beginningOf('segment', name, last, now);
};

const readMeasure = async (
  source: Source,
  instanceId: string,
  name: string,
  now: number,
): Promise<Beginning> => {
  const measure = await source.measure(instanceId, name, longestHistoryDays);
  if (!measure) throw measureUnknown(name);
  const loss = measureLoss(name, measure);
  if (loss !== undefined) throw new ApiError('MeasureNotScalar', loss);
  return beginningOf('measure', name, measure.evaluations.at(-1), now);
};

type DataSourceTrigger = 'OnDataSourceRefreshFailed' | 'OnDataSourceRefreshSucceeded';

/** The triggers' part of the function's implementations. */
export const triggerImplementations = (
  ports: SubscriptionPorts,
): Pick<Implementations<'subscriptions'>, TriggerId> => {
  const instanceOf = (dataset: string) => servedInstance(ports.settings, dataset).id;

  const watchDataSource = (
    trigger: DataSourceTrigger,
    dataset: string,
    body: { readonly callbackUrl: string; readonly dataSource?: string },
    context: CallContext,
  ) => {
    const instanceId = instanceOf(dataset);
    const dataSource = body.dataSource?.trim() || null;
    const readBeginning = async (source: Source): Promise<Beginning> => {
      const [jobs, dataSources] = await Promise.all([
        source.jobs(instanceId),
        dataSource === null ? [] : source.dataSources(instanceId),
      ]);
      if (dataSource !== null && !dataSources.some((known) => known.dataSourceId === dataSource))
        throw dataSourceUnknown(dataSource);
      return { baseline: baselineOfJobs(jobs) };
    };
    const { callbackUrl } = body;
    return registerSubscription(
      ports,
      { trigger, instanceId, subject: dataSource, threshold: null, callbackUrl, readBeginning },
      context,
    );
  };

  const watchValue = (
    trigger: ThresholdTrigger,
    dataset: string,
    subject: string,
    body: ThresholdBody & { readonly callbackUrl: string },
    read: typeof readSegment,
    context: CallContext,
  ) => {
    const instanceId = instanceOf(dataset);
    const { threshold, conditions } = thresholdOf(body, context);
    return registerSubscription(
      ports,
      {
        trigger,
        instanceId,
        subject,
        threshold,
        conditions,
        callbackUrl: body.callbackUrl,
        readBeginning: (source) => read(source, instanceId, subject, ports.now()),
      },
      context,
    );
  };

  const watchCompletions = (
    trigger: 'OnFullRefreshCompleted' | 'OnUnificationRefreshCompleted',
    dataset: string,
    callbackUrl: string,
    chosen: Partial<Pick<Conditions, 'outcome' | 'runs'>>,
    context: CallContext,
  ) => {
    const instanceId = instanceOf(dataset);
    return registerSubscription(
      ports,
      {
        trigger,
        instanceId,
        subject: null,
        threshold: null,
        conditions: { ...defaultConditions, ...chosen },
        callbackUrl,
        readBeginning: async (source) => ({ baseline: baselineOfJobs(await source.jobs(instanceId)) }),
      },
      context,
    );
  };

  return {
    OnDataSourceRefreshFailed: async ({ path, body }, context) =>
      watchDataSource('OnDataSourceRefreshFailed', path.dataset, body, context),

    OnDataSourceRefreshSucceeded: async ({ path, body }, context) =>
      watchDataSource('OnDataSourceRefreshSucceeded', path.dataset, body, context),

    OnSegmentThresholdCrossed: async ({ path, body }, context) =>
      watchValue('OnSegmentThresholdCrossed', path.dataset, body.segment, body, readSegment, context),

    OnMeasureThresholdCrossed: async ({ path, body }, context) =>
      watchValue('OnMeasureThresholdCrossed', path.dataset, body.measure, body, readMeasure, context),

    OnFullRefreshCompleted: async ({ path, body }, context) => {
      const { callbackUrl, outcome, runs } = body;
      const chosen = { ...(outcome && { outcome }), ...(runs && { runs }) };
      return watchCompletions('OnFullRefreshCompleted', path.dataset, callbackUrl, chosen, context);
    },

    OnUnificationRefreshCompleted: async ({ path, body }, context) => {
      const { callbackUrl, outcome } = body;
      const chosen = outcome ? { outcome } : {};
      return watchCompletions('OnUnificationRefreshCompleted', path.dataset, callbackUrl, chosen, context);
    },
  };
};
