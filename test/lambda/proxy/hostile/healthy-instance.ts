/** A Customer Insights that answers whatever it knows, and the closed list of requests it may be sent. */
import type { Answered, SeenRequest } from '../../customer-insights/fake-upstream.ts';

/** One segment of a path as it may be sent: unreserved characters, or escaped ones that are letters, marks, digits or a space. */
const segment = '[^/?#]+';

interface Shape {
  readonly method: string;
  /** Below the instance; `*` stands for one segment. */
  readonly path: string;
  readonly query: readonly string[];
  readonly answer: unknown;
  readonly status?: number;
}

const rowOptions = ['$filter', '$select', '$orderby', '$search', '$top', '$skip', 'proxy'];
const historyOptions = ['includeHistoricStats', 'historicStatsDays'];
const at = '2026-03-01T06:00:00Z';

const attribute = (name: string) => ({ name, dataType: 'string' });
const customer = {
  name: 'Customer',
  qualifiedEntityName: 'Customer',
  entityType: 'profile',
  attributes: ['CustomerId', 'FullName', 'City', 'NewsletterOptIn'].map(attribute),
  keys: [[attribute('CustomerId')]],
};
const purchases = {
  name: 'PoS_posPurchases',
  qualifiedEntityName: 'PoS_posPurchases',
  entityType: 'ingested',
  attributes: ['PurchaseId', 'LoyaltyId', 'PurchasedOn', 'TotalPrice', 'ActivityTypeDisplay'].map(attribute),
  keys: [[attribute('PurchaseId')]],
};
const evaluation = { jobStatus: 'CompletedSuccess', evaluationDate: at, entityCount: 1200 };
const highValue = {
  name: 'HighValueCustomers',
  friendlyName: 'High value',
  state: 'active',
  evaluationStatus: evaluation,
  evaluationStatusHistory: [evaluation],
};
const revenue = {
  name: 'TotalRevenue',
  displayName: 'Total revenue',
  definition: { kind: 'entity', isScalar: true, dimensions: [] },
  latestEvaluation: { lastSuccessfulRunId: 'run', state: 'completed', endTime: at },
  output: { values: { Total: '1234.5' }, evaluationTime: at },
};
const source = {
  dataSourceMetadata: {
    dataSourceId: 'd0000000-0000-4000-8000-000000000001',
    name: 'WebShop',
    friendlyName: 'Web shop',
    refreshState: 'updated',
  },
};
const job = {
  jobId: '00000000-0000-4000-8000-000000000000',
  jobStatus: 'running',
  operationType: 'segmentation',
  submittedTimestamp: at,
  tasks: [],
};

/** Where the partitions lie; the address is a credential. */
export const partitionSecret = 'canary-partition-signature';
const partitions = {
  httpRequests: [
    {
      uri: `https://storage.example.com/part-0.csv?sig=${partitionSecret}`,
      headers: { 'x-ms-version': '2020-10-02' },
    },
  ],
};

const shapes: readonly Shape[] = [
  {
    method: 'GET',
    path: '/manage/entities',
    query: ['attributesAnnotations'],
    answer: { entities: [customer, purchases] },
  },
  { method: 'GET', path: '/manage/entities/*', query: ['attributesAnnotations'], answer: customer },
  { method: 'GET', path: '/manage/entities/*/entitysize', query: [], answer: { rowCount: 3 } },
  {
    method: 'GET',
    path: '/data/*',
    query: rowOptions,
    answer: { value: [{ CustomerId: 'a', City: 'Rome' }], ...partitions },
  },
  { method: 'POST', path: '/data/*', query: ['validUntil', 'caller'], answer: null, status: 202 },
  { method: 'PATCH', path: '/data/*/*', query: ['validUntil', 'caller'], answer: null, status: 202 },
  { method: 'GET', path: '/manage/datasources', query: [], answer: [source] },
  { method: 'GET', path: '/manage/datasources/*', query: [], answer: source },
  { method: 'GET', path: '/manage/segments', query: historyOptions, answer: [highValue] },
  { method: 'GET', path: '/manage/measures', query: historyOptions, answer: [revenue] },
  { method: 'GET', path: '/manage/measures/*', query: historyOptions, answer: revenue },
  { method: 'GET', path: '/manage/search', query: [], answer: { entityConfig: [] } },
  { method: 'GET', path: '/rbac/myrole', query: [], answer: { roles: ['Viewer'] } },
  { method: 'GET', path: '/workflows/main/jobs', query: ['top', 'includeTasks'], answer: [job] },
  { method: 'GET', path: '/workflows/main/jobs/*', query: ['includeTasks'], answer: job },
  {
    method: 'POST',
    path: '/workflows/main/jobs',
    query: ['operationType', 'identifiers', 'forceRunRequested'],
    answer: job,
  },
  { method: 'GET', path: '/workflows/main/status', query: [], answer: [] },
  { method: 'GET', path: '/workflows/main/history', query: ['top'], answer: [] },
  { method: 'GET', path: '/workflows/main/schedules', query: [], answer: [] },
  { method: 'GET', path: '/workflows/main/schedules/supportedTimezones', query: [], answer: [] },
];

const patternOf = ({ path }: Shape) =>
  new RegExp(`^/instances/(?<instance>${segment})${path.replaceAll('*', `(${segment})`)}$`);

const known = shapes.map((shape) => ({ ...shape, pattern: patternOf(shape) }));

/** What a name or an id may hold once it is decoded: nothing that could end its segment or call up something else. */
const harmless = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.:\- ]*$/u;

export interface Verdict {
  /** The shape, as `GET /data/*`. */
  readonly shape?: string;
  /** Why the request should never have been sent. */
  readonly violation?: string;
  readonly answered: Answered;
}

const intended = (shape: string, answer: unknown, status = 200): Verdict => ({
  shape,
  answered: { status, body: answer },
});

const unintended = (violation: string): Verdict => ({ violation, answered: { status: 404, body: '' } });

/** @param instanceIds those configured */
export const judge = (request: SeenRequest, instanceIds: readonly string[]): Verdict => {
  const { method, path, query } = request;
  if (method === 'GET' && path === '/instances' && query.size === 0)
    return intended(
      'GET /instances',
      instanceIds.map((instanceId) => ({ instanceId, name: 'One' })),
    );
  if (/[^\x21-\x7e]/.test(path)) return unintended(`characters in ${JSON.stringify(path)}`);
  // The more specific shape first: a literal segment is not a name.
  const found = [...known]
    .sort((a, b) => a.path.split('*').length - b.path.split('*').length)
    .map((shape) => ({ shape, match: shape.method === method ? shape.pattern.exec(path) : null }))
    .find(({ match }) => match !== null);
  if (found?.match == null) return unintended(`${method} ${path}`);
  const { shape, match } = found;
  for (const part of match.slice(1)) {
    const decoded = decodeURIComponent(part ?? '');
    if (!harmless.test(decoded) || decoded.includes('..'))
      return unintended(`the segment ${JSON.stringify(decoded)} in ${method} ${path}`);
  }
  if (!instanceIds.some((id) => id === match.groups?.instance))
    return unintended(`the instance ${match.groups?.instance}`);
  const others = [...query.keys()].filter((name) => !shape.query.includes(name));
  if (others.length > 0 || new Set(query.keys()).size !== query.size)
    return unintended(`the options ${others.join(', ')} of ${method} ${path}`);
  const answer = path.endsWith('/manage/entities/PoS_posPurchases') ? purchases : shape.answer;
  return intended(`${method} ${shape.path}`, answer, shape.status);
};
