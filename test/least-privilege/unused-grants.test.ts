/**
 * What the policies of identities and of resources allow, and no test of the end-to-end suite needed. It is empty, or
 * explained where the right is given (`unusedHere` in lambda/functions.ts; lib/callback-key.ts, lib/monitoring.ts). `npm test` runs it after that suite; alone it has nothing to look at, and fails.
 */
import { describe, expect, inject, it } from 'vitest';
import { functionNames } from '../../lambda/functions.ts';
import { constructId } from '../../lib/construct-id.ts';
import { explainedGrants, isExplainedBy, neverUsed, readRecords } from './used-grants.ts';

const records = readRecords(inject('keptGrants'));

it('there are records of a whole suite', () => {
  expect(
    records.length,
    'The end-to-end suite has to run before, in the same command: npm test',
  ).toBeGreaterThan(10);
  const grants = records.flatMap((record) => record.grants);
  for (const name of functionNames)
    expect(grants.filter((grant) => grant.startsWith(`${constructId(name)}Role`)).length).toBeGreaterThan(2);
  expect(grants.filter((grant) => grant.startsWith('OperatorPolicy')).length).toBeGreaterThan(2);
  expect(grants.filter((grant) => /^HeartbeatRole\w*: lambda:/.test(grant)).length).toBe(records.length);
});

describe('a grant', () => {
  it('is used, or explained', () => {
    const unexplained = neverUsed(records).filter(
      (grant) => !explainedGrants.some((explained) => isExplainedBy(grant, explained)),
    );
    expect(
      unexplained,
      'Remove the grant, test what needs it, or say why it is allowed (unusedHere)',
    ).toEqual([]);
  });

  it('is not explained where it is used', () => {
    const unused = neverUsed(records);
    const stale = explainedGrants.filter(
      (explained) => !unused.some((grant) => isExplainedBy(grant, explained)),
    );
    expect(stale, 'Remove the explanation').toEqual([]);
  });
});
