/**
 * The segments as people see them: with the count of the last success, also while a later evaluation runs or
 * after it failed.
 */
import type { RunStatus } from '../../connector/contract/display-names.ts';
import { type CustomerInsightsClient, isAnyOf, type SegmentMetadata } from '../customer-insights/index.ts';
import { ownershipIn } from '../customer-insights/ownership.ts';
import type { Decimal } from '../runtime/decimal.ts';
import type { Ownership } from '../triggers/observation.ts';
import { runStatusOf } from './upstream-status.ts';

/** A value at an instant, RFC 3339. */
export interface DatedValue {
  readonly value: Decimal;
  /** Undefined where the source does not say. */
  readonly at: string | undefined;
}

export interface SegmentState {
  readonly name: string;
  readonly displayName: string;
  /** Members at the last successful evaluation; undefined before the first. */
  readonly count: DatedValue | undefined;
  readonly status: RunStatus;
  readonly isActive: boolean;
  /** When the evaluation that `status` is of ended, RFC 3339. */
  readonly evaluatedAt: string | undefined;
  readonly error: string | undefined;
  readonly ownership: Ownership;
}

/** Days looked back for the last success of a segment whose latest evaluation was none. */
const historyDays = 30;

const isSuccess = (status: string | undefined): boolean => isAnyOf(status, 'CompletedSuccess');

const lastCount = ({
  evaluationStatus,
  evaluationStatusHistory = [],
}: SegmentMetadata): DatedValue | undefined => {
  const newestFirst = [...evaluationStatusHistory].sort(
    (a, b) => Date.parse(b.evaluationDate ?? '') - Date.parse(a.evaluationDate ?? ''),
  );
  const success = [...(evaluationStatus ? [evaluationStatus] : []), ...newestFirst].find(
    ({ jobStatus, entityCount }) => isSuccess(jobStatus) && entityCount !== undefined,
  );
  return success?.entityCount === undefined
    ? undefined
    : { value: success.entityCount, at: success.evaluationDate };
};

/** Whether the answer without history lacks the count although there is one. */
const needsHistory = ({ evaluationStatus }: SegmentMetadata): boolean =>
  evaluationStatus?.lastSuccessfulRunId !== undefined && !isSuccess(evaluationStatus.jobStatus);

export const readSegments = async (
  client: CustomerInsightsClient,
  instanceId: string,
): Promise<readonly SegmentState[]> => {
  const latest = await client.listSegments(instanceId);
  const segments = latest.some(needsHistory)
    ? await client.listSegments(instanceId, { historyDays })
    : latest;
  return segments.flatMap((segment) => {
    const { name, friendlyName, state, evaluationStatus, errorDescription } = segment;
    if (name === undefined) return [];
    const isActive = !isAnyOf(state, 'inactive');
    const status = isActive ? runStatusOf(evaluationStatus?.jobStatus) : 'skipped';
    const isPending = status === 'running' || status === 'queued';
    return [
      {
        name,
        displayName: friendlyName ?? name,
        count: lastCount(segment),
        status,
        isActive,
        evaluatedAt: isPending ? undefined : evaluationStatus?.evaluationDate,
        error: evaluationStatus?.error?.value ?? errorDescription,
        ownership: ownershipIn(segment),
      },
    ];
  });
};
