import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/**
 * Modules are loaded once per worker and not once per file: loading was a third of the time. No test changes a global for good.
 * A project takes nothing from the options around it.
 */
const shared = { testTimeout: 60_000, hookTimeout: 120_000, isolate: false };

/** Where the end-to-end suite leaves which permissions it needed, for the tests that run after it. */
const usedGrants = join(tmpdir(), `insights-connector-grants-${process.pid}`);

/** Long proofs, not part of `npm test`: `npm run test:thorough`, and CI. */
const thorough = [
  'test/simulation/**/*.test.ts',
  'test/docs/commands.test.ts',
  // `npm run test:releases`: 0.1.0 and this release over each other.
  'test/releases/**/*.test.ts',
  'test/local/memory/growth.test.ts',
  'test/expressions/routes.test.ts',
  'test/lambda/proxy/hostile.test.ts',
  'test/lambda/limiter/dynamodb-store.test.ts',
  'test/lambda/limiter/simulation.test.ts',
  'test/lambda/subscriptions/races.test.ts',
  'test/lambda/watch/fan-out-whole.test.ts',
];

/** They measure CPU time, which the counting of lines changes: `npm run coverage` leaves them out. */
const runTimes = ['test/expressions/**/*.test.ts'];

export default defineConfig(({ mode }) => ({
  test: {
    // Two workers: the suites start local servers and engine processes, and the reference machine has two cores.
    maxWorkers: 2,
    coverage: {
      provider: 'v8',
      // What is shipped. Bundled functions and workers run in threads of their own, and are not counted.
      include: [
        'bin/**/*.ts',
        'config/**/*.ts',
        'connector/**/*.ts',
        'lambda/**/*.ts',
        'lib/**/*.ts',
        'local/**/*.ts',
      ],
      reporter: ['json-summary', 'html'],
      reportOnFailure: true,
    },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/e2e/**',
            'test/browser/**',
            'test/package/**',
            'test/paconn/**',
            'test/deploy/**',
            'test/least-privilege/**',
            ...runTimes,
            ...thorough,
          ],
        },
      },
      { test: { ...shared, name: 'run times', include: runTimes } },
      // Packs and installs: `npm run test:package`, and CI.
      {
        test: {
          ...shared,
          name: 'package',
          // Each file packs the project, and both would write the same folder of compiled files.
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          include: ['test/package/**/*.test.ts'],
        },
      },
      // The real paconn, which Python installs: `npm run test:paconn`, and CI where there is Python.
      {
        test: {
          ...shared,
          name: 'paconn',
          testTimeout: 120_000,
          hookTimeout: 240_000,
          include: ['test/paconn/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'thorough',
          include: thorough,
          // `npm run hostile`, in every shell.
          env: mode === 'hostile' ? { HOSTILE_REQUESTS: '100000' } : {},
        },
      },
      // The real cdk against an emulated account, which Python runs: `npm run test:deploy`, and CI where there is Python.
      {
        test: {
          ...shared,
          name: 'deploy',
          testTimeout: 400_000,
          hookTimeout: 300_000,
          include: ['test/deploy/**/*.test.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'end to end',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/setup/synthesise.ts'],
          provide: { usedGrants },
        },
      },
      // What no test of the end-to-end suite needed: after that suite, and of no use without it.
      {
        test: {
          ...shared,
          name: 'least privilege',
          include: ['test/least-privilege/**/*.test.ts'],
          globalSetup: ['test/setup/synthesise.ts'],
          provide: { keptGrants: usedGrants },
          sequence: { groupOrder: 1 },
        },
      },
      // Needs the Chromium of the system: `npm run test:browser`, and CI.
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          exclude: ['test/browser/speed.test.ts'],
          globalSetup: ['test/setup/synthesise.ts'],
          // One browser at a time: two would measure each other.
          fileParallelism: false,
        },
      },
      // Prints how fast the console is: `npm run bench:console`.
      {
        test: {
          ...shared,
          name: 'console speed',
          include: ['test/browser/speed.test.ts'],
          globalSetup: ['test/setup/synthesise.ts'],
        },
      },
    ],
  },
}));
