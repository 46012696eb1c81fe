import type { Json, Properties, Resource, Template } from '../../../local/template/template.ts';

/** Resources as the CDK writes them, for small stacks in tests. */
export const lambdaFunction = (assetKey: string, properties: Properties = {}): Resource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Architectures: ['arm64'],
    Code: { S3Bucket: 'assets', S3Key: assetKey },
    Handler: 'index.handler',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Runtime: 'nodejs24.x',
    Timeout: 5,
    ...properties,
  },
});

export const role: Resource = {
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [] } },
};

export const queue = (properties: Properties = {}): Resource => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
});

export const redrive = (deadLetters: string, maxReceiveCount: number): Json => ({
  deadLetterTargetArn: { 'Fn::GetAtt': [deadLetters, 'Arn'] },
  maxReceiveCount,
});

export const eventSource = (queueId: string, functionId: string, properties: Properties = {}): Resource => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: { 'Fn::GetAtt': [queueId, 'Arn'] },
    FunctionName: { Ref: functionId },
    ...properties,
  },
});

export const schedule = (functionId: string, properties: Properties = {}): Resource => ({
  Type: 'AWS::Scheduler::Schedule',
  Properties: {
    FlexibleTimeWindow: { Mode: 'OFF' },
    ScheduleExpression: 'rate(1 minute)',
    Target: { Arn: { 'Fn::GetAtt': [functionId, 'Arn'] }, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] } },
    ...properties,
  },
});

export const table: Resource = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    Replicas: [{ Region: 'eu-west-1' }],
    TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
  },
};

/** An HTTP API with one function behind every route, and the permission for it. */
export const httpApi = (
  functionId: string,
  routeKeys: readonly string[],
): Readonly<Record<string, Resource>> => ({
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'api', ProtocolType: 'HTTP' } },
  Stage: {
    Type: 'AWS::ApiGatewayV2::Stage',
    Properties: { ApiId: { Ref: 'Api' }, AutoDeploy: true, StageName: '$default' },
  },
  Integration: {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': [functionId, 'Arn'] },
      PayloadFormatVersion: '2.0',
    },
  },
  Permission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: functionId },
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':execute-api:eu-west-1:000000000000:', { Ref: 'Api' }, '/*/*'],
        ],
      },
    },
  },
  ...Object.fromEntries(
    routeKeys.map((RouteKey, index) => [
      `Route${index}`,
      {
        Type: 'AWS::ApiGatewayV2::Route',
        Properties: {
          ApiId: { Ref: 'Api' },
          AuthorizationType: 'NONE',
          RouteKey,
          Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
        },
      },
    ]),
  ),
});

export const templateOf = (
  resources: Readonly<Record<string, Resource>>,
  more: Partial<Template> = {},
): Template => ({
  Resources: { Role: role, ...resources },
  ...more,
});
