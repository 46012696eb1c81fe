import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileValidators } from '../../../connector/contract/validation.ts';
import { createCustomerInsightsAccess } from '../../../lambda/customer-insights/index.ts';
import { createHttpHandler, type HttpHandler } from '../../../lambda/http/handler.ts';
import { customerInsightsScope } from '../../../lambda/identity/customer-insights-access.ts';
import { createTokenSource } from '../../../lambda/identity/token-source.ts';
import { createCallerVerifier } from '../../../lambda/identity/verify-caller.ts';
import {
  createLimiter,
  createUpstreamBudget,
  memoryLimiterStore,
  memoryUpstreamPauseStore,
} from '../../../lambda/limiter/index.ts';
import { createEntityFacts } from '../../../lambda/proxy/entity-facts.ts';
import { createPartitionHandles } from '../../../lambda/proxy/partitions/handle.ts';
import { proxyImplementations } from '../../../lambda/proxy/proxy-operations.ts';
import { createSentRows } from '../../../lambda/proxy/sent-rows.ts';
import type { Issuer } from '../../../local/issuer/issuer.ts';
import { type Simulator, startSimulator } from '../../../local/simulator/index.ts';
import { httpEvent } from '../http/events.ts';
import { recordedLog } from '../http/recorded-log.ts';
import {
  apiAppId,
  apiSecret,
  type SteppedClock,
  startLocalIdentity,
  verifierOptions,
} from '../identity/local-identity.ts';
import { memoryTable } from '../memory-table.ts';
import { connectorTexts } from './fake-instance.ts';

/** Rows of the instance: enough for many pages, few enough to be made fast. */
const customers = 1_250;

let issuer: Issuer;
let clock: SteppedClock;
let simulator: Simulator;
let handler: HttpHandler;
let authorization: string;
let dataset: string;
let closed: string;
const recorded = recordedLog();
let secondaryOnly = false;

beforeAll(async () => {
  ({ issuer, clock } = await startLocalIdentity());
  const [alice] = issuer.users;
  if (alice === undefined) throw new Error('the local issuer has users');
  simulator = await startSimulator({
    clock,
    authority: { issuer: issuer.issuer, jwksUri: issuer.jwksUri },
    instances: [
      {
        name: 'Open',
        customers,
        activities: 3_000,
        assignments: [{ principalId: alice.objectId, principalType: 'user', role: 'Viewer' }],
      },
      { name: 'Closed', customers: 100, activities: 100, assignments: [] },
    ],
  });
  const [open, other] = simulator.instances;
  if (open === undefined || other === undefined) throw new Error('two instances were started');
  dataset = open.id;
  closed = other.id;
  const settings = {
    instances: [
      { id: open.id, name: 'Open', secretName: open.id },
      { id: other.id, name: 'Closed', secretName: other.id },
    ],
    connector: connectorTexts,
    customerInsights: {
      url: simulator.url,
      scope: customerInsightsScope,
      linkBase: 'https://insights.example.com/{instanceId}/{section}/{object}',
    },
  };
  const now = clock.now;
  handler = createHttpHandler({
    function: 'proxy',
    validators: compileValidators('proxy'),
    verifyCaller: createCallerVerifier(verifierOptions(issuer, clock)),
    limiter: createLimiter({
      random: Math.random,
      store: memoryLimiterStore(),
      limit: 100,
      windowMs: 60_000,
      now,
    }),
    implementations: proxyImplementations({
      settings,
      access: createCustomerInsightsAccess({
        settings,
        baseUrl: simulator.url,
        tokens: createTokenSource({
          authority: issuer.issuer,
          clientId: apiAppId,
          credential: { kind: 'client-secret', read: async () => apiSecret },
          now,
        }),
        secrets: {
          read: async (name) => {
            const { primary, secondary } = (name === open.id ? open : other).subscriptionKeys;
            return secondaryOnly ? { primary: 'regenerated', secondary } : { primary, secondary };
          },
        },
        budget: createUpstreamBudget({ store: memoryUpstreamPauseStore(), now }),
        now,
      }),
      customerInsightsUrl: simulator.url,
      facts: createEntityFacts(now),
      handles: createPartitionHandles({ secret: async () => apiSecret, now }),
      sentRows: createSentRows({ table: memoryTable(), now }),
      fetch,
      now,
    }),
    logger: recorded.log,
    now,
  });
  authorization = `Bearer ${await issuer.userToken()}`;
});
afterAll(async () => {
  await simulator.close();
  await issuer.close();
});

const call = async (routeKey: string, path: Readonly<Record<string, string>> = {}, query = '') => {
  clock.advance(1_000);
  const { statusCode, body } = await handler(
    httpEvent({ routeKey, path, query, headers: { authorization } }),
  );
  return { status: statusCode, json: JSON.parse(body ?? 'null') };
};

const items = (table: string, query: string, instance = dataset) =>
  call('GET /v1/datasets/{dataset}/tables/{table}/items', { dataset: instance, table }, query);

describe('a signed-in user of one instance', () => {
  it('sees that instance and not the other', async () => {
    const { status, json } = await call('GET /v1/datasets');
    expect([status, json]).toEqual([200, { value: [{ instanceId: dataset, name: 'Open' }] }]);
    const refused = await items('Customer', '', closed);
    expect([refused.status, refused.json.error.code]).toEqual([403, 'UpstreamForbidden']);
  });

  it('sees the segments with their counts and the data sources', async () => {
    const segments = await call('GET /v1/datasets/{dataset}/segments', { dataset });
    expect(segments.status).toBe(200);
    expect(segments.json.value.length).toBeGreaterThanOrEqual(6);
    expect(segments.json.value.some(({ memberCount }: { memberCount: number }) => memberCount > 0)).toBe(
      true,
    );
    const sources = await call('GET /v1/datasets/{dataset}/data-sources', { dataset });
    expect(sources.json.value).toHaveLength(3);
  });

  it('walks all customers, each once', async () => {
    const seen: string[] = [];
    for (let query: string | undefined = '$select=CustomerId'; query !== undefined; ) {
      const { status, json } = await items('Customer', query);
      expect(status).toBe(200);
      seen.push(...json.value.map(({ CustomerId }: { CustomerId: string }) => CustomerId));
      const link: string | undefined = json['@odata.nextLink'];
      query = link === undefined ? undefined : new URL(link).search.slice(1);
    }
    expect([seen.length, new Set(seen).size]).toEqual([customers, customers]);
  });

  it('filters by the documented fields', async () => {
    const { json: first } = await items('Customer', '$top=1&$skip=41');
    const id: string = first.value[0].CustomerId;
    const found = await items(
      'Customer',
      `$filter=${encodeURIComponent(`CustomerId in ('${id}','nobody')`)}`,
    );
    expect(found.json).toEqual({ value: [first.value[0]] });
    const activities = await items(
      'UnifiedActivity',
      `$filter=${encodeURIComponent(`CustomerId eq '${id}'`)}&$orderby=ActivityTime desc`,
    );
    expect(activities.status).toBe(200);
    // The product's connector documents only the ids; the API serves the type too.
    const byType = await items('UnifiedActivity', "$filter=ActivityType eq 'x'");
    expect(byType.status).toBe(200);
    const refused = await items('UnifiedActivity', "$filter=Channel eq 'x'");
    expect([refused.status, refused.json.error.code]).toEqual([400, 'FieldNotFilterable']);
  });

  it('is told which columns there are when one is not', async () => {
    const { status, json } = await items('Customer', '$select=Colour');
    expect([status, json.error.code]).toEqual([400, 'QueryOptionInvalid']);
    expect(json.error.message).toMatch(/Colour at position 1\. Allowed there: .*CustomerId/);
  });

  it('is told the form of names when the entity is not there', async () => {
    const { status, json } = await items('Nobody', '');
    expect([status, json.error.code]).toEqual([404, 'EntityUnknown']);
  });

  it('notices nothing of a regenerated key', async () => {
    secondaryOnly = true;
    expect((await items('Customer', '$top=1')).status).toBe(200);
    secondaryOnly = false;
  });

  it('leaves no token and no key in the log', () => {
    expect(recorded.lines.length).toBeGreaterThan(20);
    const text = recorded.text();
    expect(text).not.toMatch(/eyJ[\w-]+\./);
    for (const { subscriptionKeys } of simulator.instances)
      for (const key of Object.values(subscriptionKeys)) expect(text).not.toContain(key);
  });
});
