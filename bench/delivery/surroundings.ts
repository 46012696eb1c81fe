/** What the function `deliver` finds around it: table, queues, keys, and the flows' endpoint. */
import { awsClient } from '../../lambda/runtime/aws-client.ts';
import { kms } from '../../lambda/runtime/aws-services.ts';
import { callbackCipher } from '../../lambda/store/sealing-key.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import { startSecretsAndKeys } from '../../local/aws/secrets-and-keys.ts';
import { LocalClock } from '../../local/clock.ts';
import { startSqs } from '../../local/sqs/server.ts';
import { localPlace } from '../../test/lambda/local-place.ts';
import { cpuOfEngines } from '../../test/local/process-tree.ts';
import { type Part, startPart } from '../proxy/part.ts';
import { startEngineTable } from '../triggers/engine-table.ts';
import { countingProxy } from './counting-proxy.ts';
import { activeSubscription, flowId, flows } from './messages.ts';

const tableName = 'delivery';
const keyId = 'alias/callbacks';

export interface DeliverySurroundings {
  readonly engine: string;
  /** CPU time of the engine's process, ms; 0 where it is not a process of its own. */
  readonly engineCpuMs: () => number;
  readonly receiver: Part;
  /** @param counted past the proxies that count: only for counting */
  readonly startWorker: (directory: string, counted?: boolean) => Promise<Part>;
  readonly startBareLoop: () => Promise<Part>;
  /** Requests of a counted worker since the last time, by operation. */
  readonly takeCounts: () => ReadonlyMap<string, number>;
  readonly close: () => Promise<void>;
}

export const startDeliverySurroundings = async (): Promise<DeliverySurroundings> => {
  const clock = LocalClock.live();
  const database = await startEngineTable(tableName);
  const [sqs, keys, receiver] = await Promise.all([
    startSqs({ clock }),
    startSecretsAndKeys({ clock }),
    startPart('../delivery/receiver.ts', { errors: 0 }),
  ]);
  keys.createKey({ aliases: [keyId] });
  for (const name of ['retry', 'dead-letters']) sqs.createQueue(name);
  const cipher = callbackCipher(database.table, awsClient(kms, localPlace(keys.url)), keyId, Date.now);
  const store = subscriptionStore(database.table);
  for (let flow = 0; flow < flows; flow += 1) {
    const address = `${receiver.url}/workflows/${flow}/triggers/manual/run`;
    const id = flowId(flow);
    await store.save(activeSubscription(id, await cipher.seal(address, id)), undefined);
  }
  const counters = await Promise.all([database.url, sqs.url, keys.url].map(countingProxy));
  const [countedTable, countedQueue, countedKeys] = counters.map(({ url }) => url);
  return {
    engine: database.engine,
    engineCpuMs: cpuOfEngines,
    receiver,
    startWorker: (directory, counted = false) =>
      startPart(
        '../delivery/worker.ts',
        { directory },
        {
          STATE_TABLE: tableName,
          CALLBACK_KEY_ID: keyId,
          RETRY_QUEUE_URL: sqs.queueUrl('retry'),
          DEAD_LETTER_QUEUE_URL: sqs.queueUrl('dead-letters'),
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: 'local',
          AWS_SECRET_ACCESS_KEY: 'local',
          AWS_ENDPOINT_URL_DYNAMODB: (counted ? countedTable : undefined) ?? database.url,
          AWS_ENDPOINT_URL_SQS: (counted ? countedQueue : undefined) ?? sqs.url,
          AWS_ENDPOINT_URL_KMS: (counted ? countedKeys : undefined) ?? keys.url,
        },
      ),
    startBareLoop: () =>
      startPart('../delivery/bare-loop.ts', {
        dynamoDb: database.url,
        tableName,
        receiver: receiver.url,
      }),
    takeCounts: () => new Map(counters.flatMap((counter) => [...counter.take()])),
    async close() {
      await receiver.stop();
      await Promise.all(counters.map((counter) => counter.close()));
      await Promise.all([sqs.close(), keys.close(), database.close()]);
    },
  };
};
