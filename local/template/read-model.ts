import type { LogLevel } from '../runtime/protocol.ts';
import type {
  CustomResourceModel,
  DeploymentModel,
  FunctionModel,
  KeyModel,
  MappingModel,
  QueueModel,
  ScheduleModel,
  SecretModel,
  TableModel,
} from './model.ts';
import { readApis } from './read-api.ts';
import { functionNamed, type ModelSource, resourcesOf } from './resources.ts';
import { vocabulary } from './vocabulary.ts';

const typesWithoutModel = [
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::Route53::RecordSet',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::Logs::QueryDefinition',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SQS::QueuePolicy',
];

/** @throws TemplateError on a value or a combination that the local run cannot honour. */
export const readModel = (source: ModelSource): DeploymentModel => {
  // Types that only name or permit something are resolved too, so that a reference to a missing resource is
  // found.
  for (const type of typesWithoutModel) resourcesOf(source, type);
  const functions = readFunctions(source);
  const queues = readQueues(source);
  return {
    functions,
    queues,
    tables: readTables(source),
    secrets: readSecrets(source),
    keys: readKeys(source),
    mappings: readMappings(source, functions, queues),
    schedules: readSchedules(source, functions),
    apis: readApis(source, functions),
    customResources: readCustomResources(source, functions),
    outputs: readOutputs(source),
  };
};

const logLevelOf: Readonly<Record<string, LogLevel>> = {
  TRACE: 'TRACE',
  DEBUG: 'DEBUG',
  INFO: 'INFO',
  WARN: 'WARN',
  ERROR: 'ERROR',
  FATAL: 'FATAL',
};

const readFunctions = (source: ModelSource): readonly FunctionModel[] => {
  const retries = new Map(
    resourcesOf(source, 'AWS::Lambda::EventInvokeConfig').map(({ properties }) => [
      functionPart(properties.text('FunctionName')),
      {
        retries: properties.optionalNumber('MaximumRetryAttempts', { least: 0, most: 2 }) ?? 2,
        maximumAgeMs:
          (properties.optionalNumber('MaximumEventAgeInSeconds', { least: 60, most: 21_600 }) ?? 21_600) *
          1000,
      },
    ]),
  );
  return resourcesOf(source, 'AWS::Lambda::Function').map(({ logicalId, properties }) => {
    const name = source.physicalName(logicalId);
    const role = properties.optionalText('Role');
    const logging = properties.within('LoggingConfig');
    const logFormat = logging.optionalText('LogFormat') ?? 'Text';
    if (logFormat !== 'Text' && logFormat !== 'JSON')
      throw logging.refuse('LogFormat', `is ${logFormat}; Text or JSON`);
    const logLevel = logLevelOf[logging.optionalText('ApplicationLogLevel') ?? 'INFO'];
    if (logLevel === undefined) throw logging.refuse('ApplicationLogLevel', 'is not a log level');
    const reservedConcurrency = properties.optionalNumber('ReservedConcurrentExecutions', {
      least: 1,
      most: 1000,
    });
    return {
      logicalId,
      name,
      arn: source.arnOf(logicalId),
      ...(role !== undefined && { role }),
      handler: properties.text('Handler'),
      assetKey: properties.within('Code').text('S3Key'),
      memoryMegabytes: properties.optionalNumber('MemorySize', { least: 128, most: 10_240 }) ?? 128,
      timeoutMs: (properties.optionalNumber('Timeout', { least: 1, most: 900 }) ?? 3) * 1000,
      variables: properties.within('Environment').textMap('Variables'),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
      logGroup: logging.optionalText('LogGroup') ?? `/aws/lambda/${name}`,
      logFormat,
      logLevel,
      asynchronous: retries.get(name) ?? { retries: 2, maximumAgeMs: 21_600_000 },
    };
  });
};

const queueAttributes = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'VisibilityTimeout',
];
const queuePolicies = ['RedriveAllowPolicy', 'RedrivePolicy'];

/**
 * The queue server checks ranges and fills in defaults; a template's properties have the names of its
 * attributes.
 */
const readQueues = (source: ModelSource): readonly QueueModel[] =>
  resourcesOf(source, 'AWS::SQS::Queue').map(({ logicalId, properties }) => {
    const deadLetterArn = properties.within('RedrivePolicy').optionalText('deadLetterTargetArn');
    return {
      logicalId,
      name: source.physicalName(logicalId),
      arn: source.arnOf(logicalId),
      visibilityTimeoutSeconds: properties.optionalNumber('VisibilityTimeout') ?? 30,
      ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
      attributes: Object.fromEntries([
        ...queueAttributes
          .filter((name) => properties.has(name))
          .map((name) => [name, String(properties.number(name))]),
        ...queuePolicies
          .filter((name) => properties.has(name))
          .map((name) => [name, JSON.stringify(properties.value(name))]),
      ]),
    };
  });

const readTables = (source: ModelSource): readonly TableModel[] =>
  resourcesOf(source, 'AWS::DynamoDB::GlobalTable').map(({ logicalId, properties }) => {
    const ttl = properties.within('TimeToLiveSpecification');
    const replicas = properties.records('Replicas');
    if (replicas.length !== 1 || replicas[0]?.Region !== source.region)
      throw properties.refuse(
        'Replicas',
        `the local run has one region, ${source.region}, and so one replica`,
      );
    const key = properties.records('KeySchema').map(({ AttributeName: name, KeyType: role }) => {
      if (typeof name !== 'string' || (role !== 'HASH' && role !== 'RANGE'))
        throw properties.refuse('KeySchema', 'AttributeName and KeyType (HASH or RANGE) are expected');
      return { name, role } as const;
    });
    const attributes = properties
      .records('AttributeDefinitions')
      .map(({ AttributeName: name, AttributeType: type }) => {
        if (typeof name !== 'string' || (type !== 'S' && type !== 'N' && type !== 'B'))
          throw properties.refuse(
            'AttributeDefinitions',
            'AttributeName and AttributeType (S, N or B) are expected',
          );
        return { name, type } as const;
      });
    return {
      logicalId,
      name: source.physicalName(logicalId),
      key,
      attributes,
      ...(ttl.optionalFlag('Enabled') === true ? { timeToLiveAttribute: ttl.text('AttributeName') } : {}),
    };
  });

const readSecrets = (source: ModelSource): readonly SecretModel[] =>
  resourcesOf(source, 'AWS::SecretsManager::Secret').map(({ logicalId, properties }) => {
    const value = properties.optionalText('SecretString');
    return { logicalId, name: source.physicalName(logicalId), ...(value === undefined ? {} : { value }) };
  });

const readKeys = (source: ModelSource): readonly KeyModel[] => {
  const aliases = resourcesOf(source, 'AWS::KMS::Alias').map(({ properties }) => ({
    name: properties.text('AliasName'),
    // A key id, or an ARN that ends in one.
    keyId: properties.text('TargetKeyId').replace(/^.*\//, ''),
  }));
  return resourcesOf(source, 'AWS::KMS::Key').map(({ logicalId }) => {
    const keyId = source.physicalName(logicalId);
    return {
      logicalId,
      keyId,
      aliases: aliases.filter((alias) => alias.keyId === keyId).map(({ name }) => name),
    };
  });
};

const readMappings = (
  source: ModelSource,
  functions: readonly FunctionModel[],
  queues: readonly QueueModel[],
): readonly MappingModel[] => {
  return resourcesOf(source, 'AWS::Lambda::EventSourceMapping').map(({ logicalId, properties }) => {
    const queue = queues.find(({ arn }) => arn === properties.text('EventSourceArn'));
    if (queue === undefined) throw properties.refuse('EventSourceArn', 'is not a queue of this template');
    const target = functionNamed(functions, properties, 'FunctionName');
    if (queue.visibilityTimeoutSeconds * 1000 < target.timeoutMs)
      throw properties.refuse(
        'EventSourceArn',
        `AWS refuses this mapping: the queue's visibility time-out (${queue.visibilityTimeoutSeconds} s) is shorter than the function's time-out (${target.timeoutMs / 1000} s)`,
      );
    const maximumConcurrency = properties
      .within('ScalingConfig')
      .optionalNumber('MaximumConcurrency', { least: 2, most: 1000 });
    return {
      logicalId,
      queueName: queue.name,
      functionName: target.name,
      enabled: properties.optionalFlag('Enabled') ?? true,
      // More than 10 needs a batching window, which the local run does not know.
      batchSize: properties.optionalNumber('BatchSize', { least: 1, most: 10 }) ?? 10,
      ...(maximumConcurrency === undefined ? {} : { maximumConcurrency }),
      reportsItemFailures: properties.texts('FunctionResponseTypes').includes('ReportBatchItemFailures'),
    };
  });
};

const readSchedules = (source: ModelSource, functions: readonly FunctionModel[]): readonly ScheduleModel[] =>
  resourcesOf(source, 'AWS::Scheduler::Schedule').map(({ logicalId, properties }) => {
    const target = properties.within('Target');
    const input = target.optionalText('Input');
    const state = properties.optionalText('State') ?? 'ENABLED';
    if (state !== 'ENABLED' && state !== 'DISABLED')
      throw properties.refuse('State', 'is neither ENABLED nor DISABLED');
    return {
      logicalId,
      name: source.physicalName(logicalId),
      arn: source.arnOf(logicalId),
      expression: properties.text('ScheduleExpression'),
      timezone: properties.optionalText('ScheduleExpressionTimezone') ?? 'Etc/UTC',
      enabled: state === 'ENABLED',
      functionName: functionNamed(functions, target, 'Arn').name,
      role: target.text('RoleArn'),
      ...(input === undefined ? {} : { input }),
    };
  });

const readCustomResources = (
  source: ModelSource,
  functions: readonly FunctionModel[],
): readonly CustomResourceModel[] =>
  Object.keys(vocabulary)
    .filter((type) => type.startsWith('Custom::'))
    .flatMap((type) =>
      resourcesOf(source, type).map(({ logicalId, properties }) => ({
        logicalId,
        type,
        functionName: functionNamed(functions, properties, 'ServiceToken').name,
        properties: source.resolver.properties(logicalId),
      })),
    );

const readOutputs = ({ template, resolver }: ModelSource): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(template.Outputs ?? {}).map(([name, { Value }]) => [
      name,
      String(resolver.resolve(Value, { logicalId: name, type: 'output' })),
    ]),
  );

const functionPart = (nameOrArn: string): string => /:function:([^:]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
