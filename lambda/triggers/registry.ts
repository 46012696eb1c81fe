/** The triggers of this connector. One that is missing, or lacks a member, does not compile. */
import type { OperationById, TriggerId } from '../../connector/contract/index.ts';
import { onDataSourceRefreshFailed, onDataSourceRefreshSucceeded } from './kinds/data-source-refresh.ts';
import { onFullRefreshCompleted, onUnificationRefreshCompleted } from './kinds/refresh-completed.ts';
import { onMeasureThresholdCrossed, onSegmentThresholdCrossed } from './kinds/threshold-crossed.ts';
import { onTriggerTrouble } from './kinds/trigger-trouble.ts';
import type { TriggerDefinition } from './trigger-definition.ts';
import { createTriggers } from './trigger-set.ts';

export const definitions: { readonly [Id in TriggerId]: TriggerDefinition<OperationById<Id>> } = {
  OnDataSourceRefreshFailed: onDataSourceRefreshFailed,
  OnDataSourceRefreshSucceeded: onDataSourceRefreshSucceeded,
  OnSegmentThresholdCrossed: onSegmentThresholdCrossed,
  OnMeasureThresholdCrossed: onMeasureThresholdCrossed,
  OnFullRefreshCompleted: onFullRefreshCompleted,
  OnUnificationRefreshCompleted: onUnificationRefreshCompleted,
  OnTriggerTrouble: onTriggerTrouble,
};

export const triggers = createTriggers(definitions);
