import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { RemovalPolicy, SecretValue, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { clientSecretName } from '../config/client-secret.ts';
import type { Configuration } from '../config/schema.ts';
import type { NamedSecret } from './secret-access.ts';

/** Characters; the console shows outputs of this length in full. */
const longestOutput = 1024;

/**
 * The secrets for calls to Customer Insights, under the names of the configuration. They are created with
 * empty values; an operator stores the real values (docs/deployment.md). An update of the stack does not
 * change them, because CloudFormation writes a value only when the value in the template changes.
 */
export class Secrets extends Construct {
  /** The client secret of the API's registration, then the subscription keys of each instance. */
  readonly all: readonly NamedSecret[];

  readonly #encryptionKey: IKey | undefined;

  constructor(scope: Construct, id: string, configuration: Configuration, encryptionKey?: IKey) {
    super(scope, id);
    this.#encryptionKey = encryptionKey;
    this.all = [
      this.#secret(
        'ApiApplication',
        clientSecretName(configuration),
        'Client secret of the API registration in Microsoft Entra.',
        {
          clientSecret: '',
        },
      ),
      ...configuration.instances.map((instance) =>
        this.#secret(
          `Instance-${instance.id.toLowerCase()}`,
          instance.secretName,
          'Customer Insights subscription keys of an instance.',
          { primary: '', secondary: '' },
        ),
      ),
    ];
  }

  /** All names, or their number when they are too long for a stack output. */
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
      ...(this.#encryptionKey && { encryptionKey: this.#encryptionKey }),
      secretStringValue: SecretValue.unsafePlainText(JSON.stringify(empty)),
      // A rollback of the creation removes them: they have no values yet, and their names would remain
      // in use.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'Issued by Microsoft, so AWS cannot rotate them; old and new values overlap, and the functions read a new value.',
    });
    return { name: secretName, secret };
  }
}
