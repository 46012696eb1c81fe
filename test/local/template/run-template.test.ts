import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalClock } from '../../../local/clock.ts';
import type { LogLine } from '../../../local/template/functions.ts';
import type { Deployment, RunTemplateOptions } from '../../../local/template/run-template.ts';
import type { Resource, Template } from '../../../local/template/template.ts';
import { type FixtureAssets, fixtureAssets } from './fixture-asset.ts';
import { runFixture } from './fixture-run.ts';
import {
  eventSource,
  httpApi,
  lambdaFunction,
  queue,
  redrive,
  schedule,
  table,
  templateOf,
} from './fixture-template.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
const minute = 60_000;

let assets: FixtureAssets;
let clock: LocalClock;
let deployment: Deployment | undefined;
let lines: LogLine[];

beforeEach(() => {
  assets = fixtureAssets();
  clock = LocalClock.frozen(start);
  lines = [];
});
afterEach(async () => {
  await deployment?.close();
  deployment = undefined;
  assets.remove();
});

const run = async (
  resources: Readonly<Record<string, Resource>>,
  more: Partial<Template> = {},
  options: Partial<RunTemplateOptions> = {},
): Promise<Deployment> => {
  // Its roles have no policies; test/local/iam is about those.
  const parts = { assets, clock, lines };
  deployment = await runFixture(templateOf(resources, more), parts, { enforceAccess: false, ...options });
  return deployment;
};

const databaseOf = ({ endpoints, credentials }: Deployment) =>
  new DynamoDBClient({
    endpoint: String(endpoints.AWS_ENDPOINT_URL_DYNAMODB),
    region: 'eu-west-1',
    credentials,
  });

const printed = () => lines.filter(({ stream }) => stream === 'stdout').map(({ text }) => text);

/** Prints when it runs, in minutes from the start, and what it was given. */
const printer = `export const handler = async (event) => {
  console.log(((Date.now() - ${start}) / ${minute}).toFixed(2), JSON.stringify(event.Records?.map(({ body }) => body) ?? event.n ?? event.source));
};`;

describe('a running template', () => {
  it('serves its API with the function that a route names', async () => {
    assets.add(
      'a.zip',
      'export const handler = async (event) => ({ statusCode: 200, body: event.pathParameters.id + process.env.GREETING });',
    );
    const { apiUrl, outputs } = await run(
      {
        Fn: lambdaFunction('a.zip', { Environment: { Variables: { GREETING: { Ref: 'Greeting' } } } }),
        ...httpApi('Fn', ['GET /v1/items/{id}']),
      },
      {
        Parameters: { Greeting: { Type: 'String', Default: '?' } },
        Outputs: { Url: { Value: { 'Fn::Join': ['', [{ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, '/v1']] } } },
      },
      { parameters: { Greeting: '!' } },
    );
    expect(outputs).toEqual({ Url: `${apiUrl}/v1` });
    expect(await (await fetch(`${outputs.Url}/items/7`)).text()).toBe('7!');
    expect((await fetch(`${apiUrl}/other`)).status).toBe(404);
  });

  it('answers 500 where a permission is missing', async () => {
    assets.add('a.zip', 'export const handler = async () => "never";');
    const { Permission: _left, ...api } = httpApi('Fn', ['GET /']);
    const { apiUrl } = await run({ Fn: lambdaFunction('a.zip'), ...api });
    expect((await fetch(apiUrl)).status).toBe(500);
    expect(lines).toMatchObject([
      { stream: 'platform', text: expect.stringContaining('AWS::Lambda::Permission') },
    ]);
  });

  it('runs a schedule once a minute of its own time', async () => {
    assets.add('a.zip', printer);
    await run({ Fn: lambdaFunction('a.zip'), Tick: schedule('Fn') });
    await clock.advance(3 * minute);
    expect(printed()).toEqual(['1.00 "aws.scheduler"', '2.00 "aws.scheduler"', '3.00 "aws.scheduler"']);
  });

  it('leaves a disabled schedule alone, and fires it when asked', async () => {
    assets.add('a.zip', printer);
    const target = { Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Input: '{"n":5}', RoleArn: 'x' };
    const running = await run({
      Fn: lambdaFunction('a.zip'),
      Tick: schedule('Fn', { State: 'DISABLED', Target: target }),
    });
    await clock.advance(3 * minute);
    running.fire('Tick');
    await clock.advance(0);
    expect(printed()).toEqual(['3.00 5']);
  });

  it('tries a failed scheduled event again after one and two minutes, then drops it', async () => {
    assets.add('a.zip', `${printer.replace('};', 'throw new Error("no"); };')}`);
    await run({ Fn: lambdaFunction('a.zip'), Tick: schedule('Fn', { ScheduleExpression: 'rate(1 hour)' }) });
    await clock.advance(70 * minute);
    expect(printed().map((text) => text.split(' ')[0])).toEqual(['60.00', '61.00', '63.00']);
    expect(lines.at(-1)?.text).toBe('An event was dropped: it failed 3 times, last with no');
  });

  it('takes the number of retries from the template', async () => {
    assets.add('a.zip', `${printer.replace('};', 'throw new Error("no"); };')}`);
    await run({
      Fn: lambdaFunction('a.zip'),
      Tick: schedule('Fn', { ScheduleExpression: 'rate(1 hour)' }),
      Retry: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: { FunctionName: { Ref: 'Fn' }, MaximumRetryAttempts: 0, Qualifier: '$LATEST' },
      },
    });
    await clock.advance(70 * minute);
    expect(printed()).toHaveLength(1);
  });

  it('feeds a function from its queue, again after a failure, and moves what cannot be handled', async () => {
    assets.add(
      'a.zip',
      printer.replace('};', 'if (event.Records[0].body === "bad") throw new Error("no"); };'),
    );
    const running = await run({
      Fn: lambdaFunction('a.zip'),
      // The queue is listed before the dead-letter queue that it names.
      Work: queue({ VisibilityTimeout: 120, RedrivePolicy: redrive('Dead', 2) }),
      Dead: queue(),
      Feed: eventSource('Work', 'Fn', { BatchSize: 1 }),
    });
    running.queue('Work').send('late', { delaySeconds: 900 });
    running.queue('Work').send('bad');
    await clock.advance(15 * minute);
    expect(printed()).toEqual(['0.00 ["bad"]', '2.00 ["bad"]', '15.00 ["late"]']);
    expect(
      running
        .queue('Dead')
        .messages()
        .map(({ body }) => body),
    ).toEqual(['bad']);
    expect(running.queue('Work').messages()).toEqual([]);
  });

  it('lets functions send to queues through the SDK, in the same moment of its time', async () => {
    assets.add(
      'send.zip',
      `export const handler = async () => {
         await fetch(process.env.AWS_ENDPOINT_URL_SQS, { method: 'POST', headers: { 'x-amz-target': 'AmazonSQS.SendMessage', 'content-type': 'application/x-amz-json-1.0', authorization: 'Credential=' + process.env.AWS_ACCESS_KEY_ID + '/' },
           body: JSON.stringify({ QueueUrl: process.env.QUEUE_URL, MessageBody: 'hello', DelaySeconds: 30 }) });
       };`,
    );
    assets.add('a.zip', printer);
    await run({
      Send: lambdaFunction('send.zip', { Environment: { Variables: { QUEUE_URL: { Ref: 'Work' } } } }),
      Fn: lambdaFunction('a.zip'),
      Work: queue({ VisibilityTimeout: 60 }),
      Feed: eventSource('Work', 'Fn'),
      Tick: schedule('Send'),
    });
    await clock.advance(3 * minute);
    expect(printed()).toEqual(['1.50 ["hello"]', '2.50 ["hello"]']);
  });

  it('creates the tables with their keys', async () => {
    assets.add('a.zip', printer);
    const running = await run({ Fn: lambdaFunction('a.zip'), State: table });
    const client = databaseOf(running);
    const item = await client.send(
      new GetItemCommand({ TableName: running.tableName('State'), Key: { pk: { S: 'a' }, sk: { S: 'b' } } }),
    );
    client.destroy();
    expect(item.Item).toBeUndefined();
  });

  it('creates secrets with given values or those of the template, and keys under their aliases', async () => {
    assets.add(
      'a.zip',
      `const call = async (service, action, body) => (await fetch(process.env['AWS_ENDPOINT_URL_' + service], { method: 'POST',
         headers: { 'x-amz-target': action, 'content-type': 'application/x-amz-json-1.1', authorization: 'Credential=' + process.env.AWS_ACCESS_KEY_ID + '/' }, body: JSON.stringify(body) })).json();
       export const handler = async () => {
         const read = async (SecretId) => (await call('SECRETS_MANAGER', 'secretsmanager.GetSecretValue', { SecretId })).SecretString;
         const [byId, byAlias] = await Promise.all([process.env.KEY, 'alias/mine'].map((KeyId) => call('KMS', 'TrentService.GenerateDataKey', { KeyId, KeySpec: 'AES_256' })));
         return [await read(process.env.GIVEN), await read('own/default'), byId.KeyId === byAlias.KeyId && byId.KeyId.endsWith(process.env.KEY)];
       };`,
    );
    const running = await run(
      {
        Fn: lambdaFunction('a.zip', {
          Environment: { Variables: { KEY: { Ref: 'Key' }, GIVEN: { Ref: 'Given' } } },
        }),
        Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {} } },
        Alias: {
          Type: 'AWS::KMS::Alias',
          Properties: { AliasName: 'alias/mine', TargetKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } },
        },
        Given: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { Name: 'own/given', SecretString: 'empty' },
        },
        Default: {
          Type: 'AWS::SecretsManager::Secret',
          Properties: { Name: 'own/default', SecretString: 'empty' },
        },
      },
      {},
      { secrets: { 'own/given': 'first' } },
    );
    expect(await running.invoke('Fn', {})).toMatchObject({ payload: '["first","empty",true]' });
    running.putSecret('own/given', 'rotated');
    expect(await running.invoke('Fn', {})).toMatchObject({ payload: '["rotated","empty",true]' });
  });

  it('tells what runs where', async () => {
    assets.add('a.zip', printer);
    const { inventory, apiUrl } = await run({
      Fn: lambdaFunction('a.zip'),
      ...httpApi('Fn', ['GET /a', 'GET /b']),
      Work: queue(),
      Feed: eventSource('Work', 'Fn'),
      Tick: schedule('Fn'),
      State: table,
    });
    expect(inventory).toMatchObject([
      { kind: 'HTTP API', name: 'api', where: apiUrl, detail: '2 routes' },
      { kind: 'function', name: 'Fn', detail: '128 MB, 5 s, 2 routes, fed by Work, rate(1 minute)' },
      { kind: 'queue', name: 'Work', where: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) },
      {
        kind: 'table',
        name: 'State',
        detail: expect.stringMatching(/^(dynoxide|dynalite|endpoint), key pk, sk$/),
      },
      { kind: 'schedule', name: 'Tick', detail: 'rate(1 minute) → Fn' },
    ]);
  });

  it('runs beside a second one', async () => {
    assets.add('a.zip', 'export const handler = async () => process.env.WHO;');
    const stack = (who: string) => ({
      Fn: lambdaFunction('a.zip', { Environment: { Variables: { WHO: who } } }),
      ...httpApi('Fn', ['GET /']),
    });
    const first = await run(stack('first'));
    const second = await run(stack('second'));
    expect(await (await fetch(first.apiUrl)).text()).toBe('first');
    expect(await (await fetch(second.apiUrl)).text()).toBe('second');
    await first.close();
  });
});

describe('a template that cannot be run', () => {
  const leavesNothing = async (starting: Promise<unknown>, message: string | RegExp) => {
    const before = process.getActiveResourcesInfo().filter((kind) => kind.includes('Server')).length;
    await expect(starting).rejects.toThrow(message);
    expect(process.getActiveResourcesInfo().filter((kind) => kind.includes('Server')).length).toBe(before);
  };

  it('because of a type', () =>
    leavesNothing(run({ T: { Type: 'AWS::Kinesis::Stream' } }), 'T (AWS::Kinesis::Stream)'));

  it('because of a reference into nothing', async () => {
    assets.add('a.zip', printer);
    const Environment = { Variables: { TABLE: { Ref: 'State' } } };
    await leavesNothing(
      run({ Fn: lambdaFunction('a.zip', { Environment }) }),
      'Fn (AWS::Lambda::Function) property Environment.Variables.TABLE: Ref names State',
    );
  });

  it('because a queue hides messages for less time than the function may take', async () => {
    assets.add('a.zip', printer);
    await leavesNothing(
      run({
        Fn: lambdaFunction('a.zip'),
        Work: queue({ VisibilityTimeout: 4 }),
        Feed: eventSource('Work', 'Fn'),
      }),
      /Feed .*visibility time-out \(4 s\) is shorter than the function's time-out \(5 s\)/,
    );
  });

  it('because a queue setting is out of range', () =>
    leavesNothing(
      run({ Work: queue({ DelaySeconds: 901 }) }),
      'Work (AWS::SQS::Queue): Invalid value "901"',
    ));

  it('because an asset is not there', () =>
    leavesNothing(run({ Fn: lambdaFunction('gone.zip') }), 'Fn (AWS::Lambda::Function) property Code.S3Key'));

  it('because a bundle does not load', async () => {
    assets.add('a.zip', 'throw new Error("settings.json is missing");');
    await leavesNothing(run({ Fn: lambdaFunction('a.zip') }), 'Fn: Error: settings.json is missing');
  });

  it('because a schedule cannot be read', async () => {
    assets.add('a.zip', printer);
    const Tick = schedule('Fn', { ScheduleExpression: 'every minute' });
    await leavesNothing(run({ Fn: lambdaFunction('a.zip'), Tick }), 'Tick (AWS::Scheduler::Schedule)');
  });
});

describe('an update of the run', () => {
  const bundle = (name: string) =>
    `export const handler = async (event) => {
  console.log('${name}', event.Records?.map(({ body }) => body).join() ?? 'called');
  return { statusCode: 200, body: '${name}' };
};`;

  it('leaves addresses and data as they are, and runs the functions of the other template', async () => {
    assets.add('a.zip', bundle('first'));
    assets.add('b.zip', bundle('second'));
    const resources = (asset: string, retention: number) => ({
      Fn: lambdaFunction(asset),
      ...httpApi('Fn', ['GET /']),
      State: table,
      Work: queue({ MessageRetentionPeriod: retention }),
      Feed: eventSource('Work', 'Fn', { Enabled: asset === 'b.zip' }),
    });
    const running = await run(resources('a.zip', 3_600));
    const { apiUrl, endpoints, credentials } = running;
    expect(await (await fetch(apiUrl)).text()).toBe('first');
    const database = databaseOf(running);
    const Item = { pk: { S: 'a' }, sk: { S: 'b' } };
    await database.send(new PutItemCommand({ TableName: running.tableName('State'), Item }));
    running.queue('Work').send('waits');
    await running.update({
      template: templateOf({ ...resources('b.zip', 7_200), Other: queue() }),
      assetDirectory: (key) => assets.directory(key),
    });
    await clock.advance(1_000);
    expect(await (await fetch(apiUrl)).text()).toBe('second');
    expect(printed()).toEqual(['first called', 'second waits', 'second called']);
    const stored = new GetItemCommand({ TableName: running.tableName('State'), Key: Item });
    expect((await database.send(stored)).Item).toEqual(Item);
    database.destroy();
    expect(running.queue('Work').settings.retentionSeconds).toBe(7_200);
    expect(running.queue('Other').messages()).toEqual([]);
    expect([running.apiUrl, running.endpoints, running.credentials]).toEqual([
      apiUrl,
      endpoints,
      credentials,
    ]);
  });

  it('changes nothing when the other template cannot be run or would replace something', async () => {
    assets.add('a.zip', 'export const handler = async () => ({ statusCode: 200, body: "here" });');
    const resources = { Fn: lambdaFunction('a.zip'), ...httpApi('Fn', ['GET /']), Work: queue() };
    const running = await run(resources);
    const update = (changed: Readonly<Record<string, Resource>>) =>
      running.update({
        template: templateOf({ ...resources, ...changed }),
        assetDirectory: (key) => assets.directory(key),
      });
    await expect(update({ Odd: { Type: 'AWS::Odd::Thing' } })).rejects.toThrow('AWS::Odd::Thing');
    await expect(update({ Work: queue({ QueueName: 'renamed' }) })).rejects.toThrow(
      'Work: is Work and would be replaced by renamed',
    );
    expect(await (await fetch(running.apiUrl)).text()).toBe('here');
  });
});

it('ends within two seconds while functions are busy, and leaves no server and no worker', async () => {
  assets.add('a.zip', 'export const handler = async () => { for (;;) {} };');
  const running = await run({
    Fn: lambdaFunction('a.zip'),
    ...httpApi('Fn', ['GET /']),
    Work: queue(),
    State: table,
  });
  const busy = running.invoke('Fn', {});
  // Cut off, or answered with 500, whichever comes first.
  const request = fetch(running.apiUrl).then(
    ({ status }) => status,
    () => 500,
  );
  const before = performance.now();
  await running.close();
  expect(performance.now() - before).toBeLessThan(2000);
  expect(await busy).toMatchObject({ error: { errorType: 'Runtime.Closed' } });
  expect(await request).toBe(500);
  // Node counts the engine's process for another turn of the event loop after its exit.
  const left = () =>
    process.getActiveResourcesInfo().filter((kind) => /Server|Worker|ProcessWrap/.test(kind));
  await expect.poll(left).toEqual([]);
});
