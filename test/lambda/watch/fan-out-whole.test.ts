import { describe, it } from 'vitest';
import { expectAllSent, failedRefreshFor, workOffDying } from './fan-out.ts';

/** As fan-out.test.ts, in full size. */
describe('an event to 100,000 subscriptions', () => {
  it('is sent to each of them although every function dies early', async () => {
    const world = await failedRefreshFor(100_000);
    const invocations = await workOffDying(world, (invocation) => 10 + ((invocation * 7) % 30));
    console.log(`${invocations} invocations, ${world.deliveries.length} messages for 100,000 deliveries`);
    expectAllSent(world, 100_000);
  });
});
