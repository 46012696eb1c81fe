import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import { environment, readSettings } from '../../../lambda/runtime/settings.ts';

const directory = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('the settings of a deployment', () => {
  it('are read from beside the bundle', () => {
    const file = join(directory, 'settings.json');
    writeFileSync(file, JSON.stringify(exampleConfiguration));
    expect(readSettings(pathToFileURL(file))).toEqual(exampleConfiguration);
  });

  it('that are not there are told with the file and what to do', () => {
    const file = pathToFileURL(join(directory, 'absent.json'));
    expect(() => readSettings(file)).toThrow(expect.objectContaining({ code: 'SettingsInvalid' }));
    expect(() => readSettings(file)).toThrow(/absent\.json cannot be read.*npm run build/);
  });

  it.each([{}, { STATE_TABLE: '' }])(
    'an environment %j without the variable is told by its name',
    (variables) => {
      expect(() => environment('STATE_TABLE', variables)).toThrow(/STATE_TABLE is not set/);
      expect(environment('STATE_TABLE', { STATE_TABLE: 'table' })).toBe('table');
    },
  );
});
