/** When a threshold would have fired: the history of a segment or measure, decided as the triggers decide. */
import type { OperationById } from '../../connector/contract/index.ts';
import type { RequestOf } from '../../connector/contract/operation.ts';
import { isPathSegment } from '../customer-insights/index.ts';
import { measureUnknown, segmentUnknown } from '../customer-insights/not-found.ts';
import { observe } from '../customer-insights/observe.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { Implementation } from '../http/implementations.ts';
import { requestInvalid } from '../http/request.ts';
import { type Decimal, toDecimal } from '../runtime/decimal.ts';
import { ApiError } from '../runtime/errors.ts';
import { exactNumber } from '../runtime/json.ts';
import { type Direction, isBehindThreshold } from '../triggers/conditions.ts';
import { crosses, reachesRearmLevel } from '../triggers/crossing.ts';
import { measureLoss } from '../triggers/measures.ts';
import type { ObservedEvaluation } from '../triggers/observation.ts';
import { type Armament, disarmed, fires, rearmed } from '../triggers/rearm.ts';
import { longestHistoryDays, type Source } from '../triggers/source.ts';
import { stepsSince } from '../triggers/values.ts';
import type { ProxyPorts } from './ports.ts';

type Query = RequestOf<OperationById<'PreviewThreshold'>>['query'];

export interface PreviewedThreshold {
  readonly threshold: Decimal;
  readonly direction: Direction;
  readonly rearmLevel: Decimal | null;
}

export interface Firing {
  readonly at: number;
  readonly previous: Decimal;
  readonly current: Decimal;
}

/** The firings of a subscription that existed since the first of these evaluations, which only sets the state. */
export function firingsOf(
  { threshold, direction, rearmLevel }: PreviewedThreshold,
  evaluations: readonly ObservedEvaluation[],
): readonly Firing[] {
  const [first] = evaluations;
  if (first === undefined) return [];
  const generation = 'preview';
  const firings: Firing[] = [];
  let armament: Armament | undefined;
  for (const { previous, current } of stepsSince({ at: first.at, value: first.value }, evaluations)) {
    const step = { generation, at: current.at };
    if (crosses(previous, current.value, threshold, direction)) {
      if (rearmLevel !== null && !fires(armament, step)) continue;
      firings.push({ at: current.at, previous, current: current.value });
      if (rearmLevel !== null) armament = disarmed(armament, step) ?? armament;
    } else if (rearmLevel !== null && reachesRearmLevel(rearmLevel, direction, current.value))
      armament = rearmed(armament, step) ?? armament;
  }
  return firings;
}

const exact = (parameter: string, value: number): Decimal => {
  const decimal = toDecimal(value);
  if (decimal === undefined)
    throw requestInvalid([
      {
        parameter,
        problem: 'cannot be held exactly',
        allowed: 'at most 38 significant digits and an exponent from -130 to 125',
      },
    ]);
  return decimal;
};

function thresholdOf({ threshold, direction = 'above', rearmLevel }: Query): PreviewedThreshold {
  const level = exact('threshold', threshold);
  const rearm = rearmLevel === undefined ? null : exact('rearmLevel', rearmLevel);
  if (rearm !== null && !isBehindThreshold(level, direction, rearm))
    throw requestInvalid([
      {
        parameter: 'rearmLevel',
        problem: 'lies on the side of the threshold where the flow runs',
        allowed: `${direction === 'above' ? 'at most' : 'at least'} ${level}`,
      },
    ]);
  return { threshold: level, direction, rearmLevel: rearm };
}

interface Subject {
  readonly subject: 'segment' | 'measure';
  readonly name: string;
  readonly displayName: string;
  readonly evaluations: readonly ObservedEvaluation[];
}

async function segmentOf(source: Source, instanceId: string, name: string): Promise<Subject> {
  const segments = await source.segments(instanceId, longestHistoryDays);
  const segment = segments.find((candidate) => candidate.name === name);
  if (segment === undefined) throw segmentUnknown(name);
  return { subject: 'segment', ...segment };
}

async function measureOf(source: Source, instanceId: string, name: string): Promise<Subject> {
  const measure = isPathSegment(name)
    ? await source.measure(instanceId, name, longestHistoryDays)
    : undefined;
  if (measure === undefined) throw measureUnknown(name);
  const loss = measureLoss(name, measure);
  if (loss !== undefined) throw new ApiError('MeasureNotScalar', loss);
  return { subject: 'measure', ...measure };
}

/** Exactly one of the two. */
function chosen({ segment, measure }: Query): { readonly segment: string } | { readonly measure: string } {
  const [ofSegment, ofMeasure] = [segment?.trim(), measure?.trim()];
  if (ofSegment && !ofMeasure) return { segment: ofSegment };
  if (ofMeasure && !ofSegment) return { measure: ofMeasure };
  throw requestInvalid([
    {
      parameter: ofSegment ? 'measure' : 'segment',
      problem: ofSegment ? 'is given beside a segment' : 'is missing, and so is a measure',
      allowed: 'either a segment or a measure',
    },
  ]);
}

const iso = (at: number): string => new Date(at).toISOString();

export const previewThreshold =
  ({ settings, access }: ProxyPorts): Implementation<'PreviewThreshold'> =>
  async ({ path, query }, { caller, deadline }) => {
    const { id: instanceId } = servedInstance(settings, path.dataset);
    const threshold = thresholdOf(query);
    const choice = chosen(query);
    const source = observe(access.forUser(caller, deadline));
    const { subject, name, displayName, evaluations } =
      'segment' in choice
        ? await segmentOf(source, instanceId, choice.segment)
        : await measureOf(source, instanceId, choice.measure);
    const firings = firingsOf(threshold, evaluations);
    const [oldest, newest] = [evaluations[0], evaluations.at(-1)];
    return {
      body: {
        subject,
        name,
        displayName,
        currentValue: newest === undefined ? null : exactNumber(newest.value),
        from: oldest === undefined ? null : iso(oldest.at),
        firingCount: firings.length,
        firings: firings.map(({ at, previous, current }) => ({
          evaluatedAt: iso(at),
          previousValue: exactNumber(previous),
          currentValue: exactNumber(current),
        })),
        evaluations: evaluations.map(({ at, value }) => ({
          evaluatedAt: iso(at),
          value: exactNumber(value),
          fires: firings.some((firing) => firing.at === at),
        })),
      },
    };
  };
