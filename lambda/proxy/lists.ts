/** The lists that fill the drop-downs. */
import { type CustomerInsightsClient, isAnyOf, type SegmentMetadata } from '../customer-insights/index.ts';
import { isApiError } from '../http/errors.ts';
import type { Implementation } from '../http/implementations.ts';
import { servedInstance } from '../http/served-instance.ts';
import type { ProxyPorts } from './ports.ts';

const byText =
  <Item>(textOf: (item: Item) => string) =>
  (a: Item, b: Item): number =>
    textOf(a).localeCompare(textOf(b), 'en', { sensitivity: 'base', numeric: true });

/** The list of instances belongs to none, yet a subscription key must be sent: this many instances' keys are tried. */
const keysTried = 3;

async function instancesSeen(client: CustomerInsightsClient, configured: readonly string[]) {
  const candidates = configured.slice(0, keysTried);
  for (const [at, keyOf] of candidates.entries())
    try {
      return await client.listInstances(keyOf);
    } catch (error) {
      const tryNext =
        isApiError(error, 'UpstreamKeyRefused', 'SecretUnreadable') && at + 1 < candidates.length;
      if (!tryNext) throw error;
    }
  return [];
}

/** Those configured here that the user sees in Customer Insights, whose own list may hold nameless ones. */
export const listInstances =
  ({ settings, access }: ProxyPorts): Implementation<'ListInstances'> =>
  async (_request, { caller, deadline }) => {
    const seen = await instancesSeen(
      access.forUser(caller, deadline),
      settings.instances.map(({ id }) => id),
    );
    const ids = new Set(seen.map(({ instanceId }) => instanceId?.toLowerCase()));
    const value = settings.instances
      .filter(({ id }) => ids.has(id.toLowerCase()))
      .map(({ id, name }) => ({ instanceId: id, name }))
      .sort(byText(({ name }) => name));
    return { body: { value } };
  };

const isSuccess = (status: string | undefined): boolean => isAnyOf(status, 'CompletedSuccess');

/** Days looked back for the last success of a segment whose latest evaluation was none. */
const historyDays = 30;

function memberCount({ evaluationStatus, evaluationStatusHistory = [] }: SegmentMetadata): number | null {
  const newestFirst = [...evaluationStatusHistory].sort(
    (a, b) => Date.parse(b.evaluationDate ?? '') - Date.parse(a.evaluationDate ?? ''),
  );
  const success = [...(evaluationStatus ? [evaluationStatus] : []), ...newestFirst].find(
    ({ jobStatus, entityCount }) => isSuccess(jobStatus) && entityCount !== undefined,
  );
  // Members of a segment number far below 2^53.
  return success?.entityCount === undefined ? null : Number(success.entityCount);
}

/** Whether the answer without history does not tell the count although there is one. */
const needsHistory = ({ evaluationStatus }: SegmentMetadata): boolean =>
  evaluationStatus?.lastSuccessfulRunId !== undefined && !isSuccess(evaluationStatus.jobStatus);

export const listSegments =
  ({ settings, access }: ProxyPorts): Implementation<'ListSegments'> =>
  async ({ path }, { caller, deadline }) => {
    const { id } = servedInstance(settings, path.dataset);
    const client = access.forUser(caller, deadline);
    const latest = await client.listSegments(id);
    const segments = latest.some(needsHistory) ? await client.listSegments(id, { historyDays }) : latest;
    const value = segments
      .flatMap((segment) =>
        segment.name === undefined
          ? []
          : [
              {
                name: segment.name,
                displayName: segment.friendlyName ?? segment.name,
                memberCount: memberCount(segment),
              },
            ],
      )
      .sort(byText(({ displayName }) => displayName));
    return { body: { value } };
  };

export const listDataSources =
  ({ settings, access }: ProxyPorts): Implementation<'ListDataSources'> =>
  async ({ path }, { caller, deadline }) => {
    const { id } = servedInstance(settings, path.dataset);
    const sources = await access.forUser(caller, deadline).listDataSources(id);
    const value = sources
      .flatMap(({ dataSourceMetadata: source }) =>
        source?.dataSourceId === undefined
          ? []
          : [
              {
                dataSourceId: source.dataSourceId,
                name: source.name ?? source.dataSourceId,
                displayName: source.friendlyName ?? source.name ?? source.dataSourceId,
              },
            ],
      )
      .sort(byText(({ displayName }) => displayName));
    return { body: { value } };
  };
