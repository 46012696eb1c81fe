import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** Items carry when they may be removed in this attribute: seconds since 1970. */
const timeToLiveAttribute = 'expiresAt';

/** The tables. On demand: the load is a heartbeat with bursts when something happens. */
export class Storage extends Construct {
  /** Subscriptions, cursors, deliveries, the decision ledger. */
  readonly state: TableV2;
  /** The times of the last calls, one item per connection. */
  readonly limiter: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.state = new TableV2(this, 'StateTable', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Lost subscriptions come back only when each flow's author saves the flow again.
      deletionProtection: true,
      // Kept by a creation that is rolled back too: CloudFormation could not delete it while it is protected,
      // and the stack would stay in ROLLBACK_FAILED. Its name is made anew each time, so it is in no one's
      // way.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.limiter = new TableV2(this, 'LimiterTable', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.limiter).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Its items are of use for one window (a minute by default) and are made anew when missing.',
    });
  }
}
