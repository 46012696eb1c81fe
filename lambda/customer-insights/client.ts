import { ConnectorError, hasCode } from '../runtime/errors.ts';
import { parseJson, renderJson, UnreadJson } from '../runtime/json.ts';
import { flatRows, wholeRows } from '../runtime/json-syntax.ts';
import { list, type Read } from './fields.ts';
import { itemsOf, type KnownLists } from './known-lists.ts';
import {
  dataSourceInfo,
  entityMetadata,
  entityModel,
  instanceInfo,
  type JobInfo,
  jobInfo,
  measureMetadata,
  nodeInfo,
  partitionRequests,
  type Row,
  rowPage,
  type SegmentMetadata,
  searchConfiguration,
  segmentMetadata,
} from './models.ts';
import { pathOf, type QueryValue, queryOf } from './path.ts';
import { createTransport, type TransportOptions, type UpstreamRequest } from './transport.ts';

/** The only workflow there is. */
const workflow = 'main';

/** OData options of a read, already checked and written out; names as in the URL. */
export interface RowQuery {
  readonly $filter?: string | undefined;
  readonly $select?: string | undefined;
  readonly $orderby?: string | undefined;
  readonly $search?: string | undefined;
  readonly $top?: number | undefined;
  readonly $skip?: number | undefined;
}

/** Rows to pass on through renderJson. Flat rows are not read at all, but written as they came. */
export interface Page {
  readonly count: number;
  readonly rows: UnreadJson | readonly Row[];
}

/**
 * Options of a write. Without `validUntil` (at most 30 days ahead) a profile update lasts 4 hours, an
 * activity 30 days.
 */
export interface WriteOptions {
  /** RFC 3339. */
  readonly validUntil?: string | undefined;
  /** Free text that names the caller. */
  readonly caller?: string | undefined;
}

/** A job to submit. `identifiers` only where `operationType` is not "all". */
export interface JobSubmission {
  readonly operationType: string;
  readonly identifiers?: readonly string[];
  readonly forceRunRequested?: boolean;
}

/** History to fetch with a segment list or a measure. */
export interface HistoryOptions {
  /** Days of history; none when absent. */
  readonly historyDays?: number;
}

export type CustomerInsightsClient = ReturnType<typeof createCustomerInsightsClient>;

const smallerPage = (beginning: string): string => {
  const rows = Math.floor(wholeRows(beginning) * 0.9);
  return rows > 0
    ? `About ${rows} rows fit: use $top=${rows} with $skip, or name fewer columns in $select.`
    : 'Not even one row fits: name fewer columns in $select.';
};

const history = ({ historyDays }: HistoryOptions): Readonly<Record<string, QueryValue>> =>
  historyDays === undefined ? {} : { includeHistoricStats: true, historicStatsDays: historyDays };

const pathTo = (
  instanceId: string,
  segments: readonly string[],
  query: Readonly<Record<string, QueryValue>>,
): string => pathOf('instances', instanceId, ...segments) + queryOf(query);

export interface ClientOptions extends TransportOptions {
  /** Where lists of jobs and segments are kept; nowhere by default. */
  readonly knownLists?: KnownLists;
}

/**
 * The Customer Insights REST API for one caller and one deadline: cheap to make, one per call or per watch of
 * an instance. For the errors see {@link createTransport}; UpstreamUnreadable when a success is not the JSON
 * that was expected.
 */
export const createCustomerInsightsClient = (options: ClientOptions) => {
  const send = createTransport(options);

  const readAnswer = <Value>(text: string, subject: string, read: Read<Value>): Value => {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (cause) {
      throw unreadable(subject, cause);
    }
    const answer = read(value);
    if (answer === undefined) throw unreadable(subject);
    return answer;
  };

  const ask = async <Value>(request: UpstreamRequest, read: Read<Value>): Promise<Value> =>
    readAnswer((await send(request)).text, request.subject, read);

  const rowsRequest = (instanceId: string, entity: string, query: RowQuery): UpstreamRequest => ({
    method: 'GET',
    instanceId,
    path: pathOf('instances', instanceId, 'data', entity) + queryOf({ ...query }),
    subject: `the entity ${entity}`,
    smaller: smallerPage,
  });

  const rowsOf: Read<readonly Row[]> = (value) => rowPage(value)?.value;

  const get = <Value>(
    read: Read<Value>,
    subject: string,
    instanceId: string,
    segments: readonly string[],
    query: Readonly<Record<string, QueryValue>> = {},
  ): Promise<Value> =>
    ask({ method: 'GET', instanceId, path: pathTo(instanceId, segments, query), subject }, read);

  /** A list. With known lists, the same objects for the same texts. */
  const known = async <Item>(
    item: Read<Item>,
    subject: string,
    instanceId: string,
    segments: readonly string[],
    query: Readonly<Record<string, QueryValue>>,
  ): Promise<readonly Item[]> => {
    const path = pathTo(instanceId, segments, query);
    const { text } = await send({ method: 'GET', instanceId, path, subject });
    return itemsOf(path, text, options.knownLists, (part) => readAnswer(part, subject, list(item)));
  };

  const jobs = ['workflows', workflow, 'jobs'] as const;

  return {
    /** @param keyOf an instance whose subscription key is sent; the list itself belongs to none */
    listInstances: (keyOf: string) =>
      ask(
        { method: 'GET', instanceId: keyOf, path: pathOf('instances'), subject: 'the list of instances' },
        list(instanceInfo),
      ),

    listEntities: (instanceId: string, query: { readonly attributesAnnotations?: boolean } = {}) =>
      get(entityModel, 'the entities of the instance', instanceId, ['manage', 'entities'], query),

    getEntity: (
      instanceId: string,
      entity: string,
      query: { readonly attributesAnnotations?: boolean } = {},
    ) => get(entityMetadata, `the entity ${entity}`, instanceId, ['manage', 'entities', entity], query),

    /** One page of rows. */
    readRows: async (instanceId: string, entity: string, query: RowQuery): Promise<readonly Row[]> =>
      ask(rowsRequest(instanceId, entity, query), rowsOf),

    /**
     * One page of rows to pass on: at most `$top`, which Customer Insights may ignore.
     */
    readPage: async (
      instanceId: string,
      entity: string,
      query: RowQuery & { readonly $top: number },
    ): Promise<Page> => {
      const request = rowsRequest(instanceId, entity, query);
      const { text } = await send(request);
      const flat = flatRows(text);
      if (flat !== undefined && flat.count <= query.$top)
        return { count: flat.count, rows: new UnreadJson(flat.text) };
      const rows = readAnswer(text, request.subject, rowsOf).slice(0, query.$top);
      return { count: rows.length, rows };
    },

    /**
     * Where the partitions of an entity lie. The addresses are credentials: they must not leave the function.
     */
    readPartitions: (instanceId: string, entity: string) =>
      get(partitionRequests, `the partitions of the entity ${entity}`, instanceId, ['data', entity], {
        $select: '*',
        proxy: true,
      }),

    /** 201 when the row is there, 202 when it will be. Not repeated by itself. */
    createRow: async (
      instanceId: string,
      entity: string,
      row: Row,
      { validUntil, caller }: WriteOptions = {},
    ): Promise<{ readonly status: number }> => {
      const { status } = await send({
        method: 'POST',
        instanceId,
        path: pathOf('instances', instanceId, 'data', entity) + queryOf({ validUntil, caller }),
        body: renderJson(row),
        subject: `a new row of the entity ${entity}`,
      });
      return { status };
    },

    updateRow: async (
      instanceId: string,
      entity: string,
      id: string,
      changes: Row,
      { validUntil, caller }: WriteOptions = {},
    ): Promise<void> => {
      await send({
        method: 'PATCH',
        instanceId,
        path: pathOf('instances', instanceId, 'data', entity, id) + queryOf({ validUntil, caller }),
        body: renderJson(changes),
        subject: `the row ${id} of the entity ${entity}`,
      });
    },

    listDataSources: async (instanceId: string) => {
      const subject = 'the data sources of the instance';
      try {
        return await get(list(dataSourceInfo), subject, instanceId, ['manage', 'datasources']);
      } catch (error) {
        // The definition and Microsoft's newer clients name different paths.
        if (!hasCode(error, 'UpstreamNotFound')) throw error;
        return get(list(dataSourceInfo), subject, instanceId, ['manage', 'datasources', 'v2']);
      }
    },

    /** There is no call that reads one segment. Those that are known are the same objects. */
    listSegments(instanceId: string, query: HistoryOptions = {}): Promise<readonly SegmentMetadata[]> {
      const subject = 'the segments of the instance';
      return known(segmentMetadata, subject, instanceId, ['manage', 'segments'], history(query));
    },

    listMeasures: (instanceId: string) =>
      get(list(measureMetadata), 'the measures of the instance', instanceId, ['manage', 'measures']),

    getMeasure: (instanceId: string, measure: string, query: HistoryOptions = {}) =>
      get(
        measureMetadata,
        `the measure ${measure}`,
        instanceId,
        ['manage', 'measures', measure],
        history(query),
      ),

    /** In no certain order: sort by `submittedTimestamp`. Those that are known are the same objects. */
    listJobs: (
      instanceId: string,
      query: { readonly top?: number; readonly includeTasks?: boolean } = {},
    ): Promise<readonly JobInfo[]> => known(jobInfo, 'the jobs of the instance', instanceId, jobs, query),

    getJob: (instanceId: string, jobId: string, query: { readonly includeTasks?: boolean } = {}) =>
      get(jobInfo, `the job ${jobId}`, instanceId, [...jobs, jobId], query),

    /** Submits and does not wait. */
    submitJob: async (instanceId: string, { operationType, identifiers, forceRunRequested }: JobSubmission) =>
      ask(
        {
          method: 'POST',
          instanceId,
          path:
            pathOf('instances', instanceId, ...jobs) +
            queryOf({ operationType, identifiers: identifiers?.join(','), forceRunRequested }),
          subject: `a job of type ${operationType}`,
        },
        jobInfo,
      ),

    getWorkflowStatus: (instanceId: string) =>
      get(list(nodeInfo), 'the workflow status of the instance', instanceId, [
        'workflows',
        workflow,
        'status',
      ]),

    getSearchConfiguration: (instanceId: string) =>
      get(searchConfiguration, 'the search configuration of the instance', instanceId, ['manage', 'search']),
  };
};

const unreadable = (subject: string, cause?: unknown): ConnectorError<'UpstreamUnreadable'> =>
  new ConnectorError(
    'UpstreamUnreadable',
    `Customer Insights answered for ${subject}, but not with the JSON that was expected. Check that the configured address is the Customer Insights REST API.`,
    cause === undefined ? {} : { cause },
  );
