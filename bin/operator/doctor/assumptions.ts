/**
 * What no document of Customer Insights says, and the simulator assumes (local/simulator/behaviours.ts): compared with what
 * an instance answers. Only reads. Of the answers nothing is kept but states, times and numbers.
 */
import { isRecord } from '../../../lambda/runtime/json.ts';
import { dayMs } from '../../../lambda/runtime/time.ts';
import { type BehaviourName, behaviourSpecs } from '../../../local/simulator/behaviours.ts';
import { messageOf } from '../options.ts';

export type Judgement = 'confirmed' | 'contradicted' | 'unseen';

export interface Assumption {
  /** As the simulator calls it; `behaviours` of its control sets it. */
  readonly name: BehaviourName;
  readonly text: string;
  /** What the simulator does. */
  readonly assumed: string;
  /** What the instance does; null when its answers do not show it. */
  readonly seen: string | null;
  readonly judgement: Judgement;
}

/** Answers of an instance, as they came. Undefined for one that was refused. */
export interface Answers {
  readonly instances?: unknown;
  /** Without `top`. */
  readonly jobs?: unknown;
  /** With tasks, and a `top` of {@link manyJobs}. */
  readonly manyJobs?: unknown;
  /** With history, without a number of days. */
  readonly segments?: unknown;
  /** With a history of 90 days. */
  readonly longSegments?: unknown;
  readonly measures?: unknown;
  readonly dataSources?: unknown;
  readonly nodes?: unknown;
  /** Rows without and with a `$top` of {@link manyRows}; the latter with `$count=true`. */
  readonly page?: unknown;
  readonly largePage?: unknown;
}

const manyJobs = 1_000;
const manyRows = 1_000;

/** A read of the REST API below the instance. */
export type ReadPath = (path: string) => Promise<unknown>;

const entity = 'Customer';

const paths: Readonly<Record<keyof Answers, string>> = {
  instances: '',
  jobs: '/workflows/main/jobs',
  manyJobs: `/workflows/main/jobs?top=${manyJobs}&includeTasks=true`,
  segments: '/manage/segments?includeHistoricStats=true',
  longSegments: '/manage/segments?includeHistoricStats=true&historicStatsDays=90',
  measures: '/manage/measures',
  dataSources: '/manage/datasources',
  nodes: '/workflows/main/status',
  page: `/data/${entity}`,
  largePage: `/data/${entity}?$top=${manyRows}&$count=true`,
};

/** A read that gave no answer, so that what it would have shown is unseen. */
export interface NotRead {
  /** Below the address of the instance, or `/instances` itself. */
  readonly path: string;
  readonly reason: string;
}

/** Makes every read at once; one that is refused leaves its answer out and hinders no other. */
export const readAnswers = async (
  read: ReadPath,
): Promise<{ readonly answers: Answers; readonly notRead: readonly NotRead[] }> => {
  const outcomes = await Promise.all(
    Object.entries(paths).map(async ([name, path]) => {
      try {
        return { answer: [name, await read(path)] as const };
      } catch (error) {
        const reason = error instanceof Error ? messageOf(error) : String(error);
        return { notRead: { path: path === '' ? '/instances' : path, reason } };
      }
    }),
  );
  return {
    answers: Object.fromEntries(outcomes.flatMap(({ answer }) => (answer ? [answer] : []))),
    notRead: outcomes.flatMap(({ notRead }) => (notRead ? [notRead] : [])),
  };
};

type Item = Readonly<Record<string, unknown>>;
/** Casing of names is open too. */
const lowered = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).map(([key, value]) => [key.toLowerCase(), value]));
const items = (value: unknown): readonly Item[] =>
  Array.isArray(value) ? value.filter(isRecord).map(lowered) : [];
const rowsOf = (page: unknown): readonly unknown[] | undefined =>
  isRecord(page) && Array.isArray(page.value) ? page.value : undefined;
/** How many rows a page says that there are. */
const totalOf = (page: unknown): unknown => (isRecord(page) ? page['@odata.count'] : undefined);
const time = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);
const word = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');

const orderOf = (times: readonly number[]): string | null => {
  const known = times.filter((at) => !Number.isNaN(at));
  if (new Set(known).size < 2) return null;
  const steps = known.slice(1).map((at, index) => at - (known[index] ?? at));
  if (steps.every((step) => step <= 0)) return 'newestFirst';
  return steps.every((step) => step >= 0) ? 'oldestFirst' : 'scrambled';
};

/** The one of two states that tasks have had; null when none or both were seen. */
const onlyOne = (jobs: unknown, one: string, other: string): string | null => {
  const states = new Set(
    items(jobs)
      .flatMap(({ tasks }) => items(tasks))
      .map(({ taskstatus }) => word(taskstatus)),
  );
  const [hasOne, hasOther] = [states.has(one.toLowerCase()), states.has(other.toLowerCase())];
  if (hasOne === hasOther) return null;
  return hasOne ? one : other;
};

const oldestAge = (segments: unknown): number | undefined => {
  const times = items(segments)
    .flatMap(({ evaluationstatushistory: history }) => items(history))
    .map(({ evaluationdate }) => time(evaluationdate))
    .filter((at) => !Number.isNaN(at));
  return times.length === 0 ? undefined : (Math.max(...times) - Math.min(...times)) / dayMs;
};

/** What an instance does, by assumption: the value that its switch would have; null or absent where nothing shows it. */
const observers: Partial<Readonly<Record<BehaviourName, (answers: Answers) => string | null>>> = {
  jobOrder: ({ jobs }) => orderOf(items(jobs).map(({ submittedtimestamp }) => time(submittedtimestamp))),
  jobsDefaultTop: ({ jobs, manyJobs: many }) => {
    const [few, all] = [items(jobs).length, items(many).length];
    if (few > behaviourSpecs.jobsDefaultTop.default || all > few) return String(few);
    return null;
  },
  jobsTopCap: ({ manyJobs: many }) => {
    const { length } = items(many);
    return length >= behaviourSpecs.jobsTopCap.default ? String(length) : null;
  },
  enumCasing: ({ jobs }) => {
    const status = items(jobs)
      .map(({ jobstatus }) => jobstatus)
      .find((one) => typeof one === 'string');
    if (typeof status !== 'string') return null;
    return /^[A-Z]/.test(status) ? 'PascalCase' : 'camelCase';
  },
  retryingJob: ({ manyJobs: many }) => {
    for (const { jobstatus, tasks } of items(many)) {
      const states = items(tasks).map(({ taskstatus }) => word(taskstatus));
      const failed = states.some((state) => state === 'failed' || state === 'timedout');
      const open = states.some((state) => state === 'running' || state === 'queued');
      if (failed && open) return word(jobstatus) === 'failed' ? 'failed' : 'running';
    }
    return null;
  },
  permanentFailure: ({ manyJobs: many }) => onlyOne(many, 'failed', 'timedOut'),
  cancelledTask: ({ manyJobs: many }) => onlyOne(many, 'aborted', 'deleted'),
  ingestionIdentifier: ({ nodes, dataSources }) => {
    const sources = items(dataSources).map((source) =>
      lowered(isRecord(source.datasourcemetadata) ? source.datasourcemetadata : source),
    );
    const ids = new Set(sources.map(({ datasourceid }) => word(datasourceid)));
    const names = new Set(sources.map(({ name }) => word(name)));
    for (const { operationtype, identifier } of items(nodes))
      if (word(operationtype) === 'ingestion') {
        if (ids.has(word(identifier))) return 'dataSourceId';
        if (names.has(word(identifier))) return 'name';
      }
    return null;
  },
  nullNamedInstances: ({ instances }) => {
    const unnamed = items(instances).find(({ name }) => name === null || name === undefined);
    if (unnamed === undefined) return null;
    return 'name' in unnamed ? 'null' : 'absent';
  },
  measureListOutput: ({ measures }) => {
    const scalar = items(measures).filter(
      ({ definition }) => isRecord(definition) && lowered(definition).isscalar === true,
    );
    if (scalar.length === 0) return null;
    return String(scalar.some(({ output }) => isRecord(output)));
  },
  countOnFailure: ({ segments }) => {
    for (const { evaluationstatushistory: history } of items(segments)) {
      const inOrder = items(history).toSorted((a, b) => time(a.evaluationdate) - time(b.evaluationdate));
      for (const [at, { jobstatus, entitycount }] of inOrder.entries()) {
        const before = inOrder[at - 1];
        if (word(jobstatus) !== 'completedfailure' || before === undefined) continue;
        if (entitycount === undefined || entitycount === null) return 'absent';
        if (entitycount === before.entitycount) return 'previous';
        if (entitycount === 0) return 'zero';
      }
    }
    return null;
  },
  historyDays: ({ segments, longSegments }) => {
    const [usual, long] = [oldestAge(segments), oldestAge(longSegments)];
    if (usual === undefined || long === undefined) return null;
    const { default: assumed } = behaviourSpecs.historyDays;
    if (usual > assumed + 1) return String(Math.round(usual));
    return long > usual + 1 ? (usual > assumed - 2 ? String(assumed) : String(Math.ceil(usual))) : null;
  },
  pageSize: ({ page, largePage }) => {
    const [usual, large] = [rowsOf(page)?.length, rowsOf(largePage)?.length];
    if (usual === undefined) return null;
    return usual !== behaviourSpecs.pageSize.default && (large ?? 0) <= usual ? null : String(usual);
  },
  pageCap: ({ largePage }) => {
    const rows = rowsOf(largePage)?.length;
    return rows === undefined || rows < behaviourSpecs.pageCap.default ? null : String(rows);
  },
  nextLink: ({ page, largePage }) => {
    if (isRecord(page) && '@odata.nextLink' in page) return 'true';
    const [usual, count] = [rowsOf(page)?.length, totalOf(largePage)];
    return usual !== undefined && typeof count === 'number' && count > usual ? 'false' : null;
  },
  odataCount: ({ largePage }) => {
    const [rows, count] = [rowsOf(largePage)?.length, totalOf(largePage)];
    if (rows === undefined || typeof count !== 'number') return null;
    if (count > rows) return 'total';
    return rows >= behaviourSpecs.pageCap.default ? 'page' : null;
  },
};

const names = Object.keys(behaviourSpecs) as readonly BehaviourName[];

export const judge = (answers: Answers): readonly Assumption[] =>
  names.map((name) => {
    const { text, default: assumed } = behaviourSpecs[name];
    const seen = observers[name]?.(answers) ?? null;
    const judgement: Judgement =
      seen === null ? 'unseen' : seen === String(assumed) ? 'confirmed' : 'contradicted';
    return { name, text, assumed: String(assumed), seen, judgement };
  });

/** Keys whose texts are states, kinds and times, and no names that people chose. */
const keptTexts = new Set(
  [
    'jobStatus',
    'taskStatus',
    'jobType',
    'jobSubmissionKind',
    'operationType',
    'subType',
    'submittedTimestamp',
    'endTimestamp',
    'startTimestamp',
    'evaluationDate',
    'state',
    'refreshState',
    'provisioningState',
    'lastRefresh',
    'endTime',
    'evaluationTime',
    'lastSuccessful',
    'kind',
    'type',
    'status',
    'errorCode',
    'exceptionCulprit',
    'resultSeverity',
    'instanceType',
    'azureRegion',
    'expiryTimeUtc',
  ].map((key) => key.toLowerCase()),
);

/**
 * Keys whose texts are ids, or names that the API uses as such: each becomes another text, the same one for the same id
 * within a record.
 */
const ids = /id$|ids$|^identifier$|^idlist$|^name$/i;

/** What a kept text may look like; anything else is free text after all. */
const harmless = /^[\w.:+-]{1,40}$/;

/** Of the definition of a measure: whether it has one value. Its other keys are names that people chose. */
const scalarity = (definition: unknown): Item | undefined => {
  if (!isRecord(definition)) return undefined;
  const { kind, type, isscalar, ismanualqueryscalar } = lowered(definition);
  return { kind, type, isScalar: isscalar, isManualQueryScalar: ismanualqueryscalar };
};

/** The value of a scalar measure, under a key of ours; undefined for anything but one number. */
const numberOf = (output: unknown): Item | undefined => {
  if (!isRecord(output)) return undefined;
  const { values, evaluationtime } = lowered(output);
  const [value, ...others] = isRecord(values) ? Object.values(values) : [];
  return others.length === 0 && /^-?\d+(?:\.\d+)?$/.test(String(value))
    ? { values: { value: String(value) }, evaluationTime: evaluationtime }
    : undefined;
};

/**
 * A record of the answers by allow-list: states, times and numbers as they are, ids by a key that is thrown away with the
 * process, any other text only as its length. Rows of data only as their number.
 * @param maskId gives the same text for the same id
 */
export const recordOf = (answers: Answers, maskId: (id: string) => string): unknown => {
  const kept = (value: unknown, key: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => kept(item, key));
    if (isRecord(value))
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, kept(inner, name)]));
    if (typeof value !== 'string')
      return typeof value === 'number' || typeof value === 'boolean' || value === null ? value : undefined;
    if (ids.test(key)) return value === '' ? value : maskId(value.toLowerCase());
    if (keptTexts.has(key.toLowerCase()) && harmless.test(value)) return value;
    return `<text of ${value.length}>`;
  };
  // Names of attributes are chosen by people, so what may have some is not descended into.
  const { page, largePage, measures, ...others } = answers;
  const count = (one: unknown) => ({
    rows: rowsOf(one)?.length ?? null,
    count: totalOf(one) ?? null,
  });
  return {
    ...Object.fromEntries(
      Object.entries(others).map(([name, value]) => [name, value === undefined ? null : kept(value, name)]),
    ),
    measures: items(measures).map((measure) => ({
      ...(kept(
        {
          name: measure.name,
          definition: scalarity(measure.definition),
          latestEvaluation: measure.latestevaluation,
        },
        '',
      ) as Item),
      output: numberOf(measure.output),
    })),
    page: count(page),
    largePage: count(largePage),
  };
};

/** Behaviours of the simulator that make it do what an instance did. */
export const behavioursSeen = (assumptions: readonly Assumption[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    assumptions.flatMap(({ name, seen, judgement }) => {
      if (judgement !== 'contradicted' || seen === null) return [];
      const { kind } = behaviourSpecs[name];
      return [[name, kind === 'flag' ? seen === 'true' : kind === 'amount' ? Number(seen) : seen]];
    }),
  );
