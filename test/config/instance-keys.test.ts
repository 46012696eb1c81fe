import { expect, it } from 'vitest';
import {
  addedKeysPrefix,
  instanceKeys,
  instancesPerSecret,
  keySecrets,
  nextKeysSecret,
  withInstanceKeys,
} from '../../config/instance-keys.ts';
import { createSubscriptionKeys } from '../../lambda/customer-insights/index.ts';

const instances = ['A', 'B', 'C'].map((id) => ({ id, secretName: id === 'C' ? 'own' : 'shared' }));
const [first, second, third] = instances as [
  { id: string; secretName: string },
  { id: string; secretName: string },
  { id: string; secretName: string },
];
const keysOf = ({ id }: { readonly id: string }) => ({ primary: `${id}1`, secondary: `${id}2` });

it('of an instance with a secret of its own are as ever, and those of a shared one have its id', () => {
  expect(keySecrets(instances, keysOf)).toEqual({
    shared: { 'a.primary': 'A1', 'a.secondary': 'A2', 'b.primary': 'B1', 'b.secondary': 'B2' },
    own: { primary: 'C1', secondary: 'C2' },
  });
});

it('of each instance are read from either form, whatever the case of its id', async () => {
  const stored = keySecrets(instances, keysOf);
  const keys = createSubscriptionKeys({
    secrets: { read: async (name) => stored[name] ?? {} },
    secretName: (id) => instances.find((one) => one.id === id.toUpperCase())?.secretName ?? '',
  });
  expect(await Promise.all(['a', 'B', 'c'].map((id) => keys.of(id)))).toEqual([
    ['A1', 'A2'],
    ['B1', 'B2'],
    ['C1', 'C2'],
  ]);
});

it('that are stored leave those of the other instances, and what the secret held when it was not shared', () => {
  const alone = withInstanceKeys([first], first, keysOf(first));
  expect(alone).toEqual({ primary: 'A1', secondary: 'A2' });
  const both = withInstanceKeys(instances, second, keysOf(second), alone);
  expect([instanceKeys(both, first.id), instanceKeys(both, second.id)]).toEqual([
    keysOf(first),
    keysOf(second),
  ]);
  const rotated = withInstanceKeys(instances, second, { primary: 'B3', secondary: 'B2' }, both);
  expect([instanceKeys(rotated, first.id), instanceKeys(rotated, second.id)]).toEqual([
    keysOf(first),
    { primary: 'B3', secondary: 'B2' },
  ]);
});

it('that are missing are missing, not those of another instance', async () => {
  const stored = withInstanceKeys(instances, first, keysOf(first));
  expect(instanceKeys(stored, second.id)).toEqual({});
  expect(instanceKeys(stored, third.id)).toEqual({});
  const keys = createSubscriptionKeys({ secrets: { read: async () => stored }, secretName: () => 'shared' });
  await expect(keys.of(second.id)).rejects.toMatchObject({ code: 'SecretUnreadable' });
});

it('of added instances go to the first secret with room, which has what 250 of them need', () => {
  const prefix = addedKeysPrefix({});
  expect(prefix).toBe('InsightsConnector/instance-keys-');
  expect(addedKeysPrefix({ deployment: { name: 'staging' } })).toBe('staging/instance-keys-');
  const added: { id: string; secretName: string }[] = [...instances];
  for (let index = 0; index < 2 * instancesPerSecret + 1; index += 1)
    added.push({
      id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      secretName: nextKeysSecret(prefix, added),
    });
  const secrets = keySecrets(added, () => ({ primary: 'p'.repeat(40), secondary: 's'.repeat(40) }));
  expect(Object.keys(secrets)).toEqual(['shared', 'own', `${prefix}0001`, `${prefix}0002`, `${prefix}0003`]);
  // Secrets Manager takes 65,536 bytes.
  expect(JSON.stringify(secrets[`${prefix}0001`]).length).toBeLessThan(65_536);
  // The only one of its secret has its id too: others will come.
  expect(Object.keys(secrets[`${prefix}0003`] ?? {})).toEqual([
    '00000000-0000-4000-8000-000000000500.primary',
    '00000000-0000-4000-8000-000000000500.secondary',
  ]);
});
