import type { Json } from './template.ts';

/** The rule of the local run for one property. */
export type PropertyRule =
  | { readonly kind: 'honoured' }
  /** Known, without effect here; the reason says why that does not change what the handlers see. */
  | { readonly kind: 'ignored'; readonly reason: string }
  /** Only these values; any other is refused. */
  | { readonly kind: 'only'; readonly values: readonly Json[] }
  | { readonly kind: 'within'; readonly properties: PropertyRules }
  /** A list of objects. */
  | { readonly kind: 'each'; readonly properties: PropertyRules };

export type PropertyRules = Readonly<Record<string, PropertyRule>>;

const honoured: PropertyRule = { kind: 'honoured' };
const ignored = (reason: string): PropertyRule => ({ kind: 'ignored', reason });
const only = (...values: readonly Json[]): PropertyRule => ({ kind: 'only', values });
const within = (properties: PropertyRules): PropertyRule => ({ kind: 'within', properties });
const each = (properties: PropertyRules): PropertyRule => ({ kind: 'each', properties });

/** A type of which nothing matters here, for one reason. */
const all = (reason: string, ...properties: readonly string[]): PropertyRules =>
  Object.fromEntries(properties.map((property) => [property, ignored(reason)]));

const elsewhere = 'the local run is called at its own address';

const tags = ignored('tags do not change behaviour');
const description = ignored('a text for people');
const encryption = ignored('encryption at rest is invisible to callers');

/**
 * Resource types and their properties that the local run knows. A type or property not listed here is an
 * error.
 */
export const vocabulary: Readonly<Record<string, PropertyRules>> = {
  'AWS::CDK::Metadata': { Analytics: ignored('usage data of the CDK') },

  'AWS::Lambda::Function': {
    Architectures: ignored('the bundles are JavaScript and run on any processor'),
    Code: within({ S3Bucket: ignored('assets are read from the cloud assembly'), S3Key: honoured }),
    Description: description,
    Environment: within({ Variables: honoured }),
    FunctionName: honoured,
    Handler: honoured,
    LoggingConfig: within({
      ApplicationLogLevel: honoured,
      LogFormat: honoured,
      LogGroup: honoured,
      SystemLogLevel: ignored("the platform's own log lines are always shown"),
    }),
    MemorySize: honoured,
    ReservedConcurrentExecutions: honoured,
    Role: honoured,
    Runtime: only('nodejs20.x', 'nodejs22.x', 'nodejs24.x'),
    Tags: tags,
    Timeout: honoured,
    TracingConfig: ignored('no traces are collected locally'),
  },
  'AWS::Lambda::Permission': {
    Action: only('lambda:InvokeFunction'),
    FunctionName: honoured,
    Principal: honoured,
    SourceAccount: honoured,
    SourceArn: honoured,
  },
  'AWS::Lambda::EventInvokeConfig': {
    FunctionName: honoured,
    MaximumEventAgeInSeconds: honoured,
    MaximumRetryAttempts: honoured,
    Qualifier: only('$LATEST'),
  },
  'AWS::Lambda::EventSourceMapping': {
    BatchSize: honoured,
    Enabled: honoured,
    EventSourceArn: honoured,
    FunctionName: honoured,
    FunctionResponseTypes: only(['ReportBatchItemFailures'], []),
    MaximumBatchingWindowInSeconds: only(0),
    ScalingConfig: within({ MaximumConcurrency: honoured }),
    Tags: tags,
  },
  'AWS::Logs::LogGroup': {
    KmsKeyId: encryption,
    LogGroupName: honoured,
    RetentionInDays: ignored('log lines live as long as the local run'),
    Tags: tags,
  },

  'AWS::SQS::Queue': {
    DelaySeconds: honoured,
    KmsDataKeyReusePeriodSeconds: encryption,
    KmsMasterKeyId: encryption,
    MaximumMessageSize: honoured,
    MessageRetentionPeriod: honoured,
    QueueName: honoured,
    ReceiveMessageWaitTimeSeconds: honoured,
    RedriveAllowPolicy: honoured,
    RedrivePolicy: within({ deadLetterTargetArn: honoured, maxReceiveCount: honoured }),
    SqsManagedSseEnabled: encryption,
    Tags: tags,
    VisibilityTimeout: honoured,
  },
  'AWS::SQS::QueuePolicy': { PolicyDocument: honoured, Queues: honoured },

  'AWS::DynamoDB::GlobalTable': {
    AttributeDefinitions: each({ AttributeName: honoured, AttributeType: honoured }),
    BillingMode: only('PAY_PER_REQUEST'),
    KeySchema: each({ AttributeName: honoured, KeyType: honoured }),
    Replicas: each({
      ContributorInsightsSpecification: ignored('insights are for operators'),
      DeletionProtectionEnabled: ignored('tables end with the local run'),
      PointInTimeRecoverySpecification: ignored('backups are not read by the functions'),
      Region: honoured,
      SSESpecification: encryption,
      TableClass: ignored('a matter of price'),
      Tags: tags,
    }),
    SSESpecification: encryption,
    TableName: honoured,
    TimeToLiveSpecification: within({ AttributeName: honoured, Enabled: honoured }),
    WarmThroughput: ignored('readies the deployed table for load; takes nothing away'),
  },

  'AWS::Scheduler::Schedule': {
    Description: description,
    FlexibleTimeWindow: within({ Mode: only('OFF') }),
    Name: honoured,
    ScheduleExpression: honoured,
    ScheduleExpressionTimezone: honoured,
    State: honoured,
    Target: within({
      Arn: honoured,
      Input: honoured,
      RetryPolicy: ignored(
        'the scheduler retries when Lambda does not accept an event; the local run always accepts it',
      ),
      DeadLetterConfig: ignored(
        'the scheduler gives up when Lambda does not accept an event; the local run always accepts it',
      ),
      RoleArn: honoured,
    }),
  },

  'AWS::KMS::Key': {
    Description: description,
    EnableKeyRotation: ignored('a rotated key decrypts what it encrypted before'),
    Enabled: only(true),
    KeyPolicy: honoured,
    KeySpec: only('SYMMETRIC_DEFAULT'),
    KeyUsage: only('ENCRYPT_DECRYPT'),
    MultiRegion: only(false),
    PendingWindowInDays: ignored('keys end with the local run'),
    RotationPeriodInDays: ignored('a rotated key decrypts what it encrypted before'),
    Tags: tags,
  },
  'AWS::KMS::Alias': { AliasName: honoured, TargetKeyId: honoured },
  'AWS::SecretsManager::Secret': {
    Description: description,
    GenerateSecretString: ignored(
      'the value is given to the local run, as an operator sets it after deployment',
    ),
    KmsKeyId: encryption,
    Name: honoured,
    SecretString: honoured,
    Tags: tags,
  },
  'AWS::SecretsManager::ResourcePolicy': {
    BlockPublicPolicy: ignored('a check of the policy when it is deployed'),
    ResourcePolicy: honoured,
    SecretId: honoured,
  },

  'AWS::ApiGatewayV2::Api': {
    Description: description,
    DisableExecuteApiEndpoint: only(false),
    Name: honoured,
    ProtocolType: only('HTTP'),
    Tags: tags,
  },
  'AWS::ApiGatewayV2::Stage': {
    AccessLogSettings: ignored('no access log is written locally'),
    ApiId: honoured,
    AutoDeploy: only(true),
    DefaultRouteSettings: within({
      DetailedMetricsEnabled: ignored('no metrics are collected locally'),
      ThrottlingBurstLimit: honoured,
      ThrottlingRateLimit: honoured,
    }),
    Description: description,
    RouteSettings: honoured,
    StageName: only('$default'),
    Tags: tags,
  },
  'AWS::ApiGatewayV2::Route': {
    ApiId: honoured,
    AuthorizationScopes: honoured,
    AuthorizationType: only('JWT', 'NONE'),
    AuthorizerId: honoured,
    OperationName: description,
    RouteKey: honoured,
    Target: honoured,
  },
  'AWS::ApiGatewayV2::Integration': {
    ApiId: honoured,
    Description: description,
    IntegrationMethod: ignored('API Gateway always calls a function with POST'),
    IntegrationType: only('AWS_PROXY'),
    IntegrationUri: honoured,
    PayloadFormatVersion: only('2.0'),
    TimeoutInMillis: honoured,
  },
  'AWS::ApiGatewayV2::Authorizer': {
    ApiId: honoured,
    AuthorizerType: only('JWT'),
    IdentitySource: only(['$request.header.Authorization']),
    JwtConfiguration: within({ Audience: honoured, Issuer: honoured }),
    Name: honoured,
  },

  'AWS::IAM::Role': {
    AssumeRolePolicyDocument: honoured,
    Description: description,
    ManagedPolicyArns: honoured,
    PermissionsBoundary: ignored('a policy of the account, whose text the template does not have'),
    MaxSessionDuration: ignored('no session outlives the local run'),
    Path: ignored('the local run gives its own ARNs'),
    Policies: honoured,
    RoleName: honoured,
    Tags: tags,
  },
  'AWS::IAM::Policy': { PolicyDocument: honoured, PolicyName: honoured, Roles: honoured },
  'AWS::IAM::ManagedPolicy': {
    Description: description,
    ManagedPolicyName: honoured,
    Path: ignored('the local run gives its own ARNs'),
    PolicyDocument: honoured,
    Roles: honoured,
  },
  'AWS::CloudWatch::Alarm': all(
    'alarms watch the deployed system; no handler sees them',
    'ActionsEnabled',
    'AlarmActions',
    'AlarmDescription',
    'AlarmName',
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluationPeriods',
    'ExtendedStatistic',
    'MetricName',
    'Metrics',
    'Namespace',
    'OKActions',
    'Period',
    'Statistic',
    'Tags',
    'Threshold',
    'TreatMissingData',
    'Unit',
  ),
  'AWS::ApiGatewayV2::ApiMapping': all(elsewhere, 'ApiId', 'ApiMappingKey', 'DomainName', 'Stage'),
  'AWS::ApiGatewayV2::DomainName': all(elsewhere, 'DomainName', 'DomainNameConfigurations', 'Tags'),
  'AWS::Route53::RecordSet': all(elsewhere, 'AliasTarget', 'HostedZoneId', 'Name', 'Type'),
  'AWS::CloudWatch::Dashboard': all('people look at it', 'DashboardBody', 'DashboardName'),
  'AWS::Logs::QueryDefinition': all('people run it', 'LogGroupNames', 'Name', 'QueryString'),
  'AWS::SNS::Topic': all('only alarms publish to it', 'KmsMasterKeyId', 'Tags', 'TopicName'),
  'AWS::SNS::TopicPolicy': { PolicyDocument: honoured, Topics: honoured },
  'AWS::SNS::Subscription': all('only alarms publish to it', 'Endpoint', 'Protocol', 'TopicArn'),
  // Its function gets all of them.
  'Custom::InstanceRows': {
    ServiceTimeout: ignored('the local run knows when the function has ended'),
    ...Object.fromEntries(['ServiceToken', 'instances', 'stateTable'].map((name) => [name, honoured])),
  },
};

/** Sections of a template that are read (or knowingly left alone: Rules and Metadata). */
export const templateSections: readonly string[] = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
];

/**
 * Attributes of a resource beside Type and Properties that do not change how it runs. `Condition` is not
 * among them.
 */
export const resourceAttributes: readonly string[] = [
  'Type',
  'Properties',
  'DependsOn',
  'Metadata',
  'DeletionPolicy',
  'UpdateReplacePolicy',
];
