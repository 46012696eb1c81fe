import { expect, it } from 'vitest';
import { type AwsAccount, concurrencyOutcome } from '../../../bin/operator/doctor/aws.ts';

const account = (limit: number, unreserved = limit, own = 0): AwsAccount => ({
  identity: () => Promise.reject(new Error('not asked')),
  stack: () => Promise.reject(new Error('not asked')),
  concurrency: async (stack) => ({ limit, unreserved, own: stack === undefined ? 0 : own }),
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
  expect(found).toMatch(/takes 950 of the 1000 .* others have reserved 0\. .* 100 must stay unreserved/);
  expect(mend?.join('\n')).toMatch(/at most 900 .*\n.*--desired-value 1050$/);
});

it('are compared with what other systems of the account have reserved, and not with what the stack has itself', async () => {
  // 1,000 in all: 400 reserved by others, 300 by this stack.
  const shared = account(1_000, 300, 300);
  expect(await concurrencyOutcome(shared, { watch: 500 }, 'InsightsConnector')).toMatchObject({
    verdict: 'sound',
  });
  const { verdict, found, mend } = await concurrencyOutcome(shared, { watch: 501 }, 'InsightsConnector');
  expect([verdict, found]).toEqual([
    'fault',
    expect.stringMatching(/takes 501 .* others have reserved 400\./),
  ]);
  expect(mend?.join('\n')).toMatch(/at most 500 .*\n.*--desired-value 1001$/);
  // Before the first deployment, all that is reserved is of others.
  expect(await concurrencyOutcome(account(1_000, 300), { watch: 201 })).toMatchObject({ verdict: 'fault' });
});
