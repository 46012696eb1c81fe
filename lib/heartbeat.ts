import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias, EventInvokeConfig, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { functionFacts } from '../lambda/functions.ts';
import { acceptRules } from './accepted-rules.ts';

/** Runs dispatch every minute. */
export class Heartbeat extends Construct {
  constructor(scope: Construct, id: string, dispatch: IFunction) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        // Only schedules of this account may assume the role.
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
      inlinePolicies: {
        invoke: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [dispatch.functionArn] }),
          ],
        }),
      },
    });
    // The plain resource: the library's target also allows every version and alias of the function.
    new CfnSchedule(this, 'Schedule', {
      description: 'Queues the instances whose watch is due.',
      scheduleExpression: functionFacts.dispatch.schedule,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: dispatch.functionArn,
        roleArn: role.roleArn,
        // The next minute does the work of one that could not be started, so no dead letter is needed.
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 2 },
      },
    });
    // The same applies to a failed minute; by default Lambda would repeat it twice, minutes later.
    const failure = new EventInvokeConfig(this, 'Failure', {
      ...(dispatch instanceof Alias
        ? { function: dispatch.lambda, qualifier: dispatch.aliasName }
        : { function: dispatch }),
      retryAttempts: 0,
      maxEventAge: Duration.seconds(60),
    });
    // The name of an alias does not refer to it.
    if (dispatch instanceof Alias) failure.node.addDependency(dispatch);
    acceptRules(this, 'heartbeat');
  }
}
