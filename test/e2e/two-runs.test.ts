/** `npm start` as a process: what it writes, and that two at a time do not touch each other. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../bin/commands/run.ts';

const main = fileURLToPath(new URL('../../bin/insights-connector.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

interface Run {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  printed(): string;
  /** Waits until it prints this. @throws when it ends before */
  until(text: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<number | null>;
}

let folder: string;
let temporary: string;
const runs: Run[] = [];

/** In a folder that holds a connector of a real deployment. */
const start = (...given: readonly string[]): Run => {
  const { CUSTOMER_INSIGHTS_URL: _, ...env } = process.env;
  const child = spawn(process.execPath, ['--import', loader, main, 'start', ...given], {
    cwd: folder,
    env: { ...env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const waiting = new Set<() => void>();
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
      for (const look of waiting) look();
    });
  const run: Run = {
    process: child,
    printed: () => output,
    ended,
    until: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = text.exec(output);
          if (found === null) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`It ended without printing ${text}:\n${output}`)));
      }),
  };
  runs.push(run);
  return run;
};

/** Every file below, with its content. */
const tree = (below: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(below, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path, 'utf8')]),
  );

const runFolders = (): readonly string[] =>
  readdirSync(temporary).filter((name) => name.startsWith('insights-connector-run-'));

const command = async (...given: readonly string[]) => {
  const lines: string[] = [];
  const print = (text: string) => {
    lines.push(text);
  };
  return { code: await runCommandLine(given, { print, complain: print }), text: lines.join('\n') };
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'insights-connector-two-runs-'));
  temporary = join(folder, 'temporary');
  mkdirSync(temporary);
  mkdirSync(join(folder, 'dist/connector'), { recursive: true });
  writeFileSync(join(folder, 'dist/connector/settings.json'), '{"connectorId":"shared_real"}');
  writeFileSync(join(folder, 'dist/connector/apiDefinition.swagger.json'), '{"host":"real.example.com"}');
  writeFileSync(join(folder, 'dist/local-outputs.json'), '{}');
});
afterAll(async () => {
  for (const { process: child } of runs) if (child.exitCode === null) child.kill('SIGKILL');
  await Promise.all(runs.map(({ ended }) => ended));
  rmSync(folder, { recursive: true, force: true });
});

describe('two local runs at a time', () => {
  it('write into folders of their own; the commands find the one that is meant; a killed one is cleared away', async () => {
    const before = tree(join(folder, 'dist'));
    const both = [start(), start()] as const;
    const found = await Promise.all(
      both.map(async (run) => {
        const outputs = (await run.until(/--outputs (\S+)/))[1] ?? '';
        await run.until(/The run continues until Ctrl-C/);
        const subscription =
          /registered;\s+Location\s+\S+\/subscriptions\/([^/]+)\//.exec(run.printed())?.[1] ?? '';
        return { outputs, subscription };
      }),
    );
    const [one, other] = found;
    if (!one || !other) expect.fail('two runs');
    expect(one.outputs).not.toBe(other.outputs);
    expect(one.subscription).not.toBe(other.subscription);

    for (const { outputs, subscription } of found) {
      const why = await command('why', `--subscription=${subscription}`, '--outputs', outputs);
      expect(why.text).toMatch(/fired/);
      expect(why.code).toBe(0);
    }
    const crossed = await command('why', `--subscription=${one.subscription}`, '--outputs', other.outputs);
    expect(crossed).toMatchObject({ code: 1, text: expect.stringMatching(/There is no subscription/) });

    expect(runFolders()).toHaveLength(2);
    // The loader of TypeScript keeps its cache there.
    expect(readdirSync(temporary).filter((name) => !name.startsWith('tsx-'))).toEqual(runFolders());
    both[0].process.kill('SIGINT');
    expect(await both[0].ended).toBe(0);
    expect(existsSync(one.outputs)).toBe(false);
    expect(existsSync(other.outputs)).toBe(true);

    both[1].process.kill('SIGKILL');
    await both[1].ended;
    expect(runFolders()).toHaveLength(1);
    const next = start('--once');
    expect(await next.ended, next.printed()).toBe(0);
    expect(runFolders()).toEqual([]);

    expect(tree(join(folder, 'dist'))).toEqual(before);
    expect(readdirSync(folder).sort()).toEqual(['dist', 'temporary']);
  });
});
