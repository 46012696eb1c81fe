/** Policies of a template, as the local run reads them before anything answers, and evaluates them while it runs. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Json } from '../../../connector/emit/json.ts';
import { minuteMs } from '../../../lambda/runtime/time.ts';
import { LocalClock } from '../../../local/clock.ts';
import type { LogLine } from '../../../local/template/functions.ts';
import type { Deployment, RunTemplateOptions } from '../../../local/template/run-template.ts';
import type { Resource } from '../../../local/template/template.ts';
import { type FixtureAssets, fixtureAssets } from '../template/fixture-asset.ts';
import { runFixture } from '../template/fixture-run.ts';
import { eventSource, lambdaFunction, queue, schedule } from '../template/fixture-template.ts';

let assets: FixtureAssets;
let lines: LogLine[];
let deployment: Deployment | undefined;
let clock: LocalClock;
beforeEach(() => {
  assets = fixtureAssets();
  lines = [];
  clock = LocalClock.frozen(Date.UTC(2046, 2, 1, 10));
});
afterEach(async () => {
  await deployment?.close();
  deployment = undefined;
  assets.remove();
});

const policy = (...statements: readonly Json[]): Json => ({ Version: '2012-10-17', Statement: statements });
const allow = (action: Json, resource: Json): Json => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});
const arn = (logicalId: string): Json => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const writesLog = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], '*');
const roleOf = (service: string, statements: readonly Json[], more: Record<string, Json> = {}): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: policy({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: `${service}.amazonaws.com` },
    }),
    Policies: [{ PolicyName: 'own', PolicyDocument: policy(...statements) }],
    ...more,
  },
});

const run = async (
  resources: Readonly<Record<string, Resource>>,
  options: Partial<RunTemplateOptions> = {},
): Promise<Deployment> => {
  assets.add('a.zip', 'export const handler = async (event) => { console.log(JSON.stringify(event)); };');
  // The answer of a queue to the function itself.
  assets.add(
    'send.zip',
    `export const handler = async () => {
       const answer = await fetch(process.env.AWS_ENDPOINT_URL_SQS, { method: 'POST', headers: {
         'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0',
         authorization: 'Credential=' + process.env.AWS_ACCESS_KEY_ID + '/' },
         body: JSON.stringify({ QueueUrl: process.env.QUEUE_URL, MessageBody: 'a' }) });
       const { __type, message } = await answer.json();
       return { status: answer.status, type: __type, message };
     };`,
  );
  deployment = await runFixture({ Resources: resources }, { assets, clock, lines }, options);
  return deployment;
};

const sender = (statements: readonly Json[], more: Record<string, Json> = {}) => ({
  Fn: lambdaFunction('send.zip', {
    FunctionName: 'sender',
    Environment: { Variables: { QUEUE_URL: { Ref: 'Work' } } },
  }),
  Role: roleOf('lambda', [writesLog, ...statements], more),
  Work: queue({ QueueName: 'work' }),
});
const answer = async (running: Deployment) => {
  const outcome = await running.invoke('Fn', {});
  return outcome.kind === 'result' ? (JSON.parse(outcome.payload) as unknown) : outcome.error;
};
const refusal = (reason: string) => ({
  status: 403,
  type: 'com.amazon.coral.service#AccessDeniedException',
  message: `User: arn:aws:sts::000000000000:assumed-role/Role/sender is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-west-1:000000000000:work ${reason}`,
});

it('allows what the role of the function allows, and records the grant', async () => {
  const running = await run(sender([allow(['sqs:SendMessage', 'sqs:PurgeQueue'], arn('Work'))]));
  expect(await answer(running)).toEqual({ status: 200 });
  const used = running.access?.used ?? new Set();
  expect([...used]).toContain('Role: sqs:SendMessage on arn:aws:sqs:eu-west-1:000000000000:work');
  expect(running.access?.grants.flatMap(({ actions }) => actions)).toContain('sqs:PurgeQueue');
  expect([...used].some((grant) => String(grant).includes('PurgeQueue'))).toBe(false);
});

it('refuses what it does not allow, as the service does', async () => {
  const running = await run(sender([allow('sqs:ReceiveMessage', arn('Work'))]));
  expect(await answer(running)).toEqual(
    refusal('because no identity-based policy allows the sqs:sendmessage action'),
  );
  // That Lambda may assume the role.
  expect([...(running.access?.used ?? [])].filter((grant) => !grant.includes('sts:AssumeRole'))).toEqual([]);
});

it('reads policies that are resources of their own, and those of queues', async () => {
  const running = await run({
    ...sender([], { ManagedPolicyArns: [{ Ref: 'Managed' }] }),
    Managed: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: policy(allow('sqs:Send*', arn('Work'))) },
    },
  });
  expect(await answer(running)).toEqual({ status: 200 });
  await running.close();
  const attached = await run({
    ...sender([]),
    Attached: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'attached',
        Roles: [{ Ref: 'Role' }],
        PolicyDocument: policy(allow('sqs:SendMessage', arn('Work'))),
      },
    },
    Closed: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Work' }],
        PolicyDocument: policy({
          Effect: 'Deny',
          Principal: { AWS: arn('Role') },
          Action: 'sqs:SendMessage',
          Resource: arn('Work'),
        }),
      },
    },
  });
  expect(await answer(attached)).toEqual(refusal('with an explicit deny in a resource-based policy'));
});

it('lets a person do what the policies say that no role has, and the administrator everything', async () => {
  const running = await run({
    ...sender([]),
    People: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: policy(allow('sqs:SendMessage', arn('Work'))) },
    },
  });
  const call = async (accessKeyId: string, operation: string) =>
    (
      await fetch(running.endpoints.AWS_ENDPOINT_URL_SQS ?? '', {
        method: 'POST',
        headers: {
          'x-amz-target': `AmazonSQS.${operation}`,
          authorization: `Credential=${accessKeyId}/`,
        },
        body: JSON.stringify({
          QueueUrl: running.queue('Work').url,
          ...(operation === 'SendMessage' && { MessageBody: 'a' }),
        }),
      })
    ).status;
  const { operatorCredentials: operator, credentials: administrator } = running;
  expect(await call(operator.accessKeyId, 'SendMessage')).toBe(200);
  expect(await call(operator.accessKeyId, 'PurgeQueue')).toBe(403);
  expect(await call(administrator.accessKeyId, 'PurgeQueue')).toBe(200);
  // Its key with another name before the dot.
  const key = operator.accessKeyId.split('.')[1];
  expect(await call(`nobody.${key}`, 'SendMessage')).toBe(403);
});

it('starts a function on schedule in the role of the schedule', async () => {
  const scheduled = (statements: readonly Json[]) => ({
    Fn: lambdaFunction('a.zip', { FunctionName: 'ticked' }),
    Role: roleOf('lambda', [writesLog]),
    Scheduler: roleOf('scheduler', statements),
    Tick: schedule('Fn', {
      Target: { Arn: arn('Fn'), RoleArn: arn('Scheduler') },
    }),
  });
  await run(scheduled([]));
  await clock.advance(minuteMs);
  expect(lines.map(({ stream, text }) => [stream, text])).toEqual([
    [
      'platform',
      expect.stringMatching(
        /^A scheduled event was dropped: User: arn:aws:sts::000000000000:assumed-role\/Scheduler\/Tick is not authorized to perform: lambda:InvokeFunction on resource: arn:aws:lambda:eu-west-1:000000000000:function:ticked because no identity-based/,
      ),
    ],
  ]);
  await deployment?.close();
  lines = [];
  await run(scheduled([allow('lambda:InvokeFunction', arn('Fn'))]));
  await clock.advance(minuteMs);
  expect(lines.map(({ stream }) => stream)).toEqual(['stdout']);
});

const poll = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
const consumer = (...statements: readonly Json[]) => ({
  Fn: lambdaFunction('a.zip'),
  Role: roleOf('lambda', statements),
  Work: queue({ VisibilityTimeout: 60 }),
  Feed: eventSource('Work', 'Fn'),
});

it.each<readonly [string, Readonly<Record<string, Resource>>, RegExp]>([
  ...poll.map(
    (action) =>
      [
        `a queue whose consumer may not ${action}`,
        consumer(
          writesLog,
          allow(
            poll.filter((other) => other !== action),
            arn('Work'),
          ),
        ),
        new RegExp(`^Fn: User: .* is not authorized to perform: ${action.toLowerCase()} on`),
      ] as const,
  ),
  [
    'a function that may not write its log',
    { Fn: lambdaFunction('a.zip'), Role: roleOf('lambda', [allow('logs:CreateLogStream', '*')]) },
    /^Fn: .* is not authorized to perform: logs:PutLogEvents on resource: arn:aws:logs:.*:log-stream:/,
  ],
  [
    'a role that Lambda may not assume',
    { Fn: lambdaFunction('a.zip'), Role: roleOf('scheduler', [writesLog]) },
    /^Fn: lambda.amazonaws.com may not assume Role, because no resource-based policy allows the sts:AssumeRole/,
  ],
  [
    'a role of somebody else',
    { Fn: lambdaFunction('a.zip', { Role: 'arn:aws:iam::1:role/x' }) },
    /^Fn: its role arn:aws:iam::1:role\/x is not a role of this template/,
  ],
  [
    'a policy of somebody else',
    {
      Fn: lambdaFunction('a.zip'),
      Role: roleOf('lambda', [writesLog], {
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
      }),
    },
    /^Role \(AWS::IAM::Role\) property ManagedPolicyArns: the local run cannot read arn:aws:iam::aws:policy/,
  ],
  [
    'a policy that cannot be evaluated',
    {
      Fn: lambdaFunction('a.zip'),
      Role: roleOf('lambda', [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }]),
    },
    /^Role \(AWS::IAM::Role\) property Policies.0.PolicyDocument.Statement.0: .* NotAction/,
  ],
])('refuses before it starts: %s', async (_case, resources, problem) => {
  await expect(run(resources)).rejects.toThrow(problem);
});

it('evaluates nothing where it is switched off', async () => {
  const running = await run(sender([]), { enforceAccess: false });
  expect(await answer(running)).toEqual({ status: 200 });
  expect(running.access).toBeUndefined();
});
