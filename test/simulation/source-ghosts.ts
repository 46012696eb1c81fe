/** What the source dates in the future: nothing of it has happened. */
import type { JobInfo } from '../../lambda/customer-insights/index.ts';
import { toDecimal } from '../../lambda/runtime/decimal.ts';
import type { InstanceWorld, Valued } from './source-world.ts';

/** The date of what is dated in the future; undefined while there is no such thing. */
const ghostDate = ({ ghost }: InstanceWorld, time: number): string | undefined =>
  ghost && ghost.from <= time && time < ghost.to
    ? new Date(ghost.from + ghost.aheadMs).toISOString()
    : undefined;

/** A job of which nothing is owed: neither a full refresh nor one of a data source. */
export const ghostJobs = (instance: InstanceWorld, time: number): readonly JobInfo[] => {
  const date = ghostDate(instance, time);
  return date === undefined
    ? []
    : [
        {
          jobId: 'ghost',
          jobType: 'full',
          jobSubmissionKind: 'scheduled',
          jobStatus: 'successful',
          operationType: 'segmentation',
          submittedTimestamp: date,
          endTimestamp: date,
          tasks: [],
        },
      ];
};

/** A successful evaluation beside the true ones. */
export const ghostEvaluations = (instance: InstanceWorld, { levels: [level] }: Valued, time: number) => {
  const date = ghostDate(instance, time);
  const entityCount = toDecimal(level ?? '0');
  return date === undefined || entityCount === undefined
    ? []
    : [{ jobStatus: 'CompletedSuccess', evaluationDate: date, entityCount }];
};
