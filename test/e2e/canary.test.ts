/**
 * The canary in the whole system, where flows may not be called on this machine: only its own callback may.
 *
 * State: the run (`CANARY` / `RUN`) with the id of its sample, the removal, and when the sample arrived; at most one
 * subscription. Events: the clock starts a run; a sample, or anything else, arrives; a run dies; a part is broken.
 * Invariants: a success is counted once for each sample that arrived, and for nothing else; the subscription is in no
 * list of any person; what a run left is gone with the next.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../config/check.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { type FlowId, hashedId, subscriptionId as idOf } from '../../lambda/runtime/ids.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { canaryPrincipal, canaryRuns } from '../../lambda/store/canary-runs.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import { alarmDefinitions } from '../../lib/alarms.ts';
import { LocalClock } from '../../local/clock.ts';
import { grantText } from '../../local/iam/grants.ts';
import { writeOutputs } from '../../local/operator.ts';
import { type Synthesised, synthesiseLocally } from '../../local/synthesised.ts';
import type { LogLine } from '../../local/template/functions.ts';
import type { Template } from '../../local/template/template.ts';
import { commandInProcess } from '../bin/command-in-process.ts';
import { consoleCallers } from './console-callers.ts';
import { send, startTestSystem, stateTableOf, type TestSystem, testStart } from './test-system.ts';

const configuration = checkConfiguration(
  {
    ...structuredClone(exampleConfiguration),
    console: { clientId: '00000000-0000-4000-8000-0000000c0501' },
    monitoring: { canary: true },
  },
  'the test',
);
const principal = canaryPrincipal(configuration.tenantId);
const everyMs = 5 * minuteMs;

const folder = mkdtempSync(join(tmpdir(), 'canary-'));
let synthesised: Synthesised;
beforeAll(async () => {
  synthesised = await synthesiseLocally(configuration, join(folder, 'functions'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (planted?: Synthesised): Promise<TestSystem> =>
  startTestSystem(
    { clock: LocalClock.frozen(testStart), configuration, synthesised: planted ?? synthesised },
    { keepsUse: planted === undefined },
  );

const of = (lines: readonly LogLine[]) =>
  lines.flatMap(({ functionName, time, text }) => {
    if (!functionName.startsWith('Canary')) return [];
    try {
      return [{ time, ...(JSON.parse(text) as Readonly<Record<string, unknown>>) }];
    } catch {
      // A report of the runtime.
      return [];
    }
  });
type Line = ReturnType<typeof of>[number] & Readonly<Record<string, unknown>>;

const successes = ({ lines }: TestSystem) =>
  (of(lines) as readonly Line[]).filter(({ CanarySuccesses }) => CanarySuccesses !== undefined);
const failures = ({ lines }: TestSystem) =>
  (of(lines) as readonly Line[]).filter(({ message }) => message === 'canary failed');

/** Whether the alarm rings at a time, from what was counted until then. */
const isRinging = (system: TestSystem, now: number): boolean => {
  const alarm = alarmDefinitions(1, { canary: true }).find(({ name }) => name === 'CanaryMissing');
  if (alarm === undefined) throw new Error('There is no such alarm.');
  const periodMs = alarm.periodMinutes * minuteMs;
  return Array.from({ length: alarm.periods }, (_, at) => now - at * periodMs).every((until) => {
    const counted = successes(system).filter(({ time }) => time > until - periodMs && time <= until);
    // Nothing counts as beyond the threshold, as the alarm has it.
    return counted.length === 0 ? alarm.missing === 'bad' : counted.length < alarm.threshold;
  });
};

describe('a sound system', () => {
  let system: TestSystem;
  let callback: string;
  beforeAll(async () => {
    system = await start();
    callback = `${system.deployment.apiUrl}/v1/canary`;
  });
  afterAll(() => system?.close());

  const subscription = () =>
    subscriptionStore(stateTableOf(system)).find(
      idOf(hashedId('subscription', new URL(callback).href) as FlowId, principal),
    );
  const run = async () => (await canaryRuns(stateTableOf(system)).find('RUN'))?.body;

  it('receives a sample every five minutes, by queue and HTTP, and counts it', async () => {
    await system.clock.advance(3 * everyMs + minuteMs);
    expect(failures(system)).toEqual([]);
    expect(successes(system)).toHaveLength(3);
    for (const line of successes(system)) {
      expect(line).toMatchObject({ CanarySuccesses: 1, service: 'canary' });
      expect(Number(line.CanaryMilliseconds)).toBeGreaterThanOrEqual(0);
    }
    expect(isRinging(system, system.clock.now())).toBe(false);
    const attempts = system.lines.filter(({ text }) => text.includes('"delivery attempted"'));
    expect(attempts.map(({ text }) => (JSON.parse(text) as { status: unknown }).status)).toEqual([
      202, 202, 202,
    ]);
  });

  it('registers with its own principal alone, and removes what it registered', async () => {
    const stored = await subscription();
    expect(stored?.body).toMatchObject({ principal, trigger: 'OnTriggerTrouble' });
    const removal = (await run())?.removal ?? '';
    await system.clock.advance(everyMs - minuteMs - 1_000);
    const answer = await send(system, 'DELETE', removal);
    expect([answer.status, await subscription()]).toEqual([204, undefined]);
    // The run that finds nothing to remove goes on.
    await system.clock.advance(minuteMs);
    expect((await subscription())?.body.createdAt).not.toBe(stored?.body.createdAt);
    expect(failures(system)).toEqual([]);
  });

  it('is in no list: not of the maker, not of an operator in the console, not of the commands', async () => {
    const id = (await subscription())?.body.subscriptionId ?? 'none';
    const seen = async (path: string, token: string) =>
      JSON.stringify((await send(system, 'GET', path, { token })).body);
    const token = await system.issuer.userToken({});
    expect(await seen('/v1/subscriptions', token)).not.toContain(id);
    const inConsole = await consoleCallers(system)('operator', '/subscriptions');
    expect([inConsole.status, inConsole.body]).toMatchObject([200, { value: [] }]);
    const outputs = join(folder, 'outputs.json');
    writeOutputs(system, outputs);
    for (const command of [['subscriptions', 'list'], ['status']] as const) {
      const { out } = await commandInProcess(...command, '--outputs', outputs, '--json');
      expect(JSON.parse(out)).toMatchObject({ result: {} });
      expect(out).not.toContain(id);
      expect(out).not.toContain('"canary"');
    }
  });

  it('takes no event but the sample, and the sample once', async () => {
    const before = successes(system).length;
    const post = (body: string) => send(system, 'POST', '/v1/canary', { body });
    const { eventId } = (await run()) ?? { eventId: '' };
    for (const body of [JSON.stringify({ eventId: 'sample-guessed' }), JSON.stringify({ eventId })])
      expect((await post(body)).status).toBe(202);
    for (const body of ['', 'no JSON', '[]', '{"eventId":1}']) expect((await post(body)).status).toBe(400);
    expect(successes(system)).toHaveLength(before);
  });

  it('leaves the allowed hosts of people as they are', async () => {
    const [instance] = configuration.instances;
    const answer = await send(
      system,
      'POST',
      `/v1/datasets/${instance?.id}/subscriptions/data-source-refresh-failed`,
      { token: await system.issuer.userToken({}), body: JSON.stringify({ callbackUrl: callback }) },
    );
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'CallbackRefused' } }]);
  });

  it('has used every right that it has, and has no other', () => {
    const { grants = [], used = new Set<string>() } = system.deployment.access ?? {};
    const own = grants.filter(({ logicalId }) => logicalId.startsWith('Canary'));
    expect(own.length).toBeGreaterThan(4);
    expect(own.map(grantText).filter((grant) => !used.has(grant))).toEqual([]);
  });

  it('takes over what a run that died has left', async () => {
    const dead = await system.deployment.invoke(
      system.deployment.model.functions.find(({ logicalId }) => logicalId.startsWith('Subscriptions'))
        ?.name ?? '',
      { canary: { sample: 'of-a-run-that-died-and-noted-nothing' } },
    );
    expect(dead.kind === 'result' && JSON.parse(dead.payload)).toEqual({
      removal: expect.stringMatching(/^\/v1\/subscriptions\//),
    });
    const before = successes(system).length;
    await system.clock.advance(2 * everyMs);
    expect(successes(system)).toHaveLength(before + 2);
    expect(failures(system)).toEqual([]);
    expect((await subscription())?.body.status.state).toBe('active');
  });
});

/** The template with what a property of each resource of a type becomes. */
const changed = (
  { template, assets }: Synthesised,
  change: (id: string, resource: Template['Resources'][string]) => object,
): Synthesised => ({
  assets,
  template: {
    ...template,
    Resources: Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) => [
        id,
        { ...resource, Properties: { ...resource.Properties, ...change(id, resource) } },
      ]),
    ),
  } as Template,
});

/** The function of one name ends with an error whatever it is sent. */
const broken = ({ template, assets }: Synthesised, name: string): Synthesised => {
  const directory = join(folder, `broken-${name}`);
  mkdirSync(directory, { recursive: true });
  writeFileSync(
    join(directory, 'index.mjs'),
    'export const handler = async () => { throw new Error("Planted by the test."); };\n',
  );
  return {
    template,
    assets: new Map([...assets].map(([key, path]) => [key, path.endsWith(`/${name}`) ? directory : path])),
  };
};

describe.each<[fault: string, plant: (sound: Synthesised) => Synthesised, step: string, reason: RegExp]>([
  ['deliver is broken', (sound) => broken(sound, 'deliver'), 'receive', /has not arrived in 300000 ms/],
  [
    'the queue of deliveries is stuck',
    (sound) =>
      changed(sound, (id, { Type }) =>
        Type === 'AWS::Lambda::EventSourceMapping' && /^EventSourcesdelivery(?!Dead)/.test(id)
          ? { Enabled: false }
          : {},
      ),
    'receive',
    /has not arrived in 300000 ms/,
  ],
  [
    'the role of the canary may not invoke subscriptions',
    ({ template, assets }) => ({
      assets,
      template: JSON.parse(
        JSON.stringify(template).replaceAll(
          /(?<="Action":)"lambda:InvokeFunction"(?=,"Effect":"Allow","Resource":\{"Fn::GetAtt":\["Subscriptions)/g,
          '"lambda:GetFunction"',
        ),
      ) as Template,
    }),
    'register',
    /is not authorized to perform: lambda:InvokeFunction/,
  ],
  [
    'subscriptions is broken',
    (sound) => broken(sound, 'subscriptions'),
    'register',
    /^Planted by the test\.$/,
  ],
])('where %s', (_, plant, step, reason) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await start(plant(synthesised));
  });
  afterAll(() => system?.close());

  it('nothing is counted, the step is told, and the alarm rings', async () => {
    await system.clock.advance(4 * everyMs);
    expect(successes(system)).toEqual([]);
    expect(failures(system).length).toBeGreaterThanOrEqual(3);
    for (const line of failures(system))
      expect(line).toMatchObject({ level: 'ERROR', step, reason: expect.stringMatching(reason) });
    expect(isRinging(system, system.clock.now())).toBe(true);
  });
});
