/** A sample event for one subscription: invented values in the form of the real ones. Pure. */
import type { TriggerId } from '../../connector/contract/index.ts';
import { type Decimal, toDecimal } from '../runtime/decimal.ts';
import type { EventId } from '../runtime/ids.ts';
import { type DeliveryMessage, deliveryMessage } from '../store/delivery-message.ts';
import type { Subscription } from '../store/subscriptions.ts';
import { defaultConditions } from '../triggers/conditions.ts';
import type { EventPayload } from '../triggers/occurrence.ts';

/** What a sample's event id begins with; nothing else does. */
export const samplePrefix = 'sample-';

/** Fixed, so that nobody takes them for something of theirs. */
const sampleId = '00000000-0000-4000-8000-000000000000';

interface Common {
  readonly eventId: EventId;
  readonly instanceId: string;
  readonly instanceName: string;
  readonly occurredAt: string;
}

const dataSource = (occurredAt: string, subject: string | null) => ({
  dataSourceId: subject ?? sampleId,
  dataSourceName: 'Sample data source',
  jobId: sampleId,
  endedAt: occurredAt,
});

const completion = (occurredAt: string, operations: readonly string[]) => ({
  jobId: sampleId,
  outcome: 'succeeded' as const,
  status: 'successful' as const,
  startedBy: 'onDemand' as const,
  endedAt: occurredAt,
  stageCount: operations.length,
  successfulCount: operations.length,
  failedCount: 0,
  skippedCount: 0,
  canceledCount: 0,
  stages: operations.map((operation) => ({
    operation,
    name: `Sample ${operation}`,
    status: 'successful' as const,
    endedAt: occurredAt,
  })),
});

const payloads: {
  readonly [Trigger in TriggerId]: (common: Common, subject: string | null) => EventPayload<Trigger>;
} = {
  OnDataSourceRefreshFailed: (common, subject) => ({
    ...common,
    trigger: 'OnDataSourceRefreshFailed',
    ...dataSource(common.occurredAt, subject),
    status: 'failed',
    errorCode: 'Sample',
    errorMessage: 'This is a sample: nothing failed.',
  }),
  OnDataSourceRefreshSucceeded: (common, subject) => ({
    ...common,
    trigger: 'OnDataSourceRefreshSucceeded',
    ...dataSource(common.occurredAt, subject),
    status: 'successful',
  }),
  OnSegmentThresholdCrossed: (common, subject) => ({
    ...common,
    trigger: 'OnSegmentThresholdCrossed',
    segmentName: subject ?? 'SampleSegment',
    segmentDisplayName: 'Sample segment',
  }),
  OnMeasureThresholdCrossed: (common, subject) => ({
    ...common,
    trigger: 'OnMeasureThresholdCrossed',
    measureName: subject ?? 'SampleMeasure',
    measureDisplayName: 'Sample measure',
  }),
  OnFullRefreshCompleted: (common) => ({
    ...common,
    trigger: 'OnFullRefreshCompleted',
    ...completion(common.occurredAt, ['ingestion', 'match', 'merge', 'segmentation']),
  }),
  OnUnificationRefreshCompleted: (common) => ({
    ...common,
    trigger: 'OnUnificationRefreshCompleted',
    ...completion(common.occurredAt, ['map', 'match', 'merge']),
  }),
};

/** A number one above or below, or the number itself where that could not be held exactly. */
const beside = (value: Decimal, step: 1n | -1n): Decimal => {
  const [whole = '0', fraction = ''] = value.split('.');
  const scaled = BigInt(whole + fraction) + step * 10n ** BigInt(fraction.length);
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(fraction.length + 1, '0');
  const at = digits.length - fraction.length;
  return toDecimal(`${scaled < 0n ? '-' : ''}${digits.slice(0, at)}.${digits.slice(at)}`) ?? value;
};

/** A step across the threshold. */
const stepOf = ({ threshold, conditions = defaultConditions }: Subscription) =>
  threshold === null
    ? {}
    : { previous: threshold, current: beside(threshold, conditions.direction === 'above' ? 1n : -1n) };

/**
 * @param name makes the sample's ids; another one for each sample
 * @param now epoch ms
 */
export const sampleMessage = (
  subscription: Subscription,
  instanceName: string,
  name: string,
  now: number,
): DeliveryMessage => {
  const { trigger, instanceId, subject } = subscription;
  const eventId = `${samplePrefix}${name}` as EventId;
  const common = { eventId, instanceId, instanceName, occurredAt: new Date(now).toISOString() };
  const event = { eventId, payload: payloads[trigger](common, subject), ...stepOf(subscription) };
  return deliveryMessage(event, subscription, { origin: 'sample' });
};
