import { type Account, localAccount } from '../aws/account.ts';
import type { ServiceError } from '../aws/service-error.ts';
import type { LocalClock } from '../clock.ts';
import { LocalQueue } from './local-queue.ts';
import { type MoveTask, startMoveTask } from './move-task.ts';
import { type QueueSettings, queueSettings } from './queue-settings.ts';
import { invalidParameterValue, sqsError } from './sqs-error.ts';

export interface QueuesOptions {
  readonly clock: LocalClock;
  readonly newId: () => string;
  readonly account?: Account | undefined;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
const queueName = /^[A-Za-z0-9_-]{1,80}$/;

/** All queues of one local SQS. */
export class Queues {
  readonly #options: QueuesOptions;
  readonly #account: Account;
  readonly #byName = new Map<string, LocalQueue>();
  readonly #moves: { readonly task: MoveTask; cancel(): void }[] = [];

  constructor(options: QueuesOptions) {
    this.#options = options;
    this.#account = options.account ?? localAccount;
  }

  /**
   * Creates a queue, or returns the one that has this name and these attributes. `baseUrl` goes into its URL.
   */
  create(name: string, attributes: Readonly<Record<string, string>>, baseUrl: string): LocalQueue {
    if (!queueName.test(name))
      throw invalidParameterValue(
        `"${name}" is not a name for a standard queue: 1 to 80 letters, digits, hyphens and underscores.`,
      );
    const settings = queueSettings(attributes);
    const existing = this.#byName.get(name);
    if (existing !== undefined) {
      for (const [attribute, value] of Object.entries(attributes)) {
        if (existing.settings.attributes[attribute] !== value)
          throw sqsError(
            'QueueNameExists',
            `A queue already exists with the same name and a different value for attribute ${attribute}`,
          );
      }
      return existing;
    }
    const arn = this.arnOf(name);
    this.#checkRedrive(arn, settings);
    const queue = new LocalQueue({
      name,
      arn,
      url: `${baseUrl}/${this.#account.id}/${name}`,
      settings,
      clock: this.#options.clock,
      newId: this.#options.newId,
      findByArn: (wanted) => this.findByArn(wanted),
    });
    this.#byName.set(name, queue);
    return queue;
  }

  /** Changes the attributes that are given. */
  configure(queue: LocalQueue, attributes: Readonly<Record<string, string>>): void {
    this.replace(queue, { ...queue.settings.attributes, ...attributes });
  }

  /** Gives a queue these attributes, and defaults for the others. */
  replace(queue: LocalQueue, attributes: Readonly<Record<string, string>>): void {
    const settings = queueSettings(attributes);
    this.#checkRedrive(queue.arn, settings);
    queue.configure(settings);
  }

  /** Throws QueueDoesNotExist. */
  get(name: string): LocalQueue {
    return this.#byName.get(name) ?? throwIt(noSuchQueue(name));
  }

  /** By a queue URL, of which host and port do not matter. Throws QueueDoesNotExist. */
  byUrl(url: string): LocalQueue {
    const [, account, name] = /^https?:\/\/[^/]+\/(\d+)\/([^/]+)$/.exec(url) ?? [];
    return account === this.#account.id && name !== undefined ? this.get(name) : throwIt(noSuchQueue(url));
  }

  list(): readonly LocalQueue[] {
    return [...this.#byName.values()];
  }

  findByArn(arn: string): LocalQueue | undefined {
    return this.list().find((queue) => queue.arn === arn);
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#account.region}:${this.#account.id}:${name}`;
  }

  /**
   * Starts moving the messages of a dead-letter queue back to where they came from, or to `destinationArn`.
   */
  move(
    sourceArn: string,
    destinationArn: string | undefined,
    messagesPerSecond: number | undefined,
  ): MoveTask {
    const source = this.#queueOfMove(sourceArn);
    const destination = destinationArn === undefined ? undefined : this.#queueOfMove(destinationArn);
    if (!this.list().some((queue) => queue.settings.redrive?.deadLetterTargetArn === sourceArn))
      throw invalidParameterValue('Source queue must be configured as a Dead Letter Queue.');
    if (this.movesOf(sourceArn).some(({ status }) => status === 'RUNNING'))
      throw sqsError(
        'UnsupportedOperation',
        'There is already a task running for this queue. Wait until it has ended.',
      );
    const move = startMoveTask({
      handle: this.#options.newId(),
      source,
      destination,
      messagesPerSecond,
      clock: this.#options.clock,
      findByArn: (arn) => this.findByArn(arn),
    });
    this.#moves.push(move);
    return move.task;
  }

  /** The latest first. */
  movesOf(sourceArn: string): readonly MoveTask[] {
    return this.#moves
      .map(({ task }) => task)
      .filter((task) => task.sourceArn === sourceArn)
      .reverse();
  }

  close(): void {
    for (const move of this.#moves) {
      move.cancel();
    }
    for (const queue of this.list()) {
      queue.close();
    }
  }

  #queueOfMove(arn: string): LocalQueue {
    return (
      this.findByArn(arn) ??
      throwIt(
        sqsError('ResourceNotFoundException', `The resource that you specified does not exist: ${arn}.`),
      )
    );
  }

  #checkRedrive(arn: string, { redrive }: QueueSettings): void {
    if (redrive === undefined) return;
    const target = this.findByArn(redrive.deadLetterTargetArn);
    if (target === undefined)
      throw invalidParameterValue(
        `Value for parameter RedrivePolicy is invalid. Reason: Dead letter target ${redrive.deadLetterTargetArn} does not exist.`,
      );
    const allow = target.settings.redriveAllow;
    if (
      allow.redrivePermission === 'denyAll' ||
      (allow.redrivePermission === 'byQueue' && !allow.sourceQueueArns.includes(arn))
    )
      throw invalidParameterValue(
        `Value for parameter RedrivePolicy is invalid. Reason: the RedriveAllowPolicy of ${target.arn} does not allow ${arn}.`,
      );
  }
}

const noSuchQueue = (queue: string): ServiceError =>
  sqsError('QueueDoesNotExist', `The specified queue does not exist: ${queue}.`);

function throwIt(error: Error): never {
  throw error;
}
