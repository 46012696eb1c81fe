import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Configuration } from '../config/schema.ts';
import type { NamedSecret } from './secret-access.ts';

/** Characters; the console shows outputs of this length in full. */
const longestOutput = 1024;

/**
 * The secrets that calls to Customer Insights need, under the names of the configuration. They are made with
 * empty values; an operator puts the true ones (docs/deployment.md), and an update of the stack leaves those
 * alone, because CloudFormation writes a value only when the template's changes.
 */
export class Secrets extends Construct {
  /** The client secret of the API's registration, then the subscription keys of each instance. */
  readonly all: readonly NamedSecret[];

  constructor(scope: Construct, id: string, { applications, instances }: Configuration) {
    super(scope, id);
    this.all = [
      this.#secret(
        'ApiApplication',
        applications.api.secret,
        'Client secret of the API registration in Microsoft Entra.',
        {
          clientSecret: '',
        },
      ),
      ...instances.map((instance) =>
        this.#secret(
          `Instance-${instance.id.toLowerCase()}`,
          instance.secret,
          'Customer Insights subscription keys of an instance.',
          { primary: '', secondary: '' },
        ),
      ),
    ];
  }

  /** All names for people to read, or how many there are when a stack output should not hold them. */
  get namesForOutput(): string {
    const names = this.all.map(({ name }) => name).join(' ');
    return names.length <= longestOutput ? names : `${this.all.length}, named in the configuration`;
  }

  #secret(
    id: string,
    secretName: string,
    description: string,
    empty: Readonly<Record<string, string>>,
  ): NamedSecret {
    const secret = new Secret(this, id, {
      secretName,
      description,
      secretStringValue: SecretValue.unsafePlainText(JSON.stringify(empty)),
      // A creation that is rolled back takes them along: nothing was put into them, and their names would
      // stay taken.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Issued by Microsoft, which AWS cannot rotate; both kinds overlap, and the functions take up a new value.',
    });
    return { name: secretName, secret };
  }
}
