/** Faults that are planted into the policies of the template: one that lacks a right, and two that allow too much. */
import { afterEach, describe, expect, inject, it } from 'vitest';
import type { Json, JsonObject } from '../../connector/emit/json.ts';
import type { Template } from '../../local/template/template.ts';
import { failDataSource, firstInstance, send, startTestSystem, type TestSystem } from '../e2e/test-system.ts';
import { neverUsed, recordOf } from './used-grants.ts';

let system: TestSystem | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});

type Statement = JsonObject & { readonly Action: Json; readonly Resource: Json };

/** The system whose role of this name has other statements. */
const startWith = async (
  role: string,
  change: (statements: readonly Statement[]) => readonly Statement[],
): Promise<TestSystem> => {
  const { template, assets } = inject('synthesised');
  const changed = structuredClone(template) as Template & { Resources: Record<string, JsonObject> };
  const [, resource] = Object.entries(changed.Resources).find(([id]) => id.startsWith(`${role}Role`)) ?? [];
  if (resource === undefined) throw new Error(`The template has no role of ${role}.`);
  const { Policies } = resource.Properties as unknown as {
    readonly Policies: readonly { readonly PolicyDocument: { Statement: readonly Statement[] } }[];
  };
  for (const { PolicyDocument: document } of Policies) {
    const before = document.Statement;
    document.Statement = change(before);
    expect(document.Statement).not.toEqual(before);
  }
  system = await startTestSystem({ synthesised: { template: changed, assets: new Map(assets) } });
  return system;
};

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

describe('a grant that is too broad is listed', () => {
  /** A call that needs the table. */
  const listed = async (running: TestSystem) => {
    const token = await running.issuer.userToken({});
    expect((await send(running, 'GET', '/v1/subscriptions', { token })).status).toBe(200);
    return neverUsed(running.deployment.access ? [recordOf(running.deployment.access)] : []);
  };

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
