/** The planted faults that only flows which are told of troubles can show. */
import { acrossInstances } from '../../lambda/runtime/ids.ts';
import type { WatchPorts } from '../../lambda/watch/watch.ts';
import { intruder, owner } from './people.ts';
import type { PlantedFault } from './planted-fault.ts';

/** Those who are told are looked up by another person than the owner of the subscription. */
const toldToAnother = (ports: WatchPorts): WatchPorts => ({
  ...ports,
  subscriptions: {
    ...ports.subscriptions,
    ofSubject: (instanceId, ...more) =>
      ports.subscriptions.ofSubject(
        instanceId === acrossInstances(owner)
          ? acrossInstances({ ...owner, objectId: intruder })
          : instanceId,
        ...more,
      ),
  },
});

/** What is due is removed when it is read, and not when it was handled. */
const removedFirst = (ports: WatchPorts): WatchPorts => ({
  ...ports,
  troubles: {
    ...ports.troubles,
    async *over(now) {
      for await (const item of ports.troubles.over(now)) {
        await ports.troubles.remove(item);
        yield item;
      }
    },
  },
});

/** The note of a trouble is not read. */
const notesIgnored = (ports: WatchPorts): WatchPorts => ({
  ...ports,
  subscriptions: {
    ...ports.subscriptions,
    async find(id) {
      const stored = await ports.subscriptions.find(id);
      if (!stored?.body.trouble?.told) return stored;
      const { trouble: _, ...body } = stored.body;
      return { ...stored, body };
    },
  },
});

export const tellerFaults: readonly PlantedFault[] = [
  {
    name: "a trouble is told to another person's flows",
    rule: 'told to others',
    seams: { watch: toldToAnother },
  },
  {
    name: 'a suspicion is removed before it was handled',
    rule: 'not told',
    seams: { watch: removedFirst },
  },
  {
    name: 'a trouble that was told is told again',
    rule: 'told twice',
    seams: { watch: notesIgnored },
  },
];
