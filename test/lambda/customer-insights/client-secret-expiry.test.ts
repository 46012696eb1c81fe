import { expect, it } from 'vitest';
import { clientSecretExpiry } from '../../../lambda/customer-insights/index.ts';

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
const secret = { clientSecret: 'a' };

it.each([
  ['as recorded', { ...secret, expiresAt: '2027-01-31T00:00:00.000Z' }, 31, true],
  ['past, as recorded', { ...secret, expiresAt: '2026-12-30T00:00:00.000Z' }, -1, true],
  ['a year after it was stored, without a record', secret, 334, false],
  ['the same, with a record that is no date', { ...secret, expiresAt: 'next year' }, 334, false],
])('expires %s', (_, values, daysLeft, recorded) => {
  const expiry = clientSecretExpiry(values, day('2026-11-30'), day('2026-12-31'));
  expect(expiry).toMatchObject({ daysLeft, recorded });
  expect(expiry.expiresAt).toBe(day('2026-12-31') + daysLeft * 86_400_000);
});
