import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { SubscriptionId } from '../runtime/ids.ts';
import { forEachMessage } from '../runtime/queue-batch.ts';
import { readMessage } from '../store/delivery-message-reader.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';
import { type AttemptLine, logAttempt } from './attempt-line.ts';
import { type DeliverPorts, deliver } from './deliver.ts';

/** Each subscription is read once, at the first message that needs it; all messages of a batch begin together. */
const readOnce = ({ find }: SubscriptionStore): SubscriptionStore['find'] => {
  const found = new Map<SubscriptionId, ReturnType<SubscriptionStore['find']>>();
  return (id) => {
    const reading = found.get(id) ?? find(id);
    found.set(id, reading);
    return reading;
  };
};

/**
 * Deliveries that were tried before come from the queue of retries, or are received again. An event that an operator
 * makes by hand names no queue.
 */
const isFirst = ({ eventSourceARN, attributes }: Partial<SQSRecord>, retryQueue: string): boolean =>
  attributes?.ApproximateReceiveCount === '1' && !eventSourceARN?.endsWith(`:${retryQueue}`);

/**
 * The accepted events of a batch share a line: a line each would cost as much as the function's time. Which flow accepted
 * what, and when, is in the records of the deliveries too.
 */
const logAccepted = (ports: DeliverPorts, accepted: readonly AttemptLine[]): void => {
  const [only, ...more] = accepted;
  if (only !== undefined && more.length === 0) logAttempt(ports, only);
  else if (only !== undefined)
    ports.log.info('deliveries accepted', {
      deliveries: accepted.map(({ deliveryId, subscriptionId }) => [deliveryId, subscriptionId]),
    });
};

/** @param retryQueue the name of the queue */
export const deliverBatch = async (
  ports: DeliverPorts,
  event: SQSEvent,
  retryQueue: string,
): Promise<SQSBatchResponse> => {
  const find = readOnce(ports.subscriptions);
  const accepted: AttemptLine[] = [];
  const collecting = { ...ports, accepted: (line: AttemptLine) => accepted.push(line) };
  const response = await forEachMessage(
    event,
    ports.log,
    (body, record) => {
      const message = readMessage(body);
      const subscription = find(message.subscriptionId);
      return deliver(collecting, message, { isFirst: isFirst(record, retryQueue), subscription });
    },
    ports.count,
  );
  logAccepted(ports, accepted);
  return response;
};
