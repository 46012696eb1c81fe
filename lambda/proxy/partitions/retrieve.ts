/** The partitions of an entity, as sealed handles: their addresses are credentials and stay here. */
import { entityUnknown, notFoundAs } from '../../customer-insights/not-found.ts';
import { ConnectorError } from '../../runtime/errors.ts';
import { dayMs, hourMs, iso } from '../../runtime/time.ts';
import { type EntityContext, onEntity } from '../on-instance.ts';
import type { ProxyPorts } from '../ports.ts';
import type { PartitionPosition } from './handle.ts';

/**
 * A handle lasts as long as its address says, at most this long (ms), and this long where the address says
 * nothing.
 */
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

/** An IPv4 or IPv6 address as `URL` writes it, however it was written. */
const addressLiteral = /^(?:[\d.]+|\[.*\])$/;

/**
 * Whether a partition may be read there: https at a host with a name of more than one part, on the usual port. An
 * answer that names an address within a network, or another service of the same host, is not followed.
 */
const isStorageAddress = ({ protocol, hostname, port, username, password }: URL): boolean =>
  protocol === 'https:' &&
  port === '' &&
  username === '' &&
  password === '' &&
  hostname.includes('.') &&
  !addressLiteral.test(hostname);

interface Partition {
  readonly handle: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const partitionsOf = async (
  { instance, client, entity, caller }: EntityContext,
  { handles, customerInsightsUrl, now }: ProxyPorts,
): Promise<readonly Partition[]> => {
  const { httpRequests } = await client
    .readPartitions(instance.id, entity)
    .catch(notFoundAs(() => entityUnknown(entity)));
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
        (isStorageAddress(address) || address.origin === new URL(customerInsightsUrl).origin);
      if (!admissible)
        throw new ConnectorError(
          'UpstreamUnreadable',
          `Customer Insights named no https address of a storage service for a partition of the entity ${entity}.`,
        );
      const expiresAt = expiryOf(address, now());
      const position: PartitionPosition = { uri, headers, expiresAt, offset: 0 };
      return {
        handle: await handles.seal(position, { tenantId, objectId, instanceId: instance.id, entity }),
        expiresAt,
      };
    }),
  );
};

export const retrievePartitions = onEntity<'RetrievePartitions'>(async (_request, context, ports) => ({
  body: { partitions: (await partitionsOf(context, ports)).map(({ handle }) => handle) },
}));

export const retrievePartitionsV2 = onEntity<'RetrievePartitionsV2'>(async (_request, context, ports) => {
  const partitions = await partitionsOf(context, ports);
  return {
    body: {
      entity: context.entity,
      count: partitions.length,
      value: partitions.map(({ handle, expiresAt }, at) => ({
        number: at + 1,
        partition: handle,
        expiresAt: iso(expiresAt),
      })),
    },
  };
});
