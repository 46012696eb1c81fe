import { defineConfig } from 'vitest/config';

/**
 * Modules are loaded once per worker and not once per file: loading was a third of the time. No test changes a global for good.
 * A project takes nothing from the options around it.
 */
const shared = { testTimeout: 60_000, hookTimeout: 120_000, isolate: false };

/** Long proofs, not part of `npm test`: `npm run test:thorough`, and CI. */
const thorough = [
  'test/simulation/**/*.test.ts',
  'test/lambda/proxy/hostile.test.ts',
  'test/lambda/limiter/dynamodb-store.test.ts',
  'test/lambda/limiter/simulation.test.ts',
  'test/lambda/subscriptions/races.test.ts',
  'test/lambda/watch/fan-out-whole.test.ts',
];

export default defineConfig({
  test: {
    // Two workers: the suites start local servers and engine processes, and the reference machine has two cores.
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...thorough],
        },
      },
      { test: { ...shared, name: 'thorough', include: thorough } },
      {
        test: {
          ...shared,
          name: 'end to end',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/setup/synthesise.ts'],
        },
      },
    ],
  },
});
