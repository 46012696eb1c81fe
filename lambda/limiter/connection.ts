import { hash } from 'node:crypto';
import type { LimitPolicy } from './policy.ts';

/** The signed-in principal a limit is counted for. All three come from the verified token. */
export interface ConnectionIdentity {
  readonly tenantId: string;
  readonly objectId: string;
  readonly clientAppId: string;
}

/** What a limit counts: the calls of a connection, the registrations of a person through any client app, or the calls of the console. */
export type Counted = 'calls' | 'registrations' | 'console';

/**
 * Begins the text of a key. Changes when the meaning of the stored list changes, so that an old item is never
 * read as a new one.
 */
const schemas: Readonly<Record<Counted, string>> = {
  calls: 'limiter/1',
  registrations: 'registrations/1',
  console: 'console/1',
};

/**
 * The key of a connection's item: 32 bytes of ASCII. Limit and window are part of it, so changing either
 * starts a new list.
 * @throws TypeError when a part of the identity is empty: connections without it would share one limit.
 */
export const connectionKey = (
  { tenantId, objectId, clientAppId }: ConnectionIdentity,
  policy: LimitPolicy,
  counted: Counted = 'calls',
): string => {
  const parts = counted === 'calls' ? [tenantId, objectId, clientAppId] : [tenantId, objectId];
  if (parts.some((part) => typeof part !== 'string' || part === ''))
    throw new TypeError(
      'A connection needs tenant id, object id and client app id; take them from the verified token.',
    );
  const text = JSON.stringify([schemas[counted], policy.limit, policy.windowMs, ...parts]);
  return hash('sha256', text, 'base64url').slice(0, 32);
};
