import { scalarMeasureDropDown } from '../drop-downs.ts';
import { ownershipProperties } from '../parameters.ts';
import { dateTime, optional, text } from '../schema.ts';
import { thresholdInputs, thresholdProperties } from '../threshold.ts';
import { trigger } from '../trigger.ts';

export const onMeasureThresholdCrossed = trigger({
  operationId: 'OnMeasureThresholdCrossed',
  name: 'measure-threshold-crossed',
  summary: 'When a business measure threshold is crossed',
  description:
    'Triggers a flow when a business measure without a dimension rises above a threshold or, if Direction is Falls below, falls below it.',
  triggerHint: 'To test it, refresh a measure so that it crosses the threshold, or send a sample event.',
  inputs: {
    measure: text({
      summary: 'Measure',
      description: 'The business measure to watch; only those without a dimension have one value.',
      minLength: 1,
      maxLength: 200,
      dynamicValues: scalarMeasureDropDown,
    }),
    ...thresholdInputs('measure'),
  },
  payload: {
    measureDisplayName: text({
      summary: 'Measure Display Name',
      description: 'Name of the measure, as Customer Insights shows it.',
    }),
    ...thresholdProperties,
  },
  details: {
    ...ownershipProperties,
    measureName: text({
      summary: 'Measure Name',
      description: 'Unique name of the measure; does not change when it is renamed.',
      visibility: 'advanced',
    }),
    startedAt: optional(
      dateTime({ summary: 'Started At', description: 'When the evaluation started; UTC.' }),
    ),
    runId: optional(
      text({
        summary: 'Run Id',
        description: 'The evaluation in Customer Insights, where it is known.',
        visibility: 'advanced',
      }),
    ),
  },
  exampleInputs: { measure: 'TotalRevenue', threshold: 8000000 },
});
