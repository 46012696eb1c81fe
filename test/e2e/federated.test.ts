/**
 * The whole system without a client secret: each function proves with a token of the AWS account that it is the API's
 * registration. The registration takes a token exactly when issuer, subject and audience are those of a credential of
 * it, the signature is the issuer's, and the token has not expired.
 */
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { federatedRoleName, federatedSubjectsOutput, federation } from '../../config/federation.ts';
import type { FunctionName } from '../../lambda/functions.ts';
import { identityTokens, sts } from '../../lambda/identity/aws-identity-token.ts';
import { customerInsightsScope } from '../../lambda/identity/customer-insights-access.ts';
import { createTokenSource } from '../../lambda/identity/token-source.ts';
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import type { InputOf } from '../../lambda/runtime/aws-services.ts';
import { localAccount } from '../../local/aws/account.ts';
import { type IdentityTokens, startIdentityTokens } from '../../local/aws/identity-tokens.ts';
import { LocalClock } from '../../local/clock.ts';
import { localConfiguration, startLocalSystem } from '../../local/system.ts';
import type { LogLine } from '../../local/template/functions.ts';
import { consoleCallers } from './console-callers.ts';
import { failDataSource, firstInstance, keepingUse, type TestSystem, testStart } from './test-system.ts';

const callers = ['subscriptions', 'proxy', 'console', 'watch'] as const;
const { secretName: _, ...api } = localConfiguration.applications.api;
const configuration = checkConfiguration(
  {
    ...structuredClone(localConfiguration),
    applications: { ...localConfiguration.applications, api: { ...api, credential: 'federated' } },
  },
  'the test',
);

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
/** The issuer of an account whose roles may ask for any token: the registration has to refuse by itself. */
let lax: IdentityTokens;
beforeAll(async () => {
  const lines: LogLine[] = [];
  const options = { clock: LocalClock.frozen(testStart), customers: 500, activities: 2_000 };
  system = keepingUse({
    ...(await startLocalSystem({ ...options, configuration, log: (line) => lines.push(line) })),
    lines,
  });
  instance = firstInstance(system);
  lax = await startIdentityTokens({
    clock: system.clock,
    account: localAccount,
    roleOf: (name) => roleOf(name as FunctionName),
  });
});
afterAll(async () => {
  await lax?.close();
  await system?.close();
});
beforeEach(() => system.clock.advance(60_000));

const roleOf = (name: FunctionName) =>
  `arn:aws:iam::000000000000:role/${federatedRoleName(configuration, name)}`;
const stsUrl = () => system.deployment.endpoints.AWS_ENDPOINT_URL_STS ?? '';
const subjects = () => (system.deployment.outputs[federatedSubjectsOutput] ?? '').split(' ');
const credentials = () =>
  subjects().map((subject) => ({ issuer: stsUrl(), subject, audience: federation.audience }));

/** As the function of this name signs its requests. */
const tokensOf = (name: string) => {
  const model = system.deployment.model.functions.find(({ logicalId }) => logicalId.startsWith(name));
  const { accessKeyId } = system.deployment.credentials;
  return awsClient(sts, {
    endpoint: stsUrl(),
    region: 'eu-west-1',
    credentials: {
      accessKeyId: accessKeyId.replace(/^[^.]+/, model?.logicalId ?? 'nobody'),
      secretAccessKey: 'local',
    },
    now: () => system.clock.now(),
  });
};
const asked: InputOf<'sts', 'GetWebIdentityToken'> = {
  Audience: [federation.audience],
  SigningAlgorithm: federation.signingAlgorithm,
  DurationSeconds: federation.seconds,
};

describe('a deployment with federated credentials', () => {
  it('has one subject for each function that calls Customer Insights, by a name that is known before', () => {
    expect(subjects()).toEqual(callers.map(roleOf));
  });

  it('signs users in on their behalf, watches by itself, and delivers', async () => {
    await system.flowHost.create('failures', 'OnDataSourceRefreshFailed', { dataset: instance.id });
    await failDataSource(system, instance);
    expect(system.flowHost.callbacks.filter(({ status }) => status === 202)).toHaveLength(1);
    const { client_credentials: own, ...others } = system.issuer.stats().tokenRequests;
    expect(own).toBeGreaterThan(0);
    expect(others['urn:ietf:params:oauth:grant-type:jwt-bearer']).toBeGreaterThan(0);
    expect(system.issuer.stats().tokensRefused).toBe(0);
  });

  it('lets the console read in the name of the person who asks', async () => {
    const { status } = await consoleCallers(system)('owner', `/datasets/${instance.id}/segments`);
    expect(status).toBe(200);
  });

  it('seals partitions, whose key would come from the client secret', async () => {
    const listed = await system.client.call('RetrievePartitionsV2', {
      dataset: instance.id,
      table: 'Customer',
    });
    const { value } = listed.body as unknown as { value: readonly { partition: string }[] };
    const partition = value[0]?.partition ?? '';
    const read = { dataset: instance.id, table: 'Customer', partition, pageSize: 10 };
    expect(await system.client.call('RetrieveDataFromPartition', read)).toMatchObject({ status: 200 });
    expect(
      await system.client.call('RetrieveDataFromPartition', { ...read, partition: `${partition}A` }),
    ).toMatchObject({ status: 400 });
  });

  it('says what is wrong when the registration does not trust it, and works again within the cooldown', async () => {
    system.issuer.replaceFederatedCredentials(api.clientId, []);
    // The tokens of before last for an hour.
    await system.clock.advance(3_600_000);
    const refused = await system.client.call('GetEntities', { dataset: instance.id });
    expect(refused).toMatchObject({ status: 502, body: { error: { code: 'ClientAssertionRefused' } } });
    expect(JSON.stringify(refused.body)).toMatch(/AADSTS700211/);
    system.issuer.replaceFederatedCredentials(api.clientId, credentials());
    await system.clock.advance(31_000);
    expect(await system.client.call('GetEntities', { dataset: instance.id })).toMatchObject({ status: 200 });
  });
});

describe('the account gives tokens', () => {
  it('of exactly this role, audience and life', async () => {
    const { WebIdentityToken = '' } = await tokensOf('Watch')('GetWebIdentityToken', asked);
    const { iss, sub, aud, iat = 0, exp } = decodeJwt(WebIdentityToken);
    expect({ iss, sub, aud }).toEqual({
      iss: stsUrl(),
      sub: roleOf('watch'),
      aud: federation.audience,
    });
    expect(exp).toBe(iat + 300);
  });

  it('not to a key that is of no role, nor in another form', async () => {
    await expect(tokensOf('nobody')('GetWebIdentityToken', asked)).rejects.toMatchObject({
      code: 'InvalidClientTokenId',
      status: 403,
    });
    await expect(
      tokensOf('Watch')('GetWebIdentityToken', { ...asked, DurationSeconds: 3_601 }),
    ).rejects.toMatchObject({ code: 'ValidationError', message: 'DurationSeconds is 60 to 3600.' });
  });
});

describe('a role gets a token', () => {
  const refused: readonly (readonly [string, string, Partial<typeof asked>])[] = [
    ['for another audience', 'Watch', { Audience: ['api://another'] }],
    ['for a second audience', 'Watch', { Audience: [federation.audience, 'api://another'] }],
    ['for longer', 'Watch', { DurationSeconds: federation.seconds + 1 }],
    ['where its function calls no Customer Insights', 'Dispatch', {}],
  ];
  it.each(refused)('not %s, by its policies', async (_case, name, input) => {
    await expect(tokensOf(name)('GetWebIdentityToken', { ...asked, ...input })).rejects.toMatchObject({
      code: 'AccessDenied',
      status: 403,
      message: expect.stringContaining(
        'is not authorized to perform: sts:GetWebIdentityToken on resource: * because no identity-based policy allows',
      ),
    });
  });
});

describe('the registration takes a token', () => {
  beforeAll(() =>
    system.issuer.replaceFederatedCredentials(api.clientId, [
      ...credentials(),
      { issuer: lax.url, subject: roleOf('watch'), audience: federation.audience },
    ]),
  );
  const source = (read: () => Promise<string>) =>
    createTokenSource({
      authority: system.issuer.issuer,
      clientId: api.clientId,
      credential: { kind: 'federated', read },
      now: () => system.clock.now(),
    });
  const tokenFrom = async (name: string, input: Partial<typeof asked> = {}): Promise<string> =>
    (await tokensOf(name)('GetWebIdentityToken', { ...asked, ...input })).WebIdentityToken ?? '';

  it('of its credential, which is asked for once in four minutes', async () => {
    let requests = 0;
    const client = tokensOf('Proxy');
    const counted: typeof client = (...given) => {
      requests += 1;
      return client(...given);
    };
    const read = identityTokens(counted, () => system.clock.now(), federation);
    await source(() => read({ fresh: false })).clientCredentials(customerInsightsScope);
    await source(() => read({ fresh: false })).clientCredentials(customerInsightsScope);
    expect(requests).toBe(1);
    await system.clock.advance(241_000);
    await source(() => read({ fresh: false })).clientCredentials(customerInsightsScope);
    expect(requests).toBe(2);
  });

  const anyToken = async (name: FunctionName, input: Partial<typeof asked> = {}): Promise<string> => {
    const client = awsClient(sts, {
      endpoint: lax.url,
      region: 'eu-west-1',
      credentials: { accessKeyId: name, secretAccessKey: 'local' },
      now: () => system.clock.now(),
    });
    return (await client('GetWebIdentityToken', { ...asked, ...input })).WebIdentityToken ?? '';
  };

  it('of another issuer that it trusts', async () => {
    const token = await anyToken('watch');
    await source(async () => token).clientCredentials(customerInsightsScope);
  });

  const wrong: readonly (readonly [string, () => Promise<string>, number])[] = [
    ['another audience', () => anyToken('watch', { Audience: ['api://another'] }), 700212],
    ['a second audience', () => anyToken('watch', { Audience: [federation.audience, 'b'] }), 700212],
    ['another role', () => anyToken('dispatch'), 700213],
    [
      'another signature',
      async () => {
        const [header, body] = (await tokenFrom('Watch')).split('.');
        const [, , other] = (await tokenFrom('Watch', { DurationSeconds: 60 })).split('.');
        return `${header}.${body}.${other}`;
      },
      700027,
    ],
    ['another issuer', () => system.issuer.appToken(), 700211],
    ['no form', async () => 'not-a-token', 50027],
  ];
  it.each(wrong)('not with %s', async (_case, token, code) => {
    const value = await token();
    await expect(source(async () => value).clientCredentials(customerInsightsScope)).rejects.toMatchObject({
      code: 'ClientAssertionRefused',
      message: expect.stringContaining(`AADSTS${code}`),
    });
  });

  it('not after its end', async () => {
    const token = await tokenFrom('Watch');
    await system.clock.advance(301_000);
    await expect(source(async () => token).clientCredentials(customerInsightsScope)).rejects.toThrow(
      /AADSTS700024/,
    );
  });

  it('and says that AWS gave none where it does not', async () => {
    const read = () => Promise.reject(new Error('OutboundWebIdentityFederationDisabled'));
    await expect(source(read).clientCredentials(customerInsightsScope)).rejects.toMatchObject({
      code: 'ClientAssertionUnavailable',
      status: 503,
    });
  });
});
