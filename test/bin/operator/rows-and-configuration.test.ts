import { describe, expect, it } from 'vitest';
import { instancesServed } from '../../../bin/operator/change-instances.ts';
import { rowsOutcome } from '../../../bin/operator/doctor/rows-and-configuration.ts';
import { checkConfiguration } from '../../../config/check.ts';
import { exampleConfiguration } from '../../../config/example.ts';
import { type InstanceRow, instanceStore } from '../../../lambda/store/instances.ts';
import { memoryTable } from '../../lambda/memory-table.ts';

const instance = (digit: string) => ({
  id: `${digit.repeat(8)}-4444-4444-8444-444444444444`,
  name: `Instance ${digit}`,
  secretName: `keys/${digit}`,
});
const [one, two] = [instance('1'), instance('2')];

const storeOf = async (rows: readonly InstanceRow[]) => {
  let marks = 0;
  const store = instanceStore(memoryTable(), () => `mark ${++marks}`);
  if (rows.length > 0) {
    const byId = new Map(rows.map((row) => [row.id, row]));
    await store.change([...byId.keys()], (_, id) => byId.get(id));
  }
  return store;
};

const outcome = async (rows: readonly InstanceRow[], configured: readonly object[] = [one, two]) =>
  rowsOutcome(
    await (await storeOf(rows)).list(),
    checkConfiguration({ ...exampleConfiguration, instances: configured }, 'the test'),
    'InsightsConnector/instance-keys-',
  );

describe('the rows beside the configuration', () => {
  it('are sound where they are the same, also of instances that were added since', async () => {
    const added = { ...instance('3'), secretName: 'InsightsConnector/instance-keys-0001' };
    expect(await outcome([one, { ...two, id: two.id.toUpperCase() }, added])).toMatchObject({
      verdict: 'sound',
    });
    const removed = { ...instance('4'), removedAt: '2026-06-01T12:00:00Z' };
    expect(await outcome([one, two, removed])).toMatchObject({ verdict: 'sound' });
  });

  it.each([
    ['without a row', [one], 'warning', /Instance 2 .* is not served, because it is new/, 'npx cdk deploy'],
    [
      'removed',
      [one, { ...two, removedAt: '2026-06-01T12:00:00Z' }],
      'warning',
      /Instance 2 .* was removed on 2026-06-01 and is still in the configuration/,
      `instances add ${two.id} --name 'Instance 2'`,
    ],
    [
      'with another name',
      [one, { ...two, name: 'Renamed' }],
      'warning',
      /Renamed .* is called Instance 2 in the configuration/,
      'Change the name there',
    ],
    [
      'whose keys are elsewhere',
      [one, { ...two, secretName: 'keys/1' }],
      'warning',
      /Instance 2 .* has its keys in keys\/1, and not in keys\/2/,
      `Set "secretName" of ${two.id} to "keys/1"`,
    ],
    [
      'whose keys are where the functions may not read them',
      [one, { ...two, secretName: 'keys/before' }],
      'fault',
      /Instance 2 .* keys\/before, which the functions may not read/,
      `Set "secretName" of ${two.id} to "keys/before" in the configuration, and deploy`,
    ],
    [
      'that was taken out of the configuration, with its keys',
      [one, two, instance('3')],
      'fault',
      /Instance 3 .* keys\/3, which the functions may not read/,
      `instances remove ${instance('3').id} --end-subscriptions`,
    ],
  ])('name an instance %s, and what to do', async (_, rows, verdict, found, mend) => {
    const result = await outcome(rows);
    expect(result).toMatchObject({ verdict, found: expect.stringMatching(found) });
    expect(result.mend?.join('\n')).toContain(mend);
  });

  it('name a few where many differ, and how many others', async () => {
    const many = Array.from({ length: 15 }, (_, at) => ({
      ...one,
      id: `00000000-0000-4000-8000-${String(at + 1).padStart(12, '0')}`,
    }));
    const result = await outcome([one], many);
    expect(result.found).toMatch(/; 5 more differ\.$/);
    expect(result.mend).toEqual(['$ npx cdk deploy --outputs-file cdk-outputs.json']);
  });

  it('are absent in a deployment of an earlier release, which doctor and the commands say', async () => {
    expect(await outcome([])).toMatchObject({
      verdict: 'fault',
      found: expect.stringContaining('no rows of instances'),
      mend: ['$ npx cdk deploy --outputs-file cdk-outputs.json'],
    });
    await expect(instancesServed({ instances: await storeOf([]) })).rejects.toThrow(
      /no rows of instances: an earlier release .* cdk deploy/,
    );
  });
});
