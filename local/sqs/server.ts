import { randomUUID } from 'node:crypto';
import { type EmbeddedServiceOptions, startJsonServer } from '../aws/json-server.ts';
import type { LocalClock } from '../clock.ts';
import type { LocalQueue } from './local-queue.ts';
import { sqsService } from './operations.ts';
import { Queues } from './queues.ts';

export type SqsOptions = EmbeddedServiceOptions<LocalClock>;

export interface LocalSqs {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  readonly url: string;
  /** Creates a queue with attributes as the API names them. Throws a ServiceError. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): LocalQueue;
  /** Gives a queue these attributes, and defaults for the others. Throws a ServiceError. */
  replaceAttributes(name: string, attributes: Readonly<Record<string, string>>): void;
  /** Throws when there is none of this name. */
  queueUrl(name: string): string;
  /**
   * The queue in this process: for event source mappings and tests. Throws when there is none of this name.
   */
  queue(name: string): LocalQueue;
  /** Ends long polls (with no messages), timers and connections. */
  close(): Promise<void>;
}

/**
 * Starts an SQS for standard queues, on loopback, in memory, in the clock's time. Rejects when the port is
 * taken.
 */
export const startSqs = async (options: SqsOptions): Promise<LocalSqs> => {
  const queues = new Queues({
    clock: options.clock,
    newId: options.newId ?? randomUUID,
    account: options.account,
  });
  const server = await startJsonServer({
    services: [sqsService(queues, () => server.url)],
    version: '1.0',
    clock: options.clock,
    authorize: options.authorize,
    runKey: options.runKey,
    port: options.port,
  });
  return {
    url: server.url,
    createQueue: (name, attributes = {}) => queues.create(name, attributes, server.url),
    replaceAttributes: (name, attributes) => queues.replace(queues.get(name), attributes),
    queueUrl: (name) => queues.get(name).url,
    queue: (name) => queues.get(name),
    close: async () => {
      queues.close();
      await server.close();
    },
  };
};
