/** The partitions of an entity, as sealed handles: their addresses are credentials and stay here. */

import { isPathSegment, type PartitionRequests } from '../../customer-insights/index.ts';
import { servedInstance } from '../../customer-insights/served-instance.ts';
import type { CallContext, Implementation } from '../../http/implementations.ts';
import { ConnectorError, hasCode } from '../../runtime/errors.ts';
import { dayMs, hourMs } from '../../runtime/time.ts';
import { entityUnknown } from '../entity-facts.ts';
import type { ProxyPorts } from '../ports.ts';
import type { PartitionPlace } from './handle.ts';

/** A handle lasts as long as its address says, at most this long (ms), and this long where the address says nothing. */
const longestHandleMs = dayMs;
const standardHandleMs = hourMs;

/**
 * When a signed address of Azure Storage expires, milliseconds since the epoch.
 * https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas (signed expiry, `se`)
 */
const signedExpiry = (address: URL): number => Date.parse(address.searchParams.get('se') ?? '');

const expiryOf = (address: URL, now: number): number => {
  const signed = signedExpiry(address);
  return Number.isNaN(signed) ? now + standardHandleMs : Math.min(signed, now + longestHandleMs);
};

interface EntityRequest {
  readonly path: { readonly dataset: string; readonly table: string };
}

interface Partition {
  readonly handle: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const partitionsOf = async (
  ports: ProxyPorts,
  { path }: EntityRequest,
  { caller, deadline }: CallContext,
): Promise<readonly Partition[]> => {
  const { settings, access, handles, customerInsightsUrl, now } = ports;
  const { id: instanceId } = servedInstance(settings, path.dataset);
  const { table: entity } = path;
  if (!isPathSegment(entity)) throw entityUnknown(entity);
  const { httpRequests } = await access
    .forUser(caller, deadline)
    .readPartitions(instanceId, entity)
    .catch((error: unknown): PartitionRequests => {
      throw hasCode(error, 'UpstreamNotFound') ? entityUnknown(entity) : error;
    });
  if (httpRequests === undefined)
    throw new ConnectorError(
      'UpstreamUnreadable',
      `Customer Insights gave no partitions for the entity ${entity}. Use "Get items from an entity".`,
    );
  const { tenantId, objectId } = caller;
  return Promise.all(
    httpRequests.map(async ({ uri = '', headers = {} }) => {
      const address = URL.canParse(uri) ? new URL(uri) : undefined;
      // Loopback, where Customer Insights is when it runs on this machine, has no certificate.
      const admissible =
        address !== undefined &&
        (address.protocol === 'https:' || address.origin === new URL(customerInsightsUrl).origin);
      if (!admissible)
        throw new ConnectorError(
          'UpstreamUnreadable',
          `Customer Insights named no https address for a partition of the entity ${entity}.`,
        );
      const expiresAt = expiryOf(address, now());
      const place: PartitionPlace = { uri, headers, expiresAt, offset: 0 };
      return { handle: await handles.seal(place, { tenantId, objectId, instanceId, entity }), expiresAt };
    }),
  );
};

export const retrievePartitions =
  (ports: ProxyPorts): Implementation<'RetrievePartitions'> =>
  async (request, context) => ({
    body: { partitions: (await partitionsOf(ports, request, context)).map(({ handle }) => handle) },
  });

export const retrievePartitionsV2 =
  (ports: ProxyPorts): Implementation<'RetrievePartitionsV2'> =>
  async (request, context) => {
    const partitions = await partitionsOf(ports, request, context);
    return {
      body: {
        entity: request.path.table,
        count: partitions.length,
        value: partitions.map(({ handle, expiresAt }, at) => ({
          number: at + 1,
          partition: handle,
          expiresAt: new Date(expiresAt).toISOString(),
        })),
      },
    };
  };
