/**
 * A secret is missing, incomplete or stored. `secrets put` stores whole values that were tried, and nothing else ever;
 * no value of a secret is printed, and none is an argument of a process. `secrets status` reads what is stored.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../bin/commands/run.ts';
import { readStored, storeValues, tryClientSecret } from '../../bin/operator/stored-secrets.ts';
import { secretsClient, upstreamPlace } from '../../bin/operator/upstream-place.ts';
import { clientSecretName } from '../../config/client-secret.ts';
import { dayMs } from '../../lambda/runtime/time.ts';
import { localServicesOf, writeOutputs } from '../../local/operator.ts';
import { type firstInstance, type TestSystem, useTestSystem } from './test-system.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/deployment.md'), 'utf8');
const section = page.slice(page.indexOf('## 5. Store the secrets'), page.indexOf('## 6.'));

/** The commands of the step as the page gives them. */
const [forApi = '', forInstance = ''] = (/```sh\n(.*?)```/s.exec(section)?.[1] ?? '').split('\n\n');

const clientSecret = 'local-api-secret';
const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
const outputsFile = join(folder, 'outputs.json');

let system: TestSystem;
let instance: ReturnType<typeof firstInstance>;
useTestSystem((started, first) => {
  [system, instance] = [started, first];
  writeOutputs(started, outputsFile);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const apiSecret = () => clientSecretName(system.configuration);
beforeEach(() => {
  system.issuer.faults.clear();
  system.deployment.putSecret(apiSecret(), JSON.stringify({ clientSecret }));
  system.deployment.putSecret(instance.secretName, JSON.stringify({ primary: '', secondary: '' }));
  instance.world.assignRole({
    principalId: system.configuration.applications.api.clientId,
    principalType: 'app',
    role: 'Viewer',
  });
});

const storedNow = async (name: string) => {
  const client = secretsClient(localServicesOf(system));
  try {
    return (await readStored(client, name))?.values;
  } finally {
    client.destroy();
  }
};

/** Runs a command of the page in a shell that stops at the first failure, as a pipeline does; `az` is a stand-in. */
const run = async (command: string, { az = '', input = '' } = {}) => {
  const own = mkdtempSync(join(folder, 'run-'));
  mkdirSync(join(own, 'bin'));
  writeFileSync(join(own, 'bin', 'az'), `#!/bin/sh\n${az}\n`);
  chmodSync(join(own, 'bin', 'az'), 0o755);
  const launched = command.replace(
    'npx insights-connector',
    `'${process.execPath}' '${join(root, 'bin/insights-connector.mjs')}'`,
  );
  const shell = spawn('sh', ['-ec', `${launched}\necho went on`], {
    cwd: own,
    env: {
      ...process.env,
      API: 'the-api',
      INSIGHTS_CONNECTOR_OUTPUTS: outputsFile,
      PATH: `${join(own, 'bin')}${delimiter}${process.env.PATH}`,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that reads nothing may be over before all is written.
  shell.stdin.on('error', () => undefined);
  shell.stdin.end(input);
  let [out, error] = ['', ''];
  shell.stdout.on('data', (chunk) => {
    out += chunk;
  });
  shell.stderr.on('data', (chunk) => {
    error += chunk;
  });
  const code = await new Promise<number | null>((resolve) => shell.once('close', resolve));
  // The shell goes on exactly when the command says that it succeeded.
  expect(out.includes('went on')).toBe(code === 0);
  return { code, out, error };
};

/** At a terminal whose person gives these answers. */
const atTerminal = async (
  given: readonly string[],
  answers: { shown?: string[]; hidden?: string[] } = {},
) => {
  const [out, error]: [string[], string[]] = [[], []];
  const code = await runCommandLine([...given, '--outputs', outputsFile], {
    print: (text) => out.push(text),
    complain: (text) => error.push(text),
    ask: async () => answers.shown?.shift() ?? '',
    askHidden: async () => answers.hidden?.shift() ?? '',
  });
  return { code, out: out.join('\n'), error: error.join('\n') };
};

describe('step 5 of docs/deployment.md', () => {
  it('stores the client secret with its expiry', async () => {
    const ended = await run(forApi, { az: `printf '%s\\n' '${clientSecret}'` });
    expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/Stored arn:aws:secretsmanager:/) });
    const { expiresAt = '', ...values } = (await storedNow(apiSecret())) ?? {};
    expect(values).toEqual({ clientSecret });
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / dayMs)).toBeOneOf([365, 366]);
    expect(ended.out + ended.error).not.toContain(clientSecret);
  });

  it('stores both keys of an instance', async () => {
    const keys = instance.world.subscriptionKeys;
    const ended = await run(forInstance, { input: `${keys.primary}\n${keys.secondary}\n` });
    expect(ended).toMatchObject({ code: 0 });
    expect(await storedNow(instance.secretName)).toEqual(keys);
    expect(ended.out + ended.error).not.toContain(keys.primary);
  });

  it('means the same in PowerShell', () => {
    // Variables, pipes and single quotes mean the same there; a backslash at the end of a line and $(…) would not.
    for (const command of [forApi, forInstance]) expect(command).not.toMatch(/\\|\$\(|\/dev\/|&&|`/);
  });

  it.each([
    ['nothing', `printf ''`, /The input is empty/],
    ['nothing, and fails', 'echo "ERROR: not signed in" >&2; exit 1', /not signed in.*The input is empty/s],
    ['two lines', `printf '${clientSecret}\\n${clientSecret}\\n'`, /2 lines/],
    ['the id of the secret', `echo 01234567-89ab-cdef-0123-456789abcdef`, /id of a secret/],
  ])('stores nothing when az prints %s', async (_, az, message) => {
    const ended = await run(forApi, { az });
    expect(ended).toMatchObject({ code: 1, error: expect.stringMatching(message) });
    expect(ended.error).toMatch(/Nothing was stored/);
    expect(await storedNow(apiSecret())).toEqual({ clientSecret });
  });

  it('refuses a client secret without an expiry, and one that is over', async () => {
    const without = await run(forApi.replace(' --expires 1y', ''), { az: `echo '${clientSecret}'` });
    expect(without).toMatchObject({ code: 2, error: expect.stringMatching(/--expires/) });
    const past = await run(forApi.replace('1y', '2020-01-01'), { az: `echo '${clientSecret}'` });
    expect(past).toMatchObject({ code: 1, error: expect.stringMatching(/in the past\. Nothing was stored/) });
  });
});

describe('a value is tried before it is stored', () => {
  it('a client secret that Entra ID does not take, after the time that a new one needs', async () => {
    const place = {
      configuration: system.configuration,
      ...upstreamPlace(system.configuration, localServicesOf(system)),
      now: Date.now,
    };
    let waited = 0;
    const wait = async (ms: number) => {
      waited += ms;
    };
    await expect(tryClientSecret({ ...place, wait }, 'another-client-secret')).rejects.toThrow(
      /tried and not taken: .*AADSTS7000215.* Nothing was stored\.$/,
    );
    expect(waited).toBe(55_000);

    // Known only at the third try, as a secret that was made a moment ago.
    system.issuer.faults.inject({ endpoint: 'token', times: 2 }, { kind: 'refusal', code: 7000215 });
    waited = 0;
    await tryClientSecret({ ...place, wait }, clientSecret);
    expect(waited).toBe(10_000);

    system.issuer.faults.inject({ endpoint: 'token', times: 1 }, { kind: 'status', status: 503 });
    await expect(tryClientSecret({ ...place, wait }, clientSecret)).rejects.toThrow(
      /could not be tried: .*Nothing was stored\. Repeat, or store it untried with --untried\.$/,
    );
  });

  it.each([
    ['primary', 0],
    ['secondary', 1],
  ] as const)('the %s key', async (name, at) => {
    const { primary, secondary } = instance.world.subscriptionKeys;
    const hidden = [primary, secondary];
    hidden[at] = 'f'.repeat(32);
    const refused = await atTerminal(['secrets', 'put', instance.id], { hidden });
    expect(refused).toMatchObject({
      code: 1,
      error: expect.stringMatching(new RegExp(`the ${name} key was tried and not taken`)),
    });
    expect(await storedNow(instance.secretName)).toEqual({ primary: '', secondary: '' });
    expect(refused.error).not.toContain('ffff');
    const untried = await atTerminal(['secrets', 'put', instance.id, '--untried'], {
      hidden: [primary, secondary].with(at, 'f'.repeat(32)),
    });
    expect(untried).toMatchObject({ code: 0, out: expect.stringMatching(/, untried\./) });
  });

  it('keys are stored without a role of the application, which is told', async () => {
    instance.world.removeRole(system.configuration.applications.api.clientId);
    const { primary, secondary } = instance.world.subscriptionKeys;
    const ended = await atTerminal(['secrets', 'put', instance.name], { hidden: [primary, secondary] });
    expect(ended).toMatchObject({
      code: 0,
      error: expect.stringMatching(/The keys are right, but: .*Settings > Permissions/),
    });
  });
});

describe('a secret that two instances share', () => {
  it('gets the keys of each in turn', async () => {
    // Without rows, as instances whose deployment is still to come.
    const instances = ['3', '4'].map((digit) => ({
      id: `${digit.repeat(8)}-3333-4333-8333-444444444444`,
      name: `Another ${digit}`,
      secretName: 'both',
    }));
    const file = join(folder, 'shared.json');
    writeFileSync(file, JSON.stringify({ ...system.configuration, instances }));
    // The gateway takes any key that it knows, so those of one instance stand for both.
    const { primary, secondary } = instance.world.subscriptionKeys;
    for (const { id, name } of instances) {
      const put = ['secrets', 'put', name, '--config', file];
      expect(await atTerminal(put, { hidden: [primary, secondary] })).toMatchObject({ code: 0 });
      expect(await storedNow('both')).toMatchObject({
        [`${id}.primary`]: primary,
        [`${id}.secondary`]: secondary,
      });
    }
    expect(Object.keys((await storedNow('both')) ?? {})).toHaveLength(4);
    const status = await atTerminal(['secrets', 'status', '--json', '--config', file]);
    const states: readonly Record<string, string>[] = JSON.parse(status.out).result;
    expect(states.filter(({ secret }) => secret === 'both').map(({ state }) => state)).toEqual(
      Array(2).fill('stored'),
    );
  });
});

describe('status', () => {
  const states = async () => {
    const { code, out, error } = await atTerminal(['secrets', 'status', '--json']);
    expect(error).toBe('');
    const { result, messages } = JSON.parse(out);
    return { code, messages: messages.join('\n'), result } as const;
  };

  it('tells what is missing, incomplete, stored, and the days left', async () => {
    const before = await states();
    expect(before).toMatchObject({
      code: 1,
      result: expect.arrayContaining([
        // Stored by the deployment, without a record: the clock of the run stands in June.
        expect.objectContaining({ secret: apiSecret(), state: 'stored', recorded: false }),
        expect.objectContaining({ secret: instance.secretName, state: 'incomplete', daysLeft: null }),
      ]),
      messages: expect.stringMatching(/An expiry is assumed/),
    });
    const { primary, secondary } = instance.world.subscriptionKeys;
    await atTerminal(['secrets', 'put', instance.name], { hidden: [primary, secondary] });
    await atTerminal(['secrets', 'put', 'api'], { shown: ['29d'], hidden: [clientSecret] });
    const after = await states();
    expect(after.result.find(({ secret }: { secret: string }) => secret === apiSecret())).toMatchObject({
      state: 'stored',
      recorded: true,
      daysLeft: 28,
      needsAttention: true,
    });
    expect(after.messages).toMatch(/the API's registration expires in 28 days/);
    await atTerminal(['secrets', 'put', 'api', '--expires', '400d'], { hidden: [clientSecret] });
    const { code, result } = await states();
    expect({ code, attention: result.map((one: { needsAttention: boolean }) => one.needsAttention) }).toEqual(
      {
        code: 0,
        attention: result.map(() => false),
      },
    );
  });
});

it('a secret that is not there is created, under the tags of the deployment', async () => {
  const client = secretsClient(localServicesOf(system));
  const needed = { kind: 'api', name: 'new/secret', title: 'a test' } as const;
  const store = () => storeValues(client, system.configuration, needed, { clientSecret });
  expect(await store()).toMatchObject({ created: true, arn: expect.stringMatching(/:secret:new\/secret-/) });
  expect(await store()).toMatchObject({ created: false });
  expect(await storedNow('new/secret')).toEqual({ clientSecret });
  expect(await storedNow('never/stored')).toBeUndefined();
  client.destroy();
});

it('unknown names and verbs are refused with those that there are', async () => {
  expect(await atTerminal(['secrets', 'put', 'Contoso'])).toMatchObject({
    code: 2,
    error: expect.stringMatching(/does not know "Contoso"; there are: api, Contoso Retail/),
  });
  expect(await atTerminal(['secrets', 'get'])).toMatchObject({ code: 2 });
  expect(await atTerminal(['secrets', 'put', instance.name, '--expires', '1y'])).toMatchObject({ code: 2 });
});
