import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import {
  type DeployedStack,
  deploymentTarget,
  differences,
  judge,
  judgeDeployedStack,
  lookAtDeployedStack,
} from '../../lib/deployed-stack.ts';

const configuration = exampleConfiguration;
const { tenantId } = configuration;
const apiClientId = configuration.applications.api.clientId;
const otherId = '99999999-9999-4999-8999-999999999999';
const target = { account: '111111111111', region: 'eu-west-1' };

/** Outputs and parameters of a stack; `Audience` is not among those of the first deployments. */
const stackOf = (values: {
  readonly TenantId?: string;
  readonly ApiClientId?: string;
  readonly Authority?: string;
  readonly Audience?: string;
}) => ({
  Outputs: Object.entries(values)
    .filter(([key]) => key.endsWith('Id'))
    .map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
  Parameters: Object.entries(values)
    .filter(([key]) => !key.endsWith('Id'))
    .map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
});
const authorityOf = (tenant: string) => `https://login.microsoftonline.com/${tenant}/v2.0`;
const first = { TenantId: tenantId, ApiClientId: apiClientId, Authority: authorityOf(tenantId) };
const same = { ...first, Audience: apiClientId };

describe('a deployed stack', () => {
  it.each([
    ['that was deployed before there was a check', first],
    ['that has the guards', same],
    ['whose creation failed before it had outputs', { Authority: first.Authority }],
    ['whose ids are written in capitals', { ...same, TenantId: tenantId.toUpperCase() }],
  ])('%s is the same deployment', (_, values) => {
    expect(differences(stackOf(values), configuration)).toEqual([]);
  });

  it.each([
    ['tenant', 'the output', { ...first, TenantId: otherId }],
    ['tenant', 'the parameter of the first deployments', { ...first, Authority: authorityOf(otherId) }],
    ['tenant', 'all that it says', { ...same, TenantId: otherId, Authority: authorityOf(otherId) }],
    ['API registration', 'the output', { ...first, ApiClientId: otherId }],
    ['API registration', 'the guard', { ...same, Audience: otherId }],
  ])('differs in its %s by %s', (what, _, values) => {
    expect(differences(stackOf(values), configuration)).toEqual([
      expect.stringMatching(new RegExp(`^its ${what} is ${otherId}, that of this configuration `)),
    ]);
  });

  it('that says nothing of a tenant or an API is none of this connector', () => {
    expect(differences({}, configuration)).toBeUndefined();
    expect(
      differences({ Outputs: [{ OutputKey: 'Url', OutputValue: 'x' }], Parameters: [] }, configuration),
    ).toBeUndefined();
  });
});

const found = (values: Parameters<typeof stackOf>[0], StackStatus = 'UPDATE_COMPLETE'): DeployedStack => ({
  kind: 'found',
  stack: {
    StackName: 'InsightsConnector',
    CreationTime: new Date(0),
    StackStatus,
    ...stackOf(values),
  } as never,
});

describe('the judgement', () => {
  const other = found({ ...same, TenantId: otherId, Authority: authorityOf(otherId), ApiClientId: otherId });

  it('has nothing to say of a first deployment and of an update', () => {
    expect(judge({ kind: 'absent' }, target, configuration, undefined)).toEqual({});
    expect(judge(found(same), target, configuration, undefined)).toEqual({});
  });

  it('refuses what would replace another deployment, with both ids and both ways out', () => {
    const { refusal, note } = judge(other, target, configuration, undefined);
    expect(note).toBeUndefined();
    expect(refusal).toMatch(/^the stack InsightsConnector in account 111111111111, region eu-west-1 /);
    for (const id of [otherId, tenantId, apiClientId]) expect(refusal).toContain(id);
    expect(refusal).toContain('"deployment": { "name": "staging" }');
    expect(refusal).toContain('--no-previous-parameters --context move=InsightsConnector');
  });

  it('lets the operator who names the stack move it, and prints a note', () => {
    const { refusal, note } = judge(other, target, configuration, 'InsightsConnector');
    expect(refusal).toBeUndefined();
    expect(note).toMatch(/^Moving the stack InsightsConnector .*its tenant is 9999/);
  });

  it.each([['InsightsConnector-staging'], ['true'], [true], [''], [null]])(
    'does not take %j for a confirmation',
    (confirmed) => {
      expect(judge(other, target, configuration, confirmed).refusal).toBeDefined();
    },
  );

  it('never lets a stack of something else be replaced', () => {
    const { refusal } = judge(found({}), target, configuration, 'InsightsConnector');
    expect(refusal).toMatch(/is not a deployment of this connector.*"deployment"/);
    expect(refusal).not.toContain('--context');
  });

  it.each([['ROLLBACK_COMPLETE'], ['ROLLBACK_FAILED'], ['REVIEW_IN_PROGRESS']])(
    'has nothing against a repeat after %s',
    (status) => {
      expect(
        judge(found({ Authority: authorityOf(otherId) }, status), target, configuration, undefined),
      ).toEqual({});
    },
  );

  it('speaks of the stack of the named deployment', () => {
    const staging = checkConfiguration(
      { ...structuredClone(configuration), deployment: { name: 'staging' } },
      'staging.json',
    );
    expect(judge(other, target, staging, 'InsightsConnector').refusal).toContain(
      'move=InsightsConnector-staging',
    );
  });

  it('tells in one line that and why nothing was checked', () => {
    const { refusal, note } = judge(
      { kind: 'unknown', reason: 'AccessDenied: no leave' },
      target,
      configuration,
      undefined,
    );
    expect(refusal).toBeUndefined();
    expect(note).toMatch(/^Not checked .*InsightsConnector .*: AccessDenied: no leave\. The rule [^\n]*$/);
  });
});

describe('looking at the deployed stack', () => {
  type Answer = readonly [status: number, body: string];
  const identity = (account: string): Answer => [
    200,
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
  ];
  const failure = (status: number, code: string, message: string): Answer => [
    status,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  ];
  const stacks = (tenant: string): Answer => [
    200,
    `<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>InsightsConnector</StackName><StackStatus>UPDATE_COMPLETE</StackStatus><Outputs><member><OutputKey>TenantId</OutputKey><OutputValue>${tenant}</OutputValue></member></Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  ];
  const absent = failure(400, 'ValidationError', 'Stack with id InsightsConnector does not exist');

  /** What the two services answer; undefined never answers. */
  let answers: Readonly<Record<string, Answer | undefined>>;
  let asked: URLSearchParams[];
  let server: Server;

  beforeAll(async () => {
    server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const parameters = new URLSearchParams(body);
      asked.push(parameters);
      const answer = answers[parameters.get('Action') ?? ''];
      if (answer) response.writeHead(answer[0], { 'content-type': 'text/xml' }).end(answer[1]);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterAll(
    () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  );
  beforeEach(() => {
    asked = [];
    answers = { GetCallerIdentity: identity(target.account), DescribeStacks: absent };
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    vi.stubEnv('AWS_CONFIG_FILE', '/nowhere/config');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere/credentials');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('finds none before the first deployment', async () => {
    expect(await lookAtDeployedStack(configuration, target)).toEqual({ kind: 'absent' });
    expect(asked.map((one) => [one.get('Action'), one.get('StackName')]).sort()).toEqual([
      ['DescribeStacks', 'InsightsConnector'],
      ['GetCallerIdentity', null],
    ]);
  });

  it('asks for the stack of the named deployment', async () => {
    await lookAtDeployedStack({ ...configuration, deployment: { name: 'staging' } }, target);
    expect(asked.map((one) => one.get('StackName'))).toContain('InsightsConnector-staging');
  });

  it('ends in a refusal when another tenant is served', async () => {
    answers = { ...answers, DescribeStacks: stacks(otherId) };
    const environment = { CDK_DEFAULT_ACCOUNT: target.account, CDK_DEFAULT_REGION: target.region };
    const judgement = await judgeDeployedStack({ configuration, isExample: false }, environment);
    expect(judgement(undefined).refusal).toContain(otherId);
    expect(judgement('InsightsConnector').refusal).toBeUndefined();
    answers = { ...answers, DescribeStacks: stacks(tenantId) };
    const update = await judgeDeployedStack({ configuration, isExample: false }, environment);
    expect(update(undefined)).toEqual({});
  });

  it.each([
    [
      'no leave',
      { DescribeStacks: failure(403, 'AccessDenied', 'not authorized.') },
      /^AccessDenied: not auth/,
    ],
    ['no answer', { DescribeStacks: undefined }, /^AWS did not answer within 0\.2 s$/],
    [
      'credentials of another account',
      { GetCallerIdentity: identity('222222222222') },
      /222222222222.*AWS_PROFILE/,
    ],
  ])('does not know when there is %s', async (_, changes, reason) => {
    answers = { ...answers, ...changes };
    const limitMs = 'DescribeStacks' in changes && changes.DescribeStacks === undefined ? 200 : undefined;
    expect(await lookAtDeployedStack(configuration, target, limitMs)).toEqual({
      kind: 'unknown',
      reason: expect.stringMatching(reason),
    });
  });

  it('does not know when there is no network', async () => {
    // The port of a server that has ended.
    const ended = createServer();
    await new Promise<void>((listening) => ended.listen(0, '127.0.0.1', listening));
    const { port } = ended.address() as AddressInfo;
    await new Promise((closed) => ended.close(closed));
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
    expect(await lookAtDeployedStack(configuration, target)).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    ['without credentials', { CDK_DEFAULT_REGION: 'eu-west-1', CDK_CLI_VERSION: '2' }, false],
    ['outside of the command line', {}, false],
    [
      'for the example, which cannot be deployed',
      { CDK_DEFAULT_ACCOUNT: '1', CDK_DEFAULT_REGION: 'x' },
      true,
    ],
  ])('asks nothing and says nothing %s', async (_, environment, isExample) => {
    const judgement = await judgeDeployedStack({ configuration, isExample }, environment);
    expect(judgement(undefined)).toEqual({});
    expect(asked).toEqual([]);
  });
});

describe('the target of a deployment', () => {
  it('is what the command line found credentials for', () => {
    expect(deploymentTarget({ CDK_DEFAULT_ACCOUNT: '1', CDK_DEFAULT_REGION: 'eu-west-1' })).toEqual({
      account: '1',
      region: 'eu-west-1',
    });
    expect(deploymentTarget({ CDK_DEFAULT_REGION: 'eu-west-1' })).toBeUndefined();
  });
});
