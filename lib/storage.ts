import { AttributeType, Billing, CfnGlobalTable, type ITableV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The attribute with the time at which an item may be removed: seconds since 1970. */
const timeToLiveAttribute = 'expiresAt';

/**
 * The library refuses a key of the operator in a stack for any region, because each replica needs a key of its region. There
 * is one replica here, in the region of the stack.
 */
const encryptWith = (table: TableV2, key: IKey | undefined): void => {
  const made = table.node.defaultChild;
  if (key === undefined || !(made instanceof CfnGlobalTable)) return;
  made.sseSpecification = { sseEnabled: true, sseType: 'KMS' };
  made.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn });
};

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
    this.state =
      existingState === undefined
        ? this.#stateTable(encryptionKey)
        : TableV2.fromTableName(this, 'StateTable', existingState);
    this.limiter = new TableV2(this, 'LimiterTable', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    encryptWith(this.limiter, encryptionKey);
    Validations.of(this.limiter).acknowledge({
      id: 'AwsSolutions-DDB3',
      reason: 'Its items are needed for one window (a minute by default) and are created again when missing.',
    });
  }

  #stateTable(encryptionKey: IKey | undefined): TableV2 {
    const table = new TableV2(this, 'StateTable', {
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
    });
    encryptWith(table, encryptionKey);
    return table;
  }
}
