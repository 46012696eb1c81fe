import type { EventId } from '../runtime/ids.ts';
import type { FanOut } from '../store/fan-outs.ts';
import type { FanOutMessage } from '../store/watch-message.ts';
import type { WatchPorts } from './ports.ts';

/** Queues the next part of an event's deliveries. */
export const askForNextPart = async (
  { sendWatch }: WatchPorts,
  instanceId: string,
  eventId: EventId,
): Promise<void> => {
  const message: FanOutMessage = {
    v: 1,
    instanceIds: [],
    busy: false,
    fanOut: { instanceId, eventId },
  };
  await sendWatch([{ body: JSON.stringify(message) }]);
};

/** The record first: it is what is owed, and the message only says when. */
export const beginFanOut = async (ports: WatchPorts, instanceId: string, fanOut: FanOut): Promise<void> => {
  // Undefined: an earlier look has begun it already, and it may have got further since.
  await ports.fanOuts.save(instanceId, fanOut, 'absent');
  await askForNextPart(ports, instanceId, fanOut.occurrence.eventId);
};
