import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { localAccount } from './account.ts';
import { type EmbeddedServiceOptions, startJsonServer } from './json-server.ts';
import { type Key, Keys } from './keys.ts';
import { keysService } from './keys-service.ts';
import { currentStage, Secrets } from './secret-versions.ts';
import { secretsService } from './secrets-service.ts';

export type SecretsAndKeysOptions = EmbeddedServiceOptions<Clock>;

export interface SecretsAndKeys {
  /** For `AWS_ENDPOINT_URL_SECRETS_MANAGER` and `AWS_ENDPOINT_URL_KMS`. */
  readonly url: string;
  /** The ARN that a secret of this name has or will have. */
  secretArn(name: string): string;
  /** Whether there is a secret of this name, with or without a value. */
  hasSecret(name: string): boolean;
  /** Creates a secret without a value, unless it exists. Returns its ARN. */
  createSecret(name: string): string;
  /** Makes `value` the current version of the secret, which is created if there is none. Returns its ARN. */
  putSecret(name: string, value: string): string;
  /** Creates a key; `keyId` is a UUID, aliases begin with `alias/`. */
  createKey(options?: {
    readonly keyId?: string;
    readonly aliases?: readonly string[];
    /** 32 bytes; random when absent. */
    readonly material?: Uint8Array | undefined;
  }): Key;
  close(): Promise<void>;
}

/** Starts Secrets Manager and KMS on one port of loopback, in memory. Rejects when the port is taken. */
export const startSecretsAndKeys = async (options: SecretsAndKeysOptions): Promise<SecretsAndKeys> => {
  const account = options.account ?? localAccount;
  const newId = options.newId ?? randomUUID;
  const { clock } = options;
  const secrets = new Secrets(account);
  const keys = new Keys(account);
  const server = await startJsonServer({
    services: [secretsService(secrets, clock, newId), keysService(keys)],
    version: '1.1',
    clock,
    authorize: options.authorize,
    runKey: options.runKey,
    port: options.port,
  });
  return {
    url: server.url,
    secretArn: (name) => secrets.arnOf(name),
    hasSecret: (name) => secrets.find(name) !== undefined,
    createSecret: (name) => secrets.create(name, clock.now()).arn,
    putSecret: (name, text) => {
      const { arn } = secrets.create(name, clock.now());
      secrets.put(name, {
        id: newId(),
        value: { kind: 'text', text },
        stages: [currentStage],
        nowMs: clock.now(),
      });
      return arn;
    },
    createKey: ({ keyId = newId(), aliases = [], material } = {}) => keys.create(keyId, aliases, material),
    close: () => server.close(),
  };
};
