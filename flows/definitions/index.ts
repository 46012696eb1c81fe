/**
 * The flows that are delivered: the two examples of the product's documentation, and one for each other
 * trigger.
 */
import type { FlowSource } from './authoring.ts';
import { mailOnSegmentThreshold } from './mail-on-segment-threshold.ts';
import { mailOnTriggerTrouble } from './mail-on-trigger-trouble.ts';
import { reportOnRefreshSucceeded } from './report-on-refresh-succeeded.ts';
import { segmentAfterUnification } from './segment-after-unification.ts';
import { stagesOnFullRefresh } from './stages-on-full-refresh.ts';
import { teamsOnMeasureBelow } from './teams-on-measure-below.ts';
import { teamsOnRefreshFailed } from './teams-on-refresh-failed.ts';

export const flowSources: readonly FlowSource[] = [
  teamsOnRefreshFailed,
  mailOnSegmentThreshold,
  reportOnRefreshSucceeded,
  stagesOnFullRefresh,
  segmentAfterUnification,
  teamsOnMeasureBelow,
  mailOnTriggerTrouble,
];
