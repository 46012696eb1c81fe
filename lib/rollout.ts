import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  type IFunction,
  type IVersion,
  type Function as LambdaFunction,
} from 'aws-cdk-lib/aws-lambda';
import { Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { ServingFunctionName } from '../lambda/functions.ts';
import { constructId } from './construct-id.ts';

/** The version that is in use, under a name that does not change. */
const aliasName = 'live';

/** The most that CodeDeploy watches: https://docs.aws.amazon.com/codedeploy/latest/userguide/limits.html */
const mostAlarms = 10;

/** What CodeDeploy needs for functions, as AWS writes it. */
const policy = 'service-role/AWSCodeDeployRoleForLambdaLimited';

/**
 * Updates of the functions in ten steps of three minutes, and back when an alarm rings in the meantime. API, queues
 * and schedule call the alias of a function; each deployment group shifts one alias.
 */
export class Rollout extends Construct {
  readonly #aliases: readonly { readonly name: ServingFunctionName; readonly alias: Alias }[];

  constructor(
    scope: Construct,
    id: string,
    functions: readonly { readonly name: ServingFunctionName; readonly handler: LambdaFunction }[],
  ) {
    super(scope, id);
    this.#aliases = functions.map(({ name, handler }) => ({
      name,
      // The library's classes have a getter where its interfaces have a property that may be left out.
      alias: new Alias(this, constructId(name), { aliasName, version: handler.currentVersion as IVersion }),
    }));
  }

  /** What is to be called in place of the functions. */
  get live(): readonly (readonly [ServingFunctionName, IFunction])[] {
    return this.#aliases.map(({ name, alias }) => [name, alias as IFunction]);
  }

  /** @throws RangeError where CodeDeploy could not watch as many */
  backOn(alarms: readonly Alarm[]): void {
    if (alarms.length === 0 || alarms.length > mostAlarms)
      throw new RangeError(`CodeDeploy watches 1 to ${mostAlarms} alarms, not ${alarms.length}.`);
    const application = new LambdaApplication(this, 'Application');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName(policy)],
    });
    Validations.of(role).acknowledge({
      id: `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`,
      reason:
        'AWS names this policy as what CodeDeploy needs for functions, and keeps it in step with CodeDeploy.',
    });
    for (const { name, alias } of this.#aliases)
      new LambdaDeploymentGroup(this, `Shift${constructId(name)}`, {
        application,
        role,
        alias,
        deploymentConfig: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_3MINUTES,
        alarms: [...alarms],
      });
  }
}
