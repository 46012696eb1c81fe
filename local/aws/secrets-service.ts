import type { Clock } from '../clock.ts';
import type { Fields } from './fields.ts';
import type { JsonService, ServiceOperation } from './json-server.ts';
import { currentStage, type Secrets, type SecretValue } from './secret-versions.ts';
import { ServiceError } from './service-error.ts';

/**
 * Secrets Manager over AWS JSON 1.1.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html
 */
export const secretsService = (secrets: Secrets, clock: Clock, newId: () => string): JsonService => {
  const onSecret = (
    name: string,
    members: readonly string[],
    run: (secretId: string, input: Fields) => object,
  ): ServiceOperation => ({
    members: ['SecretId', ...members],
    permissions: (input) => {
      const id = input.string('SecretId');
      const resource = secrets.find(id)?.arn ?? (id.startsWith('arn:') ? id : secrets.arnOf(id));
      return [{ action: `secretsmanager:${name}`, resource }];
    },
    run: (input) => run(input.string('SecretId'), input),
  });

  const stored = (secretId: string, input: Fields, stages: readonly string[]) => {
    const version = secrets.put(secretId, {
      id: input.optionalString('ClientRequestToken') ?? newId(),
      value: readValue(input),
      stages,
      nowMs: clock.now(),
    });
    const { arn, name } = secrets.get(secretId);
    return { ARN: arn, Name: name, VersionId: version.id, VersionStages: [...version.stages] };
  };

  return {
    title: 'Secrets Manager',
    target: 'secretsmanager',
    unknownOperation: (message) => new ServiceError('UnknownOperationException', message),
    unsupported: invalidParameter,
    malformed: invalidParameter,
    accessDenied: (message) => new ServiceError('AccessDeniedException', message),
    operations: {
      CreateSecret: {
        members: [
          'Name',
          'ClientRequestToken',
          'Description',
          'KmsKeyId',
          'SecretString',
          'SecretBinary',
          'Tags',
        ],
        permissions: (input) => [
          { action: 'secretsmanager:CreateSecret', resource: secrets.arnOf(input.string('Name')) },
        ],
        run: (input) => {
          const name = input.string('Name');
          if (secrets.find(name) !== undefined)
            throw new ServiceError(
              'ResourceExistsException',
              `The operation failed because the secret ${name} already exists.`,
            );
          secrets.create(name, clock.now());
          return stored(name, input, [currentStage]);
        },
      },
      GetSecretValue: onSecret('GetSecretValue', ['VersionId', 'VersionStage'], (secretId, input) => {
        const secret = secrets.get(secretId);
        const version = secrets.version(secret, {
          id: input.optionalString('VersionId'),
          stage: input.optionalString('VersionStage'),
        });
        return {
          ARN: secret.arn,
          Name: secret.name,
          VersionId: version.id,
          VersionStages: [...version.stages],
          CreatedDate: version.createdAtMs / 1_000,
          ...(version.value.kind === 'text'
            ? { SecretString: version.value.text }
            : { SecretBinary: version.value.bytes.toString('base64') }),
        };
      }),
      PutSecretValue: onSecret(
        'PutSecretValue',
        ['ClientRequestToken', 'SecretString', 'SecretBinary', 'VersionStages'],
        (secretId, input) => {
          const stages = input.strings('VersionStages');
          return stored(secretId, input, stages.length === 0 ? [currentStage] : stages);
        },
      ),
      DescribeSecret: onSecret('DescribeSecret', [], (secretId) => {
        const secret = secrets.get(secretId);
        const staged = secret.versions.filter(({ stages }) => stages.size > 0);
        const lastChangedMs = Math.max(
          secret.createdAtMs,
          ...secret.versions.map(({ createdAtMs }) => createdAtMs),
        );
        return {
          ARN: secret.arn,
          Name: secret.name,
          CreatedDate: secret.createdAtMs / 1_000,
          LastChangedDate: lastChangedMs / 1_000,
          VersionIdsToStages: Object.fromEntries(staged.map(({ id, stages }) => [id, [...stages]])),
        };
      }),
    },
  };
};

const readValue = (input: Fields): SecretValue => {
  const text = input.optionalString('SecretString');
  const bytes = input.optionalBytes('SecretBinary');
  if (text !== undefined && bytes === undefined) return { kind: 'text', text };
  if (text === undefined && bytes !== undefined) return { kind: 'bytes', bytes };
  throw invalidParameter('You must provide either SecretString or SecretBinary.');
};

const invalidParameter = (message: string): ServiceError =>
  new ServiceError('InvalidParameterException', message);
