/** What the commands `local` and `logs` do in a running system, and what the control refuses. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { filterPattern, readLine, searchLogs } from '../../bin/operator/logs.ts';
import { consoleScope } from '../../config/console.ts';
import { openRunControl, type RunControl } from '../../local/control/run-control.ts';
import { stories } from '../../local/control/stories.ts';
import { aligned } from '../../local/inventory.ts';
import { wrapped } from '../../local/narrator.ts';
import { writeOutputs } from '../../local/operator.ts';
import { commandInProcess } from '../bin/command-in-process.ts';
import { failDataSource, type firstInstance, send, type TestSystem, useTestSystem } from './test-system.ts';

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
let control: RunControl;
const folder = mkdtempSync(join(tmpdir(), 'run-control-'));
const outputs = join(folder, 'outputs.json');

useTestSystem(async (started, first) => {
  [system, instance] = [started, first];
  control = await openRunControl();
  control.serve(started);
  writeOutputs(started, outputs, control);
});
afterAll(async () => {
  await control.close();
  rmSync(folder, { recursive: true, force: true });
});

const local = (...given: readonly string[]) => commandInProcess('local', ...given, '--outputs', outputs);

describe('the control of a run', () => {
  it('takes the key of the run, which only its user can read, and nothing else', async () => {
    // Windows has no such modes.
    if (process.platform !== 'win32') expect(statSync(outputs).mode & 0o777).toBe(0o600);
    for (const authorization of [undefined, 'Bearer ', `Bearer ${control.key}x`, control.key]) {
      const answer = await fetch(`${control.url}/state`, {
        headers: { ...(authorization !== undefined && { authorization }) },
      });
      expect(answer.status).toBe(401);
    }
    const foreign = await fetch(`${control.url}/state`, {
      headers: { authorization: `Bearer ${control.key}`, origin: 'https://evil.example' },
    });
    expect(foreign.status).toBe(403);
  });

  it('takes the token of the console, and none of a connection', async () => {
    const state = (token: string) =>
      fetch(`${control.url}/state`, {
        headers: { authorization: `Bearer ${token}`, origin: system.deployment.apiUrl },
      });
    const { console: clientApp } = system.issuer.applications;
    const signedIn = await state(await system.issuer.userToken({ clientApp, scopes: [consoleScope] }));
    expect([signedIn.status, signedIn.headers.get('access-control-allow-origin')]).toEqual([
      200,
      system.deployment.apiUrl,
    ]);
    expect((await state(await system.issuer.userToken())).status).toBe(401);
  });

  it('leads to the page of the console, and answers nothing before there is a run', async () => {
    const answer = await fetch(control.url, { redirect: 'manual' });
    expect([answer.status, answer.headers.get('location')]).toEqual([
      302,
      `${system.deployment.apiUrl}/console/local-run`,
    ]);
    const early = await openRunControl();
    expect((await fetch(`${early.url}/state`)).status).toBe(503);
    await early.close();
  });

  it('of a run on a real instance gives its log and refuses to act', async () => {
    const { simulator: _, issuer: __, ...parts } = system;
    const real = await openRunControl();
    real.serve({
      ...parts,
      outside: {
        customerInsightsUrl: 'https://ci.example',
        authority: 'https://login.example',
        secrets: {},
        userToken: async () => '',
      },
    });
    const file = join(folder, 'real.json');
    const values = JSON.parse(readFileSync(outputs, 'utf8'));
    writeFileSync(
      file,
      JSON.stringify({
        ...values,
        LocalServices: { ...values.LocalServices, control: real.url, controlKey: real.key },
      }),
    );
    const refused = await commandInProcess('local', 'token', '--outputs', file);
    expect(refused).toMatchObject({ code: 1, error: expect.stringMatching(/real instance/) });
    expect(await commandInProcess('local', 'flow', 'list', '--outputs', file)).toMatchObject({ code: 2 });
    expect((await commandInProcess('logs', '--outputs', file)).code).toBe(0);
    await real.close();
  });
});

describe('local', () => {
  it('gives a token of a user, with which every action can be called', async () => {
    const { code, out } = await local('token');
    expect(code).toBe(0);
    expect((await send(system, 'GET', '/v1/datasets', { token: out })).status).toBe(200);
    expect(await local('token', '--user', 'nobody@example.com')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/There are: /),
    });
  });

  it('adds a flow on any trigger, switches it off and on, and makes it answer something else', async () => {
    const { triggers } = JSON.parse(
      JSON.stringify(
        await (
          await fetch(`${control.url}/state`, { headers: { authorization: `Bearer ${control.key}` } })
        ).json(),
      ),
    );
    for (const { operationId } of triggers)
      expect(await local('flow', 'add', operationId, '--name', operationId), operationId).toMatchObject({
        code: 0,
      });
    expect((await local('flow', 'list')).out.split('\n')).toHaveLength(triggers.length);

    const failures = () =>
      system.flowHost.callbacks.filter(({ flow }) => flow === 'OnDataSourceRefreshFailed');
    await local('flow', 'answer', 'OnDataSourceRefreshFailed', '500', '--times', '2');
    await failDataSource(system, instance, 20 * 60_000);
    expect(failures().map(({ status }) => status)).toEqual([500, 500, 202]);
    expect((await local('flow', 'off', 'OnDataSourceRefreshFailed')).out).toMatch(
      /: off, 1 accepted, 2 refused/,
    );
    await failDataSource(system, instance);
    expect(failures()).toHaveLength(3);
    expect((await local('flow', 'on', 'OnDataSourceRefreshFailed')).out).toMatch(/: on, .*subscription /);
    for (const { operationId } of triggers) await local('flow', 'delete', operationId);
  });

  it('moves the clock ahead, and shows which flows were called on the way', async () => {
    await local('flow', 'add', 'OnDataSourceRefreshFailed', '--name', 'clocked');
    instance.world.refreshDataSource(instance.world.dataSources[0]?.name ?? '', {
      outcome: 'fail',
      durationMs: 5_000,
    });
    const before = system.clock.now();
    const moved = await local('clock', '5m');
    expect(system.clock.now() - before).toBe(300_000);
    expect(moved.out).toMatch(/clocked: 202\n\{\n.*"eventId"/s);
    expect((await local('clock')).out).toMatch(/the real time/);
    for (const wrong of ['soon', '5w', 'm5']) expect((await local('clock', wrong)).code, wrong).toBe(2);
    await local('flow', 'delete', 'clocked');
  });

  it.each(Object.keys(stories))('tells the story "%s" to its end', async (name) => {
    const told = await local('story', name);
    expect(told).toMatchObject({ code: 0, error: '' });
    expect(told.out.split('\n').length).toBeGreaterThan(3);
  });

  it('says what there is when something is wrong', async () => {
    expect(await local('story', 'romance')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/There are: outage/),
    });
    expect((await local('story')).out).toMatch(/^outage +Customer Insights does not answer/);
    expect(await local('flow', 'add', 'OnNothing')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/OnDataSourceRefreshFailed/),
    });
    expect(await local('flow', 'off', 'none')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/There is no flow/),
    });
    expect(await local('flow', 'answer', 'none')).toMatchObject({ code: 2 });
    expect(await local('dance')).toMatchObject({ code: 2 });
    const old = join(folder, 'old.json');
    const values = JSON.parse(readFileSync(outputs, 'utf8'));
    const { control: _, controlKey: __, ...services } = values.LocalServices;
    writeFileSync(old, JSON.stringify({ ...values, LocalServices: services }));
    expect(await commandInProcess('local', 'token', '--outputs', old)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/insights-connector start/),
    });
  });
});

describe('logs', () => {
  const logs = (...given: readonly string[]) =>
    commandInProcess('logs', ...given, '--since', '2026-06-01', '--outputs', outputs);

  it('shows what belongs to a delivery, from every function that had to do with it', async () => {
    await local('flow', 'add', 'OnDataSourceRefreshFailed', '--name', 'logged');
    await failDataSource(system, instance);
    const payload = system.flowHost.callbacks.findLast(({ flow }) => flow === 'logged')?.payload;
    const deliveryId = String(payload?.deliveryId);
    const source = {
      async *read({ terms }: { readonly terms: readonly string[] }) {
        for (const { time, functionName, text } of system.lines)
          if (terms.length === 0 || terms.some((term) => text.includes(term)))
            yield { at: time, source: functionName, text };
      },
    };
    const records = await searchLogs(source, { since: 0, id: deliveryId, sources: [] });
    const messages = records.map(({ message }) => message);
    expect(messages).toContain('delivery attempted');
    // The subscription leads to the call that registered it.
    expect(messages).toContain('subscription registered');
    expect(records.map(({ at }) => at)).toEqual(records.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it('as a command: text or one object a line, filtered by function and level', async () => {
    const subscription = String(/subscription (\S+)/.exec((await local('flow', 'list')).out)?.[1]);
    const shown = await commandInProcess('logs', subscription, '--outputs', outputs);
    // The clock of a test stands in another year than that of the machine.
    expect(shown.code).toBe(0);
    const lines = (await commandInProcess('logs', '--json', '--outputs', outputs)).out
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ command: 'logs', exitCode: 0 });
    expect(await logs('--function', 'nothing')).toMatchObject({
      code: 2,
      error: expect.stringMatching(/watch/),
    });
    expect(await logs('--level', 'loud')).toMatchObject({ code: 2 });
  });

  it('leaves out what only programs read', () => {
    expect(readLine(1, 'watch', 'START RequestId: x')).toBeUndefined();
    expect(readLine(1, 'watch', '{"_aws":{},"EventsDetected":1}')).toBeUndefined();
    expect(readLine(1, 'watch', '{"type":"platform.start"}')).toBeUndefined();
    expect(readLine(1, 'watch', 'Error: broken')).toMatchObject({ level: 'ERROR' });
    expect(readLine(1, 'gateway', '{"requestId":"r","status":401}')).toMatchObject({
      message: 'request',
      details: { status: 401 },
    });
  });

  it('asks CloudWatch for any of the terms', () => {
    expect(filterPattern([])).toBeUndefined();
    expect(filterPattern(['-abc'])).toBe('"-abc"');
    expect(filterPattern(['a', 'b"'])).toBe('?"a" ?"b"');
  });
});

describe('the terminal of the local run', () => {
  it('fits its width', () => {
    const rows = [
      ['queue', 'QueuesDeliveryDeadLetters', 'http://127.0.0.1:34553', 'visibility time-out 30 s, and more'],
    ] as const;
    for (const width of [40, 60, 80])
      for (const line of aligned(rows, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    for (const line of wrapped('a sentence that is longer than the terminal is wide', 20, '  ').split('\n'))
      expect(line.length).toBeLessThanOrEqual(20);
  });
});
