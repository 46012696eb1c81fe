/**
 * An operator ends everything of the flows' owner, or erases the owner, while the flows live or once they are left alone.
 *
 * State: the owner's subscriptions, lists, deliveries and audit records. Events: the command dies at any of its calls, is
 * refused by the table, and is repeated until it has come to its end; flows register before, meanwhile and afterwards.
 * Invariants: what the command says has ended is ended, until its flow registers again; it ends nobody else's; a record
 * that keeps an event from being sent twice stays; a subscription never passes to another person; once it is over,
 * nothing names an erased person who has not registered since.
 */
import type { EndedSubscriptions } from '../../bin/operator/end-listed.ts';
import { endPerson, erasePerson, type PersonPorts } from '../../bin/operator/person.ts';
import { auditStore } from '../../lambda/store/audit-records.ts';
import { deliveryStore } from '../../lambda/store/deliveries.ts';
import { failureStore } from '../../lambda/store/failures.ts';
import { listedSubscriptionStore } from '../../lambda/store/listed-subscriptions.ts';
import { listStore } from '../../lambda/store/lists.ts';
import { rewriteEnded } from '../../lambda/store/stop-subscription.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import type { Table } from '../../lambda/store/table.ts';
import type { Chance } from './chance.ts';
import type { Flow } from './flows.ts';
import { createHost, type Host, type Surroundings } from './host.ts';
import type { Observations } from './observations.ts';
import { commandOn } from './operator-command.ts';
import { operatorPrefix, owner, type PersonSeam, pseudonymKey } from './people.ts';
import type { Deployment } from './simulated-deployment.ts';
import type { Violation } from './violation.ts';

export interface OperatorLife {
  readonly verb: 'end' | 'erase';
  /** When the command is given, true time. */
  readonly at: number;
  readonly name: string;
}

const minute = 60_000;
const hour = 60 * minute;

/** @param end when the flows are left alone */
export const drawOperatorLife = (chance: Chance, start: number, end: number): OperatorLife | undefined => {
  if (!chance.happens(0.12)) return undefined;
  const verb = chance.pick(['end', 'erase'] as const);
  // Later than anything that a flow does, or among it.
  const at = chance.happens(0.5) ? end + 20 * minute : start + chance.within(0.3, 0.9) * (end - start);
  return { verb, at, name: verb === 'end' ? 'everything of a person ended' : 'a person erased' };
};

const personPorts = (host: Host, table: Table): PersonPorts => ({
  audit: auditStore(table),
  operator: async () => 'operator',
  subscriptions: listedSubscriptionStore(table, { now: host.now, by: 'operator' }),
  lists: listStore(table),
  deliveries: deliveryStore(table),
  failures: failureStore(table, { now: host.now }),
  rewriteEnded: (stored, next) => rewriteEnded(table, stored, next),
  now: host.now,
});

/** What the command said, each time it came to its end. */
export interface OperatorOutcome {
  readonly begin: number;
  readonly end: number;
  readonly said: EndedSubscriptions;
}

interface Surrounded {
  readonly surroundings: Surroundings;
  readonly deployment: Pick<Deployment, 'table' | 'tableOf'>;
  readonly observations: Pick<Observations, 'registered' | 'slips'>;
  readonly seam?: PersonSeam | undefined;
}

/** The flows of a seed rest long before this much after the first command, and faults have ended. */
const givesUpMs = 3 * hour;

/** Gives the command, again and again, until it has come to its end and left nothing active, or for three hours. */
export const operate = async (
  { surroundings, deployment, observations, seam = (ports) => ports }: Surrounded,
  { verb, at }: OperatorLife,
  outcomes: OperatorOutcome[],
): Promise<void> => {
  const { scheduler, trace } = surroundings;
  await scheduler.sleep(at - scheduler.now());
  for (let tries = 1; scheduler.now() < at + givesUpMs; tries += 1) {
    const host = createHost(`${operatorPrefix}${tries}`, surroundings);
    const table = deployment.tableOf(host);
    const ports = seam(personPorts(host, table), table);
    const begin = scheduler.now();
    const said = await commandOn(host, surroundings, () =>
      verb === 'end' ? endPerson(ports, owner, 'Left the company.') : erasePerson(ports, owner, pseudonymKey),
    );
    if (said) {
      trace.add(`operator: ${verb} ${JSON.stringify(said)}`);
      outcomes.push({ begin, end: scheduler.now(), said });
      for (const id of said.ended) {
        const stored = await subscriptionStore(deployment.table).find(id);
        const again = observations.registered.some((each) => each.subscriptionId === id && each.at >= begin);
        if (stored?.body.status.state === 'active' && !again)
          observations.slips.push(`the operator was told that ${id} has ended, and it is active`);
      }
      if (said.active.length === 0) return;
    }
    await scheduler.sleep(20_000);
  }
};

const isNamed = (text: string): boolean =>
  text.includes(`P#${owner.tenantId}#${owner.objectId}`) || text.includes(`"objectId":"${owner.objectId}"`);

/** A registration may have its effect until this much after its call, ms. */
const lingerMs = minute;

/** What the table holds at rest. */
export const personViolations = (
  table: Deployment['table'],
  flows: readonly Flow[],
  recorded: ReadonlySet<string>,
  life: OperatorLife | undefined,
  outcomes: readonly OperatorOutcome[],
): readonly Violation[] => {
  const violations: Violation[] = [];
  const kept = new Set([...table.items.values()].map(({ pk, sk }) => `${pk}/${sk}`));
  for (const place of recorded)
    if (!kept.has(place))
      violations.push({
        rule: 'kept',
        text: `the record ${place}, which keeps an event from being sent twice, is not there any more`,
        about: [place.slice(0, 26)],
      });
  const last = outcomes.at(-1);
  if (life && last === undefined)
    violations.push({ rule: 'person', text: 'the command has not come to its end', about: ['operator'] });
  if (life?.verb !== 'erase' || last === undefined) return violations;
  const registersSince = flows.some(({ operations }) =>
    operations.some(({ kind, end }) => kind === 'register' && end + lingerMs > last.begin),
  );
  if (registersSince) return violations;
  for (const { pk, sk, body } of table.items.values())
    if (isNamed(pk + sk + body))
      violations.push({ rule: 'person', text: `${pk} / ${sk} names the erased person`, about: [pk] });
  return violations;
};
