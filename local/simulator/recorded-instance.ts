/**
 * A record that `doctor --assumptions --record` wrote of a real instance, played on the clock of the simulator: the job
 * list, segments, measures, data sources and states of the workflow are then those of the record, each as it was at that
 * moment. What a record leaves out (names of people, texts, rows of data) stays out.
 */
import { isRecord } from '../../lambda/runtime/json.ts';
import { dayMs } from '../../lambda/runtime/time.ts';
import type { Behaviours } from './behaviours.ts';
import { countOption, flagOption } from './routes/body.ts';
import { listed } from './routes/job-list.ts';

/** Of the file's shape; a later program may write another. */
export const recordFormat = 1;

type Item = Readonly<Record<string, unknown>>;

/** What was read of an instance, without anything that names its people or data. */
export interface InstanceRecord {
  readonly format: typeof recordFormat;
  /** Epoch ms. */
  readonly takenAt: number;
  readonly behaviours: Readonly<Record<string, unknown>>;
  readonly jobs: readonly Item[];
  readonly segments: readonly Item[];
  readonly measures: readonly Item[];
  readonly dataSources: readonly Item[];
  readonly nodes: readonly Item[];
}

const timeOf = (value: unknown): number => (typeof value === 'string' ? Date.parse(value) : Number.NaN);

const listIn = (answers: Item, name: string): readonly Item[] => {
  const value = answers[name];
  // Null: the instance refused to answer.
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every(isRecord))
    throw new RangeError(`"answers.${name}" must be a list of objects`);
  return value;
};

/** @throws RangeError that says what is no record */
export const readRecord = (value: unknown): InstanceRecord => {
  if (!isRecord(value) || !isRecord(value.answers))
    throw new RangeError(
      'This is not a record. `insights-connector doctor --assumptions --record <file>` writes one.',
    );
  if (value.format !== recordFormat)
    throw new RangeError(
      `The record has format ${JSON.stringify(value.format)}; this version replays format ${recordFormat}.`,
    );
  const takenAt = timeOf(value.takenAt);
  if (Number.isNaN(takenAt)) throw new RangeError('"takenAt" must be an ISO 8601 date and time');
  const { answers } = value;
  const many = listIn(answers, 'manyJobs');
  const long = listIn(answers, 'longSegments');
  return {
    format: recordFormat,
    takenAt,
    behaviours: isRecord(value.behaviours) ? value.behaviours : {},
    jobs: many.length > 0 ? many : listIn(answers, 'jobs'),
    segments: long.length > 0 ? long : listIn(answers, 'segments'),
    measures: listIn(answers, 'measures'),
    dataSources: listIn(answers, 'dataSources'),
    nodes: listIn(answers, 'nodes'),
  };
};

/** In the case of the record: some instances write `Running`. */
const asWritten = (like: unknown, word: string): string =>
  typeof like === 'string' && /^[A-Z]/.test(like) ? word.charAt(0).toUpperCase() + word.slice(1) : word;

const tasksOf = ({ tasks }: Item): readonly Item[] => (Array.isArray(tasks) ? tasks.filter(isRecord) : []);
const historyOf = ({ evaluationStatusHistory: history }: Item): readonly Item[] =>
  (Array.isArray(history) ? history.filter(isRecord) : []).toSorted(
    (a, b) => timeOf(a.evaluationDate) - timeOf(b.evaluationDate),
  );

/** A job or task as it was: it had no end and no error before it ended. */
const asOf = (item: Item, status: 'jobStatus' | 'taskStatus', at: number): Item => {
  const [begun, ended] = [timeOf(item.submittedTimestamp), timeOf(item.endTimestamp)];
  if (!(begun > at) && !(ended > at)) return item;
  const { endTimestamp: _, ciError: _error, ciErrors: _errors, ...rest } = item;
  return { ...rest, [status]: asWritten(item[status], begun > at ? 'queued' : 'running') };
};

/** One record, from a moment on. */
export class Replay {
  readonly #record: InstanceRecord;
  /** What is added to a time of the record, ms. */
  readonly #shift: number;
  /** Epoch ms on the simulator's clock: before its first and at its last moment. */
  readonly from: number;
  readonly until: number;

  /**
   * @param from the moment, ms on the simulator's clock, at which the record begins to happen
   * @param last how much of its end is played, ms; what was before has happened already. All by default
   */
  constructor(record: InstanceRecord, from: number, last = Number.POSITIVE_INFINITY) {
    // The clock of the machine that took the record may be wrong; these times are all of the instance.
    const times = [
      ...record.jobs
        .flatMap((job) => [job, ...tasksOf(job)])
        .flatMap(({ submittedTimestamp, endTimestamp }) => [submittedTimestamp, endTimestamp]),
      ...record.segments.flatMap(historyOf).map(({ evaluationDate }) => evaluationDate),
    ]
      .map(timeOf)
      .filter((time) => !Number.isNaN(time));
    const newest = times.reduce((most, time) => Math.max(most, time), times[0] ?? record.takenAt);
    const oldest = times.reduce((least, time) => Math.min(least, time), newest);
    const first = Math.max(oldest, newest - last);
    this.#record = record;
    this.#shift = from - first + 1;
    this.from = from;
    this.until = newest + this.#shift;
  }

  get counts() {
    const { jobs, segments, measures, dataSources } = this.#record;
    return {
      jobs: jobs.length,
      segments: segments.length,
      measures: measures.length,
      dataSources: dataSources.length,
    };
  }

  /** Names by which a flow can follow them; the key that they were masked with is gone. */
  get names() {
    const namesOf = (items: readonly Item[]) =>
      items.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
    return { segments: namesOf(this.#record.segments), measures: namesOf(this.#record.measures) };
  }

  /**
   * @param operation of the API definition
   * @returns undefined for what a record has no answer to: the simulated instance answers it
   */
  answer(
    operation: string,
    {
      query,
      parameters,
      now,
      behaviours,
    }: {
      readonly query: URLSearchParams;
      readonly parameters: Readonly<Record<string, string>>;
      readonly now: number;
      readonly behaviours: Behaviours;
    },
  ): unknown {
    const at = now - this.#shift;
    switch (operation) {
      case 'Get-list-of-recent-workflow-jobs':
        return this.#moved(this.#jobs(at, query, behaviours));
      case 'Get-workflow-status':
        return this.#moved(this.#record.nodes.map((node) => asOf(node, 'taskStatus', at)));
      case 'Get-all-data-sources':
        return this.#moved(this.#record.dataSources.map((source) => this.#dataSource(source, at)));
      case 'Get-all-segments': {
        const days = countOption(query, 'historicStatsDays') ?? behaviours.historyDays;
        const since = flagOption(query, 'includeHistoricStats') ? at - days * dayMs : undefined;
        return this.#moved(this.#record.segments.map((segment) => this.#segment(segment, at, since)));
      }
      case 'Get-a-list-of-measures-metadata':
        return this.#moved(this.#record.measures.map((measure) => this.#measure(measure, at)));
      case 'Get-metadata-for-a-measure': {
        const found = this.#record.measures.find(({ name }) => name === parameters.measureName);
        return found && this.#moved(this.#measure(found, at));
      }
      default:
        return undefined;
    }
  }

  #jobs(at: number, query: URLSearchParams, behaviours: Behaviours): readonly Item[] {
    const submitted = this.#record.jobs
      .filter(({ submittedTimestamp }) => !(timeOf(submittedTimestamp) > at))
      .toSorted((a, b) => timeOf(a.submittedTimestamp) - timeOf(b.submittedTimestamp));
    const withTasks = flagOption(query, 'includeTasks');
    return listed(submitted, ({ jobId }) => String(jobId), query, behaviours).map((job) => {
      const { tasks: _, ...alone } = asOf(job, 'jobStatus', at);
      return withTasks
        ? { ...alone, tasks: tasksOf(job).map((task) => asOf(task, 'taskStatus', at)) }
        : alone;
    });
  }

  #dataSource(source: Item, at: number): Item {
    const metadata = isRecord(source.dataSourceMetadata) ? source.dataSourceMetadata : source;
    const { lastRefresh, ...rest } = metadata;
    const seen = timeOf(lastRefresh) > at ? rest : metadata;
    return source === metadata ? seen : { ...source, dataSourceMetadata: seen };
  }

  #segment(segment: Item, at: number, since: number | undefined): Item {
    const { evaluationStatusHistory: _, evaluationStatus: latest, ...rest } = segment;
    const past = historyOf(segment).filter(({ evaluationDate }) => !(timeOf(evaluationDate) > at));
    const last = isRecord(latest) && !(timeOf(latest.evaluationDate) > at) ? latest : past.at(-1);
    return {
      ...rest,
      evaluationStatus: last ?? { jobStatus: 'None' },
      ...(since !== undefined && {
        evaluationStatusHistory: past.filter(({ evaluationDate }) => timeOf(evaluationDate) >= since),
      }),
    };
  }

  #measure(measure: Item, at: number): Item {
    const { latestEvaluation, output, ...rest } = measure;
    const evaluated = isRecord(latestEvaluation) && !(timeOf(latestEvaluation.endTime) > at);
    const valued = isRecord(output) && !(timeOf(output.evaluationTime) > at);
    return {
      ...rest,
      latestEvaluation: evaluated ? latestEvaluation : { state: 'none' },
      ...(valued && { output }),
    };
  }

  /** With the times of the record on the simulator's clock. */
  #moved(value: unknown, key = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#moved(item, key));
    if (isRecord(value))
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [name, this.#moved(inner, name)]),
      );
    if (!/(?:Timestamp|Date|Time|lastRefresh|lastSuccessful)$/.test(key)) return value;
    const time = timeOf(value);
    return Number.isNaN(time) ? value : new Date(time + this.#shift).toISOString();
  }
}
