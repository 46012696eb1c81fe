import {
  AttributeType,
  Billing,
  type ITableV2,
  TableEncryptionV2,
  type TablePropsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The attribute with the time at which an item may be removed: seconds since 1970. */
const timeToLiveAttribute = 'expiresAt';

export interface StorageProps {
  /** Name of a state table that is there already: left by an earlier deployment, or restored. */
  readonly existingState?: string | undefined;
  readonly encryptionKey?: IKey | undefined;
}

/** The tables. On demand, because the load is a heartbeat with bursts when events happen. */
export class Storage extends Construct {
  /** Subscriptions, cursors, deliveries, the decision ledger. */
  readonly state: Pick<ITableV2, 'tableArn' | 'tableName'>;
  /** The times of the last calls, one item per connection. */
  readonly limiter: TableV2;

  constructor(scope: Construct, id: string, { existingState, encryptionKey }: StorageProps = {}) {
    super(scope, id);
    const encryption = encryptionKey && { encryption: TableEncryptionV2.customerManagedKey(encryptionKey) };
    this.state =
      existingState === undefined
        ? this.#stateTable(encryption)
        : TableV2.fromTableName(this, 'StateTable', existingState);
    this.limiter = new TableV2(this, 'LimiterTable', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute,
      removalPolicy: RemovalPolicy.DESTROY,
      ...encryption,
    });
    Validations.of(this.limiter).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Its items are needed for one window (a minute by default) and are created again when missing.',
    });
  }

  #stateTable(encryption: Pick<TablePropsV2, 'encryption'> | undefined): TableV2 {
    return new TableV2(this, 'StateTable', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      // Lost subscriptions are created again only when the maker of each flow saves it.
      deletionProtection: true,
      // A rollback of the creation keeps it too: CloudFormation cannot delete a protected table, and the
      // stack would stay in ROLLBACK_FAILED. Each creation generates another name, so the kept table causes
      // no conflict.
      removalPolicy: RemovalPolicy.RETAIN,
      ...encryption,
    });
  }
}
