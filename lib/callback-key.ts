import { Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** The key that encrypts the callback URLs, which are secrets, in the state table. */
export class CallbackKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the data keys of the callback URLs of flows.',
      enableKeyRotation: true,
      // The state table is retained, and without the key its callback URLs are lost. A creation that is
      // rolled back has encrypted nothing yet.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
