import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { filesOf, type Parts, soundConnectors } from '../connector/check/sound.ts';
import { commandInProcess } from './command-in-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [orders] = soundConnectors;
if (orders === undefined) throw new Error('no connector');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'check-command-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, change: (parts: Parts) => void = () => undefined): string => {
  const parts = orders.make();
  change(parts);
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const file of filesOf(parts, 2)) writeFileSync(join(path, file.name), file.content);
  return path;
};

const run = (...given: readonly string[]) => commandInProcess('check', ...given);

const broken = (parts: Parts) => {
  parts.definition.host = 'https://x';
  parts.definition.paths['/hooks'].post['x-ms-visibilty'] = 'important';
};

describe('check', () => {
  it('says that a sound connector is sound and ends with 0', async () => {
    expect(await run(write('sound'))).toEqual({
      code: 0,
      out: '1 connector checked (profile import): no findings',
      error: '',
    });
  });

  it('ends with 1 on an error, with 0 when it is silenced, with 1 on a warning when asked', async () => {
    const path = write('broken', broken);
    expect((await run(path)).code).toBe(1);
    expect((await run(path, '--rule', 'hostnamenotvalid=off')).code).toBe(0);
    expect(
      (await run(path, '--rule', 'HostNameNotValid=off', '--rule', 'ExtensionMisspelt=error')).code,
    ).toBe(1);
    expect((await run(path, '--rule', 'HostNameNotValid=off', '--fail-on', 'warning')).code).toBe(1);
  });

  it('finds connectors in folders below, and takes several paths', async () => {
    write('many/one');
    write('many/two', broken);
    expect((await run(join(folder, 'many'), write('third'))).out).toMatch(/3 connectors checked/);
  });

  it('leaves out what a baseline holds', async () => {
    const path = write('old', broken);
    const { out } = await run(path, '--format', 'json');
    writeFileSync(join(folder, 'baseline.json'), out);
    expect(await run(path, '--baseline', join(folder, 'baseline.json'))).toMatchObject({
      code: 0,
      error: expect.stringMatching(/2 known findings left out, 0 of it/),
    });
  });

  it('mends with --fix, shows with --dry-run', async () => {
    const path = write('fixed', broken);
    const file = join(path, 'apiDefinition.swagger.json');
    const before = readFileSync(file, 'utf8');
    const shown = await run(path, '--fix', '--dry-run');
    expect(shown.out).toMatch(/^-.*"x-ms-visibilty"/m);
    expect(shown.out).toMatch(/^\+.*"x-ms-visibility"/m);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await run(path, '--fix')).error).toContain('1 finding mended');
    expect(readFileSync(file, 'utf8')).toBe(before.replace('x-ms-visibilty', 'x-ms-visibility'));
  });

  it('explains a rule', async () => {
    const { code, out } = await run('--explain', 'operationidnotunique');
    expect(code).toBe(0);
    expect(out).toContain('### OperationIdNotUnique');
    expect(readFileSync(join(root, 'docs/check/rules.md'), 'utf8')).toContain(out);
  });

  it.each([
    [[], 'Name what to check'],
    [['x', '--rule', 'HostNameNotVald=off'], 'Did you mean HostNameNotValid?'],
    [['x', '--rule', 'HostNameNotValid=fatal'], '--rule is written <id>='],
    [['x', '--format', 'yaml'], '--format is one of'],
    [['x', '--profile', 'x'], '--profile is one of'],
    [['x', '--dry-run'], '--dry-run goes with --fix'],
    [['--explain', 'Nothing'], 'Unknown rule'],
  ])('called as %j is told what is wrong', async (given, message) => {
    expect(await run(...given)).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  });

  it('says when there is nothing to check', async () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    expect(await run(join(folder, 'empty'))).toMatchObject({
      code: 1,
      error: expect.stringContaining('There is no connector in'),
    });
    expect(await run(join(folder, 'nowhere'))).toMatchObject({
      code: 1,
      error: expect.stringContaining('nowhere does not exist'),
    });
  });
});

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly bash?: string;
  readonly displayName?: string;
}

/** Runs a shell command of a pipeline with its variables, in the folder of a sound and a broken connector. */
const shell = (command: string, variables: Readonly<Record<string, string>>): Promise<number> =>
  new Promise((resolve) => {
    execFile(
      'bash',
      ['-eo', 'pipefail', '-c', command],
      { cwd: folder, env: { PATH: process.env.PATH, ...variables } },
      (failure) => resolve(failure === null ? 0 : Number(failure.code)),
    );
  });

describe('the documented steps', () => {
  const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'));
  const readme = readFileSync(join(root, 'docs/check/README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => parse(text));
  const step = (steps: readonly Step[], name: string) => {
    const found = steps.find((candidate) => (candidate.name ?? candidate.displayName) === name);
    const command = found?.run ?? found?.bash;
    if (command === undefined) throw new Error(`There is no step "${name}".`);
    return command;
  };

  it('the GitHub Action writes a report and fails on errors', async () => {
    write('connector');
    write('connector two', broken);
    const command = step(action.runs.steps, 'Check');
    const variables = {
      CHECK_ACTION: root,
      CHECK_PROFILE: action.inputs.profile.default,
      CHECK_FORMAT: action.inputs.format.default,
      CHECK_REPORT: action.inputs.report.default,
      CHECK_BASELINE: action.inputs.baseline.default,
    };
    expect(await shell(command, { ...variables, CHECK_PATHS: 'connector\n' })).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'connector-check.sarif'), 'utf8')).runs[0].results).toEqual(
      [],
    );
    expect(await shell(command, { ...variables, CHECK_PATHS: 'connector\nconnector two\n' })).toBe(1);
    const [{ results }] = JSON.parse(readFileSync(join(folder, 'connector-check.sarif'), 'utf8')).runs;
    expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      'connector%20two/apiDefinition.swagger.json',
    );
  });

  it('the step of Azure Pipelines writes a report and fails on errors', async () => {
    const { steps } = blocks.find((block) => block.steps !== undefined);
    const command = step(steps, 'Check the connector');
    write('connector');
    expect(await shell(command, { CHECK_TOOLS: root })).toBe(0);
    expect(readFileSync(join(folder, 'connector-check.xml'), 'utf8')).toContain('name="no findings"');
    cpSync(write('replacement', broken), join(folder, 'connector'), { recursive: true });
    expect(await shell(command, { CHECK_TOOLS: root })).toBe(1);
    expect(readFileSync(join(folder, 'connector-check.xml'), 'utf8')).toContain(
      '<failure type="HostNameNotValid"',
    );
  });

  it('what they install is enough: the checker needs no development dependency', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const name of ['commander', 'diff', 'fflate', 'pngjs']) expect(dependencies).toHaveProperty(name);
    const commands = [
      step(action.runs.steps, 'Install'),
      step(blocks.find((block) => block.steps !== undefined).steps, 'Install the checker'),
    ];
    for (const command of commands) expect(command).toMatch(/^npm ci .*--omit=dev/);
  });

  it.skipIf(!process.features.typescript)(
    'need no loader of TypeScript: Node.js reads the sources (skipped where this Node.js cannot)',
    async () => {
      write('connector');
      const main = join(root, 'bin/insights-connector.ts');
      expect(await shell(`node "${main}" check connector --profile certification`, {})).toBe(0);
    },
  );

  it('the workflow gives the action inputs that it has', () => {
    const workflow = blocks.find((block) => block.jobs !== undefined);
    const used = workflow.jobs.check.steps.find(({ uses }: { readonly uses?: string }) =>
      uses?.includes('customer-insights-connector'),
    );
    for (const name of Object.keys(used.with)) expect(action.inputs).toHaveProperty(name);
  });
});
