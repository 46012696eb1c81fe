import { segmentDropDown } from '../drop-downs.ts';
import { ownershipProperties } from '../parameters.ts';
import { text } from '../schema.ts';
import { thresholdInputs, thresholdProperties } from '../threshold.ts';
import { trigger } from '../trigger.ts';

export const onSegmentThresholdCrossed = trigger({
  operationId: 'OnSegmentThresholdCrossed',
  name: 'segment-threshold-crossed',
  summary: 'When a segment threshold is crossed',
  description:
    'Triggers a flow when the number of members of a segment rises above a threshold or, if Direction is Falls below, falls below it.',
  triggerHint: 'To test it, refresh a segment so that it crosses the threshold, or send a sample event.',
  inputs: {
    segment: text({
      summary: 'Segment',
      description: 'The segment to watch.',
      minLength: 1,
      maxLength: 200,
      dynamicValues: segmentDropDown,
    }),
    ...thresholdInputs('member count'),
  },
  payload: {
    segmentDisplayName: text({
      summary: 'Segment Display Name',
      description: 'Name of the segment, as Customer Insights shows it.',
    }),
    ...thresholdProperties,
  },
  details: {
    ...ownershipProperties,
    segmentName: text({
      summary: 'Segment Name',
      description: 'Unique name of the segment; does not change when it is renamed.',
      visibility: 'advanced',
    }),
  },
  exampleInputs: { segment: 'HighValueCustomers', threshold: 1200 },
});
