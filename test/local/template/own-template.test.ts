import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientSecretName } from '../../../config/client-secret.ts';
import { exampleConfiguration } from '../../../config/example.ts';
import { deployedFunctionNames, functionNames } from '../../../lambda/functions.ts';
import { LocalClock } from '../../../local/clock.ts';
import { synthesise } from '../../../local/synthesise.ts';
import { type Deployment, runTemplate } from '../../../local/template/run-template.ts';
import { answeringFunction, type FixtureAssets, fixtureAssets } from './fixture-asset.ts';

/** The template of this project with stand-ins for its bundles: everything in it is known to the interpreter. */
let assets: FixtureAssets;
let deployment: Deployment;

const synthesiseFor = (mode: 'deploy' | 'local') =>
  synthesise({
    configuration: exampleConfiguration,
    source: 'embedded example configuration',
    isExample: true,
    functionsDir: assets.root,
    mode,
    validate: false,
  });

beforeAll(async () => {
  assets = fixtureAssets();
  for (const name of functionNames) {
    assets.add(
      name,
      name === 'instance-rows'
        ? answeringFunction()
        : `export const handler = async (event) => ({ from: '${name}', environment: Object.keys(process.env), event });`,
    );
  }
  const synthesis = synthesiseFor('local');
  deployment = await runTemplate({
    template: synthesis.template,
    assetDirectory: (key) => synthesis.assets.get(key),
    parameters: { CustomerInsightsUrl: 'http://127.0.0.1:9/v1', Authority: 'http://127.0.0.1:9/tenant/v2.0' },
    clock: LocalClock.frozen(Date.parse('2026-03-01T10:00:00Z')),
    secrets: { [clientSecretName(exampleConfiguration)]: '{"clientSecret":"x"}' },
  });
});
afterAll(async () => {
  await deployment.close();
  assets.remove();
});

describe("this project's template", () => {
  it('runs every function, each permitted on all of its routes', () => {
    const { functions, apis, schedules, mappings } = deployment.model;
    expect(functions).toHaveLength(deployedFunctionNames.length);
    expect(apis.flatMap(({ routes }) => routes).filter(({ permitted }) => !permitted)).toEqual([]);
    expect([schedules.length, mappings.length]).toEqual([1, 6]);
  });

  it('asks for a token wherever the contract does', async () => {
    expect((await fetch(`${deployment.apiUrl}/v1/nowhere`)).status).toBe(401);
    const removed = await fetch(`${deployment.apiUrl}/v1/subscriptions/a/b`, { method: 'DELETE' });
    expect(await removed.json()).toMatchObject({ from: 'subscriptions' });
  });

  it('passes the parameters on to the functions', () => {
    const watch = deployment.model.functions.find(
      ({ variables }) => variables.DELIVERY_QUEUE_URL !== undefined,
    );
    expect(watch?.variables).toMatchObject({
      CUSTOMER_INSIGHTS_URL: 'http://127.0.0.1:9/v1',
      AUTHORITY: 'http://127.0.0.1:9/tenant/v2.0',
      STATE_TABLE: deployment.model.tables[0]?.name,
    });
  });

  it('is also valid in its deployed form, with guards that no function reads and the configured endpoints', async () => {
    const synthesis = synthesiseFor('deploy');
    const running = await runTemplate({
      template: synthesis.template,
      // The only one that is called.
      assetDirectory: () => assets.directory('instance-rows'),
      // A guard of another deployment: its rule, which CloudFormation evaluates, refuses it there.
      parameters: { Authority: 'http://127.0.0.1:9/another/v2.0' },
      clock: LocalClock.frozen(Date.parse('2026-03-01T10:00:00Z')),
      warm: false,
    });
    try {
      const variables = running.model.functions.flatMap(({ variables: { AUTHORITY } }) => AUTHORITY ?? []);
      expect(new Set(variables)).toEqual(
        new Set([`https://login.microsoftonline.com/${exampleConfiguration.tenantId}/v2.0`]),
      );
    } finally {
      await running.close();
    }
  });
});
