/** Whether each person sees their own subscriptions at rest, all of them, and nobody else's: asked through the API. */
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import { intruder, owner } from './people.ts';
import type { Deployment, OwnerRead } from './simulated-deployment.ts';
import type { Violation } from './violation.ts';

const subscriptionsIn = (table: Deployment['table']): readonly Subscription[] =>
  [...table.items.values()].flatMap(({ sk, body }) =>
    sk === 'SUBSCRIPTION' ? [(JSON.parse(body) as { readonly record: Subscription }).record] : [],
  );

interface Listed {
  readonly value: readonly { readonly subscriptionId: string }[];
}

/** Nothing may fail any more when this is called. */
export const ownershipViolations = async ({
  http,
  table,
}: Pick<Deployment, 'http' | 'table'>): Promise<readonly Violation[]> => {
  const violations: Violation[] = [];
  const violate = (text: string, about: string) =>
    violations.push({ rule: 'ownership', text, about: [about] });
  const stored = subscriptionsIn(table);
  const ask = (operation: OwnerRead, objectId: string, path = {}) =>
    http({ operation, path, body: null, objectId }, `${objectId} asks`);
  for (const person of [owner.objectId, intruder]) {
    const ids = (own: boolean) =>
      stored
        .filter(({ principal }) => (principal.objectId === person) === own)
        .map(({ subscriptionId }) => subscriptionId as string)
        .sort();
    const list = await ask('ListSubscriptions', person);
    const listed =
      list.kind === 'returned'
        ? (list.result.body as Listed).value.map(({ subscriptionId }) => subscriptionId).sort()
        : [list.kind];
    if (listed.join() !== ids(true).join())
      violate(`${person} has ${ids(true).join() || 'none'}, and is shown ${listed.join() || 'none'}`, person);
    for (const subscriptionId of ids(false))
      for (const operation of ['ListDeliveries', 'ExplainSubscription'] as const) {
        const outcome = await ask(operation, person, { subscriptionId });
        const status =
          outcome.kind === 'threw' && outcome.error instanceof Error && 'status' in outcome.error
            ? outcome.error.status
            : outcome.kind;
        if (status !== 404)
          violate(
            `${operation} of ${subscriptionId}, which is not of ${person}, is ${status}`,
            subscriptionId,
          );
      }
  }
  return violations;
};
