/** The planted faults of the operator's command about a person; see operator-life.ts. */

import type { PersonSeam } from './people.ts';
import { intruder } from './people.ts';
import type { PlantedFault } from './planted-fault.ts';

/** Everything of the person goes, also what keeps an event from being sent twice. */
const deletesDeliveries: PersonSeam = (ports, table) => ({
  ...ports,
  async rewriteEnded(stored, next) {
    for await (const { pk, sk, version } of table.range(`D#${next.subscriptionId}`, '0', '~'))
      await table.remove({ pk, sk }, version);
    return ports.rewriteEnded(stored, next);
  },
});

/** Says that a subscription was stopped, and leaves it. */
const onlySaysSo: PersonSeam = (ports) => ({
  ...ports,
  subscriptions: { ...ports.subscriptions, stop: async () => ({ kind: 'stopped' }) },
});

/** What the audit says of the person stays. */
const leavesTheAudit: PersonSeam = (ports) => ({
  ...ports,
  audit: { ...ports.audit, rewrite: async () => undefined },
});

/** What was the erased person's is given to somebody who is there. */
const givesItAway: PersonSeam = (ports) => ({
  ...ports,
  rewriteEnded: (stored, next) =>
    ports.rewriteEnded(stored, { ...next, principal: { ...next.principal, objectId: intruder } }),
});

export const operatorFaults: readonly PlantedFault[] = [
  {
    name: 'an erasure deletes the records of deliveries',
    rule: 'kept',
    seams: { person: deletesDeliveries },
  },
  {
    name: 'the end of everything of a person is only said',
    rule: 'secrets and states',
    seams: { person: onlySaysSo },
  },
  { name: 'an erasure leaves the person in the audit', rule: 'person', seams: { person: leavesTheAudit } },
  {
    name: 'an erasure gives the history to another person',
    rule: 'secrets and states',
    seams: { person: givesItAway },
  },
];
