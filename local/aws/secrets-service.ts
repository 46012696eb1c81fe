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

  return {
    title: 'Secrets Manager',
    target: 'secretsmanager',
    unknownOperation: (message) => new ServiceError('UnknownOperationException', message),
    unsupported: invalidParameter,
    malformed: invalidParameter,
    accessDenied: (message) => new ServiceError('AccessDeniedException', message),
    operations: {
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
          const version = secrets.put(secretId, {
            id: input.optionalString('ClientRequestToken') ?? newId(),
            value: readValue(input),
            stages: stages.length === 0 ? [currentStage] : stages,
            nowMs: clock.now(),
          });
          const secret = secrets.get(secretId);
          return {
            ARN: secret.arn,
            Name: secret.name,
            VersionId: version.id,
            VersionStages: [...version.stages],
          };
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
