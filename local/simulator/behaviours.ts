/**
 * Named switches for behaviour that the published material does not define. Each entry names the section of
 * the API reference (docs/reference of the service: "3.1 path variants", "8.2 inferred point 5", …) that
 * leaves it open. A finding on a real environment then changes exactly one default.
 *
 * Point 1 of 8.2 (the tabular protocol behind the connector) has no server side and so no switch here.
 */
interface Choice<V extends string> {
  readonly kind: 'choice';
  readonly values: readonly V[];
  readonly default: V;
  readonly section: string;
  readonly text: string;
}
interface Flag {
  readonly kind: 'flag';
  readonly default: boolean;
  readonly section: string;
  readonly text: string;
}
interface Amount {
  readonly kind: 'amount';
  readonly default: number;
  readonly min: number;
  readonly section: string;
  readonly text: string;
}
type Spec = Choice<string> | Flag | Amount;

const choice = <const V extends string>(values: readonly V[], section: string, text: string): Choice<V> => {
  const first = values[0];
  if (first === undefined) throw new Error('a choice needs a value');
  return { kind: 'choice', values, default: first, section, text };
};
const flag = (value: boolean, section: string, text: string): Flag => ({
  kind: 'flag',
  default: value,
  section,
  text,
});
const amount = (value: number, min: number, section: string, text: string): Amount => ({
  kind: 'amount',
  default: value,
  min,
  section,
  text,
});

/** The first value of a choice is its default. */
export const behaviourSpecs = {
  partitionsOnProxy: flag(true, '8.2 point 2', '`proxy=true` answers partition requests; off: it is ignored'),
  retryingJob: choice(
    ['running', 'failed'],
    '8.2 point 3',
    'status of a job while one of its failed tasks waits for its retry',
  ),
  permanentFailure: choice(
    ['failed', 'timedOut'],
    '8.2 point 4',
    'task status once all internal retries are used up',
  ),
  cancelledTask: choice(['aborted', 'deleted'], '8.2 point 4', 'task and job status after a cancel'),
  runIdChangesOn: choice(
    ['success', 'everyEvaluation'],
    '8.2 point 5',
    'which evaluations give a new lastSuccessfulRunId',
  ),
  throttleUndeclared: flag(true, '8.2 point 6', '429 faults also hit operations that do not declare 429'),
  ingestionIdentifier: choice(
    ['dataSourceId', 'name'],
    '8.2 point 7',
    '`identifier` of an ingestion node in the workflow status',
  ),
  renameKeepsName: flag(true, '8.2 point 8', 'renaming a segment or measure changes only its display name'),
  roleGates: choice(
    ['default', 'adminWrites', 'open'],
    '8.2 point 9, 5.4',
    'default: reads Viewer, writes Contributor, settings Admin; adminWrites: every write Admin; open: any role',
  ),
  enumCasing: choice(['camelCase', 'PascalCase'], '3.1, 8.1', 'casing of enum values in management answers'),
  subscriptionKeyInQuery: flag(true, '3.2', 'the key is also accepted as query option `subscription-key`'),
  nullNamedInstances: choice(['null', 'absent'], '3.3', 'how an instance without a name is listed'),
  lastRefreshMovesOnFailure: flag(false, '8.1 data source', 'a failed refresh moves `lastRefresh` too'),
  measureListOutput: flag(true, '8.1 measures', 'the measures list carries `output` of scalar measures'),
  measureTaskOperation: choice(
    ['measures', 'byKind'],
    '4 operationType',
    'byKind: attributeMeasures for customer attributes, entityMeasures for all others',
  ),
  segmentEvaluationDate: choice(
    ['end', 'start'],
    '3.7 segments',
    'whether `evaluationDate` is the end or the start of the evaluation',
  ),
  countOnFailure: choice(
    ['previous', 'zero', 'absent'],
    '6.3',
    '`entityCount` shown by an evaluation that did not succeed',
  ),
  historyDays: amount(30, 1, '8.1 API limits', 'days of history when `historicStatsDays` is not given'),
  jobOrder: choice(['newestFirst', 'oldestFirst', 'scrambled'], '5.2', 'order of the job and history lists'),
  jobsDefaultTop: amount(50, 1, '5.2', 'length of the job list when `top` is not given'),
  jobsTopCap: amount(200, 1, '5.2', 'largest `top` honoured by the job and history lists'),
  submitPrecedence: choice(
    ['query', 'body'],
    '3.7 OnDemandJobRequest',
    'which wins when query and body of a job submit differ',
  ),
  pageSize: amount(100, 1, '5.2', 'rows of a page without `$top`'),
  pageCap: amount(100, 1, '5.2, 8.1', 'largest `$top` honoured'),
  rowOrder: choice(['key', 'scrambled'], '5.2', 'order of rows without `$orderby` (stable in both cases)'),
  nextLink: flag(false, '5.2, 8.1', '`@odata.nextLink` is sent while rows remain'),
  odataCount: choice(
    ['total', 'page'],
    '5.2, 8.1',
    'meaning of `@odata.count`, which is sent when `$count=true`',
  ),
  rowByKeyPath: flag(false, '8.1 single row by key', "`Customer('id')` paths are served"),
  customerFilter: choice(
    ['any', 'indexed'],
    '2.4',
    'whether `$filter` on Customer takes any attribute or only those indexed as filterable',
  ),
  createStatus: choice(['created', 'accepted'], '8.1 write results', '201 or 202 for a created row'),
  createBody: choice(['wrapper', 'row', 'empty'], '8.1 write results', 'body of 201 and 202'),
  writeVisibleAfterMs: amount(0, 0, '5.3', 'ms until a written row is visible ("within seconds")'),
  segmentPartitionHeader: flag(true, '3.6', 'partition files of segments begin with a header row'),
} as const satisfies Record<string, Spec>;

type Table = typeof behaviourSpecs;
type ValueOf<S> =
  S extends Choice<infer V> ? V : S extends Flag ? boolean : S extends Amount ? number : never;

export type BehaviourName = keyof Table;
export type Behaviours = { readonly [K in BehaviourName]: ValueOf<Table[K]> };
export type MutableBehaviours = { -readonly [K in BehaviourName]: Behaviours[K] };

export const isBehaviourName = (name: string): name is BehaviourName => Object.hasOwn(behaviourSpecs, name);

/**
 * All defaults, with the given ones set. Throws (see {@link setBehaviour}) on a name or value that does not
 * exist.
 */
export const behavioursWith = (overrides: Partial<Behaviours> = {}): MutableBehaviours => {
  const names = Object.keys(behaviourSpecs) as BehaviourName[];
  const all = Object.fromEntries(
    names.map((name) => [name, behaviourSpecs[name].default]),
  ) as MutableBehaviours;
  for (const [name, value] of Object.entries(overrides)) setBehaviour(all, name, value);
  return all;
};

/**
 * Sets one behaviour from an untyped place (the control interface).
 * @throws RangeError naming the behaviour, the value given and what is allowed.
 */
export const setBehaviour = (behaviours: MutableBehaviours, name: string, value: unknown): void => {
  if (!isBehaviourName(name))
    throw new RangeError(`unknown behaviour "${name}"; known: ${Object.keys(behaviourSpecs).join(', ')}`);
  const spec: Spec = behaviourSpecs[name];
  if (!allowed(spec, value))
    throw new RangeError(`behaviour "${name}" cannot be ${JSON.stringify(value)}; allowed: ${range(spec)}`);
  Object.assign(behaviours, { [name]: value });
};

const allowed = (spec: Spec, value: unknown): boolean => {
  if (spec.kind === 'choice') return typeof value === 'string' && spec.values.includes(value);
  if (spec.kind === 'flag') return typeof value === 'boolean';
  return Number.isInteger(value) && Number(value) >= spec.min;
};

const range = (spec: Spec): string => {
  if (spec.kind === 'choice') return spec.values.join(', ');
  return spec.kind === 'flag' ? 'true, false' : `an integer of at least ${spec.min}`;
};
