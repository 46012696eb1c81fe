import { afterEach, describe, expect, it, vi } from 'vitest';
import { embeddedMetrics, logger } from '../../../lambda/runtime/powertools.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
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

describe('a line of the log', () => {
  const root = '1-67891233-abcdef012345678912345678';

  it.each([
    ['a recorded trace', '1', { xray_trace_id: root }],
    ['none', '0', {}],
  ])('of an invocation with %s', (_, sampled, more) => {
    vi.stubEnv('_X_AMZN_TRACE_ID', `Root=${root};Parent=53995c3f42cd8ad8;Sampled=${sampled}`);
    const log = logger('deliver');
    const write = vi.spyOn((log as unknown as { console: Console }).console, 'warn');
    write.mockImplementation(() => undefined);
    log.warn('something', { detail: 1, error: new TypeError('wrong') });
    expect(JSON.parse(String(write.mock.calls[0]?.[0]))).toEqual({
      level: 'WARN',
      message: 'something',
      timestamp: expect.stringMatching(/Z$/),
      service: 'deliver',
      sampling_rate: 0,
      detail: 1,
      error: expect.objectContaining({ name: 'TypeError', message: 'wrong' }),
      ...more,
    });
  });
});
