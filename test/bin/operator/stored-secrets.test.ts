import { expect, it } from 'vitest';
import { readExpiry } from '../../../bin/operator/stored-secrets.ts';

it.each([
  ['2027-11-28', '2027-11-28T00:00:00.000Z'],
  ['10d', '2026-06-11T10:00:00.000Z'],
  ['2y', '2028-06-01T10:00:00.000Z'],
])('the expiry %s is %s', (text, expected) => {
  expect(readExpiry(text, Date.UTC(2026, 5, 1, 10))).toBe(expected);
});
it.each(['', 'soon', '1w', '2026-13-01', '0d', '2026-05-31'])('the expiry "%s" is refused', (text) => {
  expect(() => readExpiry(text, Date.UTC(2026, 5, 1, 10))).toThrow(/Nothing was stored\.$/);
});
