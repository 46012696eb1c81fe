/** CPU time of the engines that a benchmark starts, which cannot be asked for it. */
import { readdirSync, readFileSync } from 'node:fs';

/** As the system calls their processes. */
const engines = ['(dynoxide', '(redis-server'];

interface ProcessTime {
  readonly parent: number;
  readonly isEngine: boolean;
  /** Clock ticks in user and system mode: 1/100 s on every Linux that Node.js runs on. */
  readonly ticks: number;
}

const timeOf = (pid: string): readonly [pid: number, time: ProcessTime][] => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // After the name, which may contain anything: state, parent, …, user time, system time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    const isEngine = engines.some((name) => stat.includes(name));
    return [[Number(pid), { parent: Number(fields[1]), isEngine, ticks }]];
  } catch {
    // A process that has ended in the meantime.
    return [];
  }
};

/** Of the engines below this process, ms; 0 where there is no /proc, or the engine is part of this process. */
export const cpuOfEngines = (): number => {
  if (process.platform !== 'linux') return 0;
  const processes = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap(timeOf),
  );
  const isBelow = (parent: number): boolean =>
    parent === process.pid || isBelowOf(processes.get(parent)?.parent);
  const isBelowOf = (parent: number | undefined): boolean =>
    parent !== undefined && parent > 1 && isBelow(parent);
  const own = [...processes.values()].filter(({ parent, isEngine }) => isEngine && isBelow(parent));
  return own.reduce((sum, { ticks }) => sum + ticks, 0) * 10;
};
