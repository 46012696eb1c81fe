/** `npm start` against a real instance: here a simulator and an issuer that were started beside it stand in for the real ones. */
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { LocalClock } from '../../local/clock.ts';
import { type ConnectedSystem, startConnectedSystem } from '../../local/connected-system.ts';
import { createRegistrations } from '../../local/issuer/directory.ts';
import { type Issuer, startIssuer } from '../../local/issuer/issuer.ts';
import { readRealInstance } from '../../local/real-instance.ts';
import { type Simulator, startSimulator } from '../../local/simulator/index.ts';
import { localConfiguration } from '../../local/system.ts';
import { testStart } from './test-system.ts';

const { tenantId, applications, instances } = localConfiguration;
const clock = LocalClock.frozen(testStart);
const lines: string[] = [];
let issuer: Issuer;
let simulator: Simulator;
let system: ConnectedSystem;

beforeAll(async () => {
  issuer = await startIssuer({
    clock,
    tenantId,
    applications: createRegistrations({
      connectorAppId: applications.connector.clientId,
      connectorSecret: 'of the platform',
      redirectUris: [],
      apiAppId: applications.api.clientId,
      apiSecret: 'a real secret',
    }),
  });
  const [maker] = issuer.users;
  const [instance] = instances;
  simulator = await startSimulator({
    clock,
    authority: { issuer: issuer.issuer, jwksUri: issuer.jwksUri },
    instances: [
      {
        ...(instance && { id: instance.id, name: 'Real' }),
        customers: 200,
        activities: 200,
        assignments: [
          { principalId: maker?.objectId ?? '', principalType: 'user', role: 'Contributor' },
          { principalId: applications.api.clientId, principalType: 'app', role: 'Viewer' },
        ],
      },
    ],
  });
  const real = readRealInstance(
    {
      CUSTOMER_INSIGHTS_URL: simulator.url,
      CUSTOMER_INSIGHTS_AUTHORITY: issuer.issuer,
      CUSTOMER_INSIGHTS_TENANT_ID: tenantId,
      CUSTOMER_INSIGHTS_CONNECTOR_CLIENT_ID: applications.connector.clientId,
      CUSTOMER_INSIGHTS_API_CLIENT_ID: applications.api.clientId,
      CUSTOMER_INSIGHTS_CLIENT_SECRET: 'a real secret',
      CUSTOMER_INSIGHTS_INSTANCE_ID: instance?.id,
      CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY: simulator.instances[0]?.subscriptionKeys.primary,
      CUSTOMER_INSIGHTS_USER_TOKEN: await issuer.userToken(),
    },
    () => ({ configuration: localConfiguration, source: 'the test', isExample: false }),
  );
  if (real === undefined) throw new Error('CUSTOMER_INSIGHTS_URL is set');
  expect(real.configuration).toMatchObject({ tenantId, applications, instances });
  const { template, assets } = inject('synthesised');
  system = await startConnectedSystem({
    clock,
    real,
    synthesised: { template, assets: new Map(assets) },
    log: ({ text }) => lines.push(text),
  });
});
afterAll(async () => {
  await system.close();
  await simulator.close();
  await issuer.close();
});

it('a signed-in user reads the instance through the proxy', async () => {
  const answer = await system.client.call('GetItems', {
    dataset: instances[0]?.id,
    table: 'Customer',
    $top: 3,
  });
  expect([answer.status, (answer.body as { value: unknown[] }).value.length]).toEqual([200, 3]);
});

it('a flow of the flow host is called when a refresh fails in the instance', async () => {
  await system.flowHost.create('failures', 'OnDataSourceRefreshFailed', { dataset: instances[0]?.id });
  const world = simulator.world.instance();
  world.refreshDataSource(world.dataSources[0]?.name ?? '', { outcome: 'fail', durationMs: 20_000 });
  await clock.advance(5 * 60_000);
  expect(system.flowHost.callbacks.map(({ flow, status }) => [flow, status])).toEqual([['failures', 202]]);
  expect(lines.join('\n')).not.toMatch(/"level":"(ERROR|WARN)"/);
});
