import { afterEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../lambda/runtime/powertools.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
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
