import { Metrics } from '@aws-lambda-powertools/metrics';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { metricNames } from '../../../lambda/functions.ts';
import { embeddedMetrics, metricsNamespace } from '../../../lambda/runtime/metrics.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.UTC(2026, 2, 1), toFake: ['Date'] }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** What `write` puts into the log, line by line. */
const linesOf = (write: () => void): readonly unknown[] => {
  let text = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((part) => {
    text += String(part);
    return true;
  });
  write();
  stdout.mockRestore();
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
};

describe('the metrics of an invocation', () => {
  it.each([
    ['without a name', {}, {}],
    ['with a name', { deployment: { name: 'staging' } }, { deployment: 'staging' }],
  ])('are the line that Powertools writes, in a deployment %s', (_, settings, defaultDimensions) => {
    const ours = embeddedMetrics('deliver', settings);
    const theirs = new Metrics({ namespace: metricsNamespace, serviceName: 'deliver', defaultDimensions });

    const lines = linesOf(() => {
      ours.count('DeliveriesDelivered', 2);
      ours.count('DeliveriesRetried');
      ours.count('DeliveriesDelivered');
      ours.measure('ClientSecretDaysLeft', 3.5);
      ours.measure('WatchLag', 7);
      ours.measure('WatchLag', 5);
      ours.publish();
    });

    expect(lines).toHaveLength(1);
    expect(lines).toEqual(
      linesOf(() => {
        theirs.addMetric('DeliveriesDelivered', 'Count', 3);
        theirs.addMetric('DeliveriesRetried', 'Count', 1);
        theirs.addMetric('ClientSecretDaysLeft', 'None', 3.5);
        theirs.addMetric('WatchLag', 'Seconds', 7);
        theirs.publishStoredMetrics();
      }),
    );
  });

  it('are written once, and nothing when nothing was counted', () => {
    const { count, publish } = embeddedMetrics('deliver', {});
    count('DeliveriesDelivered');
    expect(linesOf(publish)).toHaveLength(1);
    expect(linesOf(publish)).toEqual([]);
  });

  it('fit into one line, of which CloudWatch reads 100', () => {
    expect(metricNames.length).toBeLessThanOrEqual(100);
  });
});
