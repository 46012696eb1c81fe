import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { SubscriptionId } from '../runtime/ids.ts';
import { forEachMessage } from '../runtime/queue-batch.ts';
import { readMessage } from '../store/delivery-message-reader.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';
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

/** @param retryQueue the name of the queue */
export const deliverBatch = (
  ports: DeliverPorts,
  event: SQSEvent,
  retryQueue: string,
): Promise<SQSBatchResponse> => {
  const find = readOnce(ports.subscriptions);
  return forEachMessage(
    event,
    ports.log,
    (body, record) => {
      const message = readMessage(body);
      const subscription = find(message.subscriptionId);
      return deliver(ports, message, { isFirst: isFirst(record, retryQueue), subscription });
    },
    ports.count,
  );
};
