import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** A right that is given though nothing in the local run needs it: `test/least-privilege/` lists all others. */
export const ofKeyPolicy = {
  grant: 'CallbackKey: kms:* on * by the account',
  reason:
    "The policy that KMS gives a key by default: it leaves the key to the policies of the account's roles, which name each action. Without it the key could no longer be managed.",
};

/** The key that encrypts the callback URLs, which are secrets, in the state table. */
export class CallbackKey extends Construct {
  readonly key: IKey;

  /** @param existing id or ARN of a key that is there already, in this account and region */
  constructor(scope: Construct, id: string, existing?: string) {
    super(scope, id);
    this.key = existing === undefined ? this.#own() : Key.fromKeyArn(this, 'Key', this.#arnOf(existing));
  }

  #arnOf(existing: string): string {
    if (existing.startsWith('arn:')) return existing;
    return Stack.of(this).formatArn({ service: 'kms', resource: 'key', resourceName: existing });
  }

  #own(): Key {
    return new Key(this, 'Key', {
      description: 'Encrypts the data keys of the callback URLs of flows.',
      enableKeyRotation: true,
      // The state table is retained, and without the key its callback URLs are lost. A creation that is
      // rolled back has encrypted nothing yet.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }
}
