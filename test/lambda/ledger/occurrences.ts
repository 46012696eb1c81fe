/** Occurrences as detection finds them, at minutes after noon. */

import { eventId } from '../../../lambda/runtime/ids.ts';
import type { Noted, OccurrenceRecord } from '../../../lambda/store/ledger-records.ts';
import type {
  CompletionOccurrence,
  SubjectOccurrence,
  ValueOccurrence,
} from '../../../lambda/triggers/occurrence.ts';
import { decimal, instanceId } from '../store/example-subscription.ts';

export const noon = Date.UTC(2026, 0, 10, 12);
export const at = (minute: number) => noon + minute * 60_000;
const iso = (minute: number) => new Date(at(minute)).toISOString();

const sampleId = 'b0000000-0000-4000-8000-000000000001';

export const step = (
  minute: number,
  previous: number | string,
  current: number | string,
): ValueOccurrence => {
  const id = eventId(instanceId, 'OnSegmentThresholdCrossed', 'HighValue', iso(minute));
  return {
    kind: 'value',
    trigger: 'OnSegmentThresholdCrossed',
    eventId: id,
    occurrence: iso(minute),
    subject: 'HighValue',
    finalAt: at(minute),
    previous: decimal(previous),
    current: decimal(current),
    payload: {
      eventId: id,
      trigger: 'OnSegmentThresholdCrossed',
      instanceId,
      instanceName: 'Contoso',
      occurredAt: iso(minute),
      segmentName: 'HighValue',
      segmentDisplayName: 'High value',
    },
  };
};

export const failure = (minute: number, subject = 'shop'): SubjectOccurrence => {
  const id = eventId(instanceId, 'OnDataSourceRefreshFailed', subject, `task ${minute}`);
  return {
    kind: 'subject',
    trigger: 'OnDataSourceRefreshFailed',
    eventId: id,
    occurrence: `task ${minute}`,
    subject,
    finalAt: at(minute),
    payload: {
      eventId: id,
      trigger: 'OnDataSourceRefreshFailed',
      instanceId,
      instanceName: 'Contoso',
      occurredAt: iso(minute),
      dataSourceName: 'Web shop',
      jobId: sampleId,
      status: 'failed',
    },
  };
};

export const completion = (
  minute: number,
  outcome: 'succeeded' | 'failed',
  scheduled = true,
): CompletionOccurrence => {
  const id = eventId(instanceId, 'OnFullRefreshCompleted', '', `job ${minute}`);
  return {
    kind: 'completion',
    trigger: 'OnFullRefreshCompleted',
    eventId: id,
    occurrence: `job ${minute}`,
    subject: `job ${minute}`,
    finalAt: at(minute),
    completion: { outcome, scheduled },
    payload: {
      eventId: id,
      trigger: 'OnFullRefreshCompleted',
      instanceId,
      instanceName: 'Contoso',
      occurredAt: iso(minute),
      jobId: sampleId,
      outcome,
      status: outcome === 'succeeded' ? 'successful' : 'failed',
      startedBy: scheduled ? 'scheduled' : 'onDemand',
      endedAt: iso(minute),
      stageCount: 0,
      successfulCount: 0,
      failedCount: 0,
      skippedCount: 0,
      canceledCount: 0,
      stages: [],
    },
  };
};

/** Seen half a minute later. */
export const noted = (
  occurrence: OccurrenceRecord['occurrence'],
  deliveries = 1,
): Noted<OccurrenceRecord> => ({
  kind: 'occurrence',
  occurrence,
  deliveries,
  seenAt: occurrence.finalAt + 30_000,
});
