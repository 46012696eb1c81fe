/** The audit records of what operators do; lambda/store/audit-records.ts has those of everybody. */
import { iso } from '../runtime/time.ts';
import type { AuditAction, AuditStore, Person } from '../store/audit-records.ts';
import type { Subscription } from '../store/subscriptions.ts';

export interface OperatorAuditPorts {
  readonly audit: AuditStore;
  /** Who does it: `owner`, or `operator` with an identity. */
  readonly operator: () => Promise<string>;
  readonly now: () => number;
}

/** Records that an operator does something to one subscription, or to everything of a person. */
export const auditOperator = async (
  { audit, operator, now }: OperatorAuditPorts,
  action: AuditAction,
  concerned: Pick<Subscription, 'subscriptionId' | 'principal'> | Person,
  detail: string,
): Promise<void> => {
  const isPerson = 'objectId' in concerned;
  const { tenantId, objectId } = isPerson ? concerned : concerned.principal;
  const subscriptionId = isPerson ? null : concerned.subscriptionId;
  await audit.add(
    {
      at: iso(now()),
      action,
      by: await operator(),
      person: { tenantId, objectId },
      subscriptionId,
      detail,
    },
    detail,
  );
};
