import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import type { LoadedConfiguration } from '../../config/load.ts';
import { readRealInstance, realInstanceVariables } from '../../local/real-instance.ts';

const guid = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-${digit.repeat(12)}`;

const example: LoadedConfiguration = {
  configuration: exampleConfiguration,
  source: 'embedded example configuration',
  isExample: true,
};

const ownFile: LoadedConfiguration = {
  configuration: {
    ...exampleConfiguration,
    tenantId: guid('1'),
    applications: {
      connector: { clientId: guid('2') },
      api: { clientId: guid('3'), credential: 'client-secret', secretName: 'own/api' },
    },
    instances: [
      { id: guid('4'), name: 'Retail', secretName: 'own/retail' },
      { id: guid('a'), name: 'Outlet', secretName: 'own/outlet' },
    ],
  },
  source: 'insights-connector.json',
  isExample: false,
};

const everything = {
  CUSTOMER_INSIGHTS_URL: 'https://api.ci.ai.dynamics.com/v1/',
  CUSTOMER_INSIGHTS_TENANT_ID: guid('5'),
  CUSTOMER_INSIGHTS_CONNECTOR_CLIENT_ID: guid('6'),
  CUSTOMER_INSIGHTS_API_CLIENT_ID: guid('7'),
  CUSTOMER_INSIGHTS_CLIENT_SECRET: 'the-client-secret',
  CUSTOMER_INSIGHTS_INSTANCE_ID: guid('8'),
  CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY: 'the-subscription-key',
};

const refusal = (environment: Readonly<Record<string, string>>, loaded = example): readonly string[] => {
  try {
    readRealInstance(environment, () => loaded);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return expect.fail('nothing was refused');
};

describe('without CUSTOMER_INSIGHTS_URL', () => {
  it.each([{}, { CUSTOMER_INSIGHTS_URL: ' ' }])(
    'the run is against the simulator, whatever a file holds: %j',
    (none) => {
      const unread = () => expect.fail('the configuration was read');
      expect(readRealInstance({ ...everything, CUSTOMER_INSIGHTS_URL: '', ...none }, unread)).toBeUndefined();
    },
  );
});

describe('with everything in the environment', () => {
  const real = readRealInstance(everything, () => example);

  it('the configuration is that of the environment, and callbacks may go to this machine', () => {
    expect(real?.configuration).toMatchObject({
      tenantId: guid('5'),
      applications: { connector: { clientId: guid('6') }, api: { clientId: guid('7') } },
      instances: [{ id: guid('8') }],
      customerInsights: { url: 'https://api.ci.ai.dynamics.com/v1' },
      callbacks: { allowLoopback: true },
    });
  });

  it('the system calls Customer Insights and Microsoft Entra ID, with these credentials', () => {
    expect(real?.outside).toMatchObject({
      customerInsightsUrl: 'https://api.ci.ai.dynamics.com/v1',
      authority: `https://login.microsoftonline.com/${guid('5')}/v2.0`,
      secrets: {
        'insights-connector/api': '{"clientSecret":"the-client-secret"}',
        'insights-connector/instances/real': '{"primary":"the-subscription-key"}',
      },
    });
  });

  it('a flow of the flow host needs a token; the error describes how to get one', async () => {
    await expect(real?.outside.userToken()).rejects.toThrow(
      /CUSTOMER_INSIGHTS_USER_TOKEN is missing.*local-run/,
    );
    const signedIn = readRealInstance(
      { ...everything, CUSTOMER_INSIGHTS_USER_TOKEN: 'token' },
      () => example,
    );
    expect(await signedIn?.outside.userToken()).toBe('token');
  });
});

describe('what is missing', () => {
  it('is named at once, each with where to get it', () => {
    const problems = refusal({ CUSTOMER_INSIGHTS_URL: everything.CUSTOMER_INSIGHTS_URL });
    const { CUSTOMER_INSIGHTS_URL: _, ...needed } = everything;
    expect(problems).toEqual(
      Object.keys(needed).map(
        (name) => `${name} is missing. ${realInstanceVariables[name as keyof typeof realInstanceVariables]}`,
      ),
    );
  });

  it('is only the secrets where a configuration file has the ids', () => {
    const problems = refusal({ CUSTOMER_INSIGHTS_URL: everything.CUSTOMER_INSIGHTS_URL }, ownFile);
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'CUSTOMER_INSIGHTS_CLIENT_SECRET',
      'CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY',
    ]);
  });

  it('may be the key of one of several instances', () => {
    const problems = refusal(
      {
        CUSTOMER_INSIGHTS_URL: everything.CUSTOMER_INSIGHTS_URL,
        CUSTOMER_INSIGHTS_CLIENT_SECRET: 's',
        CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY: `${guid('4')}=first`,
      },
      ownFile,
    );
    expect(problems).toEqual([expect.stringContaining(`contains no key for the instance ${guid('a')}`)]);
  });
});

it('the keys of several instances are told apart, in any casing of the ids', () => {
  const real = readRealInstance(
    {
      CUSTOMER_INSIGHTS_URL: everything.CUSTOMER_INSIGHTS_URL,
      CUSTOMER_INSIGHTS_CLIENT_SECRET: 's',
      CUSTOMER_INSIGHTS_SUBSCRIPTION_KEY: `${guid('4')}=first, ${guid('a').toUpperCase()}=second`,
    },
    () => ownFile,
  );
  expect(real?.outside.secrets).toMatchObject({
    'own/retail': '{"primary":"first"}',
    'own/outlet': '{"primary":"second"}',
  });
});

it.each([
  ['http://api.ci.ai.dynamics.com/v1', 'CUSTOMER_INSIGHTS_URL'],
  ['api.ci.ai.dynamics.com', 'CUSTOMER_INSIGHTS_URL'],
])('tokens and keys are not sent to %s', (address, name) => {
  expect(refusal({ ...everything, [name]: address })).toEqual([
    expect.stringContaining(`${name} is "${address}"`),
  ]);
});

it('a value of the wrong form is refused with its key', () => {
  expect(refusal({ ...everything, CUSTOMER_INSIGHTS_TENANT_ID: 'contoso' }).join()).toContain(
    'tenantId is "contoso"',
  );
});

it('no secret is repeated in a message', () => {
  const { message } = new ConfigurationError(
    'x',
    refusal({ ...everything, CUSTOMER_INSIGHTS_API_CLIENT_ID: 'wrong' }),
  );
  expect(message).not.toMatch(/the-client-secret|the-subscription-key/);
});

it('docs/local-run.md lists every variable', () => {
  const documented = readFileSync(join(import.meta.dirname, '../../docs/local-run.md'), 'utf8');
  for (const name of Object.keys(realInstanceVariables)) expect(documented).toContain(`\`${name}\``);
});
