/** The names that a stack's update must keep, out of a synthesised template. */
import { synthesise } from '../../local/synthesise.ts';
import type { Json, Resource, Template } from '../../local/template/template.ts';
import { createFunctionsFolder } from '../lib/functions-folder.ts';
import { pinnedConfiguration } from './pinned.ts';

/**
 * Resources that hold something, or that somebody outside knows by name, and those properties a change of which makes
 * CloudFormation replace them: the new one is empty and has another address.
 */
const replacedWith: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': ['Name', 'ProtocolType'],
  'AWS::ApiGatewayV2::Stage': ['StageName'],
  'AWS::DynamoDB::GlobalTable': ['TableName', 'KeySchema', 'AttributeDefinitions', 'TimeToLiveSpecification'],
  'AWS::DynamoDB::Table': ['TableName', 'KeySchema', 'AttributeDefinitions', 'TimeToLiveSpecification'],
  'AWS::KMS::Alias': ['AliasName'],
  'AWS::KMS::Key': ['KeySpec', 'KeyUsage', 'MultiRegion'],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Logs::LogGroup': ['LogGroupName', 'LogGroupClass'],
  'AWS::S3::Bucket': ['BucketName'],
  'AWS::SecretsManager::Secret': ['Name'],
  'AWS::SQS::Queue': ['QueueName', 'FifoQueue'],
  'AWS::SSM::Parameter': ['Name'],
};

export interface ResourceNames {
  readonly type: string;
  /** Only those that are set; a physical name that is not set is made by CloudFormation and stays with the logical id. */
  readonly identity: Readonly<Record<string, Json>>;
}

export interface TemplateNames {
  /** By logical id. */
  readonly resources: Readonly<Record<string, ResourceNames>>;
  /** Output name → what it tells. */
  readonly outputs: Readonly<Record<string, Json>>;
  /** Method and path of each route; connectors that are imported call them. */
  readonly routes: readonly string[];
  /** Names of the secrets that the functions may read. */
  readonly readSecrets: readonly string[];
}

const sorted = <Value>(entries: readonly (readonly [string, Value])[]): Readonly<Record<string, Value>> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const namesOf = ({ Type, Properties = {} }: Resource): ResourceNames => ({
  type: Type,
  identity: Object.fromEntries(
    (replacedWith[Type] ?? []).flatMap((name) => {
      const value = Properties[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  ),
});

/** Names in patterns of ARNs: `….:secret:<name>-??????`. */
const secretsIn = (template: Template): readonly string[] => [
  ...new Set(
    [...JSON.stringify(template.Resources).matchAll(/:secret:([\w/+=.@-]+)-\?{6}/g)].map(
      ([, name = '']) => name,
    ),
  ),
];

export const templateNames = (template: Template): TemplateNames => {
  const { Resources, Outputs = {} } = template;
  return {
    resources: sorted(
      Object.entries(Resources)
        .filter(([, { Type }]) => Type in replacedWith)
        .map(([id, resource]) => [id, namesOf(resource)] as const),
    ),
    outputs: sorted(
      Object.entries(Outputs as Readonly<Record<string, { readonly Value: Json }>>).map(
        ([name, { Value }]) => [name, Value] as const,
      ),
    ),
    routes: Object.values(Resources)
      .flatMap(({ Type, Properties }) =>
        Type === 'AWS::ApiGatewayV2::Route' ? [String(Properties?.RouteKey)] : [],
      )
      .sort(),
    readSecrets: secretsIn(template),
  };
};

/** Of the template that this program makes of the pinned configuration. */
export const currentTemplateNames = (): TemplateNames => {
  const functions = createFunctionsFolder();
  try {
    return templateNames(
      synthesise({
        configuration: pinnedConfiguration,
        source: 'the pins',
        isExample: false,
        functionsDir: functions.path,
        mode: 'deploy',
        validate: false,
      }).template,
    );
  } finally {
    functions.remove();
  }
};
