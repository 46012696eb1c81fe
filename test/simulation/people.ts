/** The people of the simulation, and the operator who acts for them. */
import type { PersonPorts } from '../../bin/operator/person.ts';
import { pseudonymOf } from '../../lambda/store/audit-records.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import type { Table } from '../../lambda/store/table.ts';

/** Of all flows. */
export const owner = { tenantId: 'tenant', objectId: 'user' };

/** Object id of the person who registers the flows of others. */
export const intruder = 'intruder';

/** How the hosts of the operator are called. */
export const operatorPrefix = 'operator-';

export const pseudonymKey = 'the key of pseudonyms';
/** Of the owner, once they were erased. */
const pseudonym = pseudonymOf(owner, pseudonymKey);

/** Where a test may put another part into the operator's command about a person. */
export type PersonSeam = (ports: PersonPorts, table: Table) => PersonPorts;

/**
 * A subscription has one owner for life; only a pseudonym may take their place.
 * @returns what is wrong with this owner
 */
export const ownerChange = (
  owners: Map<string, string>,
  { subscriptionId, principal: { objectId } }: Subscription,
): string | undefined => {
  const first = owners.get(subscriptionId) ?? objectId;
  owners.set(subscriptionId, first);
  if (objectId === first || (first === owner.objectId && objectId === pseudonym)) return undefined;
  return `${subscriptionId} of ${first} passes to ${objectId}`;
};
