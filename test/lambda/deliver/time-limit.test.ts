import { expect, it } from 'vitest';
import { attemptTimeoutMs } from '../../../lambda/callback/post.ts';
import { leaseMs } from '../../../lambda/deliver/attempt.ts';
import { failingEvents, failingForMs, goneForMs, goneTimes } from '../../../lambda/deliver/failing.ts';
import { functionFacts } from '../../../lambda/functions.ts';
import { requestTimeoutMs, requestTries } from '../../../lambda/runtime/aws-client.ts';
import { type FlowId, subscriptionId } from '../../../lambda/runtime/ids.ts';
import { failureStore } from '../../../lambda/store/failures.ts';
import { listedSubscriptionStore } from '../../../lambda/store/listed-subscriptions.ts';
import { segmentSubscription } from '../store/example-subscription.ts';
import { noon } from '../subscriptions/world.ts';
import { answered, deliverWorld, id } from './deliver-world.ts';

/** What a call of table, queue or keys takes when nothing is wrong, generously: most take a tenth of it. */
const ordinaryCallMs = 100;

/** Ids of a flow and of a person who has registered it. */
const flow = id.slice(0, 22) as FlowId;
const rival = subscriptionId(flow, { tenantId: 'tenant', objectId: 'rival' });

/**
 * Calls to the outside of one delivery that ends a subscription: its own, or, where it is accepted, that of another
 * person with the same flow. The post is one of them.
 */
const callsOf = async (answer: ReturnType<typeof answered>): Promise<number> => {
  const world = deliverWorld();
  const { createdAt } = await world.subscribe({ contested: true });
  const listed = listedSubscriptionStore(world.items, { now: () => noon, by: 'test' });
  const later = new Date(Date.parse(createdAt) + 1).toISOString();
  await listed.save(segmentSubscription(rival, { contested: true, createdAt: later }), undefined);
  const since = new Date(noon - Math.max(failingForMs, goneForMs)).toISOString();
  const registeredAt = (await world.subscriptions.find(id))?.body.registeredAt ?? '';
  await failureStore(world.items, { now: () => noon }).save(
    id,
    {
      generation: 'first generation',
      since,
      count: failingEvents,
      gone: { registeredAt, since, last: since, times: goneTimes },
    },
    'absent',
  );
  let calls = 0;
  world.answers.push(answer);
  await world.process(async () => {
    calls += 1;
  });
  const ended = (await listed.find(answer.kind === 'answered' && answer.status === 202 ? rival : id))?.body;
  expect(ended?.status.state).toBe('ended');
  return calls;
};

it('the time limit of the function is enough for the longest delivery, with one call that needs all its tries', async () => {
  const most = Math.max(
    await callsOf(answered(202)),
    await callsOf(answered(404)),
    await callsOf(answered(404, { errorCode: 'WorkflowNotFound' })),
    await callsOf(answered(400, { errorCode: 'TriggerInputSchemaMismatch' })),
  );
  expect(most).toBeGreaterThan(8);
  // One of the calls is the post; KMS is asked once more for the key of the callback URL.
  const needed = attemptTimeoutMs + requestTries * requestTimeoutMs + most * ordinaryCallMs;
  const limitMs = functionFacts.deliver.timeoutSeconds * 1000;
  console.log(`deliver: ${most} calls at most; needs ${needed / 1000} s, has ${limitMs / 1000} s`);
  expect(needed).toBeLessThanOrEqual(limitMs);
  // Not more than that, because a message of a worker that was killed comes back after six times the limit.
  expect(limitMs - needed).toBeLessThan(3_000);
  // What is killed has no lease any more when it comes back.
  expect(limitMs).toBeLessThan(leaseMs);
});
