import { allSourceTables, type SourceName } from '../data/source-tables.ts';
import { endOf, isTerminal, stepAt } from '../workflow/plan.ts';
import type { Task } from '../workflow/types.ts';

export interface DataSource {
  readonly id: string;
  readonly name: SourceName;
  readonly friendlyName: string;
  readonly kind: 'powerQuery' | 'attachCdm' | 'attachSynapse';
  readonly tables: readonly string[];
  readonly createdAt: number;
}

type DataSourceSeed = Pick<DataSource, 'name' | 'friendlyName' | 'kind' | 'tables'>;

const tablesOf = (source: SourceName): readonly string[] =>
  allSourceTables.filter((table) => table.source === source).map((table) => table.name);

export const dataSourceSeeds: readonly DataSourceSeed[] = [
  { name: 'eCommerce', friendlyName: 'E-commerce shop', kind: 'powerQuery', tables: tablesOf('eCommerce') },
  { name: 'Loyalty', friendlyName: 'Loyalty programme', kind: 'attachCdm', tables: tablesOf('Loyalty') },
  { name: 'PoS', friendlyName: 'Point of sale', kind: 'attachSynapse', tables: tablesOf('PoS') },
];

export interface RefreshState {
  readonly state: 'notUpdated' | 'updated' | 'updating' | 'updateFailed' | 'updateCancelled';
  /** ms; undefined before the first refresh. */
  readonly lastRefresh: number | undefined;
}

/**
 * What a data source shows at a moment, from its ingestion tasks in time order. A failed task that is being
 * retried shows as `updateFailed`, as one that failed permanently does.
 */
export const refreshStateAt = (tasks: readonly Task[], at: number, movesOnFailure: boolean): RefreshState => {
  let lastRefresh: number | undefined;
  let state: RefreshState['state'] = 'notUpdated';
  for (const task of tasks) {
    const step = stepAt(task.steps, at);
    if (step.status === 'running') state = 'updating';
    if (step.status === 'successful') state = 'updated';
    if (step.status === 'failed' || step.status === 'timedOut') state = 'updateFailed';
    if (step.status === 'aborted' || step.status === 'deleted') state = 'updateCancelled';
    const ended = isTerminal(step.status) && step === endOf(task.steps);
    const failed = step.status === 'failed' || step.status === 'timedOut';
    if (ended && (step.status === 'successful' || (failed && movesOnFailure))) lastRefresh = step.at;
  }
  return { state, lastRefresh };
};
