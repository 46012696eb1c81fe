/** All triggers of the connector, as the functions are given them. */
import type { TriggerId } from '../../connector/contract/index.ts';
import { type EventId, eventId, isAcrossInstances } from '../runtime/ids.ts';
import { iso } from '../runtime/time.ts';
import type { ThresholdTrigger, TriggerInputs } from './conditions.ts';
import type { WatchedInstance } from './instance.ts';
import type { FinalTask } from './job-changes.ts';
import { linkTo } from './links.ts';
import type { EventPayload, Occurrence } from './occurrence.ts';
import type { Observed, Read, Trigger } from './trigger-definition.ts';

export interface Triggers {
  readonly ids: readonly TriggerId[];
  /** @throws Error for an id that this program does not know */
  of(id: TriggerId): Trigger;
}

/** Production has one set of them, in registry.ts; a test may have one more. */
export const createTriggers = (definitions: Readonly<Record<string, Trigger>>): Triggers => ({
  ids: Object.keys(definitions) as TriggerId[],
  of: (id) => {
    const trigger = definitions[id];
    if (trigger === undefined)
      throw new Error(
        `This version does not support the trigger ${id}. A newer version may have registered it: deploy that version.`,
      );
    return trigger;
  },
});

/** A trigger's own payload with the keys that every event has. */
export const eventPayload = (
  triggers: Triggers,
  trigger: TriggerId,
  event: EventId,
  instance: WatchedInstance,
  occurredAt: string,
  properties: object,
): EventPayload =>
  // The keys of `properties` were checked against the operation where the trigger is defined.
  ({
    eventId: event,
    trigger,
    instanceId: instance.id,
    instanceName: instance.name,
    occurredAt,
    ...(instance.linkBase !== undefined &&
      !isAcrossInstances(instance.id) && {
        link: linkTo(instance.linkBase, instance.id, triggers.of(trigger).linked(properties)),
      }),
    ...properties,
  }) as object as EventPayload;

/**
 * Everything that happened since the cursor, oldest first; the same events with the same ids whenever it is
 * asked again.
 */
export const occurrencesIn = (
  triggers: Triggers,
  instance: WatchedInstance,
  observed: Observed,
): readonly Occurrence[] =>
  triggers.ids
    .flatMap((trigger) => {
      const definition = triggers.of(trigger);
      return definition
        .occurrences(observed)
        .map(({ stableSubject, occurredAt, payload, ...found }): Occurrence => {
          const id = eventId(instance.id, trigger, stableSubject, found.occurrence);
          return {
            kind: definition.kind,
            trigger,
            eventId: id,
            ...found,
            ...(stableSubject !== found.subject && { stableSubject }),
            payload: eventPayload(triggers, trigger, id, instance, iso(occurredAt ?? found.finalAt), payload),
          } as Occurrence;
        });
    })
    .sort((a, b) => a.finalAt - b.finalAt || (a.eventId < b.eventId ? -1 : 1));

/** The tasks that call for a read. */
export const tasksCallingFor = (
  triggers: Triggers,
  read: Read,
  tasks: readonly FinalTask[],
): readonly FinalTask[] => {
  const readers = triggers.ids.map(triggers.of).filter(({ reads }) => reads === read);
  return tasks.filter((task) => readers.some((trigger) => trigger.needsRead(task)));
};

/** Triggers that need a read. */
export const triggersReading = (triggers: Triggers, read: Read): readonly TriggerId[] =>
  triggers.ids.filter((id) => triggers.of(id).reads === read);

/** Whether a trigger compares a value with a threshold. */
export const isThresholdTrigger = (triggers: Triggers, id: TriggerId): id is ThresholdTrigger =>
  triggers.of(id).kind === 'value';

/** Whether a subscription is to the subject of an occurrence at all. Nothing is about the subscription itself. */
export const concerns = (
  { subject, subscriptionId }: Pick<TriggerInputs, 'subject'> & { readonly subscriptionId: string },
  occurrence: Occurrence,
): boolean =>
  occurrence.kind === 'completion' ||
  (subject === null ? subscriptionId !== occurrence.subject : subject === occurrence.subject);

/** What decides whether an occurrence matches. */
type Matched = Pick<TriggerInputs, 'threshold' | 'conditions'>;

/** Why a subscription does not ask for an occurrence of its subject, as a clause; undefined when it does. */
export const mismatchOf = (triggers: Triggers, inputs: Matched, occurrence: Occurrence): string | undefined =>
  triggers.of(occurrence.trigger).mismatch(inputs, occurrence);

/** The subject in words. */
export const subjectName = (
  triggers: Triggers,
  { trigger, subject }: Pick<TriggerInputs, 'subject'> & { readonly trigger: TriggerId },
): string => subject ?? triggers.of(trigger).anySubject;

/** When a subscription fires, in words. */
export const conditionOf = (
  triggers: Triggers,
  { trigger, ...inputs }: Matched & { readonly trigger: TriggerId },
): string => triggers.of(trigger).condition(inputs);
