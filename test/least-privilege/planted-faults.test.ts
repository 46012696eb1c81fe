/** Faults that are planted into the policies of the template: rights that are missing, and some that allow too much. */
import { afterEach, describe, expect, inject, it } from 'vitest';
import type { Json, JsonObject } from '../../connector/emit/json.ts';
import type { Template } from '../../local/template/template.ts';
import { failDataSource, firstInstance, send, startTestSystem, type TestSystem } from '../e2e/test-system.ts';
import { explainedGrants, isExplainedBy, neverUsed, recordOf } from './used-grants.ts';

let system: TestSystem | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});

type Statement = JsonObject & { readonly Action: Json; readonly Resource: Json };

type Resources = Record<string, JsonObject>;

/** The system whose resources were changed. */
const startChanged = async (change: (resources: Resources) => void): Promise<TestSystem> => {
  const { template, assets } = inject('synthesised');
  const changed = structuredClone(template) as Template & { Resources: Resources };
  change(changed.Resources);
  expect(changed).not.toEqual(template);
  system = await startTestSystem({ synthesised: { template: changed, assets: new Map(assets) } });
  return system;
};

/** Properties of the resource whose logical id begins so. */
const propertiesOf = <Properties>(resources: Resources, start: string): Properties => {
  const [, resource] = Object.entries(resources).find(([id]) => id.startsWith(start)) ?? [];
  if (resource === undefined) throw new Error(`The template has no ${start}.`);
  return resource.Properties as unknown as Properties;
};

/** The system whose role of this name has other statements. */
const startWith = (role: string, change: (statements: readonly Statement[]) => readonly Statement[]) =>
  startChanged((resources) => {
    const { Policies } = propertiesOf<{
      readonly Policies: readonly { readonly PolicyDocument: { Statement: readonly Statement[] } }[];
    }>(resources, `${role}Role`);
    for (const { PolicyDocument: document } of Policies) document.Statement = change(document.Statement);
  });

interface HasPolicy {
  readonly PolicyDocument: { readonly Statement: Json[] };
  readonly AssumeRolePolicyDocument: { readonly Statement: { Principal: Json }[] };
  readonly KeyPolicy: { readonly Statement: Json[] };
}

const isOf = (statement: Statement, service: string) =>
  JSON.stringify(statement.Action).includes(`"${service}:`);
const without = (action: string) => (statements: readonly Statement[]) =>
  statements.flatMap((statement) => {
    const left = [statement.Action].flat().filter((one) => one !== action);
    return left.length === 0 ? [] : [{ ...statement, Action: left }];
  });

describe('a grant that is forgotten', () => {
  it('stops what needs it: events are not delivered, and the log says what is missing', async () => {
    const running = await startWith('Watch', without('sqs:SendMessage'));
    const instance = firstInstance(running);
    await running.flowHost.create('failures', 'OnDataSourceRefreshFailed', { dataset: instance.id });
    await failDataSource(running, instance);
    expect(running.flowHost.callbacks).toEqual([]);
    expect(running.lines.map(({ text }) => text).join('\n')).toMatch(
      /assumed-role\/WatchRole\/WatchFunction is not authorized to perform: sqs:sendmessage on resource: [^ ]*:Queues\w*Queue because no identity-based policy allows/,
    );
  });

  it('to other records stops a function that reaches for them', async () => {
    const running = await startWith('Proxy', (statements) =>
      statements.filter((statement) => !JSON.stringify(statement).includes('"USE"')),
    );
    await running.client.call('ListInstances', {});
    expect(running.lines.map(({ text }) => text).join('\n')).toMatch(
      /assumed-role\/ProxyRole\/ProxyFunction is not authorized to perform: dynamodb:GetItem/,
    );
  });

  it('to write the rows of instances fails the deployment, with the reason and what to do', async () => {
    await expect(startWith('InstanceRows', without('dynamodb:PutItem'))).rejects.toThrow(
      /Custom::InstanceRows.*could not be written: .*InstanceRowsFunction is not authorized to perform: dynamodb:PutItem.*deploy again/s,
    );
  });

  it('of the table gives the caller an error, and nothing is half done', async () => {
    const running = await startWith('Subscriptions', without('dynamodb:PutItem'));
    const instance = firstInstance(running);
    await expect(
      running.flowHost.create('failures', 'OnDataSourceRefreshFailed', { dataset: instance.id }),
    ).rejects.toThrow(/503/);
    expect(running.lines.map(({ text }) => text).join('\n')).toMatch(
      /assumed-role\/SubscriptionsRole\/SubscriptionsFunction is not authorized to perform: dynamodb:PutItem/,
    );
  });
});

describe('a grant that a resource lacks', () => {
  it('stops API Gateway, which answers 500; the log names the permission', async () => {
    const running = await startChanged((resources) => {
      for (const id of Object.keys(resources))
        if (id.startsWith('SubscriptionsFunctionInvokedByApi')) delete resources[id];
    });
    const token = await running.issuer.userToken({});
    expect((await send(running, 'GET', '/v1/subscriptions', { token })).status).toBe(500);
    expect(running.lines.map(({ text }) => text).join('\n')).toContain('no AWS::Lambda::Permission lets');
  });

  it('of the callback key stops registrations', async () => {
    const running = await startChanged((resources) => {
      const { KeyPolicy: policy } = propertiesOf<HasPolicy>(resources, 'CallbackKey');
      policy.Statement.length = 0;
    });
    const { id: dataset } = firstInstance(running);
    await expect(
      running.flowHost.create('failures', 'OnDataSourceRefreshFailed', { dataset }),
    ).rejects.toThrow(/503/);
    expect(running.lines.map(({ text }) => text).join('\n')).toMatch(
      /not authorized to perform: kms:GenerateDataKey .* because no resource-based policy allows/,
    );
  });
});

/** After a call that needs the table. */
const listed = async (running: TestSystem) => {
  const token = await running.issuer.userToken({});
  expect((await send(running, 'GET', '/v1/subscriptions', { token })).status).toBe(200);
  return neverUsed(running.deployment.access ? [recordOf(running.deployment.access)] : []);
};

describe('a grant of a resource that is too broad is listed, and no explanation fits it', () => {
  const unexplained = async (change: (resources: Resources) => void) =>
    (await listed(await startChanged(change))).filter(
      (grant) => !explainedGrants.some((explained) => isExplainedBy(grant, explained)),
    );
  const other = 'arn:aws:iam::111122223333:root';

  it.each<readonly [string, Json | undefined]>([
    ['from every API', undefined],
    ['from all APIs of the account', 'arn:aws:execute-api:eu-west-1:000000000000:*/*/*'],
  ])('to call a function: %s', async (_, sourceArn) => {
    const unused = await unexplained((resources) => {
      const permission = propertiesOf<Record<string, Json>>(resources, 'SubscriptionsFunctionInvokedByApi');
      if (sourceArn === undefined) delete permission.SourceArn;
      else permission.SourceArn = sourceArn;
    });
    expect(unused).toContainEqual(
      expect.stringMatching(/^SubscriptionsFunctionInvokedByApi\w*: lambda:InvokeFunction .* by apigateway/),
    );
  });

  it('of a queue, a topic, a key and a role, to others', async () => {
    const unused = await unexplained((resources) => {
      const grant = (Action: string): Json => ({
        Effect: 'Allow',
        Action,
        Resource: '*',
        Principal: { AWS: other },
      });
      propertiesOf<HasPolicy>(resources, 'QueuesWatchQueuePolicy').PolicyDocument.Statement.push(
        grant('sqs:SendMessage'),
      );
      propertiesOf<HasPolicy>(resources, 'MonitoringTopicPolicy').PolicyDocument.Statement.push(
        grant('sns:Publish'),
      );
      propertiesOf<HasPolicy>(resources, 'CallbackKey').KeyPolicy.Statement.push(grant('kms:Decrypt'));
      const [trust] = propertiesOf<HasPolicy>(resources, 'ProxyRole').AssumeRolePolicyDocument.Statement;
      if (trust) trust.Principal = { Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] };
    });
    for (const grant of [
      /^QueuesWatchQueuePolicy\w*: sqs:SendMessage on \* by arn:aws:iam::111122223333:root$/,
      /^MonitoringTopicPolicy\w*: sns:Publish on \* by arn:aws:iam::111122223333:root$/,
      /^CallbackKey\w*: kms:Decrypt on \* by arn:aws:iam::111122223333:root$/,
      /^ProxyRole\w*: sts:AssumeRole on \* by ec2.amazonaws.com$/,
    ])
      expect(unused).toContainEqual(expect.stringMatching(grant));
  });

  it('of the topic, to alarms of every account', async () => {
    const unused = await unexplained((resources) => {
      const { PolicyDocument: document } = propertiesOf<HasPolicy>(resources, 'MonitoringTopicPolicy');
      for (const statement of document.Statement as JsonObject[])
        if (statement.Effect === 'Allow') delete (statement as { Condition?: Json }).Condition;
    });
    expect(unused).toContainEqual(
      expect.stringMatching(/^MonitoringTopicPolicy\w*: sns:Publish on \S* by cloudwatch.amazonaws.com$/),
    );
  });
});

describe('a grant that is too broad is listed', () => {
  it('for a wildcard in its actions', async () => {
    const running = await startWith('Subscriptions', (statements) =>
      statements.map((statement) =>
        isOf(statement, 'dynamodb') && statement.Effect === 'Allow'
          ? { ...statement, Action: 'dynamodb:*' }
          : statement,
      ),
    );
    expect(await listed(running)).toContainEqual(
      expect.stringMatching(/^SubscriptionsRole\w*: dynamodb:\* on \S*:table\/StorageStateTable/),
    );
  });

  it('for another table', async () => {
    const running = await startWith('DeadLetters', (statements) =>
      statements.map((statement) =>
        isOf(statement, 'dynamodb') && statement.Effect === 'Allow'
          ? { ...statement, Resource: ['arn:aws:dynamodb:eu-west-1:000000000000:table/StorageLimiterTable'] }
          : statement,
      ),
    );
    expect(await listed(running)).toContainEqual(
      expect.stringMatching(/^DeadLettersRole\w*: dynamodb:PutItem on \S*:table\/StorageLimiterTable/),
    );
  });

  it('for whatever the callback key encrypts', async () => {
    const running = await startWith('Deliver', (statements) =>
      statements.map((statement) => {
        if (!isOf(statement, 'kms')) return statement;
        const { Condition: _, ...wide } = statement;
        return wide as Statement;
      }),
    );
    const instance = firstInstance(running);
    await running.flowHost.create('failures', 'OnDataSourceRefreshFailed', { dataset: instance.id });
    await failDataSource(running, instance);
    expect(running.flowHost.callbacks).toHaveLength(1);
    expect(await listed(running)).toContainEqual(
      expect.stringMatching(/^DeliverRole\w*: kms:Decrypt on \S*$/),
    );
  });

  it('for further purposes of the callback key', async () => {
    const running = await startWith('Subscriptions', (statements) =>
      statements.map((statement) =>
        JSON.stringify(statement).includes('"callback-url"')
          ? {
              ...statement,
              Condition: {
                StringEquals: { 'kms:EncryptionContext:purpose': ['callback-url', 'partition'] },
              },
            }
          : statement,
      ),
    );
    await running.flowHost.create('failures', 'OnDataSourceRefreshFailed', {
      dataset: firstInstance(running).id,
    });
    const unused = await listed(running);
    const text = /^SubscriptionsRole\w*: kms:GenerateDataKey on \S* for the purpose partition$/;
    expect(unused).toContainEqual(expect.stringMatching(text));
    expect(unused).not.toContainEqual(
      expect.stringMatching(/^SubscriptionsRole.*:GenerateDataKey .* for the purpose callback-url$/),
    );
  });

  it('for further records', async () => {
    const running = await startWith('Subscriptions', (statements) =>
      statements.map((statement) =>
        [statement.Action].flat().includes('dynamodb:Query') && JSON.stringify(statement).includes('"P#*"')
          ? {
              ...statement,
              Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['P#*', 'KEY'] } },
            }
          : statement,
      ),
    );
    const unused = await listed(running);
    expect(unused).toContainEqual(expect.stringMatching(/^Subscriptions.*:Query on \S* for the keys KEY$/));
    expect(unused).not.toContainEqual(
      expect.stringMatching(/^Subscriptions.*:Query on \S* for the keys P#\*$/),
    );
  });
});
