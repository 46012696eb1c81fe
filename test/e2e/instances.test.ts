/**
 * The instances of a running deployment, as an operator changes them.
 *
 * State: an instance is served, paused or removed; the functions know it from its row, which the deployment wrote or a
 * command. Events: the commands; events in Customer Insights; a call; a minute passes.
 * Invariants: within a minute of a command, calls and polls follow it; what happens while an instance is paused reaches
 * its flows after it is resumed, once; a removed instance is neither called nor polled, and its flows are told; no
 * command prints a key.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { type Envelope, runCommandLine } from '../../bin/commands/run.ts';
import type { DeploymentStatus } from '../../bin/operator/status.ts';
import { dayMs, hourMs, minuteMs } from '../../lambda/runtime/time.ts';
import { consoleCallers } from './console-callers.ts';
import { useOperatedSystem } from './operated-system.ts';
import { failDataSource, type firstInstance, send, type TestSystem } from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
const file = (name: string) => join(folder, name);

const folder = useOperatedSystem((started, first) => {
  [system, instance] = [started, first];
});

/** At the time of the system; answers to hidden questions in their order. */
const command = async (given: readonly string[], hidden: string[] = []) => {
  const [out, complaints]: [string[], string[]] = [[], []];
  vi.useFakeTimers({ toFake: ['Date'], now: system.clock.now() });
  try {
    const code = await runCommandLine(given, {
      print: (text) => out.push(text),
      complain: (text) => complaints.push(text),
      askHidden: async () => hidden.shift() ?? '',
    });
    return { code, out: out.join('\n'), complaints: complaints.join('\n') };
  } finally {
    vi.useRealTimers();
  }
};

const result = async <Result>(...given: readonly string[]) => {
  const { code, out } = await command([...given, '--json']);
  return { code, result: (JSON.parse(out) as Envelope).result as Result };
};

const keys = () => Object.values(instance.world.subscriptionKeys);
const callsNow = () => system.simulator.requests.counters.total;
const runsOf = ({ name }: { readonly name: string }) =>
  system.flowHost.callbacks.filter(({ flow }) => flow === name).length;
const testConnection = async () => {
  const token = await system.issuer.userToken({});
  return send(system, 'GET', '/v1/connection', { token });
};

describe('before the first change', () => {
  it('the instances of the configuration have the rows that the deployment wrote', async () => {
    expect(await command(['instances', 'list'])).toMatchObject({
      code: 0,
      out: expect.stringContaining(instance.id),
      complaints: '',
    });
  });
});

describe('an instance that is paused', () => {
  it('is not polled; what happens in the meantime reaches its flow once it is resumed, and nothing is late', async () => {
    const flow = await system.flowHost.create('paused', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
    });
    await system.clock.advance(2 * minuteMs);
    expect(await command(['instances', 'pause', instance.name])).toMatchObject({
      code: 0,
      out: expect.stringContaining(`${instance.name}: paused.`),
    });
    await system.clock.advance(2 * minuteMs);
    const calls = callsNow();
    await failDataSource(system, instance, 5 * hourMs);
    expect(callsNow()).toBe(calls);
    expect(runsOf(flow)).toBe(0);

    const paused = await result<DeploymentStatus>('status');
    expect(paused.result.attention).toEqual([]);
    expect(paused.result.instances).toEqual([
      expect.objectContaining({ pausedAt: expect.stringMatching(/Z$/), overdueMs: 0 }),
    ]);
    expect((await command(['status'])).out).toMatch(/paused/);
    expect((await command(['instances', 'list'])).out).toMatch(/paused since 20/);
    const { body } = await system.client.call('ListSubscriptions', {});
    expect(JSON.stringify(body)).toContain('An operator has paused the instance since');

    expect(await command(['instances', 'resume', instance.id])).toMatchObject({ code: 0 });
    await system.clock.advance(3 * minuteMs);
    expect(callsNow()).toBeGreaterThan(calls);
    expect(runsOf(flow)).toBe(1);
    const resumed = await result<DeploymentStatus>('status');
    expect(resumed.result).toMatchObject({ attention: [], instances: [{ pausedAt: null }] });
    await flow.delete();
  });

  it('is paused and resumed again without effect', async () => {
    await command(['instances', 'pause', instance.name]);
    expect((await command(['instances', 'pause', instance.name])).out).toContain('is paused already');
    await command(['instances', 'resume', instance.name]);
    expect((await command(['instances', 'resume', instance.name])).out).toContain('is not paused');
  });

  it('needs attention before events are lost', async () => {
    await command(['instances', 'pause', instance.name]);
    vi.useFakeTimers({ toFake: ['Date'], now: system.clock.now() + 26 * dayMs });
    const printed: string[] = [];
    const code = await runCommandLine(['status'], {
      print: (text) => printed.push(text),
      complain: () => undefined,
    });
    vi.useRealTimers();
    expect(code).toBe(1);
    expect(printed.join('\n')).toMatch(/is paused since .*insights-connector instances resume/s);
    await command(['instances', 'resume', instance.name]);
  });
});

describe('an instance that is removed', () => {
  it('is not called, and comes back with its keys', async () => {
    const flow = await system.flowHost.create('removed', 'OnDataSourceRefreshFailed', {
      dataset: instance.id,
    });
    expect(await command(['instances', 'remove', instance.name, '--yes'])).toMatchObject({
      code: 2,
      complaints: expect.stringMatching(/has 1 subscriptions.*--end-subscriptions/s),
    });
    const removed = await result<{ readonly ended: number }>(
      ...['instances', 'remove', instance.name, '--yes', '--end-subscriptions'],
    );
    expect(removed).toMatchObject({ code: 0, result: { outcome: 'removed', ended: 1, active: 0 } });
    await system.clock.advance(minuteMs);
    const calls = callsNow();
    expect(await testConnection()).not.toMatchObject({ status: 200 });
    await system.clock.advance(5 * minuteMs);
    expect(callsNow()).toBe(calls);
    expect(runsOf(flow)).toBe(0);

    const wrong = await command(
      ['instances', 'add', instance.id, '--name', 'Back'],
      ['x'.repeat(32), 'y'.repeat(32)],
    );
    expect(wrong).toMatchObject({ code: 1, complaints: expect.stringContaining('not taken') });
    expect((await command(['instances', 'list'])).out).toBe('No instances.');

    const back = await command(['instances', 'add', instance.id, '--name', 'Back'], keys());
    expect(back).toMatchObject({ code: 0, out: expect.stringContaining('Back: added.') });
    for (const key of keys()) expect(`${back.out}${back.complaints}`).not.toContain(key);
    await system.clock.advance(minuteMs);
    expect(await testConnection()).toMatchObject({ status: 200, body: { instances: 1 } });
    // Each function that calls Customer Insights reads the keys by a right of its own.
    const { status } = await consoleCallers(system)('owner', `/datasets/${instance.id}/segments`);
    expect(status).toBe(200);
    const crossing = await system.flowHost.create('back', 'OnSegmentThresholdCrossed', {
      dataset: instance.id,
      segment: instance.world.segments[0]?.name ?? '',
      threshold: 7,
    });
    await crossing.delete();
    expect((await command(['instances', 'add', instance.id, '--name', 'Back'])).out).toContain(
      'served already',
    );
    expect((await command(['instances', 'list'])).out).toMatch(/Back .*instance-keys-0001/s);
    expect((await command(['secrets', 'put', 'Back'], keys())).code).toBe(0);
    expect((await result<readonly { readonly state: string }[]>('secrets', 'status')).result).toEqual(
      expect.arrayContaining([expect.objectContaining({ of: 'the instance Back', state: 'stored' })]),
    );
  });
});

describe('a file of instances', () => {
  const write = (value: unknown) => {
    writeFileSync(file('instances.json'), JSON.stringify(value));
    return file('instances.json');
  };
  const other = '12345678-1234-4234-8234-123456789012';

  it('is compared with what is served, and applied after a question', async () => {
    const path = write([{ id: instance.id, name: 'Renamed' }]);
    const dry = await command(['instances', 'apply', path, '--dry-run']);
    expect(dry.out).toMatch(/~ Back → Renamed .*0 added, 1 renamed, 0 removed, 0 unchanged/s);
    expect(await command(['instances', 'apply', path])).toMatchObject({
      code: 2,
      complaints: expect.stringContaining('--yes'),
    });
    expect((await command(['instances', 'apply', path, '--yes'])).code).toBe(0);
    expect((await command(['instances', 'apply', path, '--yes'])).out).toMatch(
      /0 renamed, 0 removed, 1 unchanged/,
    );
  });

  it('adds no instance without keys', async () => {
    const path = write({ instances: [{ id: other, name: 'Other', secretName: 'any' }] });
    expect(await command(['instances', 'apply', path, '--yes'])).toMatchObject({
      code: 1,
      complaints: expect.stringMatching(/Other .*has no two keys.*--keys/s),
    });
    expect((await command(['instances', 'list'])).out).not.toContain(other);
  });

  it('removes others only when told to', async () => {
    const path = write([{ id: other, name: 'Other' }]);
    expect((await command(['instances', 'apply', path, '--dry-run'])).out).toContain('They stay');
    expect((await command(['instances', 'apply', path, '--dry-run', '--remove-others'])).out).toContain(
      '- Renamed',
    );
  });

  it.each([
    [[], 'no list of instances'],
    [[{ id: 'x', name: 'X' }], 'instances.0.id is "x"'],
    [[{ id: other, name: '' }], 'instances.0.name is ""'],
    [[{ id: other, name: 'A', key: 'k' }], 'has the key "key"'],
    [
      [
        { id: other, name: 'A' },
        { id: other.toUpperCase(), name: 'B' },
      ],
      'twice',
    ],
  ])('is refused with the problem: %j', async (value, problem) => {
    const refused = await command(['instances', 'apply', write(value), '--yes']);
    expect(refused).toMatchObject({ code: 1, complaints: expect.stringContaining(problem) });
  });
});

describe('wrong calls', () => {
  it.each([
    [['pause'], 'needs the names'],
    [['pause', 'Nobody'], 'serves no instance "Nobody"'],
    [['add', 'x', '--name', 'X'], 'id is "x"'],
    [['add'], 'needs the id'],
    [['remove'], 'needs the name'],
    [['apply'], 'needs a file'],
    [['destroy'], 'there are list, add, remove, apply, pause, resume'],
  ])('%j say what to do', async (given, message) => {
    const { code, complaints } = await command(['instances', ...given]);
    expect(code).toBeGreaterThan(0);
    expect(complaints).toContain(message);
  });
});
