/** Whether the tenant trusts the tokens of the AWS account, for a deployment without a client secret. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { STSClient } from '@aws-sdk/client-sts';
import { federatedSubjectsOutput, federation } from '../../../config/federation.ts';
import { queryWire } from '../../../lambda/identity/aws-identity-token.ts';
import { AwsRefusal, awsClient } from '../../../lambda/runtime/aws-client.ts';
import type { AwsPlace, AwsProtocol } from '../../../lambda/runtime/aws-services.ts';
import { isRecord, parseJson } from '../../../lambda/runtime/json.ts';
import { awsRefusal } from './aws.ts';
import { fault, type Outcome, skipped, sound, warning } from './finding.ts';

/** IAM is one service for all regions of a partition, and signs for its first. */
const iam: AwsProtocol<'iam'> = {
  service: 'iam',
  variable: 'IAM',
  name: 'IAM',
  wire: queryWire('2010-05-08'),
};

/** @returns the address of the account's own issuer; undefined while it is switched off */
export const accountIssuer = async (
  credentials: NonNullable<AwsPlace['credentials']> = () => new STSClient({}).config.credentials(),
): Promise<string | undefined> => {
  const client = awsClient(iam, {
    endpoint: process.env.AWS_ENDPOINT_URL_IAM ?? 'https://iam.amazonaws.com',
    region: 'us-east-1',
    credentials,
  });
  try {
    const answer = await client('GetOutboundWebIdentityFederationInfo', {});
    return answer.JwtVendingEnabled === 'false' ? undefined : answer.IssuerIdentifier;
  } catch (error) {
    if (error instanceof AwsRefusal && /FeatureDisabled/.test(error.code)) return undefined;
    throw error;
  }
};

/** Of a registration, as Microsoft Graph has it. */
export interface TrustedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

const isCredential = (value: unknown): value is TrustedCredential =>
  isRecord(value) &&
  typeof value.issuer === 'string' &&
  typeof value.subject === 'string' &&
  Array.isArray(value.audiences);

/** Asks with the Azure CLI. @throws Error where it is missing or refuses */
export const trustedCredentials = async (clientId: string): Promise<readonly TrustedCredential[]> => {
  const asked = ['ad', 'app', 'federated-credential', 'list', '--id', clientId, '--output', 'json'];
  const { stdout } = await promisify(execFile)('az', asked, { shell: process.platform === 'win32' });
  const listed = parseJson(stdout);
  return Array.isArray(listed) ? listed.filter(isCredential) : [];
};

export interface FederationPorts {
  readonly issuer: () => Promise<string | undefined>;
  readonly trusted: (clientId: string) => Promise<readonly TrustedCredential[]>;
}

const nameOf = (subject: string): string => subject.slice(subject.lastIndexOf('/') + 1);

const creation = (clientId: string, issuer: string, subject: string): string => {
  const { audience } = federation;
  const parameters = { name: nameOf(subject), issuer, subject, audiences: [audience] };
  return `$ az ad app federated-credential create --id ${clientId} --parameters '${JSON.stringify(parameters)}'`;
};

/** @param outputs of the deployment */
export const federationOutcome = async (
  ports: FederationPorts,
  clientId: string,
  outputs: Readonly<Record<string, string>>,
): Promise<Outcome> => {
  const page = 'docs/deployment.md#without-a-client-secret';
  const subjects = (outputs[federatedSubjectsOutput] ?? '').split(' ').filter((subject) => subject !== '');
  if (subjects.length === 0)
    return fault(
      `The deployment has no output ${federatedSubjectsOutput}: it was made with a client secret.`,
      ['$ npx cdk deploy --outputs-file cdk-outputs.json'],
      page,
    );
  let issuer: string | undefined;
  try {
    issuer = await ports.issuer();
  } catch (error) {
    return awsRefusal(error);
  }
  if (issuer === undefined)
    return fault(
      'The AWS account gives no identity tokens: outbound identity federation is switched off.',
      ['$ aws iam enable-outbound-web-identity-federation'],
      page,
    );
  let trusted: readonly TrustedCredential[];
  try {
    trusted = await ports.trusted(clientId);
  } catch (error) {
    return skipped(
      `The Azure CLI did not list the federated credentials (${error instanceof Error ? error.message.split('\n')[0] : String(error)}). The registration must trust the issuer ${issuer}, the audience ${federation.audience} and the subjects ${subjects.join(', ')}.`,
    );
  }
  const ofIssuer = trusted.filter((one) => one.issuer === issuer);
  const missing = subjects.filter(
    (subject) =>
      !ofIssuer.some((one) => one.subject === subject && one.audiences.join(' ') === federation.audience),
  );
  if (missing.length > 0)
    return fault(
      `The registration does not trust ${missing.map(nameOf).join(', ')} with issuer, subject and audience exactly.`,
      missing.map((subject) => creation(clientId, issuer, subject)),
      page,
    );
  const others = ofIssuer.filter(({ subject }) => !subjects.includes(subject)).map(({ subject }) => subject);
  if (others.length > 0)
    return warning(
      `The registration also trusts ${others.join(', ')} of this account, which this deployment does not have.`,
      [`$ az ad app federated-credential list --id ${clientId}`, 'Delete what no other deployment needs.'],
      page,
    );
  return sound(
    `The registration trusts the ${subjects.length} roles of the deployment, and no other of ${issuer}.`,
  );
};
