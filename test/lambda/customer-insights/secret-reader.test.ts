import { beforeEach, describe, expect, it } from 'vitest';
import {
  clientSecretFrom,
  createSecrets,
  type Secrets,
  secretCooldownMs,
  secretFreshMs,
  secretUsableMs,
} from '../../../lambda/customer-insights/secret-reader.ts';
import { createSubscriptionKeys } from '../../../lambda/customer-insights/subscription-keys.ts';

let stored: string | undefined;
let reads: number;
let time: number;
let secrets: Secrets;

beforeEach(() => {
  stored = '{"primary":"p1","secondary":"s1"}';
  reads = 0;
  time = 0;
  const client = async () => {
    reads += 1;
    if (stored === undefined) throw new Error('Secrets Manager is away');
    return { SecretString: stored };
  };
  secrets = createSecrets({ client, now: () => time });
});

describe('a secret', () => {
  it('is read once for callers at the same time and while it is fresh', async () => {
    await Promise.all([secrets.read('name'), secrets.read('name')]);
    time += secretFreshMs - 1;
    await secrets.read('name');
    expect(reads).toBe(1);
    time += 1;
    stored = '{"primary":"p2"}';
    expect(await secrets.read('name')).toEqual({ primary: 'p2' });
  });

  it('asked for past the cache is read again, but not more than once in the cooldown', async () => {
    await secrets.read('name');
    stored = '{"primary":"p2"}';
    expect(await secrets.read('name', { fresh: true })).toEqual({ primary: 'p1', secondary: 's1' });
    time += secretCooldownMs;
    expect(await secrets.read('name', { fresh: true })).toEqual({ primary: 'p2' });
    expect(reads).toBe(2);
  });

  it('is used on while Secrets Manager is away, for an hour', async () => {
    await secrets.read('name');
    stored = undefined;
    time = secretUsableMs - 1;
    expect(await secrets.read('name')).toHaveProperty('primary', 'p1');
    time += 1;
    await expect(secrets.read('name')).rejects.toMatchObject({ code: 'SecretUnreadable', status: 503 });
  });

  it.each(['not json: p-secret', '"p-secret"', 'null', ''])(
    'of the form %j is refused without repeating it',
    async (text) => {
      stored = text;
      const error: unknown = await secrets.read('instances/contoso').catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'SecretUnreadable' });
      expect(String(error)).toContain('instances/contoso');
      expect(`${String(error)} ${String((error as Error).cause)}`).not.toContain('p-secret');
    },
  );
});

describe('subscription keys', () => {
  const keys = () => createSubscriptionKeys({ secrets, secretName: (id) => `instances/${id}` });

  it('begin with the one accepted last', async () => {
    const subscriptionKeys = keys();
    expect(await subscriptionKeys.of('a')).toEqual(['p1', 's1']);
    subscriptionKeys.accepted('a', 's1');
    expect(await subscriptionKeys.of('a')).toEqual(['s1', 'p1']);
    expect(await subscriptionKeys.of('b')).toEqual(['p1', 's1']);
  });

  it('survive a rotation: the accepted one is gone, the new ones are used', async () => {
    const subscriptionKeys = keys();
    await subscriptionKeys.of('a');
    subscriptionKeys.accepted('a', 's1');
    stored = '{"primary":"p2","secondary":""}';
    time += secretCooldownMs;
    expect(await subscriptionKeys.reread('a')).toEqual(['p2']);
    expect(await subscriptionKeys.of('a')).toEqual(['p2']);
  });

  it('that are not there are told with the form of the secret', async () => {
    stored = '{"key":"x"}';
    await expect(keys().of('a')).rejects.toThrow(/instances\/a contains no subscription key.*secrets put/);
  });
});

it('the client secret is read fresh when asked', async () => {
  stored = '{"clientSecret":"c1"}';
  const read = clientSecretFrom(secrets, 'api');
  expect(await read({ fresh: false })).toBe('c1');
  stored = '{"clientSecret":"c2"}';
  time += secretCooldownMs;
  expect(await read({ fresh: true })).toBe('c2');
});
