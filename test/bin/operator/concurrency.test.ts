import { expect, it } from 'vitest';
import { type AwsAccount, concurrencyOutcome } from '../../../bin/operator/doctor/aws.ts';

const account = (limit: number, unreserved = limit): AwsAccount => ({
  identity: () => Promise.reject(new Error('not asked')),
  stack: () => Promise.reject(new Error('not asked')),
  concurrency: async () => ({ limit, unreserved }),
});

it.each([
  ['exactly 100 stay', 1_000, { watch: 500, deliver: 400 }, 'sound'],
  ['99 would stay', 1_000, { watch: 500, deliver: 401 }, 'fault'],
  ['the quota is that of a new account', 10, { watch: 1 }, 'fault'],
  ['nothing is reserved', 1_000, {}, 'sound'],
] as const)('reserved executions where %s', async (_, limit, reserved, verdict) => {
  expect(await concurrencyOutcome(account(limit), reserved)).toMatchObject({ verdict });
});

it('are refused with the number that fits, and how to get more', async () => {
  const { found, mend } = await concurrencyOutcome(account(1_000), { watch: 950 });
  expect(found).toMatch(/takes 950 of the 1000 .* 100 must stay unreserved/);
  expect(mend?.join('\n')).toMatch(/at most 900 .*\n.*--desired-value 1050$/);
});
