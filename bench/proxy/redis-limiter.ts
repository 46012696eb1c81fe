/** The exact limit over Redis: the times of the last calls in a sorted set, checked and changed by one script. */
import { createClient } from '@redis/client';

/** Milliseconds to wait; 0 when the call is admitted. */
export type Consume = (connection: string) => Promise<number>;

/** A member is a time and a running number, because two calls of one microsecond count as two. */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[1]) then
  local oldest = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  return oldest[2] + ARGV[2] - now
end
redis.call('ZADD', KEYS[1], now, time[1] .. time[2] .. ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0`;

export const redisLimiter = async (
  url: string,
  limit: { readonly calls: number; readonly windowSeconds: number },
): Promise<Consume> => {
  const client = createClient({ url });
  await client.connect();
  const digest = await client.scriptLoad(script);
  let calls = 0;
  return async (connection) => {
    calls += 1;
    const answer = await client.evalSha(digest, {
      keys: [`connection:${connection}`],
      arguments: [String(limit.calls), String(limit.windowSeconds * 1_000), `-${process.pid}-${calls}`],
    });
    return Number(answer);
  };
};
