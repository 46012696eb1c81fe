import { ConnectorError } from '../runtime/errors.ts';
import type { CountName } from '../runtime/metrics.ts';

export type FailureMetric = Extract<CountName, `${string}Failures` | 'SourceRefusals'>;

/**
 * The metric that counts a failure which no caller and no maker can mend; undefined for any other, and for an
 * error that has a metric of its own.
 */
export const failureMetric = (error: unknown): FailureMetric | undefined => {
  if (!(error instanceof ConnectorError)) return undefined;
  if (error.code === 'LimitUnavailable') return 'LimiterFailures';
  // A person without a role, or whose sign-in ran out, gets the same origin with a status below 500.
  if (error.status < 500) return undefined;
  switch (error.kind.origin) {
    case 'credentials':
      return 'CredentialFailures';
    case 'source':
      return 'SourceRefusals';
    case 'store':
      return 'StoreFailures';
    default:
      return undefined;
  }
};
