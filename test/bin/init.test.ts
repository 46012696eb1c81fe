/** `init`: what it asks, checks and writes, and the registrations that it prints. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../bin/commands/run.ts';
import { registrationCommands } from '../../bin/operator/registrations.ts';
import { checkConfiguration } from '../../config/check.ts';
import { closeServer, listenOnLoopback } from '../../local/loopback-server.ts';
import { commandInProcess } from './command-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'init-'));
const file = (name: string): string => join(folder, name);
const [tenant, connector, api, instance] = ['1', '2', '3', '4'].map(
  (digit) => `${digit.repeat(8)}-aaaa-4aaa-8aaa-${digit.repeat(12)}`,
);
const options = [
  '--tenant',
  tenant,
  '--connector-app',
  connector,
  '--api-app',
  api,
  '--instance',
  `${instance}=Contoso Retail`,
] as string[];
const unknown = '9'.repeat(8);

/** Knows every tenant but those that begin with nines. */
const login = createServer((request, response) => {
  const [, id = ''] = /^\/([^/]+)\/v2\.0/.exec(request.url ?? '') ?? [];
  const issuer = `http://${request.headers.host}/${id}/v2.0`;
  response.writeHead(id.startsWith(unknown) ? 400 : 200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys` }));
});

beforeAll(async () => vi.stubEnv('INSIGHTS_CONNECTOR_LOGIN', await listenOnLoopback(login)));
afterAll(async () => {
  vi.unstubAllEnvs();
  await closeServer(login);
  rmSync(folder, { recursive: true, force: true });
});

const written = (name: string) => JSON.parse(readFileSync(file(name), 'utf8'));

describe('init', () => {
  it('writes a sound configuration from options, with the schema for editors', async () => {
    const ended = await commandInProcess('init', ...options, '--yes', '--out', file('a.json'), '--json');
    expect(ended.code, ended.out).toBe(0);
    const values = written('a.json');
    expect(() => checkConfiguration(values, 'a.json')).not.toThrow();
    expect(values).toMatchObject({
      tenantId: tenant,
      instances: [
        { id: instance, name: 'Contoso Retail', secretName: 'insights-connector/instances/contoso-retail' },
      ],
    });
    const schema = JSON.parse(readFileSync(resolve(dirname(file('a.json')), values.$schema), 'utf8'));
    expect(Object.keys(schema.properties)).toContain('tenantId');
    expect(JSON.parse(ended.out).result.registrations.commands).toMatch(/requestedAccessTokenVersion/);
  });

  it('can be repeated: it keeps what is there, and adds an instance', async () => {
    await commandInProcess('init', ...options, '--yes', '--out', file('b.json'));
    writeFileSync(file('b.json'), `\ufeff${JSON.stringify({ ...written('b.json'), limit: { calls: 50 } })}`);
    const other = '55555555-aaaa-4aaa-8aaa-555555555555';
    expect(
      (
        await commandInProcess(
          'init',
          '--yes',
          '--instance',
          `${other}=Contoso Retail`,
          '--out',
          file('b.json'),
        )
      ).code,
    ).toBe(0);
    expect(written('b.json')).toMatchObject({
      tenantId: tenant,
      limit: { calls: 50 },
      instances: [
        { id: instance },
        { id: other, secretName: 'insights-connector/instances/contoso-retail-2' },
      ],
    });
  });

  it('asks for each value, says where it is, and asks again when it is wrong', async () => {
    const answers = [
      'contoso',
      tenant,
      connector,
      api,
      '',
      'Contoso',
      'Data',
      'nobody',
      'data@contoso.com',
      'https://contoso.com/',
      'https://contoso.com/help',
      'https://contoso.com',
      'https://contoso.com/privacy',
      `${instance}=Retail`,
      '',
    ];
    const [shown, wrong]: [string[], string[]] = [[], []];
    const code = await runCommandLine(['init', '--out', file('c.json')], {
      print: (text) => shown.push(text),
      complain: (text) => wrong.push(text),
      ask: async () =>
        answers.shift() ?? expect.fail(`asked too much:\n${shown.join('\n')}\n${wrong.join('\n')}`),
    });
    expect([code, answers]).toEqual([0, []]);
    expect(shown.join('\n')).toMatch(/Tenant of Microsoft Entra ID\n {2}az account show/);
    expect(wrong.join('\n')).toMatch(
      /"contoso" cannot be used.*GUID.*"nobody".*e-mail.*"https:\/\/contoso\.com\/".*slash/s,
    );
    expect(written('c.json')).toMatchObject({
      connector: { publisher: 'Contoso', contact: { email: 'data@contoso.com' } },
    });
  });

  it.each([
    [
      'a tenant that does not exist',
      ['--tenant', `${unknown}-aaaa-4aaa-8aaa-999999999999`],
      /knows no tenant/,
    ],
    ['no GUID', ['--api-app', 'x'], /--api-app is "x".*Where it is: App registrations/s],
    ['an instance without an id', ['--instance', 'Retail'], /give <id>=<name>/],
    ['another shell', ['--shell', 'fish'], /posix, powershell/],
  ])('refuses %s and writes nothing', async (_, given, message) => {
    // An option may be given once.
    const others = options.filter((word, at) => word !== given[0] && options[at - 1] !== given[0]);
    const ended = await commandInProcess('init', ...others, ...given, '--yes', '--out', file('none.json'));
    expect(ended).toMatchObject({ code: 2 });
    expect(ended.error).toMatch(message);
    expect(() => written('none.json')).toThrow(/ENOENT/);
  });

  it('names what is missing when it may not ask', async () => {
    const ended = await commandInProcess('init', '--yes', '--out', file('none.json'));
    expect(ended).toMatchObject({ code: 1, error: expect.stringMatching(/tenantId is missing/) });
  });
});

describe('the registrations', () => {
  it('are commands that the shell can read, and steps of the portal', async () => {
    const shell = registrationCommands('posix', 'Customer Insights Events');
    expect(() => execFileSync('bash', ['-n', '-c', shell])).not.toThrow();
    const { out } = await commandInProcess('init', '--registrations', '--shell', 'powershell');
    expect(out).toMatch(/\[guid\]::NewGuid\(\).*Or in the portal:\n# 1\. Open https:\/\/entra/s);
    for (const text of [shell, out])
      for (const needed of [
        'access_as_user',
        'requestedAccessTokenVersion',
        'api.access',
        'user_impersonation',
        '"value": "Operator"',
        'Console',
        'again',
      ])
        expect(text).toContain(needed);
  });

  it('repeat what fails until it succeeds', () => {
    const again = registrationCommands('posix', 'x').split('\n')[1] ?? '';
    const script = `${again.replace('sleep 10', 'true')}
count=0; flaky() { count=$((count + 1)); [ $count -ge 3 ]; }
again flaky && echo "after $count"; again false 2>&1 || echo gave up`;
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8' })).toBe(
      'after 3\nFailed for two minutes: false\ngave up\n',
    );
  });
});
