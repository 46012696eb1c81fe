import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRunFolder } from '../../local/run-folder.ts';

/**
 * State: the folders in the base, each of one process of one host. Events: a run opens its folder, ends (removes it), is killed
 * (leaves it). Invariants: no two runs have one folder; opening removes exactly the folders of runs of this host that are dead.
 */
let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'run-folder-'));
});
afterEach(() => rmSync(base, { recursive: true }));

const alive = new Set<number>();
const open = (pid: number, host = 'build-1.example') => {
  alive.add(pid);
  return openRunFolder(base, { host, pid }, (other) => alive.has(other));
};
const kill = (pid: number) => alive.delete(pid);

describe('the folder of a local run', () => {
  it('is its own, also of two runs in one process', () => {
    const folders = [open(1), open(2), open(2)];
    expect(new Set(folders.map(({ path }) => path)).size).toBe(3);
    for (const { path, connector, outputsFile } of folders) {
      expect(existsSync(path)).toBe(true);
      for (const inside of [connector, outputsFile]) expect(inside.startsWith(path)).toBe(true);
    }
  });

  it('goes with everything in it when the run ends, and no other', () => {
    const [one, other] = [open(1), open(2)];
    mkdirSync(one.connector);
    writeFileSync(one.outputsFile, '{}');
    one.remove();
    one.remove();
    expect(readdirSync(base).map((name) => join(base, name))).toEqual([other.path]);
  });

  it('of a killed run is removed by the next, those of living runs are not', () => {
    const [killed, living] = [open(1), open(2)];
    writeFileSync(killed.outputsFile, '{}');
    kill(1);
    const next = open(3);
    expect(existsSync(killed.path)).toBe(false);
    expect(existsSync(living.path)).toBe(true);
    expect(existsSync(next.path)).toBe(true);
  });

  it('of another host stays, because its processes cannot be checked here', () => {
    const elsewhere = [open(1, 'build-2'), open(1, 'build-1.example-7')];
    kill(1);
    open(3);
    for (const { path } of elsewhere) expect(existsSync(path)).toBe(true);
  });

  it('differs from everything else in the parent folder', () => {
    const others = [
      'insights-connector-run-',
      'insights-connector-run-build_1-x-abcdef',
      'insights-connector-1',
      'other-1-abcdef',
    ];
    for (const name of others) mkdirSync(join(base, name));
    const file = 'insights-connector-run-build-1.example-1-abcdef';
    writeFileSync(join(base, file), '');
    kill(1);
    open(3);
    for (const name of [...others, file]) expect(existsSync(join(base, name)), name).toBe(true);
  });

  it('is kept by this process, which is seen to live', () => {
    const own = openRunFolder(base);
    openRunFolder(base);
    expect(existsSync(own.path)).toBe(true);
  });
});
