/*
 * State: the record of the run; what is registered; what is on its way.
 * Events: the clock starts a run; the sample arrives, late, twice, or never; a call is refused; the process dies after
 * any step; another run begins at the same time.
 * Invariants:
 *  - a success is counted exactly when the sample of the run in the record arrives for the first time;
 *  - a run that is not sound says so once, with its step, and the next run removes what it left before it registers.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import { type CanaryPorts, receiveSample, runCanary } from '../../../lambda/canary/one-run.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { type CanaryAnswer, canaryRuns } from '../../../lambda/store/canary-runs.ts';
import { sampleEventId } from '../../../lambda/triggers/sample-id.ts';
import { figure } from '../../../scripts/cost/figures.ts';
import { countedTable } from '../counted-table.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { memoryTable } from '../memory-table.ts';

const start = Date.UTC(2046, 5, 1, 10);
const removal = '/v1/subscriptions/s/secret';

let world: ReturnType<typeof canaryWorld>;
beforeEach(() => {
  world = canaryWorld();
});

function canaryWorld() {
  const { table, counts } = countedTable(memoryTable());
  const clock = { now: start };
  const { log, lines } = recordedLog();
  const counted: string[] = [];
  const measured: number[] = [];
  /** What was asked for, in order. */
  const asked: string[] = [];
  const answers: { register: () => Promise<CanaryAnswer>; remove: () => Promise<number> } = {
    register: async () => ({ removal }),
    remove: async () => 204,
  };
  let secrets = 0;
  const ports: CanaryPorts = {
    runs: canaryRuns(table),
    async register(sample) {
      asked.push(`register ${sample}`);
      return answers.register();
    },
    async remove(path) {
      asked.push(`remove ${path}`);
      return answers.remove();
    },
    now: () => clock.now,
    newSecret: () => {
      secrets += 1;
      return `secret-${secrets}`;
    },
    count: (name) => counted.push(name),
    measure: (_, value) => measured.push(value),
    log: logWith(log, {}),
  };
  return {
    ports,
    counts,
    clock,
    asked,
    answers,
    counted,
    measured,
    told: () =>
      lines.flatMap(({ message, keys }) => (message === 'canary failed' ? [[keys.step, keys.reason]] : [])),
    run: () => runCanary(ports),
    receive: (of: number) => receiveSample(ports, sampleEventId(`secret-${of}`)),
  };
}

describe('a run', () => {
  it('registers, and the sample that arrives is a success with its time', async () => {
    await world.run();
    world.clock.now += 1_234;
    expect(await world.receive(1)).toBe(true);
    expect([world.counted, world.measured, world.told()]).toEqual([['CanarySuccesses'], [1_234], []]);
  });

  it('removes what the run before registered, and then registers', async () => {
    await world.run();
    await world.receive(1);
    await world.run();
    expect(world.asked).toEqual(['register secret-1', `remove ${removal}`, 'register secret-2']);
    expect(world.told()).toEqual([]);
  });

  it('costs as many reads and writes as the cost model says', async () => {
    await world.run();
    await world.receive(1);
    expect(world.counts).toMatchObject({ reads: figure('canaryReads'), writes: figure('canaryWrites') });
  });
});

describe('a sample', () => {
  it('counts once, however often it arrives', async () => {
    await world.run();
    await world.receive(1);
    expect(await world.receive(1)).toBe(false);
    expect(world.counted).toHaveLength(1);
  });

  it('of a run before is none of this one', async () => {
    await world.run();
    await world.run();
    expect(await world.receive(1)).toBe(false);
    expect(await world.receive(2)).toBe(true);
  });

  it('may arrive before the registration is answered', async () => {
    world.answers.register = async () => {
      expect(await world.receive(1)).toBe(true);
      return { removal };
    };
    await world.run();
    world.answers.register = async () => ({ removal });
    await world.run();
    expect(world.asked).toContain(`remove ${removal}`);
    expect(world.told()).toEqual([]);
  });

  it('is nothing where no run was', async () => {
    expect(await world.receive(1)).toBe(false);
  });
});

describe('a failure is told with its step', () => {
  it('a sample that did not come until the next run', async () => {
    await world.run();
    world.clock.now += 300_000;
    await world.run();
    expect(world.told()).toEqual([['receive', 'The sample has not arrived in 300000 ms.']]);
    expect(world.asked).toContain(`remove ${removal}`);
  });

  it('a registration that is refused, or breaks', async () => {
    world.answers.register = async () => ({ failed: 'The table does not answer.' });
    await world.run();
    world.answers.register = async () => {
      throw new Error('Lambda did not answer Invoke.');
    };
    await world.run();
    expect(world.told()).toEqual([
      ['register', 'The table does not answer.'],
      ['register', 'Lambda did not answer Invoke.'],
    ]);
    expect(world.counted).toEqual([]);
  });

  it('a removal that is refused, or breaks: it is made again, and nothing is registered before', async () => {
    await world.run();
    await world.receive(1);
    world.answers.remove = async () => 503;
    await world.run();
    world.answers.remove = async () => {
      throw new Error('The connection was closed.');
    };
    await world.run();
    expect(world.told()).toEqual([
      ['remove', 'The removal was answered with status 503.'],
      ['remove', 'The connection was closed.'],
    ]);
    expect(world.asked.filter((one) => one.startsWith('register'))).toEqual(['register secret-1']);
  });
});

describe('a run that dies', () => {
  it('after it was noted leaves the registration to the next one', async () => {
    // Nothing is known of the removal: the process died while it waited for the answer.
    world.answers.register = () => new Promise(() => undefined);
    void world.run();
    await new Promise(setImmediate);
    world.answers.register = async () => ({ removal });
    await world.run();
    expect(await world.receive(2)).toBe(true);
    expect(world.told()).toEqual([]);
  });

  it('or is overtaken, leaves the record to the one that came later', async () => {
    world.answers.register = async () => {
      world.answers.register = async () => ({ removal: '/later' });
      await world.run();
      return { removal };
    };
    await world.run();
    await world.run();
    expect(world.asked).toEqual([
      'register secret-1',
      'register secret-2',
      'remove /later',
      'register secret-3',
    ]);
  });
});
