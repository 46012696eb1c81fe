/**
 * Which rows were sent to be created, so that a repetition of our own request is distinguished from another
 * caller's row. The platform repeats a call whose answer it did not get, and Customer Insights answers the
 * second one with a conflict.
 */
import { hourMs, iso, secondMs, wholeSeconds } from '../runtime/time.ts';
import { recordKind } from '../store/record.ts';
import type { Table } from '../store/table.ts';

/**
 * How long a request is remembered, in milliseconds: Power Automate repeats a failed call for up to about an
 * hour.
 */
export const sentRowMs = 2 * hourMs;

export interface SentRow {
  /** Whether the same request was sent before and its outcome was not a refusal. */
  readonly repeated: boolean;
  /** Takes it back: nothing came of the request. */
  forget(): Promise<void>;
}

export interface SentRows {
  /**
   * Remembers a request before it is sent.
   * @param request identifies caller, entity and content; 128 bits at least
   * @throws ConnectorError StoreUnavailable; nothing was sent then
   */
  remember(request: string): Promise<SentRow>;
}

const sentRow = recordKind<{ readonly sentAt: string }>('sent row', 1);

export const createSentRows = (options: {
  readonly table: Pick<Table, 'get' | 'swap' | 'remove'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Unguessable, new each time. */
  readonly newVersion: () => string;
}): SentRows => {
  const { table, now, newVersion } = options;
  return {
    async remember(request) {
      const key = { pk: `sent#${request}`, sk: 'row' };
      const version = newVersion();
      const sentAt = now();
      const item = sentRow.write(key, { sentAt: iso(sentAt) }, version, wholeSeconds(sentAt + sentRowMs));
      const first: SentRow = {
        repeated: false,
        forget: async () => {
          await table.remove(key, version);
        },
      };
      if (await table.swap(item, 'absent')) return first;
      const known = await table.get(key);
      // The store drops expired items late.
      const expired = known?.expiresAt !== undefined && known.expiresAt * secondMs <= sentAt;
      if (known !== undefined && expired && (await table.swap(item, known.version))) return first;
      // The call that sent it keeps the record, and removes it if the row was refused.
      return { repeated: true, forget: async () => undefined };
    },
  };
};
