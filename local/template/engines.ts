import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Account } from '../aws/account.ts';
import { accessKeyOfRun } from '../aws/authorize.ts';
import {
  type IdentityTokens,
  type IdentityTokensOptions,
  startIdentityTokens,
} from '../aws/identity-tokens.ts';
import { type SecretsAndKeys, startSecretsAndKeys } from '../aws/secrets-and-keys.ts';
import type { LocalClock } from '../clock.ts';
import { createTable } from '../dynamodb/create-table.ts';
import { type GuardOptions, startGuard } from '../dynamodb/guarded-engine.ts';
import { type LocalDynamoDb, startDynamoDb } from '../dynamodb/start-engine.ts';
import { type LocalSqs, startSqs } from '../sqs/server.ts';
import type { TableModel } from './model.ts';

/** Ports of the embedded services; a free one for each left out. */
export interface EnginePorts {
  readonly dynamoDb?: number;
  readonly sqs?: number;
  readonly secretsAndKeys?: number;
  readonly identityTokens?: number;
}

/** The embedded services that the template's resources live in. */
export interface Engines {
  readonly sqs: LocalSqs;
  readonly dynamoDb: LocalDynamoDb;
  readonly secretsAndKeys: SecretsAndKeys;
  readonly identityTokens: IdentityTokens;
  /** `AWS_ENDPOINT_URL_…` for SDK clients. */
  readonly endpoints: Readonly<Record<string, string>>;
  queueUrl(queueName: string): string;
  createTable(table: TableModel): Promise<void>;
  close(): Promise<void>;
}

export const startEngines = async (options: {
  readonly clock: LocalClock;
  readonly account: Account;
  readonly newId: () => string;
  readonly ports: EnginePorts;
  /** See EmbeddedServiceOptions. */
  readonly runKey: string;
  readonly roleOf: IdentityTokensOptions['roleOf'];
  /** Absent where no policy is evaluated. */
  readonly access?: Pick<GuardOptions, 'authorize' | 'partitionKeyOf'> | undefined;
}): Promise<Engines> => {
  const { clock, account, newId, ports, runKey, roleOf, access } = options;
  const authorize = access?.authorize;
  const startTables = async () => {
    if (access === undefined)
      return startDynamoDb({ port: ports.dynamoDb }).then((direct) => ({ ...direct, direct }));
    const direct = await startDynamoDb();
    try {
      const arnOf = (name: string) => `arn:aws:dynamodb:${account.region}:${account.id}:table/${name}`;
      return { ...(await startGuard(direct, { ...access, arnOf, runKey, port: ports.dynamoDb })), direct };
    } catch (error) {
      await direct.close();
      throw error;
    }
  };
  const [sqs, dynamoDb, secretsAndKeys, identityTokens] = await allOrNone<
    readonly [LocalSqs, GuardedDynamoDb, SecretsAndKeys, IdentityTokens]
  >([
    startSqs({ clock, account, newId, runKey, authorize, port: ports.sqs }),
    startTables(),
    startSecretsAndKeys({ clock, account, newId, runKey, authorize, port: ports.secretsAndKeys }),
    startIdentityTokens({ clock, account, newId, runKey, roleOf, authorize, port: ports.identityTokens }),
  ]);
  const tables = new DynamoDBClient({
    endpoint: dynamoDb.direct.url,
    region: account.region,
    credentials: { accessKeyId: accessKeyOfRun('engines', runKey), secretAccessKey: 'local' },
  });
  return {
    sqs,
    dynamoDb,
    secretsAndKeys,
    identityTokens,
    endpoints: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
      AWS_ENDPOINT_URL_KMS: secretsAndKeys.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsAndKeys.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_STS: identityTokens.url,
    },
    queueUrl: (name) => `${sqs.url}/${account.id}/${name}`,
    async createTable(table) {
      try {
        await createTable(tables, table);
      } catch (error) {
        // An engine that was already running keeps its tables, because their data belongs to the user.
        const kept =
          dynamoDb.engine === 'endpoint' && error instanceof Error && error.name === 'ResourceInUseException';
        if (!kept) throw error;
      }
    },
    async close() {
      tables.destroy();
      await Promise.all([sqs.close(), dynamoDb.close(), secretsAndKeys.close(), identityTokens.close()]);
    },
  };
};

/** With the engine itself, which takes every call. */
type GuardedDynamoDb = LocalDynamoDb & { readonly direct: LocalDynamoDb };

interface Closable {
  close(): Promise<void>;
}

/** All started, or, when one fails, none left running. */
const allOrNone = async <Started extends readonly Closable[]>(
  starting: { readonly [Index in keyof Started]: Promise<Started[Index]> },
): Promise<Started> => {
  const outcomes = await Promise.allSettled(starting);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.close() : undefined)),
    );
    throw failed.reason;
  }
  return (await Promise.all(starting)) as unknown as Started;
};
