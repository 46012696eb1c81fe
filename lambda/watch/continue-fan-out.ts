/** One event to many subscriptions: each message processes a bounded part and asks for the next. */
import { clockToleranceMs } from '../runtime/time.ts';
import type { FanOut } from '../store/fan-outs.ts';
import type { WatchedInstance } from '../triggers/instance.ts';
import type { Occurrence } from '../triggers/occurrence.ts';
import { askForNextPart } from './begin-fan-out.ts';
import type { WatchPorts } from './ports.ts';
import { reportDetected, workOffPart } from './queue-deliveries.ts';

/**
 * Processes the next parts of an event. Two processes at the same event queue the same deliveries, and only one of
 * them gets further.
 */
export const continueFanOut = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  eventId: string,
): Promise<void> => {
  const { fanOuts, now, pace } = ports;
  const begun = now();
  for (let parts = 0; ; parts += 1) {
    const stored = await fanOuts.find(instance.id, eventId);
    // It has ended.
    if (stored === undefined) return;
    const { body, version } = stored;
    const { occurrence } = body;
    // One part at least: however slow everything is, each message gets further.
    if (parts === pace.partsPerMessage || (parts > 0 && now() - begun > pace.messageMs))
      return askForNextPart(ports, instance.id, occurrence.eventId);
    const part = await workOffPart(
      { ...ports, withheld: body.withheld },
      instance,
      occurrence,
      body,
      pace.entriesPerPart,
    );
    const sent = body.sent + part.sent;
    if (part.next === 'end') {
      if (await fanOuts.remove(instance.id, body, version)) reportDetected(ports, instance, occurrence, sent);
      return;
    }
    const next = { ...body, ...part.next, sent, movedAt: now() };
    // Undefined: another process is at it, and continues.
    if (!(await fanOuts.save(instance.id, next, version))) return;
  }
};

/**
 * @param open events of the instance that are still being sent; one whose message was lost gets another
 */
export const askWhereLost = async (
  ports: WatchPorts,
  instance: WatchedInstance,
  open: readonly FanOut[],
): Promise<void> => {
  // A time that has not been yet was written by a host whose clock is ahead: it says nothing of the message.
  for (const { occurrence, movedAt } of open)
    if (ports.now() - movedAt > ports.pace.lostAfterMs || movedAt > ports.now() + clockToleranceMs) {
      ports.log.warn('fan-out asked for again', { instanceId: instance.id, eventId: occurrence.eventId });
      await askForNextPart(ports, instance.id, occurrence.eventId);
    }
};

/**
 * Events with the same key are sent one after the other, in the order in which they happened. The subject that
 * subscriptions find would not do: two events of one data source may have different ones.
 */
export const sendingKey = ({ kind, trigger, subject, stableSubject = subject }: Occurrence): string =>
  kind === 'completion' ? trigger : `${trigger} ${stableSubject}`;
