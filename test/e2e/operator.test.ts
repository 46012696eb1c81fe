/** What an operator asks a deployment: how it is, which subscriptions there are, and to end one. */
import { describe, expect, it, vi } from 'vitest';
import { type Envelope, runCommandLine } from '../../bin/commands/run.ts';
import type { DeploymentStatus } from '../../bin/operator/status.ts';
import { packageVersion } from '../../config/this-package.ts';
import { commandInProcess } from '../bin/command-in-process.ts';
import { useOperatedSystem } from './operated-system.ts';
import { failDataSource, type firstInstance, type TestSystem } from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;

const flowInputs = () => ({ dataset: instance.id });

useOperatedSystem((started, first) => {
  [system, instance] = [started, first];
});

/** At the time of the system. */
const command = async (...given: readonly string[]) => {
  vi.useFakeTimers({ toFake: ['Date'], now: system.clock.now() });
  try {
    return await commandInProcess(...given);
  } finally {
    vi.useRealTimers();
  }
};

const json = async <Result>(...given: readonly string[]) => {
  const { code, out } = await command(...given, '--json');
  const envelope = JSON.parse(out) as Envelope;
  return { code, envelope, result: envelope.result as Result };
};

const flow = (name: string) => system.flowHost.create(name, 'OnDataSourceRefreshFailed', flowInputs());
const idOf = ({ location }: { readonly location: string | undefined }): string =>
  /\/subscriptions\/([^/]+)\//.exec(location ?? '')?.[1] ?? expect.fail('no location');

describe('status', () => {
  it('says that nothing needs attention, with looks, subscriptions and deliveries of each instance', async () => {
    await flow('sound');
    await failDataSource(system, instance);
    const { code, envelope, result } = await json<DeploymentStatus>('status');
    expect(envelope).toMatchObject({ command: 'status', exitCode: 0, messages: [] });
    expect([code, result.attention]).toEqual([0, []]);
    expect(result.instances).toEqual([
      expect.objectContaining({
        instanceId: instance.id,
        name: instance.name,
        failuresInARow: 0,
        overdueMs: 0,
        subscriptions: { active: 1, paused: 0, ended: 0, unreadable: 0 },
        deliveries: {
          ofSubscriptions: 1,
          lastHour: 1,
          lastDay: 1,
          byState: { pending: 0, delivered: 1, dead: 0, dropped: 0 },
        },
      }),
    ]);
    expect(result.connectorVersions).toEqual([
      { version: packageVersion, lastCallAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
    const looked = Date.parse(result.instances[0]?.lastLookAt ?? '');
    expect(system.clock.now() - looked).toBeLessThan(120_000);
    const text = await command('status');
    expect(text.out).toContain(`connector ${packageVersion}: last call 20`);
    expect(text.out).toMatch(/INSTANCE +LAST POLL.*Nothing needs attention\./s);
    for (const line of text.out.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
  });

  it('names dead letters, looks that failed and looks that are late, each with what to do', async () => {
    const refusing = await flow('refusing');
    refusing.answerWith({ status: 400, times: 5, body: { error: { code: 'TriggerInputSchemaMismatch' } } });
    await failDataSource(system, instance);
    await system.clock.advance(60_000);
    const dead = await json<DeploymentStatus>('status');
    expect(dead.code).toBe(1);
    expect(dead.result.attention).toEqual([
      {
        what: 'Dead letters: 1 message',
        mend: expect.stringMatching(/redrive --dry-run/),
      },
    ]);

    const broken = (calls: boolean) =>
      fetch(`${system.simulator.controlUrl}/setBroken`, { method: 'POST', body: JSON.stringify({ calls }) });
    await broken(true);
    await system.clock.advance(3 * 60_000);
    const failing = await json<DeploymentStatus>('status');
    expect(failing.result.instances[0]?.failuresInARow).toBeGreaterThan(0);
    expect(failing.result.attention.map(({ what }) => what).join('\n')).toMatch(
      /has not answered \d+ looks? in a row, since/,
    );

    await broken(false);
    vi.useFakeTimers({ toFake: ['Date'], now: system.clock.now() + 86_400_000 });
    const late = await commandInProcess('status');
    vi.useRealTimers();
    expect(late).toMatchObject({
      code: 1,
      out: expect.stringMatching(/the next poll has been overdue since/),
    });
  });
});

describe('subscriptions', () => {
  it('lists those of everybody, filtered; shows one; ends one after asking', async () => {
    const one = await flow('to be ended');
    const id = idOf(one);
    const all = await json<{ subscriptions: readonly { subscriptionId: string }[] }>('subscriptions', 'list');
    expect(all.result.subscriptions.map(({ subscriptionId }) => subscriptionId)).toContain(id);
    const byName = await command('subscriptions', 'list', '--instance', instance.name, '--state', 'active');
    expect(byName.out).toContain(id);
    expect((await command('subscriptions', 'list', '--state', 'ended')).out).toBe('No subscriptions.');
    expect(await command('subscriptions', 'list', '--instance', 'nowhere')).toMatchObject({
      code: 2,
      error: expect.stringContaining(instance.name),
    });

    // The id may begin with a dash, without any sign in front.
    const shown = await command('subscriptions', 'show', id);
    expect(shown).toMatchObject({
      code: 0,
      out: expect.stringMatching(/in Contoso Retail.*active since.*Owner /s),
    });

    expect(await command('subscriptions', 'end', id)).toMatchObject({
      code: 2,
      error: expect.stringMatching(/repeat the command with --yes/),
    });
    const asked: string[] = [];
    const answering = (answer: string) =>
      runCommandLine(['subscriptions', 'end', id, '--reason', 'It was replaced.'], {
        print: () => undefined,
        complain: () => undefined,
        ask: async (question) => {
          asked.push(question);
          return answer;
        },
      });
    expect(await answering('n')).toBe(1);
    expect((await command('subscriptions', 'show', id)).out).toMatch(/active since/);
    expect(await answering('y')).toBe(0);
    expect(asked[0]).toMatch(/End it\?/);
    expect((await command('subscriptions', 'show', id)).out).toMatch(/ended since .*It was replaced\./);
    expect((await command('subscriptions', 'list', '--state', 'ended')).out).toContain(id);

    const before = system.flowHost.callbacks.length;
    await failDataSource(system, instance);
    expect(system.flowHost.callbacks.slice(before).map((callback) => callback.flow)).not.toContain(
      'to be ended',
    );
    expect(await command('subscriptions', 'end', id, '--yes')).toMatchObject({
      code: 0,
      out: expect.stringMatching(/has ended before/),
    });
  });

  it('lists the triggers for troubles, which are in no instance; they are told of what an operator ends', async () => {
    const ended = idOf(await flow('ended by an operator'));
    const told = idOf(await system.flowHost.create('told', 'OnTriggerTrouble', {}));
    const listed = await command('subscriptions', 'list', '--trigger', 'OnTriggerTrouble');
    expect(listed.out).toContain(told);
    expect(listed.out).toContain('all instances');
    expect((await command('subscriptions', 'show', told)).out).toMatch(/in all instances: is paused, ended/);
    const reason = 'The team was dissolved.';
    expect(await command('subscriptions', 'end', ended, '--reason', reason, '--yes')).toMatchObject({
      code: 0,
    });
    await system.clock.advance(5 * 60_000);
    const payloads = system.flowHost.callbacks.filter((callback) => callback.flow === 'told');
    expect(payloads.map(({ payload }) => payload)).toMatchObject([
      { subscriptionId: ended, state: 'ended', reason },
    ]);
    expect((await command('why', told)).out).toMatch(/The trigger "any data source: .*" has ended\. Sent;/);
  });

  it('are told what they lack, in one object with --json too', async () => {
    expect(await command('subscriptions', 'show')).toMatchObject({
      code: 2,
      error: expect.stringMatching(/needs the id/),
    });
    expect(await command('subscriptions', 'shout', 'x')).toMatchObject({ code: 2 });
    const { code, envelope } = await json('subscriptions', 'show', 'x');
    expect(code).toBe(1);
    expect(envelope).toMatchObject({
      command: 'subscriptions',
      exitCode: 1,
      result: null,
      error: {
        name: 'NotThere',
        message: expect.stringMatching(/no subscription "x"/),
        page: 'docs/operating.md',
      },
    });
  });
});
