import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, vi } from 'vitest';
import { writeOutputs } from '../../local/operator.ts';
import { useTestSystem } from './test-system.ts';

/**
 * Starts the whole system for the tests of a file, and tells the commands of an operator where it is.
 * @returns a folder for files of the tests, which is removed after them
 */
export const useOperatedSystem = (started: Parameters<typeof useTestSystem>[0]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'operated-'));
  useTestSystem(async (system, first) => {
    await started(system, first);
    const file = join(folder, 'outputs.json');
    writeOutputs(system, file);
    vi.stubEnv('INSIGHTS_CONNECTOR_OUTPUTS', file);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    vi.unstubAllEnvs();
  });
  return folder;
};
