/**
 * The folder that one local run writes into, and nothing else: below the system's folder for temporary files,
 * so that no run touches `dist/`, the clone may be read-only, and the bundles find no node_modules around
 * them, as in AWS.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunFolder {
  /** The bundles and the template are made here. */
  readonly path: string;
  /** Generated connector files. */
  readonly connector: string;
  /** The outputs file, by which the operator commands find this run. */
  readonly outputsFile: string;
  /** Removes it with its content. */
  remove(): void;
}

/** The process that a folder belongs to. A process id is valid only on its own machine. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
}

const prefix = 'insights-connector-run-';

const nameStart = ({ host, pid }: Owner): string =>
  `${prefix}${host.replaceAll(/[^A-Za-z0-9.]/g, '_')}-${pid}-`;

/** @returns undefined for a folder that does not belong to a run on this host */
const pidOf = (name: string, host: string): number | undefined => {
  const pid = Number(/-(\d+)-[A-Za-z0-9]{6}$/.exec(name)?.[1]);
  return Number.isInteger(pid) && name.startsWith(nameStart({ host, pid })) ? pid : undefined;
};

/** Whether a process of this machine runs; a process that may not be signalled runs. */
const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
};

const removeFolder = (path: string): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 });

const isOwn = (path: string): boolean => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory() === true && found.uid === (process.getuid?.() ?? found.uid);
};

/**
 * Makes the folder of this run, and removes the folders of killed runs.
 * @param isRunning whether a process of this host lives
 */
export const openRunFolder = (
  base: string = tmpdir(),
  owner: Owner = { host: hostname(), pid: process.pid },
  isRunning: (pid: number) => boolean = runs,
): RunFolder => {
  for (const name of readdirSync(base)) {
    const pid = pidOf(name, owner.host);
    const path = join(base, name);
    // Another run of this very process, as tests make them, is alive.
    if (pid !== undefined && pid !== owner.pid && !isRunning(pid) && isOwn(path)) removeFolder(path);
  }
  const path = mkdtempSync(join(base, nameStart(owner)));
  return {
    path,
    connector: join(path, 'connector'),
    outputsFile: join(path, 'outputs.json'),
    remove: () => removeFolder(path),
  };
};
