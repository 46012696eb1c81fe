/** The triggers for refreshes of data sources, over one builder. */
import type { OperationById } from '../../../connector/contract/index.ts';
import { dataSourceOfTask } from '../data-source-of-task.ts';
import { instantOf } from '../instance.ts';
import type { FinalTask } from '../job-changes.ts';
import { type ObservedTask, ownershipOf } from '../observation.ts';
import { registrationOnJobs } from '../registration-on-jobs.ts';
import { sampleId } from '../sample-id.ts';
import { newestJobs } from '../source.ts';
import { dataSourceNamed } from '../subjects.ts';
import { runStatusOf } from '../task-status.ts';
import type { DefinitionOfKind, OwnPayload, TriggerDefinition } from '../trigger-definition.ts';

type SuccessPayload = OwnPayload<OperationById<'OnDataSourceRefreshSucceeded'>>;
type FailurePayload = OwnPayload<OperationById<'OnDataSourceRefreshFailed'>>;

/** What is particular to one end of a refresh. */
interface EndFacts<Payload extends object> {
  /** Statuses of an ingestion task; a refresh that was skipped or canceled is not an event. */
  readonly statuses: readonly string[];
  readonly condition: string;
  /** Whether a success of what was told as failed is noted for those who were told. */
  readonly notesLateSuccess: boolean;
  /** At the end of a sentence. */
  readonly outcome: string;
  /** Adds to the properties that both ends have. */
  readonly payload: (
    common: SuccessPayload,
    task: Pick<ObservedTask, 'errorCode' | 'errorMessage'>,
  ) => Payload;
  readonly sampleTask: Pick<ObservedTask, 'status' | 'errorCode' | 'errorMessage'>;
}

/** The chosen data source; an empty choice is any. */
const chosenSource = ({ dataSource }: { readonly dataSource?: string }) => dataSource?.trim() || null;

const refreshTrigger = <Payload extends { readonly dataSourceName: string; readonly dataSourceId?: string }>({
  statuses,
  condition,
  notesLateSuccess,
  outcome,
  payload,
  sampleTask,
}: EndFacts<Payload>): DefinitionOfKind<{ readonly dataSource?: string }, Payload, 'subject'> => {
  const ended = ({ task }: FinalTask) => task.operation === 'ingestion' && statuses.includes(task.status);
  return {
    kind: 'subject',
    inputs: (body) => ({ subject: chosenSource(body), threshold: null }),
    baseline: async (source, instanceId, body, now) => {
      const chosen = chosenSource(body);
      const [{ jobs }, dataSources] = await Promise.all([
        newestJobs(source, instanceId),
        chosen === null ? [] : source.dataSources(instanceId),
      ]);
      const onJobs = registrationOnJobs(jobs, now);
      if (chosen === null) return onJobs;
      const { dataSourceId: id, displayName } = dataSourceNamed(dataSources, chosen);
      return { ...onJobs, subject: { id, displayName } };
    },
    reads: 'dataSources',
    needsRead: ended,
    occurrences: ({ changes, dataSources, nodes }) =>
      changes.tasks.filter(ended).map((final) => {
        const { task, jobId, finalAt } = final;
        const source = dataSourceOfTask(final, dataSources, nodes);
        return {
          subject: source?.dataSourceId ?? task.objectName,
          stableSubject: task.objectName,
          occurrence: task.taskId,
          finalAt,
          payload: payload(
            {
              ...(source && { dataSourceId: source.dataSourceId }),
              dataSourceName: source?.displayName ?? task.objectName,
              jobId,
              status: runStatusOf(task.status),
              ...instantOf('submittedAt', task.submittedAt),
              ...instantOf('endedAt', task.endedAt),
              ...(source && ownershipOf(source)),
            },
            task,
          ),
        };
      }),
    evaluationNotes: ({ changes, dataSources, nodes }) =>
      notesLateSuccess
        ? changes.tasks.flatMap((final) => {
            const { task, finalAt, failedAt } = final;
            if (task.operation !== 'ingestion' || failedAt === undefined) return [];
            const source = dataSourceOfTask(final, dataSources, nodes);
            return [
              {
                kind: 'succeeded later' as const,
                subject: source?.dataSourceId ?? task.objectName,
                displayName: source?.displayName ?? task.objectName,
                at: finalAt,
                failedAt,
                taskId: task.taskId,
              },
            ];
          })
        : [],
    mismatch: () => undefined,
    anySubject: 'any data source',
    displayName: ({ dataSourceName }) => dataSourceName,
    linked: ({ dataSourceId }) =>
      dataSourceId === undefined ? undefined : { section: 'datasources', object: dataSourceId },
    condition: () => condition,
    happened: ({ payload: { dataSourceName } }) =>
      `The refresh of the data source "${dataSourceName}" ${outcome}`,
    sample: (occurredAt, subject) =>
      payload(
        {
          dataSourceId: subject?.id ?? sampleId,
          dataSourceName: subject?.displayName ?? 'Sample data source',
          jobId: sampleId,
          endedAt: occurredAt,
          status: runStatusOf(sampleTask.status),
        },
        sampleTask,
      ),
  };
};

export const onDataSourceRefreshFailed: TriggerDefinition<OperationById<'OnDataSourceRefreshFailed'>> =
  refreshTrigger<FailurePayload>({
    statuses: ['failed', 'timedout'],
    condition: 'refresh fails permanently',
    notesLateSuccess: true,
    outcome: 'failed',
    payload: (common, { errorCode, errorMessage }) => ({
      ...common,
      ...(errorCode && { errorCode }),
      ...(errorMessage && { errorMessage }),
    }),
    sampleTask: {
      status: 'failed',
      errorCode: 'Sample',
      errorMessage: 'This is a sample: nothing failed.',
    },
  });

export const onDataSourceRefreshSucceeded: TriggerDefinition<OperationById<'OnDataSourceRefreshSucceeded'>> =
  refreshTrigger<SuccessPayload>({
    statuses: ['successful'],
    condition: 'refresh succeeds',
    notesLateSuccess: false,
    outcome: 'succeeded',
    payload: (common) => common,
    sampleTask: { status: 'successful', errorCode: undefined, errorMessage: undefined },
  });
