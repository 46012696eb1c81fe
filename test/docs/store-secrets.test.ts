import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/deployment.md'), 'utf8');

const section = page.slice(page.indexOf('## 5. Store the secrets'), page.indexOf('## 6.'));

/** The commands of the step as the page gives them. */
const [forApi = '', forInstance = '', ...others] = (/```sh\n(.*?)```/s.exec(section)?.[1] ?? '')
  .split('\n\n')
  .map((command) => command.trim())
  .filter((command) => command.includes('put-secret-value'));

const secret = `abc8Q${'~'}${'dEf-1_g.'.repeat(4)}`;
const primary = '0123456789abcdef0123456789abcdef';
const secondary = 'fedcba9876543210fedcba9876543210';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-secrets-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly error: string;
  /** What `aws` was given: its arguments and the secret; undefined when it was never run. */
  readonly stored: { readonly given: string; readonly value: string } | undefined;
}

let runs = 0;

/** What `npx insights-connector` starts; npx itself takes a second each time. */
const launched = (command: string): string =>
  command.replace('npx insights-connector', `'${process.execPath}' bin/insights-connector.mjs`);

/**
 * Runs a command of the page in a shell that stops at the first failure, as a pipeline does; `az` and `aws`
 * are stand-ins.
 */
const run = async (
  command: string,
  {
    az = '',
    input = '',
    aws = 'exit 0',
  }: { readonly az?: string; readonly input?: string; readonly aws?: string },
): Promise<Ended> => {
  runs += 1;
  const own = join(folder, String(runs));
  mkdirSync(own);
  const standIn = (name: string, script: string) => {
    writeFileSync(join(own, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(own, name), 0o755);
  };
  standIn('az', az);
  // The last argument is where the value is: file:// and a path.
  standIn(
    'aws',
    `for last; do :; done\ncat "\${last#file://}" > '${own}/value'\nprintf %s "$*" > '${own}/given'\n${aws}`,
  );
  const shell = spawn('sh', ['-ec', `${launched(command)}\necho went on`], {
    cwd: root,
    env: { ...process.env, API: 'the-api', PATH: `${own}${delimiter}${process.env.PATH}` },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that reads nothing may be over before all is written.
  shell.stdin.on('error', () => undefined);
  shell.stdin.end(input);
  let error = '';
  let out = '';
  shell.stderr.on('data', (chunk) => {
    error += chunk;
  });
  shell.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const code = await new Promise<number | null>((resolve) => shell.once('close', resolve));
  // The shell goes on exactly when the command says that it succeeded.
  expect(out.includes('went on')).toBe(code === 0);
  const read = (name: string) => readFileSync(join(own, name), 'utf8');
  return {
    code,
    error,
    stored: existsSync(join(own, 'given')) ? { given: read('given'), value: read('value') } : undefined,
  };
};

describe('step 5 of docs/deployment.md', () => {
  const prints = (text: string) => `printf '%b' '${text}'`;

  it('has a command for each secret', () => {
    expect(forApi).toMatch(/az ad app .* --secret-id insights-connector\/api /s);
    expect(forInstance).toMatch(/--secret-id insights-connector\/instances\/contoso-retail /);
    expect(others).toEqual([]);
  });

  it('stores whole secrets', async () => {
    const [api, instance] = await Promise.all([
      run(forApi, { az: prints(`${secret}\\n`) }),
      run(forInstance, { input: `${primary}\n${secondary}\n` }),
    ]);
    expect(api).toMatchObject({
      code: 0,
      error: '',
      stored: { value: JSON.stringify({ clientSecret: secret }) },
    });
    expect(api.stored?.given).toMatch(
      /^secretsmanager put-secret-value --secret-id insights-connector\/api --secret-string file:\/\//,
    );
    expect(instance).toMatchObject({
      code: 0,
      error: '',
      stored: { value: JSON.stringify({ primary, secondary }) },
    });
    // Arguments of processes can be seen by every user of the machine.
    expect(`${api.stored?.given} ${instance.stored?.given}`).not.toMatch(/dEf|0123|fedc/);
  });

  it('means the same in PowerShell', () => {
    // Variables, pipes and single quotes mean the same there; a backslash at the end of a line and $(…) would
    // not.
    for (const command of [forApi, forInstance]) expect(command).not.toMatch(/\\|\$\(|\/dev\/|&&|`/);
  });

  it.each([
    ['stored', 'exit 0', 0],
    ['not stored', 'exit 254', 254],
    // Ctrl-C reaches the whole pipe; here the program is told by its child.
    ['interrupted', 'kill -INT "$PPID"; exit 130', 130],
    ['ended', 'kill -TERM "$PPID"; exit 143', 143],
  ])('keeps the secret in a file of this user, and removes it when it was %s', async (_, aws, code) => {
    const ended = await run(forApi, {
      az: prints(secret),
      aws: `ls -l "\${last#file://}" | cut -c 1-10 >&2; ${aws}`,
    });
    expect(ended).toMatchObject({
      code,
      error: '-rw-------\n',
      stored: { value: JSON.stringify({ clientSecret: secret }) },
    });
    const path =
      /file:\/\/(\S+)$/.exec(ended.stored?.given ?? '')?.[1] ?? expect.fail('aws was given no file');
    expect(existsSync(path)).toBe(false);
    expect(existsSync(dirname(path))).toBe(false);
  });

  it.each([
    ['nothing', prints(''), /The input is empty/],
    ['nothing, and fails', 'echo "ERROR: not signed in" >&2; exit 1', /not signed in.*The input is empty/s],
    ['an empty line', prints('\\n'), /The input is empty/],
    ['a blank behind the secret', prints(`${secret} \\n`), /has a blank/],
    ['two lines', prints(`${secret}\\n${secret}\\n`), /2 lines/],
    ['the id of the secret', prints('01234567-89ab-cdef-0123-456789abcdef'), /id of a secret/],
  ])('stores nothing when az prints %s', async (_, az, message) => {
    const ended = await run(forApi, { az });
    expect(ended).toMatchObject({ code: 1, stored: undefined });
    expect(ended.error).toMatch(message);
    expect(ended.error).toMatch(/Nothing was stored/);
    expect(ended.error).not.toContain('dEf');
  });

  it.each([
    ['nothing', '', /The input is empty/],
    ['one key', `${primary}\n`, /1 line in the input/],
    ['one key twice', `${primary}\n${primary}\n`, /Both keys are the same/],
    ['an empty second line', `${primary}\n\n`, /secondary key is empty/],
  ])('stores nothing when %s is pasted', async (_, input, message) => {
    const ended = await run(forInstance, { input });
    expect(ended).toMatchObject({ code: 1, stored: undefined });
    expect(ended.error).toMatch(message);
  });
});

it('without aws the command fails with a message', async () => {
  const missing = forApi.replace(' aws secretsmanager', ' no-such-program secretsmanager');
  const ended = await run(missing, { az: `printf %s '${secret}'` });
  expect(ended).toMatchObject({ code: 1, stored: undefined });
  expect(ended.error).toMatch(/no-such-program could not be run .*Nothing was stored/);
});
