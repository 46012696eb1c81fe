import { ManagedPolicy, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { readSecrets } from './statements.ts';

/**
 * IAM's quotas: 6,144 characters in a managed policy, 10,240 in all inline policies of a role, ten managed
 * policies a role.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const charactersPerPolicy = 5000;
const managedPoliciesPerRole = 10;

/**
 * `arn:aws-us-gov:secretsmanager:ap-southeast-1:000000000000:secret:` before a name, `-??????` behind, quotes
 * and comma.
 */
const charactersAroundName = 80;

export interface NamedSecret {
  readonly name: string;
  /** Of its ARN, whose end only Secrets Manager knows. */
  readonly arnPattern: string;
}

/** The lengths of the secrets' names limit the number of instances of a deployment. */
export class TooManySecrets extends Error {
  override readonly name = 'TooManySecrets';
}

const inPolicies = (secrets: readonly NamedSecret[]): readonly (readonly NamedSecret[])[] => {
  const policies: NamedSecret[][] = [];
  let room = 0;
  for (const secret of secrets) {
    const needed = secret.name.length + charactersAroundName;
    if (needed > room) {
      policies.push([]);
      room = charactersPerPolicy;
    }
    policies.at(-1)?.push(secret);
    room -= needed;
  }
  return policies;
};

/**
 * Permission to read the secrets: a statement in the role for the first secrets, and shared managed policies
 * for those that exceed the quota of the role.
 */
export class SecretAccess extends Construct {
  readonly statements: readonly PolicyStatement[];
  readonly managedPolicies: readonly ManagedPolicy[];

  /** @throws TooManySecrets when they do not fit a role */
  constructor(scope: Construct, id: string, secrets: readonly NamedSecret[]) {
    super(scope, id);
    const [inline = [], ...managed] = inPolicies(secrets);
    if (managed.length > managedPoliciesPerRole)
      throw new TooManySecrets(
        `The names of ${secrets.length} secrets exceed the size of the policies of a role. Shorten the names (instances[].secretName), or use two deployments.`,
      );
    const read = (policy: readonly NamedSecret[]) => readSecrets(policy.map(({ arnPattern }) => arnPattern));
    this.statements = [read(inline)];
    this.managedPolicies = managed.map(
      (policy, at) =>
        new ManagedPolicy(this, `Policy${at + 1}`, {
          description: 'Reads the subscription keys of some of the instances.',
          statements: [read(policy)],
        }),
    );
  }
}
