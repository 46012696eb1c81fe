/** The sections of a status report, each from one or two reads of Customer Insights. */
import { type ReportSection, reportSections } from '../../../connector/contract/display-names.ts';
import { type CustomerInsightsClient, isAnyOf, type NodeInfo } from '../../customer-insights/index.ts';
import { ownershipIn } from '../../customer-insights/ownership.ts';
import { exactNumber } from '../../runtime/json.ts';
import { byText } from '../by-text.ts';
import type { ListOwnership } from '../listed-ownership.ts';
import { readMeasures } from '../read-measures.ts';
import { readSegments } from '../read-segments.ts';
import { hasFailed, runStatusOf } from '../upstream-status.ts';
import type { ReportEntry, Section } from './report-entry.ts';
import { jobsOnce, withRetries } from './retries.ts';

/** What the sections share: the workflow's status is read once however many of them need it. */
interface Reading {
  readonly client: CustomerInsightsClient;
  readonly instanceId: string;
  nodes(): Promise<readonly NodeInfo[]>;
  readonly ownershipOf: ListOwnership;
}

const errorOf = (node: NodeInfo | undefined): string | null => {
  const error = node?.ciError ?? node?.ciErrors?.[0];
  return error?.message ?? error?.errorCode ?? null;
};

const dataSources = async ({
  client,
  instanceId,
  nodes,
  ownershipOf,
}: Reading): Promise<readonly ReportEntry[]> => {
  const [sources, all] = await Promise.all([client.listDataSources(instanceId), nodes()]);
  return sources.flatMap(({ dataSourceMetadata: source }) => {
    const { dataSourceId, name, friendlyName, refreshState, lastRefresh } = source ?? {};
    if (dataSourceId === undefined) return [];
    const status = runStatusOf(refreshState);
    const node = all.find(
      ({ operationType, identifier }) =>
        isAnyOf(operationType, 'ingestion') &&
        identifier !== undefined &&
        isAnyOf(identifier, dataSourceId, name ?? dataSourceId),
    );
    return [
      {
        name: name ?? dataSourceId,
        displayName: friendlyName ?? name ?? dataSourceId,
        status,
        updatedAt: (hasFailed(status) ? node?.endTimestamp : undefined) ?? lastRefresh ?? null,
        value: null,
        error: hasFailed(status) ? errorOf(node) : null,
        ...ownershipOf(ownershipIn(source ?? {}), { section: 'datasources', object: dataSourceId }),
      },
    ];
  });
};

const segments = async ({ client, instanceId, ownershipOf }: Reading): Promise<readonly ReportEntry[]> =>
  (await readSegments(client, instanceId)).map(
    ({ name, displayName, status, evaluatedAt, count, error, ownership }) => ({
      name,
      displayName,
      status,
      updatedAt: evaluatedAt ?? null,
      value: count === undefined ? null : exactNumber(count.value),
      error: hasFailed(status) ? (error ?? null) : null,
      ...ownershipOf(ownership, { section: 'segments', object: name }),
    }),
  );

const measures = async ({ client, instanceId, ownershipOf }: Reading): Promise<readonly ReportEntry[]> =>
  (await readMeasures(client, instanceId)).map(
    ({ name, displayName, status, evaluatedAt, output, error, ownership }) => ({
      name,
      displayName,
      status,
      updatedAt: evaluatedAt ?? null,
      value: output === undefined ? null : exactNumber(output.value),
      error: hasFailed(status) ? (error ?? null) : null,
      ...ownershipOf(ownership, { section: 'measures', object: name }),
    }),
  );

/** Kinds of nodes that have a section of their own. */
const elsewhere = ['ingestion', 'segmentation', 'measures', 'attributeMeasures', 'entityMeasures'];

const system = async ({ nodes, ownershipOf }: Reading): Promise<readonly ReportEntry[]> =>
  (await nodes())
    .filter(({ operationType }) => !isAnyOf(operationType, ...elsewhere))
    .map((node) => {
      const status = runStatusOf(node.taskStatus);
      return {
        name: node.identifier ?? node.operationType ?? '',
        displayName: node.friendlyName ?? node.operationType ?? '',
        status,
        updatedAt: node.endTimestamp ?? null,
        value: null,
        error: hasFailed(status) ? errorOf(node) : null,
        ...ownershipOf({}),
        ...(node.operationType !== undefined && { operation: node.operationType }),
      };
    });

const readers: Readonly<Record<ReportSection, (reading: Reading) => Promise<readonly ReportEntry[]>>> = {
  dataSources,
  segments,
  measures,
  system,
};

/** Operations of the tasks that refresh the entries of a section; a process of the system is one itself. */
const operationsOf: Readonly<Record<ReportSection, (entry: ReportEntry) => readonly string[]>> = {
  dataSources: () => ['ingestion'],
  segments: () => ['segmentation'],
  measures: () => ['measures', 'attributeMeasures', 'entityMeasures'],
  system: ({ operation }) => (operation === undefined ? [] : [operation]),
};

/** Whether the last run that ended failed. */
const isBroken = ({ status }: ReportEntry): boolean => status === 'retrying' || hasFailed(status);

const allSections = Object.keys(reportSections) as readonly ReportSection[];

/** The sections that a report type names, in their order, read at the same time. */
export const readSections = async (
  client: CustomerInsightsClient,
  instanceId: string,
  reportType: ReportSection | 'all',
  ownershipOf: ListOwnership,
): Promise<readonly Section[]> => {
  let reading: Promise<readonly NodeInfo[]> | undefined;
  const nodes = () => {
    reading ??= client.getWorkflowStatus(instanceId);
    return reading;
  };
  const jobs = jobsOnce(client, instanceId);
  const wanted = reportType === 'all' ? allSections : [reportType];
  return Promise.all(
    wanted.map(async (section) => {
      const read = await readers[section]({ client, instanceId, nodes, ownershipOf });
      const entries = [...(await withRetries(read, operationsOf[section], jobs))]
        .sort(byText(({ displayName }) => displayName))
        .map(({ operation: _, ...entry }): ReportEntry => entry);
      const failed = entries.filter(isBroken);
      return {
        section,
        title: reportSections[section],
        total: entries.length,
        failed: failed.length,
        entries: [...failed, ...entries.filter((entry) => !isBroken(entry))],
      };
    }),
  );
};
