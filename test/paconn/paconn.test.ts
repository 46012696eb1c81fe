/**
 * The real paconn, unattended, against a stub of the Power Apps endpoints: the documented commands create and update the
 * built connector, and `deploy-connector` does the same in one step. paconn is installed into a virtual environment once.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { createCommand, updateCommand } from '../../connector/emit/certification.ts';
import { buildConnector } from '../../connector/emit/write.ts';
import { commandInProcess } from '../bin/command-in-process.ts';
import { run } from '../setup/python.ts';
import { type PowerAppsStub, startPowerAppsStub } from './power-apps-stub.ts';
import { realPaconn, signIn } from './real-paconn.ts';

let stub: PowerAppsStub;
let paconn: string;
const folder = mkdtempSync(join(tmpdir(), 'paconn-test-'));
const environment = 'Default-72f988bf-0000-4000-8000-2d7cd011db47';
const connector = join(folder, 'connector');
const env = { ...process.env, HOME: folder, USERPROFILE: folder, PYTHONWARNINGS: 'ignore' };

/** A documented command, with the stub in the place of Power Apps and without the icon, which goes to a storage over https. */
const asDocumented = (command: string): readonly string[] =>
  command
    .replace(/^paconn /, '')
    .replace(' --icon icon.png', '')
    .replaceAll('"$ENVIRONMENT"', environment)
    .replaceAll('"$SECRET"', 'the-secret')
    .split(' ');

beforeAll(async () => {
  paconn = await realPaconn();
  stub = await startPowerAppsStub();
  signIn(folder);
  await buildConnector({ configuration: exampleConfiguration, out: connector, icon: false });
  vi.stubEnv('PACONN', paconn);
  vi.stubEnv('HOME', folder);
  vi.stubEnv('USERPROFILE', folder);
  vi.stubEnv('CONNECTOR_SECRET', 'the-secret');
}, 180_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await stub?.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = () => JSON.parse(readFileSync(join(connector, 'settings.json'), 'utf8'));
const onStub = (): void =>
  writeFileSync(join(connector, 'settings.json'), JSON.stringify({ ...settings(), powerAppsUrl: stub.url }));

describe('the documented commands', () => {
  it('create a connector, and note its id beside the files', async () => {
    const created = await run(paconn, [...asDocumented(createCommand), '--pau', stub.url], connector, env);
    expect(created, created.text).toMatchObject({
      code: 0,
      text: expect.stringContaining('created successfully'),
    });
    expect(settings()).toMatchObject({ connectorId: 'shared_stub-1', environment });
    expect(stub.calls.map(({ call }) => call)).toContain('POST apis');
  });

  it('update it after another build, which keeps the id', async () => {
    onStub();
    await buildConnector({ configuration: exampleConfiguration, out: connector, icon: false });
    expect(settings()).toMatchObject({ connectorId: 'shared_stub-1', environment, powerAppsUrl: stub.url });
    const updated = await run(paconn, asDocumented(updateCommand), connector, env);
    expect(updated, updated.text).toMatchObject({
      code: 0,
      text: expect.stringContaining('updated successfully'),
    });
    expect(stub.calls.at(-1)?.call).toBe('PATCH apis/shared_stub-1');
  });
});

describe('deploy-connector', () => {
  const deploy = (...given: readonly string[]) =>
    commandInProcess('deploy-connector', '--from', connector, ...given);

  it('changes nothing where nothing has changed', async () => {
    const calls = stub.calls.length;
    expect(await deploy()).toMatchObject({ code: 0, out: expect.stringMatching(/nothing was changed/) });
    expect(stub.calls.slice(calls).map(({ call }) => call)).toEqual(['GET apis/shared_stub-1']);
  });

  it('asks before flows break, updates, and verifies by a download; the settings survive', async () => {
    const before = settings();
    const path = join(connector, 'apiDefinition.swagger.json');
    const definition = JSON.parse(readFileSync(path, 'utf8'));
    const [removed = ''] = Object.keys(definition.paths).filter((name) => name.includes('measures'));
    delete definition.paths[removed];
    writeFileSync(path, JSON.stringify(definition));
    const refused = await deploy();
    expect(refused).toMatchObject({
      code: 2,
      error: expect.stringMatching(/breaking.*repeat the command with --yes/is),
    });
    const compared = await deploy('--dry-run');
    expect(compared).toMatchObject({ code: 0, out: expect.stringMatching(/1 breaking|\d+ breaking/) });
    expect(
      stub.calls.some(
        ({ call, body }) => call.startsWith('PATCH') && !JSON.stringify(body).includes('measures'),
      ),
    ).toBe(false);
    const updated = await deploy('--yes');
    expect(updated, updated.error).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Updated shared_stub-1\.\nVerified/),
    });
    expect(settings()).toEqual(before);
    expect(updated.out + updated.error).not.toContain('the-secret');
  });

  it('creates where none is known, and says what is missing', async () => {
    const fresh = join(folder, 'fresh');
    await buildConnector({ configuration: exampleConfiguration, out: fresh, icon: false });
    const unknown = await commandInProcess('deploy-connector', '--from', fresh);
    expect(unknown).toMatchObject({ code: 2, error: expect.stringMatching(/Give --environment/) });
    writeFileSync(
      join(fresh, 'settings.json'),
      JSON.stringify({
        ...JSON.parse(readFileSync(join(fresh, 'settings.json'), 'utf8')),
        powerAppsUrl: stub.url,
      }),
    );
    const created = await commandInProcess('deploy-connector', '--from', fresh, '--environment', environment);
    expect(created, created.error).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Created shared_stub-2.*\nVerified/),
    });
  });

  it('says how to sign in when the token has expired, and how to install paconn', async () => {
    const tokens = join(folder, '.paconn/accessTokens.json');
    const sound = readFileSync(tokens, 'utf8');
    writeFileSync(tokens, JSON.stringify({ ...JSON.parse(sound), expires_on: 1 }));
    expect(await deploy()).toMatchObject({ code: 3, error: expect.stringMatching(/paconn login/) });
    writeFileSync(tokens, sound);
    vi.stubEnv('PACONN', join(folder, 'no-such-paconn'));
    expect(await deploy()).toMatchObject({
      code: 3,
      error: expect.stringMatching(/pip install paconn==0\.0\.21/),
    });
    vi.stubEnv('PACONN', paconn);
  });
});
