/** Creating and updating rows: accepted by Customer Insights, visible within seconds. */

import { hash } from 'node:crypto';
import { isPathSegment } from '../customer-insights/index.ts';
import { entityUnknown, itemUnknown, notFoundAs } from '../customer-insights/not-found.ts';
import type { CallContext } from '../http/implementations.ts';
import type { ErrorCode } from '../runtime/error-codes.ts';
import { hasCode } from '../runtime/errors.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { numberText, renderJson } from '../runtime/json.ts';
import { loggedError } from '../runtime/redaction.ts';
import { iso } from '../runtime/time.ts';
import type { Column } from './entity-facts.ts';
import { onEntity } from './on-instance.ts';
import type { SentRow } from './sent-rows.ts';
import { activityValidityMs, profileValidityMs, validityOf } from './validity.ts';

type Item = Readonly<Record<string, unknown>>;

const checkItem = (item: Item): void => {
  if (Object.keys(item).length === 0)
    throw requestInvalid([{ parameter: 'item', problem: 'has no columns', allowed: 'at least one column' }]);
};

const keyText = (value: unknown): string | undefined =>
  numberText(value) ?? (typeof value === 'string' && value !== '' ? value : undefined);

/** The new item's key, which distinguishes it from others; empty when the entity's key is not known. */
const keyIn = (item: Item, key: readonly Column[]): string => {
  const missing = key.filter(({ name }) => keyText(item[name]) === undefined);
  if (missing.length > 0)
    throw requestInvalid(
      missing.map(({ name }) => ({
        parameter: `item.${name}`,
        problem: 'is missing; it belongs to the key of the entity',
        allowed: 'a text or a number that no other item has',
      })),
    );
  return key.map(({ name }) => keyText(item[name])).join(',');
};

/** The same for the same request, in any order of its columns. */
const requestId = (...parts: readonly unknown[]): string => hash('sha256', renderJson(parts), 'base64url');

/** Refusals that leave open whether the row was created. */
const openOutcomes: readonly ErrorCode[] = [
  'UpstreamTimeout',
  'UpstreamUnreachable',
  'UpstreamUnavailable',
  'UpstreamFailed',
  'DeadlineExceeded',
];

const takeBack = async (sent: SentRow, { log }: CallContext): Promise<void> => {
  try {
    await sent.forget();
  } catch (error) {
    // The caller must learn why the row was refused, which matters more than a memory that ends by itself.
    log.warn('a refused row stays remembered as sent', { error: loggedError(error) });
  }
};

export const createItem = onEntity<'CreateItem'>(async ({ body }, context, { facts, sentRows, now }) => {
  const { instance, client, entity } = context;
  const { item, validUntil, caller } = body;
  if (entity === 'Customer')
    throw requestInvalid([
      {
        parameter: 'table',
        problem: 'names the profiles, which unification makes; they can be updated only',
        allowed: 'UnifiedActivity or a source table set up as activities; for profiles "Update item"',
      },
    ]);
  checkItem(item);
  const { until, asked } = validityOf(validUntil, activityValidityMs, now());
  const id = keyIn(item, await facts.keyOf(client, instance.id, entity));

  const { tenantId, objectId } = context.caller;
  const columns = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
  const sent = await sentRows.remember(
    requestId(tenantId, objectId, instance.id, entity, columns, validUntil ?? null, caller ?? null),
  );
  const accepted = (alreadyAccepted: boolean) => ({
    body: { id, validUntil: iso(until), alreadyAccepted },
  });
  try {
    await client.createRow(instance.id, entity, item, { validUntil: asked, caller });
    return accepted(false);
  } catch (error) {
    if (hasCode(error, 'UpstreamConflict') && sent.repeated) return accepted(true);
    if (!hasCode(error, ...openOutcomes)) await takeBack(sent, context);
    return notFoundAs(() => entityUnknown(entity))(error);
  }
});

export const updateItem = onEntity<'UpdateItem'>(
  async ({ path, body }, { instance, client, entity }, { now }) => {
    const { id } = path;
    const { item, validUntil, caller } = body;
    if (!isPathSegment(id)) throw itemUnknown(entity, id);
    if (entity === 'UnifiedActivity')
      throw requestInvalid([
        {
          parameter: 'table',
          problem: 'names the activities, which cannot be changed',
          allowed: 'Customer; for activities "Create item"',
        },
      ]);
    checkItem(item);
    const standard = entity === 'Customer' ? profileValidityMs : activityValidityMs;
    const { until, asked } = validityOf(validUntil, standard, now());
    // The same changes again have the same effect, so a repetition needs no memory.
    await client
      .updateRow(instance.id, entity, id, item, { validUntil: asked, caller })
      .catch(notFoundAs(() => itemUnknown(entity, id)));
    return { body: { id, validUntil: iso(until), alreadyAccepted: false } };
  },
);
