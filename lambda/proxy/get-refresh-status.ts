import { isPathSegment, type TaskInfo } from '../customer-insights/index.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { Implementation } from '../http/implementations.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import { byText } from './by-text.ts';
import type { ProxyPorts } from './ports.ts';
import { refreshJob } from './refresh-job.ts';
import { hasFailed, runStatusOf } from './run-status.ts';

const taskAnswer = (task: TaskInfo) => {
  const error = task.ciError ?? task.ciErrors?.[0];
  return {
    name: task.friendlyName ?? task.operationType ?? '',
    operation: task.operationType ?? 'unknown',
    status: runStatusOf(task.taskStatus),
    endedAt: task.endTimestamp ?? null,
    errorCode: error?.errorCode ?? null,
    errorMessage: error?.message ?? null,
  };
};

const jobUnknown = (jobId: string): ConnectorError<'JobUnknown'> =>
  new ConnectorError(
    'JobUnknown',
    `The instance has no job ${JSON.stringify(jobId)}. Take the Job Id from Refresh or from a trigger; Customer Insights forgets old jobs.`,
  );

export const getRefreshStatus =
  ({ settings, access }: ProxyPorts): Implementation<'GetRefreshStatus'> =>
  async ({ path }, { caller, deadline }) => {
    const { id: instanceId } = servedInstance(settings, path.dataset);
    if (!isPathSegment(path.jobId)) throw jobUnknown(path.jobId);
    const job = await access
      .forUser(caller, deadline)
      .getJob(instanceId, path.jobId, { includeTasks: true })
      .catch((error: unknown) => {
        throw hasCode(error, 'UpstreamNotFound') ? jobUnknown(path.jobId) : error;
      });
    const tasks = (job.tasks ?? []).map(taskAnswer);
    const failed = tasks.filter(({ status }) => hasFailed(status));
    const others = tasks.filter(({ status }) => !hasFailed(status));
    const byKindAndName = byText<(typeof tasks)[number]>(({ operation, name }) => `${operation}\n${name}`);
    return {
      body: {
        ...refreshJob({ ...job, jobId: job.jobId ?? path.jobId }),
        failedTasks: failed.length,
        tasks: [...failed.sort(byKindAndName), ...others.sort(byKindAndName)],
      },
    };
  };
