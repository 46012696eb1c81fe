/**
 * Flows that are told of the trouble of others, in some of the seeds: one of the flows' owner, one of another person, one of an
 * operator. Their endpoints are well. What they may be told, and what they must be, follows from the stops and the deliveries
 * that were seen from outside.
 */
import { operatorRole } from '../../config/console.ts';
import { type FlowId, type SubscriptionId, subscriptionId } from '../../lambda/runtime/ids.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import type { EventPayload } from '../../lambda/triggers/occurrence.ts';
import { callbackUrlOf, type FlowEndpoint } from './callback-receiver.ts';
import type { Chance } from './chance.ts';
import type { Flow, Platform } from './flows.ts';
import type { Observations, Queued } from './observations.ts';
import { intruder, owner } from './people.ts';
import type { Deployment } from './simulated-deployment.ts';
import type { Violation } from './violation.ts';

const minute = 60_000;
const hour = 60 * minute;

/** The life of the seeds that have such flows. */
export const toldOfTroubles = 'flows that are told of troubles';

/** A trouble is told within this time, whatever failed before: the visibility time-outs of a few messages. */
export const surelyToldMs = 40 * minute;
/** A trouble that is noted while an attempt is made may outlast it: the longest attempt with what follows it. */
const overlapMs = 3 * minute;

export interface Teller {
  readonly endpoint: FlowEndpoint;
  readonly objectId: string;
  readonly scope: 'mine' | 'all';
  /** Once it has registered. */
  subscriptionId: string | undefined;
}

const operator = 'operator';

export const drawTellers = (chance: Chance): readonly Teller[] =>
  chance.happens(0.35)
    ? [owner.objectId, intruder, operator].map((objectId) => ({
        endpoint: { id: `teller of ${objectId}`.replaceAll(' ', '-'), on: true, temper: 'fine', oldest: 0 },
        objectId,
        scope: objectId === operator ? 'all' : 'mine',
        subscriptionId: undefined,
      }))
    : [];

/** Until it is answered. @param until true time after which it is not tried again */
export const registerTeller = async (
  { scheduler, chance, http }: Platform,
  teller: Teller,
  until: number,
): Promise<void> => {
  const { endpoint, objectId, scope } = teller;
  for (let tries = 0; tries < 20 && scheduler.now() < until && !teller.subscriptionId; tries += 1) {
    const { location = '' } = await http(
      {
        operation: 'OnTriggerTrouble',
        path: {},
        body: {
          callbackUrl: callbackUrlOf(endpoint.id, 1, `signature-${endpoint.id}`),
          report: 'troubleAndRecovery',
          triggers: scope,
        },
        objectId,
        ...(objectId === operator && { roles: [operatorRole] }),
      },
      `${endpoint.id} ${tries}`,
    );
    teller.subscriptionId = /\/subscriptions\/([^/]+)\//.exec(location)?.[1];
    await scheduler.sleep(chance.within(2_000, 20_000));
  }
};

type Payload = EventPayload<'OnTriggerTrouble'>;

/** One report to one teller; repetitions apart. */
interface Report {
  readonly at: number;
  readonly payload: Payload;
}

const reportsTo = (queued: readonly Queued[], teller: Teller): readonly Report[] => {
  const reports = new Map<string, Report>();
  for (const { at, message } of queued)
    if (message.subscriptionId === teller.subscriptionId && !reports.has(message.deliveryId))
      reports.set(message.deliveryId, { at, payload: message.payload as Payload });
  return [...reports.values()];
};

/** What tells the subscriptions of people apart: the end of their ids. */
const personIn = (id: string) => id.slice(22);
const personOf = (objectId: string) =>
  personIn(subscriptionId('f'.repeat(22) as string as FlowId, { ...owner, objectId }));

/** A write of a process that goes on takes less. */
const longestWriteMs = 1_000;

/** Whether the subscription was in this state, as far as could be seen. */
const isTrue = (
  { stops, recorded }: Observations,
  { state, subscriptionId: id, since }: Payload,
): boolean => {
  const begun = Date.parse(since);
  if (state === 'paused' || state === 'ended')
    return stops.some((stop) => stop.subscriptionId === id && stop.state === state && stop.since === since);
  const ofIt = recorded.filter(({ delivery }) => delivery.subscriptionId === id);
  if (state === 'working')
    return (
      ofIt.some(({ at, delivery }) => delivery.state === 'delivered' && at >= begun - overlapMs) ||
      // The process may have died, or the table failed, between the answer and its record. It reads the time before it
      // writes the lease.
      ofIt.some(
        ({ at, delivery }) =>
          delivery.leaseUntil > 0 && at <= begun + longestWriteMs && at >= begun - overlapMs,
      )
    );
  return ofIt.some(
    ({ delivery: { deliveryId, firstAttemptAt } }) =>
      firstAttemptAt === begun &&
      !ofIt.some(
        ({ at, delivery }) =>
          delivery.deliveryId === deliveryId && delivery.state === 'delivered' && at < begun + hour,
      ),
  );
};

/** @param toldUntil troubles that began later may not have been told yet, true time */
export const tellerViolations = (
  tellers: readonly Teller[],
  flows: readonly Flow[],
  observations: Observations,
  table: Deployment['table'],
  toldUntil: number,
): readonly Violation[] => {
  const violations: Violation[] = [];
  const violate = (rule: string, teller: Teller, id: string, text: string) =>
    violations.push({ rule, text: `${teller.endpoint.id} ${text}`, about: [id, teller.endpoint.id] });
  const { receipts, recorded, queued, registered } = observations;
  const subscriptions = [...table.items.values()]
    .filter(({ sk }) => sk === 'SUBSCRIPTION')
    .map(({ body }) => (JSON.parse(body) as { readonly record: Subscription }).record);
  const flowOf = new Map(registered.map(({ subscriptionId: id, flow }) => [id, flow] as const));
  for (const teller of tellers) {
    const own = teller.subscriptionId;
    if (own === undefined) continue;
    const reports = reportsTo(queued, teller);
    const isFor = (id: string) =>
      id !== own && (teller.scope === 'all' || personIn(id) === personOf(teller.objectId));
    for (const { payload } of reports) {
      if (!isFor(payload.subscriptionId))
        violate('told to others', teller, payload.subscriptionId, `was told of ${payload.subscriptionId}`);
      if (!isTrue(observations, payload))
        violate(
          'told',
          teller,
          payload.subscriptionId,
          `was told what was not so: ${JSON.stringify(payload)}`,
        );
    }
    const troublesOf = (id: string) =>
      reports
        .filter(({ payload }) => payload.subscriptionId === id && payload.state !== 'working')
        .toSorted((a, b) => a.at - b.at);
    for (const id of new Set(reports.map(({ payload }) => payload.subscriptionId))) {
      const troubles = troublesOf(id);
      for (const [index, next] of troubles.entries()) {
        const before = troubles[index - 1];
        const flow = flowOf.get(id);
        const isOver =
          before &&
          (receipts.some(
            (each) =>
              each.accepted && each.flow === flow && each.at >= before.at - overlapMs && each.at <= next.at,
          ) ||
            // One that was deleted and registered again is another one.
            flows.some(
              ({ endpoint, operations }) =>
                endpoint.id === flow &&
                operations.some(
                  ({ kind, begin, end }) =>
                    kind === 'delete' && begin <= next.at && end + overlapMs >= before.at,
                ),
            ));
        if (before && !isOver)
          violate(
            'told twice',
            teller,
            id,
            `was told twice of ${id}, and it has accepted nothing in between`,
          );
      }
    }
    // One that was ended itself hears nothing more.
    if (!subscriptions.some((one) => one.subscriptionId === own && one.status.state === 'active')) continue;
    const since = Math.min(...registered.filter((one) => one.subscriptionId === own).map(({ at }) => at));
    for (const { subscriptionId: id, status } of subscriptions) {
      const at = Date.parse(status.since);
      if (status.state === 'active' || !isFor(id) || at < since + minute || at > toldUntil) continue;
      const lastAccepted = Math.max(
        0,
        ...recorded
          .filter(({ delivery }) => delivery.subscriptionId === id && delivery.state === 'delivered')
          .map((record) => record.at),
      );
      if (!troublesOf(id as SubscriptionId).some((report) => report.at >= lastAccepted - overlapMs))
        violate('not told', teller, id, `was not told that ${id} is ${status.state} since ${status.since}`);
    }
  }
  return violations;
};
