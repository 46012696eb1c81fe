/**
 * Which rows were sent to be created, so that a repetition of our own request is distinguished from another
 * caller's row. The platform repeats a call whose answer it did not get, and Customer Insights answers the
 * second one with a conflict.
 */

import { hourMs, iso, secondMs, wholeSeconds } from '../runtime/time.ts';
import { recordStore } from '../store/record-store.ts';
import { type Expected, type Table, untilWritten, type Version } from '../store/table.ts';

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

export const createSentRows = ({
  table,
  now,
}: {
  readonly table: Table;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}): SentRows => {
  const sentRows = recordStore<string, { readonly sentAt: string }>(table, {
    kind: 'sent row',
    schemaVersion: 1,
    key: (request) => ({ pk: `sent#${request}`, sk: 'row' }),
    expiresAt: ({ sentAt }) => wholeSeconds(Date.parse(sentAt) + sentRowMs),
  });
  return {
    async remember(request) {
      const sentAt = now();
      const save = (expected: Expected) => sentRows.save(request, { sentAt: iso(sentAt) }, expected);
      const first = (version: Version): SentRow => ({
        repeated: false,
        forget: async () => {
          await sentRows.remove(request, version);
        },
      });
      return untilWritten(async () => {
        const written = await save('absent');
        if (written) return first(written);
        const known = await sentRows.find(request);
        // Taken back since: nothing came of the other request.
        if (known === undefined) return 'overtaken';
        // The store drops expired items late.
        const expired = known.expiresAt !== undefined && known.expiresAt * secondMs <= sentAt;
        // The call that sent it remembered it, and takes it back if nothing came of it.
        if (!expired) return { repeated: true, forget: async () => undefined };
        const renewed = await save(known.version);
        return renewed ? first(renewed) : 'overtaken';
      }, 'This item is being sent by several calls at once. Send it again.');
    },
  };
};
