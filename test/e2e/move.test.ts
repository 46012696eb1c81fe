/**
 * Subscriptions move from one deployment to another.
 *
 * State: of a subscription, at the source: active; at the target: absent, waiting (paused by the import), active. Of the
 * source: running, stopped. Of an event: sent by the source, recorded by the target, sent by the target.
 *
 * Events: export, import, the source stops, activation with --gap or --resend, something happens in Customer Insights.
 *
 * Invariants:
 * - an imported subscription gets nothing before it is activated, and what is there already is never changed
 * - what the source had sent before the export, the target never sends
 * - what happens after the activation is sent exactly once
 * - what happens between export and activation is in the target's ledger: with --gap it is sent only by replay, with
 *   --resend it is sent
 * - a threshold that the source had fired is still disarmed at the target
 * - without the passphrase nothing can be read of the file, and no changed file is taken
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { auditStore } from '../../lambda/store/audit-records.ts';
import type { ConnectedSystem } from '../../local/connected-system.ts';
import { writeOutputs } from '../../local/operator.ts';
import { commandsAt, startSecondDeployment } from './moved-system.ts';
import {
  failDataSource,
  type firstInstance,
  leaveSealingKey,
  stateTableOf,
  type TestSystem,
  testStart,
  useTestSystem,
} from './test-system.ts';

const folder = mkdtempSync(join(tmpdir(), 'move-'));
const sourceFile = join(folder, 'source.json');
const [targetFile, thirdFile] = [join(folder, 'target.json'), join(folder, 'third.json')];
const moved = join(folder, 'moved.icx');
const passphrase = 'correct horse battery';

let source: TestSystem;
let instance: ReturnType<typeof firstInstance>;
let target: ConnectedSystem;
let third: ConnectedSystem;

useTestSystem((started, first) => {
  [source, instance] = [started, first];
  writeOutputs(started, sourceFile);
});
beforeAll(async () => {
  target = await startSecondDeployment(source);
  writeOutputs(target, targetFile);
});
afterAll(async () => {
  await third?.close();
  await target?.close();
  rmSync(folder, { recursive: true, force: true });
});

const { run, result } = commandsAt(() => source.clock, passphrase);

const [segment, measure] = ['HighValueCustomers', 'TotalRevenue'];
const create = (name: string, trigger: string, inputs: object = {}) =>
  source.flowHost.create(name, trigger, { dataset: instance.id, ...inputs });
const accepted = (flow: string): number =>
  source.flowHost.callbacks.filter((one) => one.flow === flow && one.status === 202).length;
const idOf = ({ location }: { readonly location: string | undefined }): string =>
  /\/subscriptions\/([^/]+)\//.exec(location ?? '')?.[1] ?? expect.fail('no location');

const grow = async (count: number) => {
  instance.world.refreshSegment(segment, { count, durationMs: 10_000 });
  await source.clock.advance(5 * minuteMs);
};
const earn = async (value: string) => {
  instance.world.refreshMeasure(measure, { value, durationMs: 10_000 });
  await source.clock.advance(5 * minuteMs);
};

const flows: Record<string, { readonly location: string | undefined }> = {};

beforeAll(async () => {
  await source.clock.advance(2 * minuteMs);
  await grow(80);
  await earn('100');
  flows.failures = await create('failures', 'OnDataSourceRefreshFailed');
  flows.calm = await create('calm', 'OnSegmentThresholdCrossed', {
    segment,
    threshold: 100,
    rearmLevel: 50,
  });
  flows.revenue = await create('revenue', 'OnMeasureThresholdCrossed', { measure, threshold: 1_000 });
  flows.off = await create('off', 'OnDataSourceRefreshFailed');
  const off = source.flowHost.flows.find(({ name }) => name === 'off');
  await off?.switchOff({ unsubscribe: false });
  await failDataSource(source, instance);
  await grow(120);
  expect(['failures', 'calm', 'revenue', 'off'].map(accepted)).toEqual([1, 1, 0, 0]);
}, 60_000);

describe('export', () => {
  it('writes what only the passphrase opens, for this user alone', async () => {
    expect(await run(sourceFile, ['subscriptions', 'export', moved], ['short'])).toMatchObject({
      code: 2,
      error: expect.stringContaining('fewer than 12 characters'),
    });
    expect(
      await run(sourceFile, ['subscriptions', 'export', moved], [passphrase, 'correct horse batter']),
    ).toMatchObject({ code: 2, error: expect.stringContaining('differ') });

    const wrongKey = join(folder, 'wrong-key.json');
    const gone = readFileSync(sourceFile, 'utf8').replace(/(arn:aws:kms:[^"/]+\/)[^"]+/, `$1${randomUUID()}`);
    writeFileSync(wrongKey, gone);
    expect(await run(wrongKey, ['subscriptions', 'export', moved])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/callback key was refused: .*operators.*readCallbackUrls/s),
    });

    const exported = await result(sourceFile, 'subscriptions', 'export', moved);
    expect(exported).toEqual({ file: moved, subscriptions: 4, instances: 1, ended: 0, underWay: 0 });
    expect(statSync(moved).mode & 0o777).toBe(0o600);
    const bytes = readFileSync(moved).toString('latin1');
    expect(bytes).not.toContain(source.flowHost.url);
    expect(bytes).not.toContain(idOf(flows.failures ?? { location: undefined }));

    expect(await run(sourceFile, ['subscriptions', 'export', moved])).toMatchObject({
      code: 1,
      error: expect.stringContaining('there already'),
    });
  });

  it('is not read with another passphrase, by a deployment of another tenant, or where there is none', async () => {
    expect(await run(targetFile, ['subscriptions', 'import', moved], ['another passphrase'])).toMatchObject({
      code: 1,
      error: expect.stringContaining('the passphrase is another one'),
    });
    expect(await run(targetFile, ['subscriptions', 'import', `${moved}x`])).toMatchObject({
      code: 1,
      error: expect.stringContaining('There is no file'),
    });
    const foreign = join(folder, 'foreign.json');
    writeFileSync(
      foreign,
      readFileSync(targetFile, 'utf8').replace(
        /("TenantId": ")[^"]+/,
        '$100000000-0000-4000-8000-000000000009',
      ),
    );
    expect(await run(foreign, ['subscriptions', 'import', moved])).toMatchObject({
      code: 1,
      error: expect.stringMatching(/tenant .* and this deployment is of 00000000-/),
    });
    expect(await result(targetFile, 'subscriptions', 'list')).toMatchObject({ subscriptions: [] });
  });
});

describe('import', () => {
  it('writes subscriptions that wait, once, and tells what to do next', async () => {
    const first = await run(targetFile, ['subscriptions', 'import', moved]);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining('4 imported, 1 of them paused') });
    expect(first.out).toMatch(/keep the host of the old deployment.*"domain"/s);
    const again = await result(targetFile, 'subscriptions', 'import', moved);
    expect(again).toMatchObject({ imported: 0, present: 4 });
    const { subscriptions } = await result<{
      subscriptions: readonly { state: string; reason: string; subscriptionId: string }[];
    }>(targetFile, 'subscriptions', 'list');
    expect(subscriptions.map(({ state }) => state)).toEqual(['paused', 'paused', 'paused', 'paused']);
    expect(subscriptions.filter(({ reason }) => reason.includes('moved this trigger'))).toHaveLength(3);
  });

  it('lets nothing be sent before the activation', async () => {
    // The source sends these; the target records them.
    await failDataSource(source, instance);
    await earn('2000');
    expect(['failures', 'calm', 'revenue'].map(accepted)).toEqual([2, 1, 1]);
  });
});

describe('activation', () => {
  it('is refused while the source polls', async () => {
    const refused = await run(targetFile, ['subscriptions', 'activate', moved, '--source', sourceFile]);
    expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('Nothing was activated') });
    expect(await run(targetFile, ['subscriptions', 'activate', moved])).toMatchObject({
      code: 2,
      error: expect.stringMatching(/stopped\?.*--yes/s),
    });
    expect(
      await run(targetFile, ['subscriptions', 'activate', moved, '--gap', '--resend', '--yes']),
    ).toMatchObject({ code: 2, error: expect.stringContaining('exclude') });
  });

  it('with --gap sends nothing of the time in between, which replay can send', async () => {
    await source.deployment.close();
    // Nobody sends this one.
    await failDataSource(source, instance);
    const activated = await result(targetFile, 'subscriptions', 'activate', moved, '--yes');
    expect(activated).toMatchObject({ mode: 'gap', activated: 3, stopped: 1, absent: 0, sent: 0 });
    await source.clock.advance(10 * minuteMs);
    expect(['failures', 'calm', 'revenue', 'off'].map(accepted)).toEqual([2, 1, 1, 0]);

    const id = idOf(flows.failures ?? { location: undefined });
    const why = await run(targetFile, ['why', id, '--since', '1h']);
    expect(why.out).toMatch(/Gap from .*moved here from another deployment/s);
    expect(why.out).toMatch(/Not sent: .*moved here.*replay/s);
    const missed = await result(targetFile, 'replay', '--subscription', id, '--since', '1h', '--only-missed');
    // Those of the time in between; the one before the export was accepted from the source.
    expect(missed).toMatchObject({ sent: 2, leftOut: 1 });
    await source.clock.advance(minuteMs);
    expect(accepted('failures')).toBe(4);
  });

  it('lets what happens afterwards be sent once', async () => {
    await failDataSource(source, instance);
    expect(accepted('failures')).toBe(5);
    // Still above 1,000: no crossing. Then a fall and a rise.
    await earn('3000');
    expect(accepted('revenue')).toBe(1);
    await earn('500');
    await earn('1500');
    expect(accepted('revenue')).toBe(2);
  });

  it('keeps a threshold disarmed that the source had fired', async () => {
    await grow(90);
    await grow(110);
    expect(accepted('calm'), 'it has not been at 50').toBe(1);
    await grow(50);
    await grow(110);
    expect(accepted('calm')).toBe(2);
  });

  it('can be repeated without effect', async () => {
    const again = await result(targetFile, 'subscriptions', 'activate', moved, '--yes');
    expect(again).toMatchObject({ activated: 0, before: 3, stopped: 1 });
    await source.clock.advance(5 * minuteMs);
    expect(['failures', 'calm', 'revenue'].map(accepted)).toEqual([5, 2, 2]);
  });
});

describe('activation with --resend', () => {
  const again = join(folder, 'again.icx');

  it('sends what happened in between, and nothing of before', async () => {
    third = await startSecondDeployment(source);
    await leaveSealingKey(third, source.clock);
    writeOutputs(third, thirdFile);
    await source.clock.advance(2 * minuteMs);
    await result(targetFile, 'subscriptions', 'export', again);
    await result(thirdFile, 'subscriptions', 'import', again);
    await failDataSource(source, instance);
    expect(accepted('failures'), 'sent by the second').toBe(6);
    await target.deployment.close();
    await failDataSource(source, instance);
    await earn('200');
    await earn('1700');
    expect(['failures', 'calm', 'revenue'].map(accepted), 'sent by nobody').toEqual([6, 2, 2]);

    const activated = await result(thirdFile, 'subscriptions', 'activate', again, '--resend', '--yes');
    expect(activated).toMatchObject({ mode: 'resend', activated: 3, stopped: 1, absent: 0 });
    await source.clock.advance(5 * minuteMs);
    // Of the failures, the one that the second deployment had sent comes twice, and those before the export do not.
    expect(['failures', 'calm'].map(accepted)).toEqual([8, 2]);
    // A measure that nobody followed here is read again by the next look at everything.
    await source.clock.advance(60 * minuteMs);
    expect(accepted('revenue')).toBe(3);

    const repeated = await result(thirdFile, 'subscriptions', 'activate', again, '--resend', '--yes');
    expect(repeated).toMatchObject({ activated: 0, before: 3, sent: 0 });
    await source.clock.advance(5 * minuteMs);
    expect(['failures', 'calm', 'revenue'].map(accepted)).toEqual([8, 2, 3]);
  });

  it('leaves an audit record of each step', async () => {
    const actions: string[] = [];
    const records = auditStore(stateTableOf(third));
    for await (const { body } of records.since(testStart, source.clock.now())) actions.push(body.action);
    expect(new Set(actions)).toEqual(new Set(['imported', 'activated', 'replayed']));
  });
});

describe('restore', () => {
  it('withholds what the first look finds, which replay can send, and nothing after it', async () => {
    const before = accepted('failures');
    const table = third.deployment.outputs.StateTableName ?? '';
    expect(await result(thirdFile, 'restore', '--table', table, '--yes')).toMatchObject({ mode: 'gap' });
    await failDataSource(source, instance);
    expect(accepted('failures')).toBe(before);
    await failDataSource(source, instance);
    expect(accepted('failures')).toBe(before + 1);
  });
});
