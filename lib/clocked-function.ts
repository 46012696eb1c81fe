import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, EventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { type FunctionName, functionFacts } from '../lambda/functions.ts';
import { acceptRules } from './accepted-rules.ts';
import { invoke } from './statements.ts';

export interface ClockedFunctionProps {
  /** One with a schedule. */
  readonly name: Extract<FunctionName, 'dispatch' | 'canary'>;
  readonly target: IFunction;
  readonly description: string;
}

/** Runs a function by the clock, as its facts say. What could not be started is not repeated later. */
export class ClockedFunction extends Construct {
  constructor(scope: Construct, id: string, { name, target, description }: ClockedFunctionProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        // Only schedules of this account may assume the role.
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [invoke(target)],
        }),
      },
    });
    // The plain resource: the library's target also allows every version and alias of the function.
    new CfnSchedule(this, 'Schedule', {
      description,
      scheduleExpression: functionFacts[name].schedule,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: target.functionArn,
        roleArn: role.roleArn,
        // The next run does the work of one that could not be started, so no dead letter is needed.
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 },
      },
    });
    // The same applies to a failed run; by default Lambda would repeat it twice, minutes later.
    const failure = new EventInvokeConfig(this, 'Failure', {
      ...(target instanceof Alias
        ? { function: target.lambda, qualifier: target.aliasName }
        : { function: target }),
      retryAttempts: 0,
      maxEventAge: Duration.seconds(60),
    });
    // The name of an alias does not refer to it.
    if (target instanceof Alias) failure.node.addDependency(target);
    acceptRules(this, 'heartbeat');
  }
}
