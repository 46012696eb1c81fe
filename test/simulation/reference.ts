/**
 * The model: what is owed to a flow and what is not, from what its maker did and what happened in the source.
 * Written from the specification; it knows nothing of tables, queues, leases or cursors.
 */

import { compareExact } from './exact.ts';
import type { Flow, Operation } from './flows.ts';
import type { Stop } from './observations.ts';
import { type Judgement, judge } from './rearming.ts';
import type { Inputs } from './trigger-kinds.ts';
import type { Truth } from './truth.ts';

/** A call that was not answered may have its effect until this much later, ms. */
const lingerMs = 60_000;

/**
 * An attempt that was begun may still post until this much after the subscription has ended, ms: the
 * function's time limit.
 */
const lastPostMs = 61_000;

const settledAt = ({ outcome, end }: Operation): number => (outcome === 'confirmed' ? end : end + lingerMs);

const sameNumber = (a: string | null, b: string | null) =>
  a === null || b === null ? a === b : compareExact(a, b) === 0;

export const sameInputs = (a: Inputs, b: Inputs): boolean =>
  a.trigger === b.trigger &&
  a.instanceId === b.instanceId &&
  a.subject === b.subject &&
  sameNumber(a.threshold, b.threshold) &&
  a.direction === b.direction &&
  sameNumber(a.rearmLevel, b.rearmLevel) &&
  a.outcome === b.outcome &&
  a.runs === b.runs;

export interface History {
  readonly flow: Flow;
  readonly stops: readonly Stop[];
}

export type Registration = Operation & { readonly inputs: Inputs };

export const registrationsOf = ({ operations }: Flow): readonly Registration[] =>
  operations.filter((operation): operation is Registration => operation.inputs !== undefined);

/** Whether the Location used had certainly been replaced by a later registration. */
const isSuperseded = (flow: Flow, deletion: Operation): boolean =>
  registrationsOf(flow).some(
    (later) =>
      deletion.of !== undefined &&
      later.outcome === 'confirmed' &&
      later.begin >= deletion.of.end &&
      later.end <= deletion.begin,
  );

/** Whether from this registration on nothing was done that may have ended or changed the subscription. */
const disturbances = ({ flow, stops }: History, registration: Registration): readonly number[] => [
  ...flow.operations
    .filter((operation) => {
      if (operation === registration || settledAt(operation) <= registration.begin) return false;
      if (operation.kind === 'register')
        return operation.inputs !== undefined && !sameInputs(operation.inputs, registration.inputs);
      // A flow that is switched off at its registration, and stays so, accepts nothing.
      return operation.kind !== 'delete' || !isSuperseded(flow, operation);
    })
    .map(({ begin }) => begin),
  ...stops.filter(({ at }) => at > registration.begin).map(({ at }) => at),
];

/**
 * When a registration had certainly come to an end: deleted, stopped, or replaced by one with other inputs.
 */
const certainEnd = ({ flow, stops }: History, registration: Registration): number => {
  const settled = settledAt(registration);
  const registrations = registrationsOf(flow);
  const apart = (other: Operation, operation: Operation) =>
    other === operation || settledAt(other) < operation.begin || other.begin > operation.end;
  const ends = [
    ...flow.operations
      .filter((operation) => operation.outcome === 'confirmed' && operation.begin >= settled)
      .filter((operation) => {
        const { of } = operation;
        if (operation.kind === 'register')
          return registrations.every((other) =>
            sameInputs(other.inputs, registration.inputs)
              ? other !== operation && apart(other, operation)
              : true,
          );
        return (
          operation.kind === 'delete' &&
          of !== undefined &&
          registrations.every((other) => apart(other, of)) &&
          registrations.every((other) => other.begin <= of.begin || other.begin > operation.end)
        );
      })
      .map(({ end }) => end),
    ...stops.filter(({ at }) => at >= settled).map(({ at }) => at),
  ];
  return Math.min(...ends);
};

/**
 * The registration that this one goes on from, as long as nothing came in between; itself when it begins
 * anew.
 */
const originOf = (history: History, registration: Registration): readonly Registration[] => {
  const before = registrationsOf(history.flow)
    .filter((other) => other.begin <= registration.begin && sameInputs(other.inputs, registration.inputs))
    .sort((a, b) => b.begin - a.begin);
  const chain: Registration[] = [];
  for (const other of before) {
    if (disturbances(history, other).some((at) => at < settledAt(registration))) break;
    chain.push(other);
  }
  return chain.length > 0 ? chain : [registration];
};

/** What a registration is owed and what may be sent for it. */
interface Claim {
  readonly registration: Registration;
  readonly judged: ReadonlyMap<Truth, Judgement>;
  readonly disturbedAt: number;
  readonly endedAt: number;
}

export interface Reference {
  /**
   * What must have reached the flow, or be a dead letter: everything that became final after a registration
   * was confirmed, if nothing ended or changed it since.
   * @param promptMs when everything goes well, deliveries take no longer than this; undefined when it does
   * not
   */
  readonly isOwed: (truth: Truth, promptMs: number | undefined) => boolean;
  /**
   * Whether this truth may be sent to the flow at this time, under inputs with this threshold and direction.
   */
  readonly mayBeSent: (
    truth: Truth,
    condition: { readonly threshold: string | null; readonly direction: string },
    sentAt: number,
  ) => boolean;
}

const claimOf = (history: History, truths: readonly Truth[], registration: Registration): Claim => {
  const { inputs } = registration;
  const chain = originOf(history, registration);
  const begin = Math.min(...chain.map((each) => each.begin));
  const confirmed = Math.min(
    ...chain.map((each) => (each.outcome === 'confirmed' ? each.end : Number.POSITIVE_INFINITY)),
  );
  const afresh = registrationsOf(history.flow).every(
    (other) => other.begin >= begin || !sameInputs(other.inputs, inputs),
  );
  const own = truths.filter(
    (truth) => truth.trigger === inputs.trigger && truth.instance.id === inputs.instanceId,
  );
  return {
    registration,
    judged: judge(inputs, own, { begin, confirmed, afresh }),
    disturbedAt: Math.min(...disturbances(history, registration)),
    endedAt: certainEnd(history, registration),
  };
};

export const referenceOf = (history: History, truths: readonly Truth[]): Reference => {
  const claims = registrationsOf(history.flow).map((registration) => claimOf(history, truths, registration));
  return {
    isOwed: (truth, promptMs) =>
      claims.some(
        ({ registration, judged, disturbedAt }) =>
          judged.get(truth) === 'yes' &&
          registration.outcome === 'confirmed' &&
          registration.end < truth.finalAt &&
          (disturbedAt === Number.POSITIVE_INFINITY ||
            (promptMs !== undefined && disturbedAt > truth.visibleAt + promptMs)),
      ),
    mayBeSent: (truth, { threshold, direction }, sentAt) =>
      claims.some(
        ({ registration, judged, endedAt }) =>
          judged.has(truth) &&
          sameNumber(registration.inputs.threshold, threshold) &&
          registration.inputs.direction === direction &&
          // What could be seen before the registration began is older than the subscription.
          truth.visibleAt >= registration.begin &&
          truth.finalAt <= endedAt &&
          sentAt <= endedAt + lastPostMs,
      ),
  };
};
