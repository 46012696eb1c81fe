import { describe, expect, it } from 'vitest';
import { secretLike } from '../../config/secret-shape.ts';

/** Numbers from 0 to below 1, the same in every run (mulberry32). */
const numbers = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digits = '0123456789';
const letters = lower + lower.toUpperCase();
const random = numbers(1);
const text = (alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
const bytes = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));

/** Put together here, so that no tool takes this file for a leak. */
const entra = (length: number) =>
  `${text(letters, 3)}${text(digits, 1)}Q${'~'}${text(`${letters}${digits}._-`, length)}`;

const samples = 2_000;

describe('a secret is known by its form', () => {
  it.each([
    // [form, how many of a hundred are found at least, what makes one]
    ['a client secret of Entra', 100, () => entra(34)],
    ['a shorter client secret of Entra', 100, () => entra(31)],
    ['a client secret of Entra, cut off', 100, () => entra(10)],
    ['a client secret of Entra behind a prefix', 100, () => `insights-connector/${entra(34)}`],
    ['a subscription key', 100, () => bytes(16).toString('hex')],
    ['a subscription key in capitals', 100, () => bytes(16).toString('hex').toUpperCase()],
    ['a subscription key behind a prefix', 100, () => `primary=${bytes(16).toString('hex')}`],
    ['a hash of 64 digits', 100, () => bytes(32).toString('hex')],
    ['an older client secret of 44 characters', 98, () => bytes(32).toString('base64')],
    ['an older client secret of 32 characters', 97, () => text(`${letters}${digits}._-+/=@`, 32)],
    ['32 random letters and digits', 96, () => text(letters + digits, 32)],
    ['40 random letters and digits', 97, () => text(letters + digits, 40)],
    ['a secret access key of AWS', 98, () => text(`${letters}${digits}+/`, 40)],
    ['an access key id of AWS', 100, () => `AKIA${text(`${lower.toUpperCase()}234567`, 16)}`],
    ['40 small letters and digits', 98, () => text(lower + digits, 40)],
    [
      'a token',
      100,
      () =>
        `eyJ${bytes(30).toString('base64url')}.${bytes(60).toString('base64url')}.${bytes(32).toString('base64url')}`,
    ],
    [
      'a connection string',
      100,
      () =>
        `Endpoint=sb://contoso.example/;SharedAccessKeyName=Root;SharedAccessKey=${bytes(32).toString('base64')}`,
    ],
    [
      'a connection string of a storage account',
      100,
      () => `DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=${bytes(64).toString('base64')}`,
    ],
    [
      'a connection string of a database',
      100,
      () => 'Server=tcp:contoso.example;User ID=me;Password=hunter2',
    ],
    ['a private key', 100, () => '-----BEGIN RSA PRIVATE KEY-----'],
  ])('%s, %i of 100', (_, least, make) => {
    const found = Array.from({ length: samples }, make).filter((secret) => secretLike(secret) !== undefined);
    expect((100 * found.length) / samples).toBeGreaterThanOrEqual(least);
  });

  it('and named', () => {
    expect(secretLike(entra(34))).toBe('a client secret of Microsoft Entra');
    expect(secretLike(bytes(16).toString('hex'))).toBe('a key of 32 hexadecimal digits');
    expect(secretLike(text(`${letters}${digits}`, 60))).toBe('a generated key');
  });
});

describe('a sound name passes', () => {
  it.each([
    'customer-insights/prod/api',
    'insights-connector/api',
    'insights-connector/instances/contoso-retail',
    'insights-connector/instances/33333333-3333-4333-8333-333333333333',
    // A GUID is the id of an instance, or of a secret in Entra, and opens nothing.
    '5c1fbb0e-4a5b-4d0a-9f57-2f6f3b7a1c01',
    'ContosoRetail/CustomerInsights/Primary',
    'CustomerInsightsProductionSubscriptionKeys',
    'CUSTOMER_INSIGHTS_API_CLIENT_SECRET',
    'prod.eu-west-1.customer-insights.api.v2',
    'eu-west-1/p1/ci/api/2024/q3',
    'PROD/EU1/CI/API/K1/2024-01',
    'InsightsConnectorApiSecretA1B2C3D4',
    'InsightsConnectorApiSecret9F86D081-1A2B3C4D5E6F',
    'InsightsConnector-ApiSecretF00DBABE-x7Yz9Q',
    'team@contoso.com/customer-insights',
    'customerinsights2024prod',
    'a',
    '1',
    'api=primary',
    'kundeneinblicke_abnahme_rechenzentrum_frankfurt_abonnementschluessel',
    'CiApiProdEuWest1',
    'cost-center-123456789012/insights',
    '123456789012/insights/20240101T000000Z',
  ])('%s', (name) => {
    expect(secretLike(name)).toBeUndefined();
  });

  it('put together from any words, in any style', () => {
    const words = [
      'customer',
      'insights',
      'prod',
      'staging',
      'api',
      'eu',
      'west',
      'keys',
      'retail',
      'v2',
      '2024',
      'contoso',
      'test1',
    ];
    const capital = (word: string) => word[0]?.toUpperCase() + word.slice(1);
    const styles: readonly ((parts: readonly string[]) => string)[] = [
      (parts) => parts.join('-'),
      (parts) => parts.join('/'),
      (parts) => parts.join('_').toUpperCase(),
      (parts) => parts.map(capital).join('/'),
    ];
    const refused = Array.from({ length: samples }, () => {
      const parts = Array.from(
        { length: 2 + Math.floor(random() * 5) },
        () => words[Math.floor(random() * words.length)] ?? '',
      );
      return styles[Math.floor(random() * styles.length)]?.(parts) ?? '';
    }).filter((name) => secretLike(name) !== undefined);
    expect(refused).toEqual([]);
  });
});
