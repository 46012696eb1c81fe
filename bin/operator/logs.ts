/** The logs of all functions as one: what belongs to a subscription, a delivery, an event, a call or a flow. */
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { type FunctionName, functionNames } from '../../lambda/functions.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { constructId } from '../../lib/construct-id.ts';
import type { DeploymentPlace } from './deployment-place.ts';
import { NotThere } from './options.ts';
import { runControl } from './run-control-client.ts';

/** A line of a function's log. */
export interface LogRecord {
  /** Epoch ms. */
  readonly at: number;
  /** The function, or `gateway`. */
  readonly source: string;
  readonly level: 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  /** What else is in the line. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface LogQuery {
  /** Epoch ms. */
  readonly since: number;
  /** Only lines that hold one of these texts; all when empty. */
  readonly terms: readonly string[];
  /** Only of these sources; of all when empty. */
  readonly sources: readonly string[];
}

/** Where log lines come from. */
export interface LogSource {
  /** In no certain order. */
  read(
    query: LogQuery,
  ): AsyncIterable<{ readonly at: number; readonly source: string; readonly text: string }>;
}

const levels = ['DEBUG', 'INFO', 'WARN', 'ERROR'] as const;

/** What every line has, for programs only. */
const technical = new Set([
  'level',
  'message',
  'timestamp',
  'service',
  'sampling_rate',
  'xray_trace_id',
  'x-amzn-trace-id',
  'cold_start',
  'function_arn',
  'function_memory_size',
  'function_name',
  'function_request_id',
]);

/** @returns undefined for lines that only programs read: metrics, and those of the platform about each invocation */
export const readLine = (at: number, source: string, text: string): LogRecord | undefined => {
  let entry: unknown;
  try {
    entry = JSON.parse(text);
  } catch {
    if (/^(START|END|REPORT|INIT_START) /.test(text)) return undefined;
    return { at, source, level: /error/i.test(text) ? 'ERROR' : 'INFO', message: text.trim(), details: {} };
  }
  if (!isRecord(entry) || '_aws' in entry || ('type' in entry && String(entry.type).startsWith('platform.')))
    return undefined;
  const level = levels.find((one) => one === entry.level) ?? 'INFO';
  const time = typeof entry.timestamp === 'string' ? Date.parse(entry.timestamp) : Number.NaN;
  const message = typeof entry.message === 'string' ? entry.message : 'request';
  return {
    at: Number.isNaN(time) ? at : time,
    source,
    level,
    message,
    details: Object.fromEntries(Object.entries(entry).filter(([key]) => !technical.has(key))),
  };
};

const inOrder = (a: LogRecord, b: LogRecord): number => a.at - b.at || (a.source < b.source ? -1 : 1);

const readRecords = async (source: LogSource, query: LogQuery): Promise<readonly LogRecord[]> => {
  const found: LogRecord[] = [];
  for await (const { at, source: name, text } of source.read(query)) {
    const record = readLine(at, name, text);
    if (record !== undefined) found.push(record);
  }
  return found;
};

/** Ids that connect lines of different functions. A subscription connects them only where it was asked for by its flow. */
const connecting = ['correlationId', 'deliveryId', 'eventId'] as const;
/** CloudWatch takes a pattern of at most 1,024 characters. */
const mostTerms = 35;

/** What to look for. */
export interface LogRequest {
  readonly since: number;
  /** Of a subscription, delivery, event or call (correlation id). */
  readonly id?: string | undefined;
  /** Id or name of a flow, as Power Automate names it in its calls. */
  readonly flow?: string | undefined;
  readonly sources: readonly string[];
}

/**
 * The lines that name what is looked for, and those that are connected with them by the ids of calls, events and
 * deliveries. In the order of time.
 */
export const searchLogs = async (
  source: LogSource,
  { since, id, flow, sources }: LogRequest,
): Promise<readonly LogRecord[]> => {
  const asked = [id, flow].filter((term) => term !== undefined);
  let records = await readRecords(source, { since, terms: asked, sources });
  if (asked.length === 0) return records.toSorted(inOrder);
  const known = new Set<string>(asked);
  const isDelivery = records.some(({ details }) => id !== undefined && details.deliveryId === id);
  // A call leads to its subscription, the subscription to its deliveries and these to their events.
  for (let round = 0; round < 3; round += 1) {
    const keys = [...connecting, ...(flow !== undefined || isDelivery ? (['subscriptionId'] as const) : [])];
    const fresh = [
      ...new Set(
        records
          .flatMap(({ details }) => keys.map((key) => details[key]))
          .filter((one) => typeof one === 'string'),
      ),
    ]
      .filter((term) => !known.has(term))
      .slice(0, mostTerms);
    if (fresh.length === 0) break;
    for (const term of fresh) known.add(term);
    const more = await readRecords(source, { since, terms: fresh, sources });
    const seen = new Set(records.map((record) => JSON.stringify(record)));
    records = [...records, ...more.filter((record) => !seen.has(JSON.stringify(record)))];
  }
  return records.toSorted(inOrder);
};

/** Quoted for a filter pattern, where any of the terms is enough. */
export const filterPattern = (terms: readonly string[]): string | undefined =>
  terms.length === 0
    ? undefined
    : terms.map((term) => `${terms.length > 1 ? '?' : ''}"${term.replaceAll('"', '')}"`).join(' ');

/** The log groups of a stack: name → the function that writes it, or `gateway`. */
const logGroupsOf = async (stack: string): Promise<ReadonlyMap<string, string>> => {
  const client = new CloudFormationClient({});
  const groups = new Map<string, string>();
  const nameOf = (logicalId: string): string | undefined =>
    functionNames.find((name: FunctionName) => logicalId.startsWith(`${constructId(name)}Log`));
  for await (const { StackResourceSummaries = [] } of paginateListStackResources(
    { client },
    { StackName: stack },
  ))
    for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId } of StackResourceSummaries)
      if (ResourceType === 'AWS::Logs::LogGroup' && PhysicalResourceId !== undefined)
        groups.set(PhysicalResourceId, nameOf(LogicalResourceId) ?? 'gateway');
  return groups;
};

const cloudWatchSource = (groups: ReadonlyMap<string, string>): LogSource => {
  const client = new CloudWatchLogsClient({});
  return {
    async *read({ since, terms, sources }) {
      for (const [logGroupName, source] of groups) {
        if (sources.length > 0 && !sources.includes(source)) continue;
        const request = { logGroupName, startTime: since, filterPattern: filterPattern(terms) };
        for await (const { events = [] } of paginateFilterLogEvents({ client }, request))
          for (const { timestamp = 0, message = '' } of events)
            yield { at: timestamp, source, text: message };
      }
    },
  };
};

/** The log of a local run, which its control gives. */
const localSource = (place: DeploymentPlace): LogSource => ({
  async *read({ since, terms, sources }) {
    const { lines } = await runControl(place).logs();
    for (const { time, functionName, text } of lines) {
      const source = functionNames.find((name) => functionName.startsWith(constructId(name))) ?? functionName;
      if (time < since || (sources.length > 0 && !sources.includes(source))) continue;
      if (terms.length === 0 || terms.some((term) => text.includes(term))) yield { at: time, source, text };
    }
  },
});

/** @throws NotThere when the stack has no log groups */
export const logSourceOf = async (place: DeploymentPlace): Promise<LogSource> => {
  if (place.services !== undefined) return localSource(place);
  const groups = await logGroupsOf(place.stack);
  if (groups.size === 0)
    throw new NotThere(`The stack ${place.stack} has no log groups in this account and region.`);
  return cloudWatchSource(groups);
};
