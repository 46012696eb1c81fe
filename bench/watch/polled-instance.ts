/**
 * Customer Insights as far as a poll needs it, as fast as it can be: 50 jobs of 6 tasks, 20 segments, 10 measures and 12
 * data sources. A question adds an evaluation of the segment that subscriptions follow.
 */
import { createServer } from 'node:http';
import { hourMs, iso, minuteMs } from '../../lambda/runtime/time.ts';
import { jobListLengths } from '../../lambda/triggers/source.ts';
import { answerJson } from '../proxy/json-answer.ts';
import { becomePart, listening, partInput } from '../proxy/part.ts';
import { segmentName } from '../triggers/subscribers.ts';

export interface SourceInput {
  readonly instanceId: string;
  /** Epoch ms of the newest job at the beginning. */
  readonly at: number;
}

/** A new evaluation. */
export interface Evaluation {
  /** Epoch ms. */
  readonly at: number;
  readonly members: number;
}

const { instanceId, at: start } = partInput<SourceInput>();
const path = `/v1/instances/${instanceId}`;
/** As many evaluations as a source keeps that evaluates once a day. */
const evaluationsKept = 30;

/** What a task of an operation worked on. */
const objectOf: Readonly<Record<string, string>> = { segmentation: segmentName, ingestion: 'Source 0' };

const jobOf = (number: number, at: number, operations: readonly string[]) => ({
  jobId: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  jobType: 'full',
  jobSubmissionKind: 'scheduled',
  jobStatus: 'successful',
  operationType: operations.length > 1 ? 'all' : operations[0],
  submittedTimestamp: iso(at - minuteMs / 2),
  startTimestamp: iso(at - minuteMs / 2),
  endTimestamp: iso(at),
  tasks: operations.map((operationType, task) => ({
    taskId: `10000000-0000-4000-8000-${String(number * 10 + task).padStart(12, '0')}`,
    taskStatus: 'successful',
    operationType,
    subType: 'templatedSegment',
    jobIds: [`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`],
    friendlyName: objectOf[operationType] ?? `Task of ${operationType}`,
    submittedTimestamp: iso(at - minuteMs / 2),
    startTimestamp: iso(at - minuteMs / 2),
    endTimestamp: iso(at),
    waitingTaskIds: [],
    additionalInfo: { numRows: 1000 + number },
  })),
});

const dailyOperations = ['ingestion', 'map', 'match', 'merge', 'segmentation', 'measures'];
let jobsMade = 0;
const jobs = Array.from({ length: jobListLengths[0] }, (_, index) => {
  jobsMade += 1;
  return jobOf(jobsMade, start - index * hourMs, dailyOperations);
});

const evaluationAt = ({ at, members }: Evaluation) => ({
  jobStatus: 'CompletedSuccess',
  evaluationDate: iso(at),
  entityCount: members,
});
const evaluations: Evaluation[] = [];

const segmentOf = (name: string, history: readonly Evaluation[]) => ({
  name,
  friendlyName: `The segment ${name}`,
  description: 'Customers who bought at least twice.',
  state: 'active',
  evaluationStatus: history.map(evaluationAt).at(-1),
  evaluationStatusHistory: history.map(evaluationAt),
  createdBy: 'someone@contoso.example',
  updatedBy: 'someone@contoso.example',
});
const otherSegments = Array.from({ length: 19 }, (_, index) =>
  segmentOf(`Segment${index}`, [{ at: start, members: 1_000 * index }]),
);
const measures = Array.from({ length: 10 }, (_, index) => ({
  name: `Measure${index}`,
  displayName: `The measure ${index}`,
  definition: { kind: 'entity', type: 'structured', isScalar: true, dimensions: [] },
  latestEvaluation: { state: 'completed', endTime: iso(start) },
  output: {
    measureName: `Measure${index}`,
    evaluationTime: iso(start),
    values: { [`Measure${index}`]: '12.5' },
  },
}));
const sourceOf = (index: number) => ({
  dataSourceId: `data-source-${index}`,
  name: `Source${index}`,
  friendlyName: `Source ${index}`,
  lastRefresh: iso(start),
});
const dataSources = Array.from({ length: 12 }, (_, index) => ({ dataSourceMetadata: sourceOf(index) }));

const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value));
const answers = new Map([
  [`${path}/manage/measures`, bytesOf(measures)],
  [`${path}/manage/datasources`, bytesOf(dataSources)],
  ...measures.map((measure) => [`${path}/manage/measures/${measure.name}`, bytesOf(measure)] as const),
]);
const tell = () => {
  answers.set(`${path}/workflows/main/jobs`, bytesOf(jobs));
  answers.set(`${path}/manage/segments`, bytesOf([segmentOf(segmentName, evaluations), ...otherSegments]));
};

const evaluate = (evaluation: Evaluation) => {
  evaluations.push(evaluation);
  evaluations.splice(0, evaluations.length - evaluationsKept);
  jobsMade += 1;
  jobs.unshift(jobOf(jobsMade, evaluation.at, ['segmentation']));
  jobs.pop();
  tell();
};
evaluate({ at: start, members: 0 });

const server = createServer(({ url = '' }, response) => {
  answerJson(response, answers.get(url.split('?', 1)[0] ?? ''));
});
becomePart(await listening(server), async (question) => {
  evaluate(question as Evaluation);
  return null;
});
