/** Customer Insights as the proxy meets it, over a fetch: rows sorted and cut as asked, lists as given. */
import { exampleInstanceId } from '../../../connector/contract/example.ts';
import { createCustomerInsightsAccess } from '../../../lambda/customer-insights/index.ts';
import type { CallContext } from '../../../lambda/http/implementations.ts';
import { createUpstreamBudget, memoryUpstreamPauseStore } from '../../../lambda/limiter/index.ts';
import { createEntityFacts } from '../../../lambda/proxy/entity-facts.ts';
import { createPartitionHandles } from '../../../lambda/proxy/partitions/handle.ts';
import { proxyImplementations } from '../../../lambda/proxy/proxy-operations.ts';
import { createSentRows } from '../../../lambda/proxy/sent-rows.ts';
import { deadlineIn } from '../../../lambda/runtime/deadline.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import {
  type Answered,
  baseUrl,
  fakeUpstream,
  type SeenRequest,
} from '../customer-insights/fake-upstream.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { memoryTable } from '../memory-table.ts';

export type Rows = readonly Readonly<Record<string, unknown>>[];

const sortedRows = new WeakMap<Rows, Map<string, Rows>>();

/** Sorted once per order, for a walk asks for the same one again and again. */
const sorted = (rows: Rows, orderBy: string): Rows => {
  const known = sortedRows.get(rows) ?? new Map<string, Rows>();
  sortedRows.set(rows, known);
  const order = orderBy
    .split(',')
    .filter(Boolean)
    .map((column) => column.split(' '));
  const compare = (a: Rows[number], b: Rows[number]) => {
    for (const [name = '', direction] of order) {
      const [left, right] = [String(a[name]), String(b[name])];
      if (left !== right) return (left < right ? -1 : 1) * (direction === 'desc' ? -1 : 1);
    }
    return 0;
  };
  const result = known.get(orderBy) ?? [...rows].sort(compare);
  known.set(orderBy, result);
  return result;
};

/** Rows of a page as the source gives them: sorted, skipped, never more than 100. */
export const pageOf = (rows: Rows, { query }: SeenRequest): Rows => {
  const skip = Number(query.get('$skip') ?? 0);
  const top = Math.min(100, Number(query.get('$top') ?? 100));
  return sorted(rows, query.get('$orderby') ?? '').slice(skip, skip + top);
};

/** Nobody reads them here. */
export const connectorTexts = {
  title: 'T',
  publisher: 'P',
  contact: { name: '', url: '', email: '' },
  website: '',
  privacyPolicy: '',
};

export const settings = {
  tenantId: '72f988bf-0000-4000-8000-2d7cd011db47',
  instances: [
    { id: exampleInstanceId, name: 'Contoso Retail', secretName: 'instances/contoso' },
    { id: '11111111-1111-4111-8111-111111111111', name: 'alpha', secretName: 'instances/alpha' },
    { id: '22222222-2222-4222-8222-222222222222', name: 'Beta', secretName: 'instances/beta' },
  ],
  connector: connectorTexts,
  customerInsights: {
    url: baseUrl,
    scope: 'https://api.ci.ai.microsoft.com/.default',
    linkBase: 'https://insights.example.com/{instanceId}/{section}/{object}',
  },
} as const;

export const proxyOver = (
  answer: (request: SeenRequest) => Answered | Promise<Answered>,
  more: {
    readonly host?: string;
    readonly now?: () => number;
    /** Where partitions lie. */
    readonly storage?: typeof globalThis.fetch;
    readonly caller?: Partial<CallContext['caller']>;
  } = {},
) => {
  const { fetch, seen } = fakeUpstream(answer);
  const now = more.now ?? (() => Date.parse('2026-03-02T08:00:00Z'));
  const implementations = proxyImplementations({
    settings: { ...settings, connector: { ...settings.connector, ...(more.host && { host: more.host }) } },
    access: createCustomerInsightsAccess({
      settings,
      baseUrl,
      tokens: {
        onBehalfOf: async ({ token }) => ({ value: `for-${token}`, expiresAt: now() + 3_600_000 }),
        clientCredentials: async () => Promise.reject(new Error('the proxy acts for users only')),
      },
      secrets: { read: async (name) => ({ primary: `key-of-${name}` }) },
      budget: createUpstreamBudget({ store: memoryUpstreamPauseStore(), now }),
      now,
      fetch,
    }),
    customerInsightsUrl: baseUrl,
    facts: createEntityFacts(now),
    handles: createPartitionHandles({ secret: async () => 'client-secret', now }),
    sentRows: createSentRows({ table: memoryTable(), now }),
    fetch: more.storage ?? (async () => Promise.reject(new Error('no partition lies anywhere'))),
    now,
  });
  const context: CallContext = {
    caller: {
      tenantId: 't',
      objectId: 'o',
      clientAppId: 'c',
      token: 'alice',
      expiresAt: now() + 3_600_000,
      ...more.caller,
    },
    deadline: deadlineIn(10_000),
    correlationId: 'correlation',
    requestHost: 'api.example.com',
    log: logWith(recordedLog().log, {}),
  };
  return { ...implementations, context, seen };
};

/** What a list tells beside an object's own properties. @param page section and name; none for the instance */
export const ownership = (page = '', ownerEmail: string | null = null, lastEditor: string | null = null) => ({
  ownerEmail,
  lastEditor,
  link: `https://insights.example.com/${settings.instances[0].id}${page}`,
});
