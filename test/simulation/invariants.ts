/** The invariants, checked when the system has come to rest. */
import type { Receipt } from './callback-receiver.ts';
import { type Excuse, excuseOf } from './duplicates.ts';
import type { Flow } from './flows.ts';
import { type Notification, readNotification, truthOf } from './notification.ts';
import type { Observations, Queued, Stop } from './observations.ts';
import { operatorPrefix } from './people.ts';
import { recordViolations } from './record-violations.ts';
import { referenceOf } from './reference.ts';
import { type InstanceWorld, stampOf } from './source-world.ts';
import type { Truth } from './truth.ts';
import type { Violation } from './violation.ts';

export interface CheckResult {
  readonly violations: readonly Violation[];
  readonly occurrences: number;
  readonly owed: number;
  readonly delivered: number;
  readonly deadLetters: number;
  /** Missing, and a gap of the ledger says so: not owed. */
  readonly inGaps: number;
  readonly duplicates: Readonly<Partial<Record<Excuse, number>>>;
}

export interface Run {
  readonly instances: readonly InstanceWorld[];
  readonly flows: readonly Flow[];
  readonly truths: readonly Truth[];
  readonly observations: Observations;
  /** Bodies of all dead letters. */
  readonly deadLetters: readonly string[];
  readonly subscriptionIdOf: (flow: Flow) => string;
  /** Whether a gap in the ledger says why it is missing. */
  readonly mayBeMissing?: (truth: Truth) => boolean;
  /** See isOwed; per flow. */
  readonly promptMs: (flow: Flow) => number | undefined;
}

const conditionOf = ({ threshold, direction }: Notification) => ({
  threshold: typeof threshold === 'string' ? threshold : null,
  direction: typeof direction === 'string' ? direction : 'above',
});

const seconds = (ms: number) => `${(ms / 1000).toFixed(3)} s`;

/** Checks a run; `start` is the time that the trace counts from. */
export const check = (run: Run, start: number): CheckResult => {
  const { flows, truths, observations, deadLetters } = run;
  const violations: Violation[] = [];
  const violate = (rule: string, text: string, ...about: readonly string[]) => {
    violations.push({ rule, text, about });
  };
  for (const slip of observations.slips) violate('secrets and states', slip);

  const byFlow = new Map<string, Receipt[]>();
  for (const receipt of observations.receipts)
    byFlow.set(receipt.flow, [...(byFlow.get(receipt.flow) ?? []), receipt]);
  const dead = new Map<string, Set<Truth>>();
  for (const body of deadLetters) {
    const { subscriptionId, payload, crossing } = JSON.parse(body);
    const { truth, untrue } = truthOf(truths, {
      ...payload,
      ...(crossing && { previousValue: crossing.previous, currentValue: crossing.current }),
    });
    if (!truth || untrue.length > 0)
      violate('truth', `a dead letter speaks of nothing that happened: ${untrue}`, subscriptionId);
    else dead.set(subscriptionId, (dead.get(subscriptionId) ?? new Set()).add(truth));
  }

  const eventIds = new Map<string, string>();
  const deliveredTotal = { owed: 0, delivered: 0, deadLetters: 0, inGaps: 0 };
  const duplicates: Partial<Record<Excuse, number>> = {};
  const idOf = new Map<string, string>();

  const occurrenceOf = ({ trigger, instance, key }: Truth) => `${trigger} ${instance.id} ${key}`;
  /** Whether event id and occurrence belong to each other, as far as has been seen. */
  const isBound = (eventId: string, truth: Truth) =>
    (eventIds.get(eventId) ?? occurrenceOf(truth)) === occurrenceOf(truth) &&
    (idOf.get(occurrenceOf(truth)) ?? eventId) === eventId;

  for (const flow of flows) {
    const { id } = flow.endpoint;
    const subscriptionId = run.subscriptionIdOf(flow);
    const stops = observations.stops.filter((stop) => stop.subscriptionId === subscriptionId);
    const reference = referenceOf({ flow, stops }, truths);
    const receipts = byFlow.get(id) ?? [];
    const accepted = new Map<string, Receipt[]>();
    const acceptedTruths = new Set<Truth>();
    for (const receipt of receipts) {
      const notification = readNotification(receipt.body);
      const eventId = String(notification.eventId);
      const { truth, untrue } = truthOf(truths, notification, (candidate) => isBound(eventId, candidate));
      if (!truth || untrue.length > 0) {
        violate(
          'truth',
          `${id} was sent something that did not happen so (${untrue.join(', ')}): ${receipt.body}`,
          receipt.deliveryId,
          id,
        );
        continue;
      }
      if (notification.deliveryId !== receipt.deliveryId)
        violate('ids', `${id} was sent two delivery ids in one attempt`, id);
      const occurrence = occurrenceOf(truth);
      if (!isBound(eventId, truth))
        violate('ids', `event ${eventId} and ${truth.key} do not belong to each other alone`, eventId);
      eventIds.set(eventId, occurrence);
      idOf.set(occurrence, eventId);
      if (!reference.mayBeSent(truth, conditionOf(notification), receipt.sentAt))
        violate(
          'not owed',
          `${id} was sent ${truth.trigger} ${truth.key} at ${seconds(receipt.sentAt - start)}, final at ${seconds(truth.finalAt - start)}, visible at ${seconds(truth.visibleAt - start)}`,
          receipt.deliveryId,
          id,
          subscriptionId,
          truth.subject,
        );
      if (!receipt.accepted) continue;
      acceptedTruths.add(truth);
      const before = accepted.get(receipt.deliveryId) ?? [];
      const last = before.at(-1);
      if (last) {
        const excuse = excuseOf(observations, last, receipt);
        if (excuse) duplicates[excuse] = (duplicates[excuse] ?? 0) + 1;
        else
          violate(
            'duplicate',
            `${id} accepted ${receipt.deliveryId} at ${seconds(last.at - start)} and again at ${seconds(receipt.at - start)}, and nothing excuses it`,
            receipt.deliveryId,
          );
      }
      accepted.set(receipt.deliveryId, [...before, receipt]);
    }
    for (const truth of truths) {
      if (!reference.isOwed(truth, run.promptMs(flow))) continue;
      const arrived = acceptedTruths.has(truth);
      const isDead = dead.get(subscriptionId)?.has(truth) ?? false;
      if (!arrived && !isDead && run.mayBeMissing?.(truth)) {
        deliveredTotal.inGaps += 1;
        continue;
      }
      deliveredTotal.owed += 1;
      if (arrived) deliveredTotal.delivered += 1;
      else if (isDead) deliveredTotal.deadLetters += 1;
      else
        violate(
          'lost',
          `${id} is owed ${truth.trigger} ${truth.key} (${truth.subject}), final at ${seconds(truth.finalAt - start)}, and got neither it nor a dead letter`,
          id,
          subscriptionId,
          truth.subject,
          truth.key.slice(0, 8),
        );
    }
    for (const stop of stops)
      if (!isJustified(run, flow, stop, receipts))
        violate(
          'stopped',
          `${id} was ${stop.state} at ${seconds(stop.at - start)} without a reason`,
          id,
          subscriptionId,
        );
  }

  violations.push(...orderViolations(observations.queued, truths), ...recordViolations(observations));
  return {
    violations,
    occurrences: truths.length,
    ...deliveredTotal,
    duplicates,
  };
};

/** A look may take this long, and act on what it read at its beginning, ms. */
const longestLookMs = 120_000;

/** The platform's own word. */
const saysItIsStopped = ({ status, errorCode }: Receipt): boolean =>
  status === 400 ? errorCode === 'WorkflowTriggerIsNotEnabled' : errorCode === 'WorkflowNotFound';

/** As docs/delivery.md promises: so many answers over so long, and no other that was received in between. */
const seemedGone = { times: 6, forMs: 6 * 3_600_000 };

const seemedGoneForHours = (receipts: readonly Receipt[], at: number): boolean => {
  const answered = receipts.filter(({ answerLost }) => !answerLost);
  const other = answered.findLastIndex(({ status }) => status !== 404 && status !== 410);
  const bare = answered.slice(other + 1);
  const [first] = bare;
  return (
    first !== undefined && bare.length >= seemedGone.times && first.at <= at - seemedGone.forMs + clocksMs
  );
};

/** How far the clocks of two hosts and the way of an answer may be apart, ms. */
const clocksMs = 60_000;

/** Whether the platform said so about the callback URL of that registration, or the measure was lost. */
const isJustified = (
  { instances }: Run,
  { operations }: Flow,
  { host, at, registration }: Stop,
  receipts: readonly Receipt[],
): boolean => {
  // Whose it may end is checked where it is written.
  if (host.startsWith(operatorPrefix)) return true;
  const operation = operations.find(({ id }) => String(id) === registration.split(' ')[1]);
  const earlier = receipts.filter((receipt) => receipt.version === operation?.version && receipt.at <= at);
  const told = earlier.some(
    (receipt) => receipt.host === host && saysItIsStopped(receipt) && receipt.at > at - longestLookMs,
  );
  if (told || seemedGoneForHours(earlier, at)) return true;
  const inputs = operation?.inputs;
  const measure = instances
    .find(({ id }) => id === inputs?.instanceId)
    ?.measures.find(({ name }) => inputs?.trigger === 'OnMeasureThresholdCrossed' && name === inputs.subject);
  // It must have been lost after the registration had last asked.
  return (
    measure?.reborn.some(
      ({ deletedAt, createdAt }) =>
        deletedAt <= at && createdAt > at - longestLookMs && createdAt > (operation?.begin ?? 0),
    ) ?? false
  );
};

/** Deliveries of one subject to one subscription are first queued in the order in which they became final. */
const orderViolations = (queued: readonly Queued[], truths: readonly Truth[]): readonly Violation[] => {
  const violations: Violation[] = [];
  const identities = new Map<string, string>();
  const deliveryIds = new Map<string, string>();
  const latest = new Map<string, Truth>();
  const seen = new Set<string>();
  // What the source dates alike has no order.
  const stamp = ({ instance, finalAt }: Truth) => stampOf(instance, finalAt);
  for (const { message, queue } of queued) {
    const identity = `${message.eventId} ${message.subscriptionId} ${message.generation}`;
    const sameIds =
      (identities.get(message.deliveryId) ?? identity) === identity &&
      (deliveryIds.get(identity) ?? message.deliveryId) === message.deliveryId;
    if (!sameIds)
      violations.push({
        rule: 'ids',
        text: `delivery ${message.deliveryId} and its event for ${message.subscriptionId} do not belong to each other alone`,
        about: [message.deliveryId, message.eventId],
      });
    identities.set(message.deliveryId, identity);
    deliveryIds.set(identity, message.deliveryId);
    if (queue !== 'delivery' || seen.has(message.deliveryId)) continue;
    seen.add(message.deliveryId);
    const { crossing, payload } = message;
    const { truth } = truthOf(truths, {
      ...payload,
      ...(crossing && { previousValue: crossing.previous, currentValue: crossing.current }),
    });
    // What nobody can tell has no certain time either.
    if (!truth || truth.optional) continue;
    const key = `${message.subscriptionId} ${message.generation} ${truth.subject}`;
    const before = latest.get(key);
    // Where the later one could be seen first, nobody can keep the order.
    if (before && stamp(before) > stamp(truth) && before.visibleAt >= truth.visibleAt)
      violations.push({
        rule: 'order',
        text: `${message.deliveryId} of ${truth.subject} was queued behind a later one`,
        about: [message.deliveryId, message.subscriptionId],
      });
    else latest.set(key, truth);
  }
  return violations;
};
