import { guid } from '../random.ts';
import type { OperationType, WorkflowNode } from '../workflow/types.ts';
import type { DataSource } from './data-sources.ts';
import type { Measure } from './measures.ts';
import type { Segment } from './segments.ts';

/** What an instance holds that its workflow refreshes. */
export interface RefreshedObjects {
  readonly seed: number;
  readonly dataSources: readonly DataSource[];
  readonly segments: ReadonlyMap<string, Segment>;
  readonly measures: ReadonlyMap<string, Measure>;
  measureOperation(measure: Measure): OperationType;
}

const stage = (operationType: OperationType, friendlyName: string): WorkflowNode => ({
  operationType,
  key: operationType,
  friendlyName,
  active: true,
});

const fixedBefore = [
  stage('map', 'Map'),
  stage('match', 'Match'),
  stage('merge', 'Merge'),
  stage('profileStore', 'Profile store'),
  stage('search', 'Search index'),
  stage('activity', 'Activities'),
];

/** The objects of an instance that its workflow refreshes: as many tasks has a full refresh. */
export const nodesOf = (instance: RefreshedObjects): readonly WorkflowNode[] => {
  const sources = instance.dataSources.map(({ id, friendlyName }) => ({
    ...stage('ingestion', friendlyName),
    key: id,
  }));
  const segments = [...instance.segments.values()].map(({ name, friendlyName, active }) => ({
    ...stage('segmentation', friendlyName),
    key: name,
    active,
  }));
  const measures = [...instance.measures.values()].map((measure) => ({
    ...stage(instance.measureOperation(measure), measure.displayName),
    key: measure.name,
  }));
  const audience = { ...stage('export', 'Campaign audience export'), key: guid(instance.seed, 71) };
  return [...sources, ...fixedBefore, ...segments, ...measures, audience, stage('insights', 'Insights')];
};
