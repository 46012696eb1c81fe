/**
 * A Lambda function: environments that serve one invocation at a time, are frozen in between, and die of
 * their time limit.
 */
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { createHost, type Host, type Surroundings } from './host.ts';
import type { MessageQueue, Received } from './message-queue.ts';

export type Outcome<Result> =
  | { readonly kind: 'returned'; readonly result: Result }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'died' };

export interface FunctionPool<Event, Result> {
  readonly invoke: (event: Event, label?: string) => Promise<Outcome<Result>>;
}

interface Environment<Event, Result> {
  readonly host: Host;
  readonly handler: (event: Event) => Promise<Result>;
  end: ((outcome: Outcome<Result>) => void) | undefined;
  invocation: number;
}

/**
 * @param create what runs when an environment starts: the handler with whatever it keeps in memory
 * @param onInvoke called with the environment's host and the label of the invocation
 */
export const createFunction = <Event, Result>(
  name: string,
  timeoutMs: number,
  surroundings: Surroundings,
  create: (host: Host) => (event: Event) => Promise<Result>,
  onInvoke: (host: Host, label: string | undefined) => void = () => undefined,
): FunctionPool<Event, Result> => {
  const { scheduler, chance, rates } = surroundings;
  const idle: Environment<Event, Result>[] = [];
  let started = 0;
  const start = (): Environment<Event, Result> => {
    started += 1;
    const host = createHost(`${name}-${started}`, surroundings);
    const environment: Environment<Event, Result> = {
      host,
      handler: create(host),
      end: undefined,
      invocation: 0,
    };
    host.onCrash(() => {
      surroundings.trace.count('crashes');
      // A call that its last invocation did not wait for may be what it dies of, between two invocations.
      const place = idle.indexOf(environment);
      if (place >= 0) idle.splice(place, 1);
      environment.end?.({ kind: 'died' });
    });
    return environment;
  };
  return {
    invoke: (event, label) =>
      new Promise((resolve) => {
        const environment =
          idle.length > 0 ? (idle.splice(chance.whole(0, idle.length - 1), 1)[0] ?? start()) : start();
        const { host } = environment;
        environment.invocation += 1;
        const { invocation } = environment;
        onInvoke(host, label);
        const end = (outcome: Outcome<Result>) => {
          if (environment.invocation !== invocation || environment.end !== end) return;
          environment.end = undefined;
          if (host.alive()) {
            host.freeze();
            if (!chance.happens(rates().recycled)) idle.push(environment);
          }
          resolve(outcome);
        };
        environment.end = end;
        host.thaw();
        environment.handler(event).then(
          (result) => end({ kind: 'returned', result }),
          (error: unknown) => end({ kind: 'threw', error }),
        );
        scheduler.after(timeoutMs, () => {
          if (environment.end === end) host.crash(`the time limit of ${timeoutMs / 1000} s`);
        });
      }),
  };
};

export const sourceArn = (queue: string): string => `arn:aws:sqs:eu-west-1:000000000000:${queue}`;

const record = (queue: MessageQueue, { id, body, sentAt, receives }: Received): SQSRecord => ({
  messageId: id,
  receiptHandle: id,
  body,
  attributes: {
    ApproximateReceiveCount: String(receives),
    SentTimestamp: String(Math.floor(sentAt)),
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: sourceArn(queue.name),
  awsRegion: 'eu-west-1',
});

/**
 * Feeds a queue's messages to a function in batches; those that failed, and all of a dead invocation, become
 * visible again.
 */
export const connectQueue = (
  queue: MessageQueue,
  { invoke }: FunctionPool<SQSEvent, SQSBatchResponse>,
  { batchSize, concurrency }: { readonly batchSize: number; readonly concurrency: number },
  { chance }: Surroundings,
): void => {
  let running = 0;
  const poll = () => {
    while (running < concurrency) {
      const received = queue.receive(chance.whole(1, batchSize));
      if (received.length === 0) return;
      running += 1;
      void invoke({ Records: received.map((message) => record(queue, message)) }).then((outcome) => {
        running -= 1;
        if (outcome.kind === 'returned') {
          const failed = new Set(
            outcome.result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
          );
          for (const { id } of received) if (!failed.has(id)) queue.remove(id);
        }
        poll();
      });
    }
  };
  queue.onVisible(poll);
};
