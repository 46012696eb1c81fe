/**
 * From an empty folder to a running local flow and a deployed connector, as a user types it. What was typed and printed is
 * kept in dist/transcript.txt. The two accounts that it takes are played: the outputs of a deployment are put in place, and
 * the real paconn talks to a stub of Power Apps.
 */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { operatorOutputNames } from '../../config/operator-outputs.ts';
import { type PowerAppsStub, startPowerAppsStub } from '../paconn/power-apps-stub.ts';
import { realPaconn, signIn } from '../paconn/real-paconn.ts';
import { cdk, outsideTheClone, pack, peers, root } from './installation.ts';

const temporary = mkdtempSync(join(tmpdir(), 'transcript-'));
const folder = join(temporary, 'my-connector');
let stub: PowerAppsStub | undefined;
let running: ChildProcess | undefined;
afterAll(async () => {
  // With what npx has started.
  if (running?.pid !== undefined) process.kill(-running.pid, 'SIGKILL');
  await stub?.close();
  rmSync(temporary, { recursive: true, force: true });
});

const lines: string[] = [];
const environment = 'Default-0b1f4c2e-7a55-4c7d-9a8f-3d2f1e6b5a40';
const given = {
  tenant: '0b1f4c2e-7a55-4c7d-9a8f-3d2f1e6b5a40',
  connectorApp: '6a0c7f5e-3b1d-4f7a-8a52-5d9c1e2b7f10',
  apiApp: '8d2e9b14-5c6f-4a3b-9e71-2f4a6c8d0b35',
  instance: '3c5d7e9f-1a2b-4c3d-8e5f-6a7b8c9d0e1f',
};

/** The paths of this machine are no part of what a user sees. */
const shown = (text: string): string =>
  text
    .replaceAll(temporary, '~')
    .replaceAll(root.replace(/\/$/, ''), '<clone>')
    .replaceAll(stub?.url ?? '-', '<stub of Power Apps>')
    .trimEnd();

const say = (comment: string): void => {
  lines.push('', `# ${comment}`);
};

const wait = { timeout: 240_000, maxBuffer: 64 * 1024 * 1024 };

/** Types a command, and keeps what it prints. @returns that */
const type = async (command: string, env: NodeJS.ProcessEnv = {}, code = 0): Promise<string> => {
  const { out, ended } = await new Promise<{ out: string; ended: number }>((done) => {
    const child = execFile(
      'bash',
      ['-c', `exec 2>&1; ${command}`],
      { cwd: folder, env: { ...outsideTheClone(), npm_config_update_notifier: 'false', ...env }, ...wait },
      (failure, text) => done({ out: text, ended: failure === null ? 0 : Number(failure.code ?? 1) }),
    );
    child.stdin?.end();
  });
  lines.push(`$ ${shown(command)}`, ...(out.trim() === '' ? [] : [shown(out)]));
  expect(ended, `${command}\n${out}`).toBe(code);
  return out;
};

/** paconn is written in it. */
const hasPython = spawnSync('python3', ['-c', 'import venv, ensurepip']).status === 0;
if (!hasPython) console.log('No transcript: there is no Python 3 with venv here, which paconn needs.');

it.runIf(hasPython)(
  'an empty folder becomes a running local flow and a deployed connector',
  async () => {
    const paconn = await realPaconn();
    stub = await startPowerAppsStub();
    const packed = join(temporary, 'packed');
    mkdirSync(packed);
    const tarball = await pack(packed);
    mkdirSync(folder);

    say('An empty folder.');
    await type('ls -A');
    await type(
      `npm install --no-fund --no-audit --prefer-offline --loglevel=error ${tarball} ${[...peers, cdk].join(' ')}`,
    );

    say('The whole system on this machine, with a flow of mine.');
    lines.push('$ npx insights-connector start &');
    const started = spawn('npx', ['--no-install', 'insights-connector', 'start'], {
      cwd: folder,
      env: outsideTheClone(),
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    running = started;
    const outputs = await new Promise<string>((ready, failed) => {
      let text = '';
      let isReady = false;
      started.stdout?.on('data', (part) => {
        text += part;
        const [, file] = /--outputs (\S+)\n/.exec(text) ?? [];
        if (isReady || file === undefined || !text.includes('The run continues until Ctrl-C')) return;
        isReady = true;
        lines.push(shown(text.replaceAll(file, '<outputs.json>')));
        ready(file);
      });
      started.once('exit', () => failed(new Error(`The local run ended: ${text}`)));
    });
    const local = { INSIGHTS_CONNECTOR_OUTPUTS: outputs };
    lines.push('$ export INSIGHTS_CONNECTOR_OUTPUTS=<outputs.json>');
    await type('npx insights-connector local flow add OnDataSourceRefreshFailed --name mine', local);
    const story = await type('npx insights-connector local story retried-refresh', local);
    expect(story).toMatch(/failures 1, successes 1/);
    const list = await type('npx insights-connector subscriptions list', local);
    expect(list).toMatch(/active/);
    await type('npx insights-connector status || true', local);
    const doctor = await type('npx insights-connector doctor || true', local);
    expect(doctor).toMatch(/0 at fault/);
    process.kill(-(started.pid ?? 0), 'SIGINT');
    await new Promise((ended) => started.once('exit', ended));
    running = undefined;

    say(
      'The configuration. The registrations that it prints are made in Microsoft Entra ID, with an account.',
    );
    await type(
      `npx insights-connector init --yes --offline --tenant ${given.tenant} --connector-app ${given.connectorApp} --api-app ${given.apiApp} --instance '${given.instance}=Contoso Retail' | tail -3`,
    );
    writeFileSync(join(folder, 'cdk.json'), '{ "app": "insights-connector app" }\n');
    await type('cat cdk.json');
    await type('npx cdk synth --quiet');

    say(
      'Played: `npx cdk deploy --outputs-file cdk-outputs.json` needs an AWS account. Its outputs are put in place.',
    );
    writeFileSync(
      join(folder, 'cdk-outputs.json'),
      JSON.stringify({
        InsightsConnector: {
          ConnectorHost: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
          TenantId: given.tenant,
          ConnectorClientId: given.connectorApp,
          ApiClientId: given.apiApp,
          ...Object.fromEntries(Object.values(operatorOutputNames).map((name) => [name, 'x'])),
        },
      }),
    );
    await type('npx insights-connector build --outputs cdk-outputs.json --no-icon');

    say('Played: Power Apps is a stub on this machine. paconn is the real one.');
    const settings = join(folder, 'dist/connector/settings.json');
    const values = JSON.parse(readFileSync(settings, 'utf8'));
    writeFileSync(settings, JSON.stringify({ ...values, powerAppsUrl: stub.url }));
    signIn(folder);
    const power = { PACONN: paconn, HOME: folder, CONNECTOR_SECRET: 'the-secret', PYTHONWARNINGS: 'ignore' };
    const created = await type(`npx insights-connector deploy-connector --environment ${environment}`, power);
    expect(created).toMatch(/Created shared_stub-1/);
    const again = await type('npx insights-connector deploy-connector', power);
    expect(again).toMatch(/nothing was changed/i);
    expect([...stub.connectors.keys()]).toEqual(['shared_stub-1']);

    const kept = join(root, 'dist/transcript.txt');
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(kept, `${lines.join('\n').trim()}\n`);
  },
  600_000,
);
