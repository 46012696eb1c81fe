import { afterAll, beforeAll, inject } from 'vitest';
import { callbackKeyOutput, operatorOutputNames } from '../../config/operator-outputs.ts';
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import * as protocols from '../../lambda/runtime/aws-services.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { dynamoDbTable } from '../../lambda/store/dynamodb-table.ts';
import { sharedSealingKey } from '../../lambda/store/sealing-key.ts';
import type { Table } from '../../lambda/store/table.ts';
import { LocalClock } from '../../local/clock.ts';
import { localServices } from '../../local/operator.ts';
import { type LocalSystem, type LocalSystemOptions, startLocalSystem } from '../../local/system.ts';
import type { LogLine } from '../../local/template/functions.ts';
import { keepRecord, recordOf } from '../least-privilege/used-grants.ts';

/** Monday morning, well away from a daily refresh. */
export const testStart = Date.UTC(2026, 5, 1, 10, 0, 0);

export interface TestSystem extends LocalSystem {
  readonly lines: readonly LogLine[];
}

/**
 * The whole system with a clock that stands still unless a test advances it, and a small world.
 * @param keepsUse false for a template with planted faults, whose grants are not those of a deployment
 */
export const startTestSystem = async (
  options: Partial<LocalSystemOptions> = {},
  { keepsUse = true }: { readonly keepsUse?: boolean } = {},
): Promise<TestSystem> => {
  const { template, assets } = inject('synthesised');
  const lines: LogLine[] = [];
  const system = await startLocalSystem({
    clock: LocalClock.frozen(testStart),
    synthesised: { template, assets: new Map(assets) },
    log: (line) => lines.push(line),
    customers: 500,
    activities: 2_000,
    ...options,
  });
  return keepsUse ? keepingUse({ ...system, lines }) : { ...system, lines };
};

/** The same system, which leaves behind which permissions were needed when it ends. */
export const keepingUse = <System extends Pick<LocalSystem, 'deployment' | 'close'>>(
  system: System,
): System => ({
  ...system,
  async close() {
    const folder = inject('usedGrants');
    const { access } = system.deployment;
    if (folder !== undefined && access !== undefined) keepRecord(folder, recordOf(access));
    await system.close();
  },
});

/** The first configured instance and its world. */
export const firstInstance = (system: LocalSystem) => {
  const [instance] = system.configuration.instances;
  if (!instance) throw new Error('The configuration lists no instance.');
  return { ...instance, world: system.simulator.world.instance(instance.id) };
};

/**
 * Starts the whole system for the tests of a file, and ends it after them.
 * @param started gets it, with its first instance, before the first test
 */
export const useTestSystem = (
  started: (system: TestSystem, instance: ReturnType<typeof firstInstance>) => Promise<void> | void,
): void => {
  let system: TestSystem | undefined;
  beforeAll(async () => {
    system = await startTestSystem();
    await started(system, firstInstance(system));
  });
  afterAll(() => system?.close());
};

/** Lets a refresh of the first data source fail, and the clock go on until detection and delivery are over. */
export const failDataSource = async (
  system: LocalSystem,
  { world }: ReturnType<typeof firstInstance>,
  waitMs = 5 * minuteMs,
): Promise<void> => {
  world.refreshDataSource(world.dataSources[0]?.name ?? '', { outcome: 'fail', durationMs: 5_000 });
  await system.clock.advance(waitMs);
};

/** The state table of a running system. */
export const stateTableOf = ({ deployment }: Pick<LocalSystem, 'deployment'>): Table => {
  const { dynamoDb, region } = localServices(deployment);
  return dynamoDbTable(
    awsClient(protocols.dynamoDb, { region, credentials: deployment.credentials, endpoint: dynamoDb }),
    deployment.outputs[operatorOutputNames.stateTable] ?? '',
    { newVersion: () => crypto.randomUUID() },
  );
};

/** Makes the key that seals callback URLs, as another process of the deployment would have left it. */
export const leaveSealingKey = async (
  { deployment }: Pick<LocalSystem, 'deployment'>,
  clock: { now(): number },
): Promise<void> => {
  const { kms, region } = localServices(deployment);
  const client = awsClient(protocols.kms, { region, credentials: deployment.credentials, endpoint: kms });
  const key = deployment.outputs[callbackKeyOutput] ?? '';
  await sharedSealingKey(stateTableOf({ deployment }), client, key, () => clock.now())();
};

/** Sends a request to the API as somebody without our client would. */
export const send = async (
  system: LocalSystem,
  method: string,
  path: string,
  options: {
    readonly token?: string;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  } = {},
) => {
  const response = await fetch(`${system.deployment.apiUrl}${path}`, {
    method,
    headers: {
      ...(options.token !== undefined && { authorization: `Bearer ${options.token}` }),
      ...(options.body !== undefined && { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(options.body !== undefined && { body: options.body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? null : JSON.parse(text)) as unknown,
  };
};
