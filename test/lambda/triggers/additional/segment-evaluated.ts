/** The second of the two files: the trigger itself. */

import { iso } from '../../../../lambda/runtime/time.ts';
import { baselineOfValue } from '../../../../lambda/triggers/baseline.ts';
import { segmentNamed } from '../../../../lambda/triggers/subjects.ts';
import type { TriggerDefinition } from '../../../../lambda/triggers/trigger-definition.ts';
import type { onSegmentEvaluated as operation } from './on-segment-evaluated.ts';

export const onSegmentEvaluated: TriggerDefinition<typeof operation> = {
  kind: 'subject',
  inputs: ({ segment = null }) => ({ subject: segment, threshold: null }),
  async baseline(source, instanceId, { segment }, readAt) {
    if (segment === undefined) return { baseline: { at: readAt, occurrences: [] } };
    const last = (await segmentNamed(source, instanceId, segment, 0)).evaluations.at(-1);
    const startingValue = {
      kind: 'segment',
      name: segment,
      at: last?.at ?? 0,
      value: last?.value ?? null,
      readAt,
    } as const;
    return { baseline: baselineOfValue(last), startingValue };
  },
  reads: 'segments',
  needsRead: ({ task }) => task.operation === 'segmentation' && task.status === 'successful',
  occurrences: ({ cursor, segments }) =>
    segments.flatMap(({ name, evaluations }) =>
      evaluations
        .filter(({ at }) => at > (cursor.segments[name]?.at ?? Number.POSITIVE_INFINITY))
        .map(({ at, value }) => ({
          subject: name,
          stableSubject: name,
          occurrence: iso(at),
          finalAt: at,
          payload: { segmentName: name, memberCount: Number(value) },
        })),
    ),
  evaluationNotes: () => [],
  mismatch: () => undefined,
  anySubject: 'any segment',
  displayName: ({ segmentName }) => segmentName,
  linked: ({ segmentName }) => ({ section: 'segments', object: segmentName }),
  condition: () => 'is evaluated',
  happened: ({ subject, payload }) => `"${subject}" was evaluated to ${payload.memberCount}`,
  sample: (_, subject) => ({ segmentName: subject?.id ?? 'SampleSegment', memberCount: 1 }),
};
