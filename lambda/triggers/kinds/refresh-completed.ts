/** The triggers for ends of full refreshes and of unification, over one builder. */
import type { OperationById } from '../../../connector/contract/index.ts';
import { iso } from '../../runtime/time.ts';
import { type Completion, type Conditions, defaultConditions } from '../conditions.ts';
import { instantOf } from '../instance.ts';
import type { JobChanges, JobEnd } from '../job-changes.ts';
import { latest, type ObservedJob, type ObservedTask } from '../observation.ts';
import type { SourceTime } from '../occurrence.ts';
import { registrationOnJobs } from '../registration-on-jobs.ts';
import { sampleId } from '../sample-id.ts';
import { newestJobs } from '../source.ts';
import { runStatusOf } from '../task-status.ts';
import type { DefinitionOfKind, OwnPayload, TriggerDefinition } from '../trigger-definition.ts';
import { unificationTasks } from '../unification.ts';

/**
 * Stages in a notification, bytes of all of them as JSON, and characters of an error in one: a message holds
 * 256 KB, and the table keeps the event beside its own keys.
 */
const stagesShown = 100;
const stagesBytes = 120_000;
const errorLength = 300;

/** In the casing of the API's definition; others are in lower case. */
const operations: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'derivedEntity',
    'dataPreparation',
    'realtimeM3Search',
    'profileStore',
    'attributeMeasures',
    'entityMeasures',
    'segmentMembership',
    'preEnrichment',
    'aiBuilder',
    'modelManagement',
    'roleAssignment',
    'semanticEntity',
  ].map((word) => [word.toLowerCase(), word]),
);

/** With a sign that there is more. */
const shortened = (text: string) => (text.length > errorLength ? `${text.slice(0, errorLength)}…` : text);

const stageOf = (task: ObservedTask) => ({
  operation: operations[task.operation] ?? task.operation,
  ...(task.objectName !== '' && { name: task.objectName }),
  status: runStatusOf(task.status),
  ...instantOf('submittedAt', task.submittedAt),
  ...instantOf('endedAt', task.endedAt),
  ...(task.errorCode && { errorCode: shortened(task.errorCode) }),
  ...(task.errorMessage && { errorMessage: shortened(task.errorMessage) }),
});

/** Failures first: where the list is cut, its reader needs them most. */
const urgency = ({ status }: ObservedTask) => (status === 'successful' ? 2 : status === 'skipped' ? 1 : 0);

/** Stages that end in the same moment are listed in the order in which they are refreshed. */
const refreshOrder: readonly string[] = ['ingestion', 'map', 'match', 'merge'];

const orderOf = ({ operation }: ObservedTask): number => {
  const index = refreshOrder.indexOf(operation);
  return index < 0 ? refreshOrder.length : index;
};

const byEnd = (a: ObservedTask, b: ObservedTask): number =>
  (a.endedAt ?? Number.MAX_SAFE_INTEGER) - (b.endedAt ?? Number.MAX_SAFE_INTEGER) ||
  orderOf(a) - orderOf(b) ||
  (a.taskId < b.taskId ? -1 : 1);

const bytesOf = (task: ObservedTask) => Buffer.byteLength(JSON.stringify(stageOf(task)));

/** In the order in which they ended; where there are too many, those that did not succeed first. */
const stagesOf = (tasks: readonly ObservedTask[]) => {
  let bytes = 0;
  return [...tasks]
    .sort((a, b) => urgency(a) - urgency(b) || byEnd(a, b))
    .slice(0, stagesShown)
    .filter((task) => {
      bytes += bytesOf(task);
      return bytes <= stagesBytes;
    })
    .sort(byEnd)
    .map(stageOf);
};

const countsOf = (tasks: readonly ObservedTask[]) => {
  const count = (...statuses: readonly string[]) =>
    tasks.filter(({ status }) => statuses.includes(status)).length;
  return {
    stageCount: tasks.length,
    successfulCount: count('successful'),
    failedCount: count('failed', 'timedout'),
    skippedCount: count('skipped'),
    canceledCount: count('aborted', 'deleted'),
  };
};

const startedBy = (submissionKind: string) =>
  submissionKind === 'scheduled' ? 'scheduled' : submissionKind === 'ondemand' ? 'onDemand' : 'unknown';

/**
 * A full refresh succeeded when its job did and nothing in it failed or was canceled. Stages skipped without
 * a failure are those of inactive objects, which were not to be refreshed.
 */
const fullRefreshOutcome = ({ job }: JobEnd): Completion['outcome'] =>
  job.status === 'successful' &&
  job.tasks.every(({ status }) => status === 'successful' || status === 'skipped')
    ? 'succeeded'
    : 'failed';

/** Unification succeeded when each of its stages did. */
const unificationOutcome = ({ job }: JobEnd): Completion['outcome'] =>
  unificationTasks(job).every(({ status }) => status === 'successful') ? 'succeeded' : 'failed';

const samplePayload = (endedAt: string, operations: readonly string[]) => ({
  jobId: sampleId,
  outcome: 'succeeded' as const,
  status: 'successful' as const,
  startedBy: 'onDemand' as const,
  endedAt,
  stageCount: operations.length,
  successfulCount: operations.length,
  failedCount: 0,
  skippedCount: 0,
  canceledCount: 0,
  stages: operations.map((operation) => ({
    operation,
    name: `Sample ${operation}`,
    status: 'successful' as const,
    endedAt,
  })),
});

type CompletionPayload = OwnPayload<
  OperationById<'OnFullRefreshCompleted' | 'OnUnificationRefreshCompleted'>
>;

const payloadOf = (
  { job }: JobEnd,
  tasks: readonly ObservedTask[],
  outcome: Completion['outcome'],
  endedAt: SourceTime,
): CompletionPayload => ({
  jobId: job.jobId,
  outcome,
  status: runStatusOf(job.status),
  startedBy: startedBy(job.submissionKind),
  ...instantOf('submittedAt', job.submittedAt),
  endedAt: iso(endedAt),
  ...countsOf(tasks),
  stages: stagesOf(tasks),
});

/** Why a completion does not match a subscription, as a clause; undefined when it does. */
const completionMismatch = ({ outcome, runs }: Conditions, completion: Completion): string | undefined => {
  if (runs === 'scheduled' && !completion.scheduled)
    return 'a user started the refresh, and the flow is for scheduled refreshes only';
  return outcome === 'any' || outcome === completion.outcome
    ? undefined
    : `the outcome is "${completion.outcome}", and the flow is for "${outcome}" only`;
};

/** What is particular to one kind of refresh. */
interface RefreshFacts<Body> {
  readonly chosen: (body: Body) => Partial<Pick<Conditions, 'outcome' | 'runs'>>;
  readonly ends: (changes: JobChanges) => readonly JobEnd[];
  /** The tasks of a job that belong to the refresh. */
  readonly tasks: (job: ObservedJob) => readonly ObservedTask[];
  readonly outcome: (end: JobEnd) => Completion['outcome'];
  /** When its last stage ended. */
  readonly endedAt: (end: JobEnd) => SourceTime;
  readonly anySubject: string;
  /** At the beginning of a sentence. */
  readonly name: string;
  readonly sampleStages: readonly string[];
}

const completionTrigger = <Body>(
  facts: RefreshFacts<Body>,
): DefinitionOfKind<Body, CompletionPayload, 'completion'> => ({
  kind: 'completion',
  inputs: (body) => ({
    subject: null,
    threshold: null,
    conditions: { ...defaultConditions, ...facts.chosen(body) },
  }),
  baseline: async (source, instanceId, _, now) =>
    registrationOnJobs((await newestJobs(source, instanceId)).jobs, now),
  reads: null,
  needsRead: () => false,
  occurrences: ({ changes }) =>
    facts.ends(changes).map((end) => {
      const { job, finalAt } = end;
      const outcome = facts.outcome(end);
      return {
        subject: job.jobId,
        stableSubject: 'instance',
        occurrence: job.jobId,
        finalAt,
        completion: { outcome, scheduled: job.submissionKind === 'scheduled' },
        payload: payloadOf(end, facts.tasks(job), outcome, facts.endedAt(end)),
      };
    }),
  evaluationNotes: () => [],
  mismatch: ({ conditions = defaultConditions }, { completion }) =>
    completionMismatch(conditions, completion),
  anySubject: facts.anySubject,
  displayName: () => undefined,
  linked: () => undefined,
  condition: ({ conditions: { outcome, runs } = defaultConditions }) =>
    `ends${outcome === 'any' ? '' : `, if it ${outcome}`}${runs === 'scheduled' ? ', if it was scheduled' : ''}`,
  happened: ({ subject, completion }) => `${facts.name} (job ${subject}) ${completion.outcome}`,
  sample: (occurredAt) => samplePayload(occurredAt, facts.sampleStages),
});

export const onFullRefreshCompleted: TriggerDefinition<OperationById<'OnFullRefreshCompleted'>> =
  completionTrigger({
    chosen: ({ outcome, runs }) => ({ ...(outcome && { outcome }), ...(runs && { runs }) }),
    ends: ({ fullRefreshes }) => fullRefreshes,
    tasks: ({ tasks }) => tasks,
    outcome: fullRefreshOutcome,
    endedAt: ({ finalAt }) => finalAt,
    anySubject: 'full refresh',
    name: 'A full refresh',
    sampleStages: ['ingestion', 'match', 'merge', 'segmentation'],
  });

export const onUnificationRefreshCompleted: TriggerDefinition<
  OperationById<'OnUnificationRefreshCompleted'>
> = completionTrigger({
  chosen: ({ outcome }) => ({ ...(outcome && { outcome }) }),
  ends: ({ unifications }) => unifications,
  tasks: unificationTasks,
  outcome: unificationOutcome,
  // A unification that failed is final with its job, but its last stage ended before.
  endedAt: ({ job, finalAt }) => latest(unificationTasks(job).map((task) => task.endedAt)) ?? finalAt,
  anySubject: 'unification',
  name: 'Unification',
  sampleStages: ['map', 'match', 'merge'],
});
