import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accessKeyIdOf } from '../../local/aws/authorize.ts';
import { type SecretsAndKeys, startSecretsAndKeys } from '../../local/aws/secrets-and-keys.ts';
import { LocalClock } from '../../local/clock.ts';
import { recordedCalls } from './recorded-calls.ts';

const start = Date.UTC(2026, 0, 1);

let clock: LocalClock;
let server: SecretsAndKeys;
let secrets: SecretsManagerClient;
let kms: KMSClient;
const recorded = recordedCalls();
const { calls } = recorded;

beforeEach(async () => {
  clock = LocalClock.frozen(start);
  recorded.reset();
  server = await startSecretsAndKeys({
    clock,
    authorize: recorded.authorize,
  });
  const config = {
    endpoint: server.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIDPROXY', secretAccessKey: 'secret' },
    maxAttempts: 1,
  };
  secrets = new SecretsManagerClient(config);
  kms = new KMSClient(config);
});

afterEach(async () => {
  secrets.destroy();
  kms.destroy();
  await server.close();
});

describe('Secrets Manager', () => {
  const read = (input: { readonly VersionStage?: string; readonly VersionId?: string } = {}) =>
    secrets.send(new GetSecretValueCommand({ SecretId: 'instance/contoso', ...input }));

  it('gives the value by name, ARN and ARN without its suffix', async () => {
    const arn = server.putSecret('instance/contoso', '{"primary":"p"}');
    expect(arn).toBe(server.secretArn('instance/contoso'));
    for (const SecretId of ['instance/contoso', arn, arn.slice(0, -7)]) {
      const answer = await secrets.send(new GetSecretValueCommand({ SecretId }));
      expect(answer).toMatchObject({
        ARN: arn,
        Name: 'instance/contoso',
        SecretString: '{"primary":"p"}',
        VersionStages: ['AWSCURRENT'],
        CreatedDate: new Date(start),
      });
    }
  });

  it('rotates: the new version is current, the one before it is previous', async () => {
    server.putSecret('instance/contoso', 'first');
    const first = await read();
    await clock.advance(1_000);
    await secrets.send(new PutSecretValueCommand({ SecretId: 'instance/contoso', SecretString: 'second' }));
    expect((await read()).SecretString).toBe('second');
    expect(await read({ VersionStage: 'AWSPREVIOUS' })).toMatchObject({
      SecretString: 'first',
      VersionId: first.VersionId,
    });
    const third = await secrets.send(
      new PutSecretValueCommand({ SecretId: 'instance/contoso', SecretBinary: Buffer.from('third') }),
    );
    expect((await read({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('second');
    expect(Buffer.from((await read()).SecretBinary ?? []).toString()).toBe('third');
    // Without a label a version is deprecated, and still there.
    expect((await read({ VersionId: first.VersionId ?? '' })).SecretString).toBe('first');
    const described = await secrets.send(new DescribeSecretCommand({ SecretId: 'instance/contoso' }));
    expect(Object.keys(described.VersionIdsToStages ?? {})).toHaveLength(2);
    expect(described.VersionIdsToStages?.[third.VersionId ?? '']).toEqual(['AWSCURRENT']);
    expect(described.LastChangedDate).toEqual(new Date(start + 1_000));
  });

  it('keeps a pending version apart from the current one, and takes a repeated put once', async () => {
    server.putSecret('instance/contoso', 'now');
    const pending = (SecretString: string) =>
      secrets.send(
        new PutSecretValueCommand({
          SecretId: 'instance/contoso',
          SecretString,
          ClientRequestToken: 'rotation-0123456789-0123456789-0001',
          VersionStages: ['AWSPENDING'],
        }),
      );
    await pending('next');
    await pending('next');
    expect((await read()).SecretString).toBe('now');
    expect((await read({ VersionStage: 'AWSPENDING' })).SecretString).toBe('next');
    await expect(pending('other')).rejects.toThrow(
      expect.objectContaining({ name: 'ResourceExistsException' }),
    );
  });

  it('names what is missing', async () => {
    await expect(read()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('instance/contoso'),
    });
    server.createSecret('instance/contoso');
    await expect(read()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('AWSCURRENT'),
    });
    const empty = new PutSecretValueCommand({ SecretId: 'instance/contoso' });
    await expect(secrets.send(empty)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('KMS', () => {
  const context = { table: 'state', subscription: 's-1' };

  it('makes a data key and decrypts it again, in the same context given in any order', async () => {
    const { keyId, arn } = server.createKey({ aliases: ['alias/callbacks'] });
    for (const KeyId of [keyId, arn, 'alias/callbacks', arn.replace(/key\/.*$/, 'alias/callbacks')]) {
      const made = await kms.send(
        new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext: context }),
      );
      expect(made.KeyId).toBe(arn);
      expect(made.Plaintext).toHaveLength(32);
      const opened = await kms.send(
        new DecryptCommand({
          CiphertextBlob: made.CiphertextBlob,
          EncryptionContext: { subscription: 's-1', table: 'state' },
        }),
      );
      expect(opened.KeyId).toBe(arn);
      expect(Buffer.from(opened.Plaintext ?? []).equals(Buffer.from(made.Plaintext ?? []))).toBe(true);
    }
  });

  it('encrypts up to 4,096 bytes for a context, and nothing longer', async () => {
    const { keyId } = server.createKey();
    const encrypt = (Plaintext: Uint8Array) =>
      kms.send(new EncryptCommand({ KeyId: keyId, Plaintext, EncryptionContext: context }));
    const plain = Buffer.alloc(4_096, 'a');
    const { CiphertextBlob } = await encrypt(plain);
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
    expect(Buffer.from(opened.Plaintext ?? []).equals(plain)).toBe(true);
    await expect(kms.send(new DecryptCommand({ CiphertextBlob }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
    });
    for (const bytes of [0, 4_097])
      await expect(encrypt(Buffer.alloc(bytes))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses another context, a changed ciphertext and another key', async () => {
    const { keyId } = server.createKey();
    const other = server.createKey();
    const made = await kms.send(
      new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context }),
    );
    const blob = Buffer.from(made.CiphertextBlob ?? []);
    const decrypt = (
      CiphertextBlob: Uint8Array,
      EncryptionContext: Record<string, string> = context,
      KeyId?: string,
    ) => kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId }));
    const invalid = { name: 'InvalidCiphertextException' };
    await expect(decrypt(blob, { ...context, subscription: 's-2' })).rejects.toMatchObject(invalid);
    await expect(decrypt(blob, {})).rejects.toMatchObject(invalid);
    for (const position of [40, 55, blob.length - 1]) {
      const changed = Buffer.from(blob);
      changed.writeUInt8(changed.readUInt8(position) ^ 1, position);
      await expect(decrypt(changed)).rejects.toMatchObject(invalid);
    }
    await expect(decrypt(Buffer.from('short'))).rejects.toMatchObject(invalid);
    await expect(decrypt(blob, context, other.keyId)).rejects.toMatchObject({
      name: 'IncorrectKeyException',
    });
    const missing = new GenerateDataKeyCommand({ KeyId: 'alias/none', KeySpec: 'AES_256' });
    await expect(kms.send(missing)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: expect.stringContaining('alias/none'),
    });
  });
});

describe('both', () => {
  it('name the operation or member that they do not know', async () => {
    const { keyId } = server.createKey();
    await expect(secrets.send(new DeleteSecretCommand({ SecretId: 'a' }))).rejects.toThrow(
      'The local Secrets Manager does not support the operation DeleteSecret. Supported: CreateSecret',
    );
    await expect(kms.send(new DescribeKeyCommand({ KeyId: keyId }))).rejects.toThrow(
      'The local KMS does not support the operation DescribeKey. Supported: GenerateDataKey, Encrypt, Decrypt.',
    );
    const bytes = new GenerateDataKeyCommand({ KeyId: keyId, NumberOfBytes: 16 });
    await expect(kms.send(bytes)).rejects.toThrow('does not honour NumberOfBytes of GenerateDataKey');
    const other = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    });
    expect(other.status).toBe(400);
    expect(await other.text()).toContain('speaks for Secrets Manager and KMS');
    const broken = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.Decrypt' },
      body: '{',
    });
    expect(await broken.json()).toMatchObject({ __type: 'ValidationException' });
  });

  it('ask for each permission with the access key id of the signature, and refuse before anything is done', async () => {
    const { keyId, arn } = server.createKey();
    const secretArn = server.putSecret('instance/contoso', 'first');
    const EncryptionContext = { subscription: 's-1' };
    await kms.send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256', EncryptionContext }));
    await secrets.send(new GetSecretValueCommand({ SecretId: 'instance/contoso' }));
    expect(calls).toEqual([
      {
        accessKeyId: 'AKIDPROXY',
        action: 'kms:GenerateDataKey',
        resource: arn,
        context: {
          'kms:EncryptionContextKeys': ['subscription'],
          'kms:EncryptionContext:subscription': ['s-1'],
        },
      },
      { accessKeyId: 'AKIDPROXY', action: 'secretsmanager:GetSecretValue', resource: secretArn },
    ]);
    recorded.refusedAction = 'secretsmanager:PutSecretValue';
    const put = new PutSecretValueCommand({ SecretId: 'instance/contoso', SecretString: 'second' });
    await expect(secrets.send(put)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'AKIDPROXY is not authorized to perform: secretsmanager:PutSecretValue',
      ),
    });
    const value = await secrets.send(new GetSecretValueCommand({ SecretId: 'instance/contoso' }));
    expect(value.SecretString).toBe('first');
    expect(accessKeyIdOf(undefined)).toBeUndefined();
    expect(accessKeyIdOf('Bearer abc')).toBeUndefined();
  });

  it('date their answers by the clock, which SDK clients compare with their own', async () => {
    await clock.advance(86_400_000);
    const answer = await fetch(server.url, { method: 'POST' });
    expect(answer.headers.get('date')).toBe(new Date(start + 86_400_000).toUTCString());
  });
});
