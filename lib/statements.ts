/**
 * Exact IAM statements. The constructs' own grants are broad (Scan, GetRecords and more for a table), and a
 * role should hold what its function calls and nothing else.
 */
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib/core';
import { federation } from '../config/federation.ts';
import { callbackUrlContext, sealingKeyContext } from '../lambda/callback-context.ts';
import { stateKeys, type TableAction } from '../lambda/functions.ts';

const allow = (actions: readonly string[], resources: readonly string[]) =>
  new PolicyStatement({ actions: [...actions], resources: [...resources] });

/**
 * @param keys patterns of the partition keys that the actions are limited to; each of the actions names its keys, so that
 *   none is without a value
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export const useTable = (
  table: Pick<ITableV2, 'tableArn'>,
  actions: readonly TableAction[],
  keys?: readonly string[],
) =>
  new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
    ...(keys && { conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys } } }),
  });

/** Which instances are served is for operators to say; the functions only read it (lambda/store/instances.ts). */
export const keepInstances = (table: Pick<ITableV2, 'tableArn'>) =>
  new PolicyStatement({
    effect: Effect.DENY,
    actions: ['PutItem', 'UpdateItem', 'DeleteItem'].map((action) => `dynamodb:${action}`),
    resources: [table.tableArn],
    conditions: {
      'ForAnyValue:StringLike': {
        'dynamodb:LeadingKeys': [stateKeys['head of the instances'], stateKeys.instances],
      },
    },
  });

/** Single and batched sending are the same IAM action. */
export const sendTo = (...queues: readonly IQueue[]) =>
  allow(
    ['sqs:SendMessage'],
    queues.map(({ queueArn }) => queueArn),
  );

/**
 * What an event source mapping needs of the function's role.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
 */
export const consume = (...queues: readonly IQueue[]) =>
  allow(
    ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    queues.map(({ queueArn }) => queueArn),
  );

/** The context is part of what KMS encrypts: nothing else that the key encrypts is allowed. */
const useKey = (
  key: IKey,
  { purpose }: typeof callbackUrlContext | typeof sealingKeyContext,
  ...actions: readonly ('GenerateDataKey' | 'Encrypt' | 'Decrypt')[]
) =>
  new PolicyStatement({
    actions: actions.map((action) => `kms:${action}`),
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:EncryptionContext:purpose': purpose } },
  });

/** Of the keys that are stored beside URLs it may make new ones, and decrypt none. */
export const sealCallbacks = (key: IKey) => [
  useKey(key, callbackUrlContext, 'GenerateDataKey'),
  useKey(key, sealingKeyContext, 'Encrypt', 'Decrypt'),
];

export const openCallbacks = (key: IKey) => [useKey(key, callbackUrlContext, 'Decrypt')];

/**
 * For what a customer-managed key encrypts: the services decrypt and encrypt in the name of the caller, and only
 * they may.
 */
export const useOwnKey = (key: IKey, { region, urlSuffix }: Stack) =>
  new PolicyStatement({
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [key.keyArn],
    conditions: {
      StringEquals: {
        'kms:ViaService': ['dynamodb', 'sqs', 'secretsmanager'].map(
          (service) => `${service}.${region}.${urlSuffix}`,
        ),
      },
    },
  });

export const readSecrets = (arnPatterns: readonly string[]) =>
  allow(['secretsmanager:GetSecretValue'], arnPatterns);

/**
 * Tokens for Microsoft Entra ID alone, as short as the code asks for. The operation has no resource.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_policies.html
 */
export const getIdentityToken = () =>
  new PolicyStatement({
    actions: ['sts:GetWebIdentityToken'],
    resources: ['*'],
    conditions: {
      'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': [federation.audience] },
      // A set operator alone is true of a request that names no audience.
      Null: { 'sts:IdentityTokenAudience': 'false' },
      StringEquals: { 'sts:SigningAlgorithm': federation.signingAlgorithm },
      NumericLessThanEquals: { 'sts:DurationSeconds': String(federation.seconds) },
    },
  });

export const invoke = ({ functionArn }: Pick<IFunction, 'functionArn'>) =>
  allow(['lambda:InvokeFunction'], [functionArn]);

/** A log group's ARN ends in `:*` already: its streams. */
export const writeLogs = (logGroup: ILogGroup) =>
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
