import { describe, expect, it } from 'vitest';
import { checkConnector } from '../../../connector/check/check-connector.ts';
import { readInputs } from '../../../connector/check/read.ts';

/** A folder of published connectors; they are data of others and no part of this project. */
const folder = process.env.CONNECTOR_CORPUS;
if (folder === undefined)
  console.log('Skipped: no published connectors here. Name a folder of them in CONNECTOR_CORPUS.');

describe.skipIf(folder === undefined)('published connectors', () => {
  it('are checked without a crash, with the same output each time, and without errors but for JSON', () => {
    for (const input of readInputs(folder ?? '')) {
      if (input.kind === 'zip') continue;
      const findings = checkConnector(input.files);
      expect(checkConnector(input.files)).toEqual(findings);
      expect(
        findings.filter(({ severity, rule }) => severity === 'error' && rule !== 'JsonNotValid'),
      ).toEqual([]);
    }
  });
});
