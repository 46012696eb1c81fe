/** Memory and CPU time of processes, from /proc: on Linux alone. */
import { readdirSync, readFileSync } from 'node:fs';

interface ProcessUse {
  readonly pid: number;
  readonly parent: number;
  /** As the system calls it, at most 15 characters. */
  readonly name: string;
  /** In user and system mode, ms. */
  readonly cpuMs: number;
}

/** A clock tick: 1/100 s on every Linux that Node.js runs on. */
const tickMs = 10;

const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // A process that has ended in the meantime.
    return '';
  }
};

const useOf = (pid: number): readonly ProcessUse[] => {
  // The name may contain anything; state, parent, …, user time, system time.
  const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(read(pid, 'stat')) ?? [];
  if (name === undefined || rest === undefined) return [];
  const fields = rest.split(' ').map(Number);
  const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]];
  return [{ pid, parent, name, cpuMs: (user + system) * tickMs }];
};

/** A process and all that it started and is alive; none where there is no /proc. */
export const processTree = (root: number): readonly ProcessUse[] => {
  if (process.platform !== 'linux') return [];
  const all = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => useOf(Number(name)))
      .map((use) => [use.pid, use] as const),
  );
  const isOfTree = (pid: number | undefined): boolean =>
    pid !== undefined && pid > 1 && (pid === root || isOfTree(all.get(pid)?.parent));
  return [...all.values()].filter(({ pid }) => isOfTree(pid));
};

/** Of all of them, ms. */
export const cpuOf = (processes: readonly ProcessUse[]): number =>
  processes.reduce((sum, { cpuMs }) => sum + cpuMs, 0);

/** Proportional set size: pages that several processes share are divided among them. MB of 2^20 bytes. */
export const memoryOf = (processes: readonly ProcessUse[]): number =>
  processes.reduce((sum, { pid }) => {
    const kilobytes = /^Pss: +(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1];
    return sum + Number(kilobytes ?? 0) / 1024;
  }, 0);

/** Of the engines below this process, which cannot be asked for it, ms; 0 where an engine is part of this process. */
export const cpuOfEngines = (): number =>
  cpuOf(processTree(process.pid).filter(({ name }) => name === 'dynoxide' || name === 'redis-server'));
