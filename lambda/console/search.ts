/** The search over subscriptions. */

import type { OperationById } from '../../connector/contract/index.ts';
import type { RequestOf, ResponseOf } from '../../connector/contract/operation.ts';
import type { CallContext, ImplementationResult } from '../http/implementations.ts';
import { exactNumber } from '../runtime/json.ts';
import type { PauseStore } from '../store/agenda.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { details, type OwnerPorts } from '../subscriptions/owner-operations.ts';
import { isOwner } from '../subscriptions/ownership.ts';
import { subscriptionPage } from '../subscriptions/subscription-pages.ts';

const rearmLevelOf = ({ conditions }: Subscription) =>
  conditions === undefined || conditions.rearmLevel === null ? null : exactNumber(conditions.rearmLevel);

type Search = OperationById<'ConsoleSearchSubscriptions'>;

export interface SearchPorts extends OwnerPorts {
  readonly pauses: Pick<PauseStore, 'all'>;
}

/** A page of what the caller may see. */
export const searchSubscriptions =
  (ports: SearchPorts) =>
  async (
    { query }: Pick<RequestOf<Search>, 'query'>,
    context: CallContext,
  ): Promise<ImplementationResult<ResponseOf<Search>>> => {
    const { rows, next } = await subscriptionPage(ports, query, context);
    const value = await Promise.all(
      rows.map(async (subscription) => {
        const [last] = await ports.deliveries.newest(subscription.subscriptionId, 1);
        return {
          ...details(ports, subscription, last, undefined),
          rearmLevel: rearmLevelOf(subscription),
          ownerId: subscription.principal.objectId,
          isOwn: isOwner(subscription, context),
        };
      }),
    );
    return { body: { value, next } };
  };
