import type { Engines } from './engines.ts';
import type { DeploymentModel } from './model.ts';

/** One part of the local run, for display. */
export interface InventoryEntry {
  readonly kind: 'HTTP API' | 'function' | 'queue' | 'table' | 'secrets' | 'keys' | 'schedule';
  readonly name: string;
  /** A URL, or the part of this process. */
  readonly where: string;
  readonly detail: string;
}

export interface InventoryAddresses {
  readonly apiUrl: (logicalId: string) => string;
  readonly engines: Engines;
}

/** The running parts and their locations, in the order of the model. @param secrets how many the account has */
export const inventoryOf = (
  model: DeploymentModel,
  { apiUrl, engines }: InventoryAddresses,
  secrets: number,
): readonly InventoryEntry[] => [
  ...model.apis.map((api) => ({
    kind: 'HTTP API' as const,
    name: api.name,
    where: apiUrl(api.logicalId),
    detail: count(api.routes.length, 'route'),
  })),
  ...model.functions.map((one) => ({
    kind: 'function' as const,
    name: one.name,
    where: 'worker threads of this process',
    detail: [
      `${one.memoryMegabytes} MB`,
      `${one.timeoutMs / 1000} s`,
      ...model.apis.flatMap(({ routes }) => {
        const served = routes.filter(({ functionName }) => functionName === one.name).length;
        return served === 0 ? [] : [count(served, 'route')];
      }),
      ...model.mappings
        .filter(({ functionName, enabled }) => functionName === one.name && enabled)
        .map(({ queueName }) => `fed by ${queueName}`),
      ...model.schedules
        .filter(({ functionName, enabled }) => functionName === one.name && enabled)
        .map(({ expression }) => expression),
      ...model.customResources
        .filter(({ functionName }) => functionName === one.name)
        .map(({ type }) => `called for ${type}`),
    ].join(', '),
  })),
  ...model.queues.map(({ name, visibilityTimeoutSeconds }) => ({
    kind: 'queue' as const,
    name,
    where: engines.sqs.url,
    detail: `visibility time-out ${visibilityTimeoutSeconds} s`,
  })),
  ...model.tables.map(({ name, key }) => ({
    kind: 'table' as const,
    name,
    where: engines.dynamoDb.url,
    detail: `${engines.dynamoDb.engine}, key ${key.map((one) => one.name).join(', ')}`,
  })),
  ...model.schedules.map(({ name, expression, functionName, enabled }) => ({
    kind: 'schedule' as const,
    name,
    where: 'the clock of the local run',
    detail: `${expression} → ${functionName}${enabled ? '' : ' (disabled)'}`,
  })),
  ...summary('secrets', secrets, engines.secretsAndKeys.url),
  ...summary('keys', model.keys.length, engines.secretsAndKeys.url),
];

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

const summary = (kind: 'secrets' | 'keys', number: number, where: string): readonly InventoryEntry[] =>
  number === 0
    ? []
    : [
        {
          kind,
          name: kind === 'secrets' ? 'Secrets Manager' : 'KMS',
          where,
          detail: count(number, kind.slice(0, -1)),
        },
      ];
