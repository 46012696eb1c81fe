/** When a threshold would have fired: the history of a segment or measure, decided as the triggers decide. */
import type { OperationById } from '../../connector/contract/index.ts';
import type { RequestOf } from '../../connector/contract/operation.ts';
import { isPathSegment } from '../customer-insights/index.ts';
import { observe } from '../customer-insights/observe.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { Implementation } from '../http/implementations.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { exactNumber } from '../runtime/json.ts';
import { iso } from '../runtime/time.ts';
import { stepsSince } from '../triggers/evaluations.ts';
import { firings, type ValueStep } from '../triggers/firings.ts';
import type { ObservedEvaluation } from '../triggers/observation.ts';
import { longestHistoryDays, type Source } from '../triggers/source.ts';
import { measureUnknown, scalarMeasureNamed, segmentNamed } from '../triggers/subjects.ts';
import { readThreshold, type Threshold } from '../triggers/threshold.ts';
import type { InstancePorts } from './ports.ts';

type Query = RequestOf<OperationById<'PreviewThreshold'>>['query'];

/** The firings of a subscription that existed since the first of these evaluations, which only sets the state. */
export const firingsSinceFirst = (
  threshold: Threshold,
  evaluations: readonly ObservedEvaluation[],
): readonly ValueStep[] => {
  const [first] = evaluations;
  if (first === undefined) return [];
  const steps = stepsSince({ at: first.at, value: first.value }, evaluations).map(
    ({ previous, current }): ValueStep => ({ at: current.at, previous, current: current.value }),
  );
  return firings(threshold, steps, { generation: 'preview' }).fired;
};

interface Subject {
  readonly subject: 'segment' | 'measure';
  readonly name: string;
  readonly displayName: string;
  readonly evaluations: readonly ObservedEvaluation[];
}

const measureSubject = async (source: Source, instanceId: string, name: string): Promise<Subject> => {
  if (!isPathSegment(name)) throw measureUnknown(name);
  return { subject: 'measure', ...(await scalarMeasureNamed(source, instanceId, name)) };
};

/** Exactly one segment or measure, as the object of a target or in an input of former flows. */
const chosen = (query: Query): { readonly segment: string } | { readonly measure: string } => {
  const [object, segment, measure] = [query.object, query.segment, query.measure].map(
    (name) => name?.trim() || undefined,
  );
  const refuse = (parameter: string, problem: string, allowed: string) =>
    requestInvalid([{ parameter, problem, allowed }]);
  if (object !== undefined) {
    if ((segment ?? measure) !== undefined)
      throw refuse(segment === undefined ? 'measure' : 'segment', 'is given next to an object', 'nothing');
    return query.target === 'scalarMeasure' ? { measure: object } : { segment: object };
  }
  if (segment !== undefined && measure !== undefined)
    throw refuse('measure', 'is given next to a segment', 'either a segment or a measure');
  if (segment !== undefined) return { segment };
  if (measure !== undefined) return { measure };
  throw refuse('object', 'is missing', 'a segment or a measure, from the list for the target');
};

export const previewThreshold =
  ({ settings, access }: InstancePorts): Implementation<'PreviewThreshold'> =>
  async ({ path, query }, { caller, deadline, exactNumbers }) => {
    const { id: instanceId } = servedInstance(settings, path.dataset);
    const threshold = readThreshold(query, exactNumbers);
    const choice = chosen(query);
    const source = observe(access.forUser(caller, deadline));
    const { subject, name, displayName, evaluations }: Subject =
      'segment' in choice
        ? {
            subject: 'segment',
            ...(await segmentNamed(source, instanceId, choice.segment, longestHistoryDays)),
          }
        : await measureSubject(source, instanceId, choice.measure);
    const fired = firingsSinceFirst(threshold, evaluations);
    const [oldest, newest] = [evaluations[0], evaluations.at(-1)];
    return {
      body: {
        subject,
        name,
        displayName,
        currentValue: newest === undefined ? null : exactNumber(newest.value),
        from: oldest === undefined ? null : iso(oldest.at),
        firingCount: fired.length,
        firings: fired.map(({ at, previous, current }) => ({
          evaluatedAt: iso(at),
          previousValue: exactNumber(previous),
          currentValue: exactNumber(current),
        })),
        evaluations: evaluations.map(({ at, value }) => ({
          evaluatedAt: iso(at),
          value: exactNumber(value),
          fires: fired.some((firing) => firing.at === at),
        })),
      },
    };
  };
