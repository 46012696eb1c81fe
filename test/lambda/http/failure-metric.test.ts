import { describe, expect, it } from 'vitest';
import { failureMetric } from '../../../lambda/http/failure-metric.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';

describe('a failure is counted by who has to mend it:', () => {
  it.each([
    ['LimitUnavailable', 'LimiterFailures'],
    ['StoreUnavailable', 'StoreFailures'],
    ['ClientSecretExpired', 'CredentialFailures'],
    ['SecretUnreadable', 'CredentialFailures'],
    ['UpstreamKeyRefused', 'CredentialFailures'],
    ['UpstreamTimeout', 'SourceRefusals'],
    // These are for the caller to mend, or have a metric of their own.
    ['UpstreamForbidden', undefined],
    ['UpstreamThrottled', undefined],
    ['RateLimited', undefined],
    ['Internal', undefined],
  ] as const)('%s as %s', (code, metric) => {
    expect(failureMetric(new ConnectorError(code, 'a message'))).toBe(metric);
  });

  it('an error of another kind is not', () => {
    expect(failureMetric(new Error('a message'))).toBeUndefined();
  });
});
