import { defineConfig } from 'vitest/config';

const shared = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    // Two workers: the suites start local servers and engine processes, and the reference machine has two cores.
    maxWorkers: 2,
    // Modules are loaded once per worker and not once per file: loading was a third of the time. No test changes a global for good.
    isolate: false,
    projects: [
      {
        test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/e2e/**'] },
      },
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
