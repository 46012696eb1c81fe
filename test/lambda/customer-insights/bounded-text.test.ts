import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedName, boundedText } from '../../../lambda/customer-insights/bounded-text.ts';
import type { CustomerInsightsClient } from '../../../lambda/customer-insights/index.ts';
import { observe } from '../../../lambda/customer-insights/observe.ts';

/*
 * Invariants:
 *  - no text that is read has more than a known number of bytes, whatever the source sends;
 *  - what is short stays as it is; what is cut says so;
 *  - names that differ stay different, and the same name is cut the same way;
 *  - no text has a character that SQS refuses.
 */

const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const hostile = fc
  .tuple(fc.constantFrom('x', 'ü', '語', '😀', '\u0001', '\uffff', '\ud800'), fc.nat(20_000))
  .map(([character, length]) => character.repeat(length));

describe('a text of the source', () => {
  it('has at most 25 KB as JSON, and a name 2 KB', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        expect(bytes(boundedText(text))).toBeLessThan(25_000);
        expect(bytes(boundedName(text))).toBeLessThan(2_000);
        expect(`${boundedText(text)}${boundedName(text)}`).not.toMatch(/[\ufffe\uffff]/);
      }),
    );
  });

  it('says that it was cut, and stays as it is when it is short', () => {
    expect(boundedText('No access.')).toBe('No access.');
    expect(boundedText('x'.repeat(300_000))).toMatch(/^x{4000}… \(cut; the text has 300000 characters\)$/);
    // Not through the middle of a pair.
    expect(boundedText('😀'.repeat(3_000))).toContain('😀… (cut');
    expect(boundedText(`x${'😀'.repeat(3_000)}`)).toMatch(/😀… \(cut/u);
  });

  it('that is a name stays different from others', () => {
    const long = 'n'.repeat(1_000);
    expect(boundedName(`${long}a`)).not.toBe(boundedName(`${long}b`));
    expect(boundedName(`${long}a`)).toBe(boundedName(`${long}a`));
    expect(boundedName('n'.repeat(200))).toBe('n'.repeat(200));
  });
});

describe('what detection reads', () => {
  it('is bounded for every field of jobs, data sources and nodes', async () => {
    const huge = 'h'.repeat(420_000);
    const client: Partial<CustomerInsightsClient> = {
      listJobs: async () => [
        {
          jobId: huge,
          operationType: huge,
          jobSubmissionKind: huge,
          jobStatus: huge,
          tasks: [
            {
              taskId: huge,
              operationType: huge,
              taskStatus: huge,
              friendlyName: huge,
              ciError: { errorCode: huge, message: huge },
            },
          ],
        },
      ],
      listDataSources: async () => [
        { dataSourceMetadata: { dataSourceId: huge, name: huge, friendlyName: huge } },
      ],
      listSegments: async () => [{ name: huge }, { name: 'Short', friendlyName: huge }],
      listMeasures: async () => [
        { name: huge },
        { name: 'Short', displayName: huge, latestEvaluation: { lastSuccessfulRunId: huge } },
      ],
      getWorkflowStatus: async () => [
        { identifier: huge, operationType: huge, friendlyName: huge, taskStatus: huge, jobIds: [huge] },
      ],
    };
    const source = observe(client as CustomerInsightsClient);
    expect(bytes(await source.jobs('i'))).toBeLessThan(8_000);
    expect(bytes(await source.dataSources('i'))).toBeLessThan(1_000);
    expect(bytes(await source.nodes('i'))).toBeLessThan(2_000);
    // A name that no flow can choose is left out.
    expect((await source.segments('i', 0)).map(({ name }) => name)).toEqual(['Short']);
    expect((await source.measures('i')).map(({ name }) => name)).toEqual(['Short']);
    expect(bytes([await source.segments('i', 0), await source.measures('i')])).toBeLessThan(2_000);
  });
});
