import { createHash } from 'node:crypto';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { CustomResource, Duration } from 'aws-cdk-lib/core';
import { Construct, type IDependable } from 'constructs';
import type { Configuration } from '../config/schema.ts';

/** Three attempts of the function, between which Lambda waits one and two minutes, and what these take. */
const longestWait = Duration.minutes(10);

export interface InstanceRowsProps {
  /** `instance-rows`. */
  readonly writer: IFunction;
  readonly state: Pick<ITableV2, 'tableName'>;
  readonly instances: Configuration['instances'];
  /** What has to be there before an instance may be served, such as the right to read its keys. */
  readonly after: readonly IDependable[];
}

/**
 * Rows for the instances of the configuration that have none: written when the stack is created, and when an update brings
 * other instances or another table. The function has the instances beside its code.
 */
export class InstanceRows extends Construct {
  /** What serves the instances comes after it. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, { writer, state, instances, after }: InstanceRowsProps) {
    super(scope, id);
    this.resource = new CustomResource(this, 'Rows', {
      resourceType: 'Custom::InstanceRows',
      serviceToken: writer.functionArn,
      serviceTimeout: longestWait,
      // A change of one of them is why CloudFormation calls the function again.
      properties: {
        stateTable: state.tableName,
        instances: createHash('sha256').update(JSON.stringify(instances)).digest('hex'),
      },
    });
    this.resource.node.addDependency(...after);
  }
}
