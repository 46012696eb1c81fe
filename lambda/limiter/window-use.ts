import type { AwsClient } from '../runtime/aws-services.ts';
import { type ConnectionIdentity, type Counted, connectionKey } from './connection.ts';
import { timesOf } from './dynamodb-store.ts';
import type { LimitPolicy } from './policy.ts';
import { storeTimeoutMs } from './store.ts';
import { countFreeSlots, toLimiterTime, untilNextFree } from './window.ts';

/** How much of a budget is used. */
export interface WindowUse {
  readonly used: number;
  /** Epoch ms at which the next call is admitted; undefined when one would be admitted now. */
  readonly refusedUntil: number | undefined;
}

/** Reads how much of a budget is used, without using any of it: one eventually consistent read. */
export const windowUseReader =
  (client: AwsClient<'dynamodb'>, tableName: string, { now }: { readonly now: () => number }) =>
  async (connection: ConnectionIdentity, policy: LimitPolicy, counted: Counted): Promise<WindowUse> => {
    const id = connectionKey(connection, policy, counted);
    const { Item } = await client(
      'GetItem',
      { TableName: tableName, Key: { id: { S: id } }, ConsistentRead: false },
      storeTimeoutMs,
    );
    const at = now();
    if (Item === undefined) return { used: 0, refusedUntil: undefined };
    const [times, time] = [timesOf(Item, policy.limit), toLimiterTime(at)];
    const free = countFreeSlots(times, time, policy.windowMs);
    return {
      used: policy.limit - free,
      refusedUntil: free > 0 ? undefined : at + untilNextFree(times, time, policy.windowMs),
    };
  };
