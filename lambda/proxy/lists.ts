/**
 * The lists, which also fill the drop-downs, and the test of a connection, which is the list of instances not
 * shown.
 */
import type { CustomerInsightsClient } from '../customer-insights/index.ts';
import { ownershipIn } from '../customer-insights/ownership.ts';
import type { CallContext, Implementation } from '../http/implementations.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import { exactNumber } from '../runtime/json.ts';
import { byText } from './by-text.ts';
import { ownershipLister } from './listed-ownership.ts';
import { onInstance } from './on-instance.ts';
import type { InstancePorts } from './ports.ts';
import { isScalar, readMeasures } from './read-measures.ts';
import { readSegments } from './read-segments.ts';

/**
 * The list of instances belongs to none, yet a subscription key must be sent: this many instances' keys are
 * tried.
 */
const keysTried = 3;

const instancesSeen = async (client: CustomerInsightsClient, configured: readonly string[]) => {
  const candidates = configured.slice(0, keysTried);
  for (const [at, keyOf] of candidates.entries())
    try {
      return await client.listInstances(keyOf);
    } catch (error) {
      const tryNext = hasCode(error, 'UpstreamKeyRefused', 'SecretUnreadable') && at + 1 < candidates.length;
      if (!tryNext) throw error;
    }
  return [];
};

/** Those configured here that the user sees in Customer Insights, whose own list may hold nameless ones. */
const instancesOf = async ({ settings, access }: InstancePorts, { caller, deadline }: CallContext) => {
  const seen = await instancesSeen(
    access.forUser(caller, deadline),
    settings.instances.map(({ id }) => id),
  );
  const ids = new Set(seen.map(({ instanceId }) => instanceId?.toLowerCase()));
  return settings.instances.filter(({ id }) => ids.has(id.toLowerCase()));
};

export const listInstances =
  (ports: InstancePorts): Implementation<'ListInstances'> =>
  async (_request, context) => {
    const value = (await instancesOf(ports, context))
      .map(({ id, name }) => ({ instanceId: id, name }))
      .sort(byText(({ name }) => name));
    return { body: { value } };
  };

/**
 * One call upstream, as the user: it takes sign-in, consent, a subscription key and an instance that the user
 * sees.
 */
export const testConnection =
  (ports: InstancePorts): Implementation<'TestConnection'> =>
  async (_request, context) => {
    const { length: instances } = await instancesOf(ports, context);
    if (instances === 0)
      throw new ConnectorError(
        'NoInstance',
        'You are signed in, but your account sees none of the Customer Insights instances of this connector. Ask an administrator of an instance to add you under Settings > Permissions; a new role takes up to 15 minutes.',
      );
    return { body: { instances } };
  };

export const listSegments = onInstance<'ListSegments'>(async (_request, context, ports) => {
  const { instance, client } = context;
  const ownershipOf = ownershipLister(context, ports);
  const segments = await readSegments(client, instance.id);
  const value = segments
    .map(({ name, displayName, count, status, isActive, ownership }) => ({
      name,
      displayName,
      // Members of a segment number far below 2^53.
      memberCount: count === undefined ? null : Number(count.value),
      countedAt: count?.at ?? null,
      status,
      isActive,
      ...ownershipOf(ownership, { section: 'segments', object: name }),
    }))
    .sort(byText(({ displayName }) => displayName));
  return { body: { value } };
});

export const listMeasures = onInstance<'ListMeasures'>(async (_request, context, ports) => {
  const { instance, client } = context;
  const ownershipOf = ownershipLister(context, ports);
  const measures = await readMeasures(client, instance.id);
  const value = measures
    .map(({ name, displayName, kind, hasValue, output, status, ownership }) => ({
      name,
      displayName,
      kind,
      hasValue,
      value: output === undefined ? null : exactNumber(output.value),
      evaluatedAt: output?.at ?? null,
      status,
      ...ownershipOf(ownership, { section: 'measures', object: name }),
    }))
    .sort(byText(({ displayName }) => displayName));
  return { body: { value } };
});

export const listScalarMeasures = onInstance<'ListScalarMeasures'>(async (_request, { instance, client }) => {
  const measures = await client.listMeasures(instance.id);
  const value = measures
    .filter(isScalar)
    .flatMap(({ name, displayName }) =>
      name === undefined ? [] : [{ name, displayName: displayName ?? name }],
    )
    .sort(byText(({ displayName }) => displayName));
  return { body: { value } };
});

export const listDataSources = onInstance<'ListDataSources'>(async (_request, context, ports) => {
  const { instance, client } = context;
  const ownershipOf = ownershipLister(context, ports);
  const sources = await client.listDataSources(instance.id);
  const value = sources
    .flatMap(({ dataSourceMetadata: source }) =>
      source?.dataSourceId === undefined
        ? []
        : [
            {
              dataSourceId: source.dataSourceId,
              name: source.name ?? source.dataSourceId,
              displayName: source.friendlyName ?? source.name ?? source.dataSourceId,
              ...ownershipOf(ownershipIn(source), { section: 'datasources', object: source.dataSourceId }),
            },
          ],
    )
    .sort(byText(({ displayName }) => displayName));
  return { body: { value } };
});

/** The drop-down of Refresh. */
export const listObjects = onInstance<'ListObjects'>(async ({ path: { target } }, { instance, client }) => {
  const named = (object: string | undefined, ...names: readonly (string | undefined)[]) =>
    object === undefined ? [] : [{ object, displayName: names.find((name) => name !== undefined) ?? object }];
  const measures = async (wanted: typeof isScalar) =>
    (await client.listMeasures(instance.id))
      .filter(wanted)
      .flatMap(({ name, displayName }) => named(name, displayName));
  const readers = {
    dataSource: async () =>
      (await client.listDataSources(instance.id)).flatMap(({ dataSourceMetadata: source }) =>
        named(source?.dataSourceId, source?.friendlyName, source?.name),
      ),
    segment: async () =>
      (await client.listSegments(instance.id)).flatMap(({ name, friendlyName }) => named(name, friendlyName)),
    measure: async () => measures(() => true),
    scalarMeasure: async () => measures(isScalar),
    all: async () => [],
  };
  const value = await readers[target]();
  return { body: { value: value.sort(byText(({ displayName }) => displayName)) } };
});
