/** The policies of resources: who may use them, apart from what the policies of identities allow. */
import type { Permission } from '../aws/authorize.ts';
import type { FunctionModel, RouteModel } from '../template/model.ts';
import { functionNamed, type ModelSource, resourcesOf } from '../template/resources.ts';
import type { Principal, ResourcePolicy } from './evaluate.ts';
import { readPolicy, type Statement } from './policy.ts';

/** A service of AWS has no policies of its own: the resource's decides. */
export const serviceOf = (name: string): Principal => ({ name, arn: name, statements: [] });

export const apiGateway = serviceOf('apigateway.amazonaws.com');

/** What API Gateway needs to call the function of a route. */
export const callOfRoute = (
  { sourceArn }: Pick<RouteModel, 'sourceArn'>,
  functionArn: string,
  accountId: string,
): Permission => ({
  action: 'lambda:InvokeFunction',
  resource: functionArn,
  context: { 'aws:SourceArn': [sourceArn], 'aws:SourceAccount': [accountId] },
});

/** `AWS::Lambda::Permission` adds a statement to the policy of its function. */
const permissionsOf = (source: ModelSource, functions: readonly FunctionModel[]) =>
  resourcesOf(source, 'AWS::Lambda::Permission').map(
    ({ logicalId, properties }): { readonly arn: string; readonly statement: Statement } => {
      const { arn } = functionNamed(functions, properties, 'FunctionName');
      const principal = properties.text('Principal');
      const isService = principal.endsWith('.amazonaws.com');
      const condition = (operator: string, key: string, value: string | undefined) =>
        value === undefined ? [] : [{ operator, key, values: [value] }];
      const statement: Statement = {
        logicalId,
        effect: 'Allow',
        principals: { services: isService ? [principal] : [], aws: isService ? [] : [principal] },
        actions: [properties.text('Action')],
        resources: [arn],
        conditions: [
          ...condition('ArnLike', 'aws:SourceArn', properties.optionalText('SourceArn')),
          ...condition('StringEquals', 'aws:SourceAccount', properties.optionalText('SourceAccount')),
        ],
      };
      return { arn, statement };
    },
  );

/** By ARN of the function. */
export const readFunctionPolicies = (
  source: ModelSource,
  functions: readonly FunctionModel[],
): ReadonlyMap<string, ResourcePolicy> => {
  const policies = new Map<string, ResourcePolicy>();
  for (const { arn, statement } of permissionsOf(source, functions))
    policies.set(arn, {
      statements: [...(policies.get(arn)?.statements ?? []), statement],
      mustAllow: false,
    });
  return policies;
};

/** By ARN of the resource. */
export const readResourcePolicies = (
  source: ModelSource,
  functions: readonly FunctionModel[],
): ReadonlyMap<string, ResourcePolicy> => {
  const policies = new Map<string, ResourcePolicy>(readFunctionPolicies(source, functions));
  const add = (arn: string, statements: readonly Statement[], mustAllow: boolean) =>
    policies.set(arn, { statements: [...(policies.get(arn)?.statements ?? []), ...statements], mustAllow });
  const read = (type: string, property: string) =>
    resourcesOf(source, type).map(({ logicalId, properties }) => ({
      logicalId,
      properties,
      statements: properties.has(property)
        ? readPolicy('resource', properties.value(property), { logicalId, type, property })
        : [],
    }));
  const queueArn = (url: string) =>
    `arn:aws:sqs:${source.region}:${source.accountId}:${url.slice(url.lastIndexOf('/') + 1)}`;
  for (const { properties, statements } of read('AWS::SQS::QueuePolicy', 'PolicyDocument'))
    for (const url of properties.texts('Queues')) add(queueArn(url), statements, false);
  for (const { properties, statements } of read('AWS::SNS::TopicPolicy', 'PolicyDocument'))
    for (const arn of properties.texts('Topics')) add(arn, statements, false);
  for (const { logicalId, statements } of read('AWS::KMS::Key', 'KeyPolicy'))
    add(source.arnOf(logicalId), statements, true);
  for (const { properties, statements } of read('AWS::SecretsManager::ResourcePolicy', 'ResourcePolicy'))
    add(properties.text('SecretId'), statements, false);
  return policies;
};
