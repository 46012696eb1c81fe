import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  type ConsumedQueueName,
  type DeadLetterQueueName,
  type EnvironmentName,
  environmentNames,
  stateKeys,
  type Use,
} from '../lambda/functions.ts';
import type { Queues } from './queues.ts';
import type { SecretAccess } from './secret-access.ts';
import {
  consume,
  getIdentityToken,
  invoke,
  keepInstances,
  openCallbacks,
  sealCallbacks,
  sendTo,
  useTable,
} from './statements.ts';

/** The environment variables and the rights of a function; only those that it uses. */
export interface FunctionAccess {
  readonly environment: Readonly<Partial<Record<EnvironmentName, string>>>;
  readonly statements: readonly PolicyStatement[];
  readonly managedPolicies: readonly ManagedPolicy[];
}

export interface Resources {
  readonly state: Pick<ITableV2, 'tableArn' | 'tableName'>;
  readonly limiter: Pick<ITableV2, 'tableArn' | 'tableName'>;
  readonly queues: Queues;
  readonly callbackKey: IKey;
  readonly secretAccess: SecretAccess;
  /** Whether the API's registration trusts tokens of AWS, and has no client secret. */
  readonly federated: boolean;
  readonly customerInsightsUrl: string;
  readonly authority: string;
  readonly localRunUrl: string;
  /** The callback of the canary; undefined where there is none. */
  readonly canaryUrl: string | undefined;
  /** What the canary invokes; undefined where there is none. */
  readonly subscriptions?: IFunction | undefined;
}

const isDeadLetterQueue = (name: ConsumedQueueName): name is DeadLetterQueueName =>
  name.endsWith('DeadLetters');

const accessTo = (use: Use, resources: Resources): Partial<FunctionAccess> => {
  const { queues, callbackKey, secretAccess } = resources;
  if ('table' in use) {
    const table = resources[use.table];
    return {
      environment: { [environmentNames[use.table]]: table.tableName },
      statements: [
        useTable(table, use.actions, 'of' in use ? use.of.map((kind) => stateKeys[kind]) : undefined),
      ],
    };
  }
  if ('sendTo' in use) {
    const targets = use.sendTo.map((name) => ({
      name: environmentNames[name],
      queue: queues.named(name),
    }));
    return {
      environment: Object.fromEntries(targets.map(({ name, queue }) => [name, queue.queueUrl])),
      statements: [sendTo(...targets.map(({ queue }) => queue))],
    };
  }
  if ('consume' in use) {
    const names = Object.keys(use.consume) as (keyof typeof use.consume)[];
    // A function that works off several queues alike is told which message comes from which.
    const arns = names.flatMap((name) =>
      isDeadLetterQueue(name) ? [[environmentNames[`${name}Arn`], queues.named(name).queueArn]] : [],
    );
    return {
      environment: Object.fromEntries(arns),
      statements: [consume(...names.map((name) => queues.named(name)))],
    };
  }
  if ('callbackKey' in use)
    return {
      environment: { [environmentNames.callbackKey]: callbackKey.keyId },
      statements: use.callbackKey === 'seal' ? sealCallbacks(callbackKey) : openCallbacks(callbackKey),
    };
  if ('canary' in use)
    return resources.canaryUrl === undefined
      ? {}
      : { environment: { [environmentNames.canary]: resources.canaryUrl } };
  if ('invoke' in use) {
    const { subscriptions } = resources;
    if (subscriptions === undefined) throw new TypeError('There is no function to invoke.');
    return {
      environment: { [environmentNames.subscriptions]: subscriptions.functionName },
      statements: [invoke(subscriptions)],
    };
  }
  if ('localRun' in use) return { environment: { [environmentNames.localRun]: resources.localRunUrl } };
  if ('signIn' in use) return { environment: { [environmentNames.authority]: resources.authority } };
  return {
    environment: {
      [environmentNames.customerInsights]: resources.customerInsightsUrl,
      [environmentNames.authority]: resources.authority,
    },
    statements: [...secretAccess.statements, ...(resources.federated ? [getIdentityToken()] : [])],
    managedPolicies: secretAccess.managedPolicies,
  };
};

const usesState = (use: Use): use is Extract<Use, { readonly table: 'state' }> =>
  'table' in use && use.table === 'state';

/** Environment and rights of a function, from what it uses. */
export const accessOf = (uses: readonly Use[], resources: Resources): FunctionAccess => {
  const parts = uses.map((use) => accessTo(use, resources));
  const ofState = uses.filter(usesState);
  const writesInstances = ofState.some(
    ({ actions, of }) => actions.includes('PutItem') && of.includes('instances'),
  );
  return {
    environment: Object.assign({}, ...parts.map(({ environment }) => environment)),
    statements: [
      ...parts.flatMap(({ statements = [] }) => statements),
      ...(ofState.length > 0 && !writesInstances ? [keepInstances(resources.state)] : []),
    ],
    managedPolicies: parts.flatMap(({ managedPolicies = [] }) => managedPolicies),
  };
};
