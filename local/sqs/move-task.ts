import type { LocalClock } from '../clock.ts';
import type { LocalQueue } from './local-queue.ts';

/** A task, as ListMessageMoveTasks reports it. */
export interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  /** Undefined: each message goes back to the queue it came from. */
  readonly destinationArn: string | undefined;
  readonly messagesPerSecond: number | undefined;
  readonly startedAtMs: number;
  readonly toMove: number;
  moved: number;
  status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  failureReason: string | undefined;
}

/**
 * Moves the messages that are visible in a dead-letter queue now: at once, or so many in each second of the
 * clock. A moved message is a new one, with a new id and time of sending.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export const startMoveTask = (options: {
  readonly handle: string;
  readonly source: LocalQueue;
  readonly destination: LocalQueue | undefined;
  readonly messagesPerSecond: number | undefined;
  readonly clock: LocalClock;
  readonly findByArn: (arn: string) => LocalQueue | undefined;
}): { readonly task: MoveTask; cancel(): void } => {
  const { source, destination, clock } = options;
  const task: MoveTask = {
    handle: options.handle,
    sourceArn: source.arn,
    destinationArn: destination?.arn,
    messagesPerSecond: options.messagesPerSecond,
    startedAtMs: clock.now(),
    toMove: source.counts().visible,
    moved: 0,
    status: 'RUNNING',
    failureReason: undefined,
  };
  let cancel = (): void => undefined;
  const moveSome = (): void => {
    const left = task.toMove - task.moved;
    const messages = source.takeOut(Math.min(left, options.messagesPerSecond ?? left));
    for (const [index, message] of messages.entries()) {
      const target = destination ?? options.findByArn(message.deadLetterSource ?? '');
      if (target === undefined) {
        for (const kept of messages.slice(index)) {
          source.admit({ message: kept, receiveCount: 0 });
        }
        task.status = 'FAILED';
        task.failureReason = 'CouldNotDetermineMessageSource';
        return;
      }
      task.moved += 1;
      const { attributes, senderId, group } = message;
      target.send(message.body, { attributes, senderId, ...(group !== undefined && { group }) });
    }
    // Other receivers may have taken the messages, so a round without messages ends the task too.
    if (task.moved >= task.toMove || messages.length === 0) task.status = 'COMPLETED';
    else cancel = clock.at(clock.now() + 1_000, moveSome);
  };
  moveSome();
  return { task, cancel: () => cancel() };
};
