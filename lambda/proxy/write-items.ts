/** Creating and updating rows: accepted by Customer Insights, visible within seconds. */
import { createHash } from 'node:crypto';
import { isPathSegment } from '../customer-insights/index.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { CallContext, Implementation } from '../http/implementations.ts';
import { type ApiErrorCode, isApiError } from '../runtime/errors.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { numberText, renderJson } from '../runtime/json.ts';
import { loggedError } from '../runtime/redaction.ts';
import { type Column, entityUnknown } from './entity-facts.ts';
import { itemUnknown } from './get-item.ts';
import type { ProxyPorts } from './ports.ts';
import type { SentRow } from './sent-rows.ts';
import { ACTIVITY_VALIDITY_MS, PROFILE_VALIDITY_MS, validityOf } from './validity.ts';

type Item = Readonly<Record<string, unknown>>;

function checkItem(item: Item): void {
  if (Object.keys(item).length === 0)
    throw requestInvalid([{ parameter: 'item', problem: 'has no columns', allowed: 'at least one column' }]);
}

const keyText = (value: unknown): string | undefined =>
  numberText(value) ?? (typeof value === 'string' && value !== '' ? value : undefined);

/** The new item's key, which tells it from others; empty when the entity's key is not known. */
function keyIn(item: Item, key: readonly Column[]): string {
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
}

/** The same for the same request, in whatever order its columns stand. */
const requestId = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(renderJson(parts)).digest('base64url');

/** Refusals that leave open whether the row was created. */
const openOutcomes: readonly ApiErrorCode[] = [
  'UpstreamTimeout',
  'UpstreamUnreachable',
  'UpstreamUnavailable',
  'UpstreamFailed',
  'DeadlineExceeded',
];

async function takeBack(sent: SentRow, { log }: CallContext): Promise<void> {
  try {
    await sent.forget();
  } catch (error) {
    // The caller must learn why the row was refused, which matters more than a memory that ends by itself.
    log.warn('a refused row stays remembered as sent', { error: loggedError(error) });
  }
}

export const createItem =
  ({ settings, access, facts, sentRows, now }: ProxyPorts): Implementation<'CreateItem'> =>
  async ({ path, body }, context) => {
    const { id: instanceId } = servedInstance(settings, path.dataset);
    const { table: entity } = path;
    const { item, validUntil, caller } = body;
    if (!isPathSegment(entity)) throw entityUnknown(entity);
    if (entity === 'Customer')
      throw requestInvalid([
        {
          parameter: 'table',
          problem: 'names the profiles, which unification makes; they can be updated only',
          allowed: 'UnifiedActivity or a source table set up as activities; for profiles "Update item"',
        },
      ]);
    checkItem(item);
    const { until, asked } = validityOf(validUntil, ACTIVITY_VALIDITY_MS, now());
    const client = access.forUser(context.caller, context.deadline);
    const id = keyIn(item, await facts.keyOf(client, instanceId, entity));

    const { tenantId, objectId } = context.caller;
    const columns = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
    const sent = await sentRows.remember(
      requestId(tenantId, objectId, instanceId, entity, columns, validUntil ?? null, caller ?? null),
    );
    const accepted = (alreadyAccepted: boolean) => ({
      body: { id, validUntil: new Date(until).toISOString(), alreadyAccepted },
    });
    try {
      await client.createRow(instanceId, entity, item, { validUntil: asked, caller });
      return accepted(false);
    } catch (error) {
      if (isApiError(error, 'UpstreamConflict') && sent.repeated) return accepted(true);
      if (!isApiError(error, ...openOutcomes)) await takeBack(sent, context);
      throw isApiError(error, 'UpstreamNotFound') ? entityUnknown(entity) : error;
    }
  };

export const updateItem =
  ({ settings, access, now }: ProxyPorts): Implementation<'UpdateItem'> =>
  async ({ path, body }, context) => {
    const { id: instanceId } = servedInstance(settings, path.dataset);
    const { table: entity, id } = path;
    const { item, validUntil, caller } = body;
    if (!isPathSegment(entity)) throw entityUnknown(entity);
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
    const standard = entity === 'Customer' ? PROFILE_VALIDITY_MS : ACTIVITY_VALIDITY_MS;
    const { until, asked } = validityOf(validUntil, standard, now());
    const client = access.forUser(context.caller, context.deadline);
    // The same changes again have the same effect, so a repetition needs no memory.
    await client
      .updateRow(instanceId, entity, id, item, { validUntil: asked, caller })
      .catch((error: unknown) => {
        throw isApiError(error, 'UpstreamNotFound') ? itemUnknown(entity, id) : error;
      });
    return { body: { id, validUntil: new Date(until).toISOString(), alreadyAccepted: false } };
  };
