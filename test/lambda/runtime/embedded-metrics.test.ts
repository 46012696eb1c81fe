import { afterEach, describe, expect, it, vi } from 'vitest';
import { embeddedMetrics } from '../../../lambda/runtime/embedded-metrics.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** The dimensions, with their values, of the one line of metrics that counting writes. */
const dimensionsOf = (settings: Parameters<typeof embeddedMetrics>[1]) => {
  const lines: string[] = [];
  // The library writes through a console of its own.
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const metrics = embeddedMetrics('deliver', settings);
  metrics.count('DeliveriesDelivered', 2);
  metrics.publish();
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] ?? '') as Record<string, unknown> & {
    _aws: { CloudWatchMetrics: readonly { Namespace: string; Dimensions: readonly (readonly string[])[] }[] };
  };
  expect(line.DeliveriesDelivered).toBe(2);
  expect(line._aws.CloudWatchMetrics.map(({ Namespace }) => Namespace)).toEqual(['InsightsConnector']);
  return line._aws.CloudWatchMetrics.flatMap(({ Dimensions }) =>
    Dimensions.map((names) => Object.fromEntries(names.map((name) => [name, line[name]]))),
  );
};

describe('the dimensions of a metric', () => {
  it('are the function alone in a deployment without a name', () => {
    expect(dimensionsOf({})).toEqual([{ service: 'deliver' }]);
  });

  it('are the function and the deployment in one with a name', () => {
    expect(dimensionsOf({ deployment: { name: 'staging' } })).toEqual([
      { service: 'deliver', deployment: 'staging' },
    ]);
  });
});
