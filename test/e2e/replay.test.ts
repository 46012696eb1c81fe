/**
 * A record of one instance is played in another run: what happened there happens again, with the same outcome. The record
 * is made by doctor of a simulated instance whose past is planted.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '../../lambda/runtime/time.ts';
import { openRunControl } from '../../local/control/run-control.ts';
import { writeOutputs } from '../../local/operator.ts';
import { Replay, readRecord } from '../../local/simulator/recorded-instance.ts';
import { commandInProcess } from '../bin/command-in-process.ts';
import { firstInstance, startTestSystem, testStart } from './test-system.ts';

/*
 * State: the record, and the moment at which its first entry is about to happen.
 * Events: the clock moves; the watch reads.
 * Invariants:
 *  - before the start nothing of the record has happened; at its end all has;
 *  - a job is queued or running until its end, and has no error before it;
 *  - each failed refresh and each crossing of the record leads to one event, and nothing else does;
 *  - names and ids of the recorded instance are nowhere.
 */

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Task {
  readonly operationType: string;
  readonly taskStatus: string;
}
interface Recorded {
  readonly behaviours: object;
  readonly answers: {
    readonly manyJobs: readonly { readonly submittedTimestamp: string; readonly tasks: readonly Task[] }[];
    readonly longSegments: readonly {
      readonly name: string;
      readonly evaluationStatusHistory: readonly {
        readonly evaluationDate: string;
        readonly entityCount: number;
        readonly jobStatus: string;
      }[];
    }[];
  };
}

/** Two failed refreshes and a segment that goes over 900 twice. */
const recordOfPast = async (file: string): Promise<Recorded> => {
  const system = await startTestSystem();
  try {
    const { world } = firstInstance(system);
    await fetch(`${system.simulator.controlUrl}/setBehaviour`, {
      method: 'POST',
      body: JSON.stringify({ name: 'jobOrder', value: 'oldestFirst' }),
    });
    const [source] = world.dataSources;
    for (const count of [800, 1_000, 700, 950]) {
      world.refreshSegment('HighValueCustomers', { count, durationMs: 5_000 });
      await system.clock.advance(hourMs);
      if (count > 900) world.refreshDataSource(source?.name ?? '', { outcome: 'fail', durationMs: 5_000 });
      await system.clock.advance(hourMs);
    }
    const outputs = join(folder, 'recorded.json');
    writeOutputs(system, outputs);
    const made = await commandInProcess(
      'doctor',
      '--assumptions',
      '--outputs',
      outputs,
      '--record',
      file,
      '--yes',
    );
    expect(made.code, made.error).toBe(1);
    const text = readFileSync(file, 'utf8');
    for (const secret of [world.id, 'HighValueCustomers', source?.id ?? '', source?.name ?? ''])
      expect(text).not.toContain(secret);
    return JSON.parse(text);
  } finally {
    await system.close();
  }
};

describe('a record of doctor', () => {
  it('is played by the local run: the same failures and crossings, once each', async () => {
    const file = join(folder, 'record.json');
    const record = await recordOfPast(file);
    const { manyJobs, longSegments } = record.answers;
    const failures = manyJobs
      .flatMap(({ tasks }) => tasks)
      .filter(({ operationType, taskStatus }) => operationType === 'ingestion' && taskStatus === 'failed');
    // The simulated past before the planted one has failures of its own; it is not played.
    expect(failures.length).toBeGreaterThanOrEqual(2);
    expect(record.behaviours).toEqual({ jobOrder: 'oldestFirst' });
    const crossed = longSegments.filter(({ evaluationStatusHistory: history }) => {
      const counts = history.map(({ entityCount }) => entityCount);
      return counts.slice(-4).join() === '800,1000,700,950';
    });
    expect(crossed).toHaveLength(1);

    const system = await startTestSystem();
    const control = await openRunControl();
    control.serve(system);
    try {
      const outputs = join(folder, 'replaying.json');
      writeOutputs(system, outputs, control);
      const { id } = firstInstance(system);
      const played = await commandInProcess(
        'local',
        'replay',
        file,
        '--last',
        '7h',
        '--outputs',
        outputs,
        '--json',
      );
      const { result } = JSON.parse(played.out);
      expect([played.code, result.counts.jobs]).toEqual([0, manyJobs.length]);
      expect(Date.parse(result.from)).toBe(system.clock.now());
      await system.flowHost.create('failures', 'OnDataSourceRefreshFailed', { dataset: id });
      await system.flowHost.create('crossings', 'OnSegmentThresholdCrossed', {
        dataset: id,
        segment: crossed[0]?.name ?? '',
        threshold: 900,
      });
      const whole = Date.parse(result.until) - Date.parse(result.from);
      expect(whole).toBe(7 * hourMs + 1);
      await system.clock.advance(whole + hourMs);
      const calls = (name: string) => system.flowHost.callbacks.filter(({ flow }) => flow === name);
      expect(calls('failures')).toHaveLength(2);
      const values = calls('crossings').map(({ payload }) => payload.currentValue);
      expect(values).toEqual([1_000, 950]);
      const behaviours = await (await fetch(`${system.simulator.controlUrl}/behaviours`)).json();
      expect(behaviours).toMatchObject({ values: { jobOrder: 'oldestFirst' } });

      const ended = await commandInProcess('local', 'replay', 'end', '--outputs', outputs);
      expect(ended).toMatchObject({ code: 0, out: 'The simulated instance answers again.' });
    } finally {
      await control.close();
      await system.close();
    }
    // Two runs with 16 hours of the clock, minute by minute.
  }, 180_000);

  it('that is none is refused, with what is wrong', async () => {
    const system = await startTestSystem();
    const control = await openRunControl();
    control.serve(system);
    try {
      const outputs = join(folder, 'refusing.json');
      writeOutputs(system, outputs, control);
      const refused = async (text: string) => {
        const file = join(folder, 'wrong.json');
        writeFileSync(file, text);
        return commandInProcess('local', 'replay', file, '--outputs', outputs);
      };
      expect(await refused('{')).toMatchObject({ code: 2, error: expect.stringMatching(/is not JSON/) });
      expect(await refused('{}')).toMatchObject({ code: 1, error: expect.stringMatching(/not a record/) });
      expect(await refused('{"format":2,"answers":{}}')).toMatchObject({
        code: 1,
        error: expect.stringMatching(/format 2; this version replays format 1/),
      });
      expect(
        await refused('{"format":1,"takenAt":"2026-06-01T10:00:00Z","answers":{"jobs":[1]}}'),
      ).toMatchObject({
        code: 1,
        error: expect.stringMatching(/"answers\.jobs" must be a list of objects/),
      });
    } finally {
      await control.close();
      await system.close();
    }
  });
});

describe('a moment of a record', () => {
  const at = (minute: number) => new Date(testStart + minute * minuteMs).toISOString();
  const record = readRecord({
    format: 1,
    takenAt: at(60),
    answers: {
      jobs: [
        {
          jobId: 'a',
          jobStatus: 'Failed',
          submittedTimestamp: at(0),
          endTimestamp: at(20),
          tasks: [
            {
              taskId: 't',
              taskStatus: 'Failed',
              submittedTimestamp: at(5),
              endTimestamp: at(20),
              ciError: { errorCode: 'x' },
            },
          ],
        },
      ],
      segments: [
        {
          name: 's',
          evaluationStatus: { jobStatus: 'CompletedSuccess', evaluationDate: at(30), entityCount: 2 },
          evaluationStatusHistory: [
            { jobStatus: 'CompletedSuccess', evaluationDate: at(10), entityCount: 1 },
            { jobStatus: 'CompletedSuccess', evaluationDate: at(30), entityCount: 2 },
          ],
        },
      ],
    },
  });
  /** A year later. */
  const from = testStart + 365 * dayMs;
  const replay = new Replay(record, from);
  const behaviours = {
    jobOrder: 'newestFirst',
    jobsDefaultTop: 50,
    jobsTopCap: 200,
    historyDays: 30,
  } as never;
  const ask = (operation: string, minute: number, query = '') =>
    replay.answer(operation, {
      query: new URLSearchParams(query),
      parameters: {},
      now: from + 1 + minute * minuteMs,
      behaviours,
    });
  const jobs = (minute: number) => ask('Get-list-of-recent-workflow-jobs', minute, 'includeTasks=true');
  const moved = (minute: number) => new Date(from + 1 + minute * minuteMs).toISOString();

  it('before the first entry is empty', () => {
    expect(jobs(-1)).toEqual([]);
    expect(ask('Get-all-segments', -1)).toEqual([{ name: 's', evaluationStatus: { jobStatus: 'None' } }]);
  });

  it('shows a job as queued and running, in the case of the record, and then as it ended', () => {
    expect(jobs(1)).toEqual([
      {
        jobId: 'a',
        jobStatus: 'Running',
        submittedTimestamp: moved(0),
        tasks: [{ taskId: 't', taskStatus: 'Queued', submittedTimestamp: moved(5) }],
      },
    ]);
    expect(jobs(6)).toMatchObject([{ jobStatus: 'Running', tasks: [{ taskStatus: 'Running' }] }]);
    expect(jobs(20)).toMatchObject([
      {
        jobStatus: 'Failed',
        endTimestamp: moved(20),
        tasks: [{ taskStatus: 'Failed', ciError: { errorCode: 'x' } }],
      },
    ]);
  });

  it('shows the evaluations that had been', () => {
    expect(ask('Get-all-segments', 15, 'includeHistoricStats=true')).toMatchObject([
      {
        evaluationStatus: { entityCount: 1, evaluationDate: moved(10) },
        evaluationStatusHistory: [{ entityCount: 1 }],
      },
    ]);
    expect(ask('Get-all-segments', 40, 'includeHistoricStats=true')).toMatchObject([
      {
        evaluationStatus: { entityCount: 2 },
        evaluationStatusHistory: [{ entityCount: 1 }, { entityCount: 2 }],
      },
    ]);
  });

  it('leaves everything else to the simulated instance', () => {
    expect(ask('Get-all-instances', 5)).toBeUndefined();
  });
});
