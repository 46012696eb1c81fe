/** What `insights-connector start` runs. */
import { consolePath } from '../config/console.ts';
import { loadConfiguration } from '../config/load.ts';
import { buildConnector } from '../connector/emit/write.ts';
import { LocalClock } from './clock.ts';
import { type ConnectedSystem, startConnectedSystem } from './connected-system.ts';
import { aligned, inventory } from './inventory.ts';
import { readableLogLine, terminalNarrator } from './narrator.ts';
import { writeOutputs } from './operator.ts';
import { type RealInstance, readRealInstance } from './real-instance.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { type Narrator, play } from './scenario.ts';
import { type LocalSystem, type Ports, startLocalSystem } from './system.ts';
import type { LogLine } from './template/functions.ts';

const startedAt = performance.now();
const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

const write = (text: string) => {
  process.stdout.write(text);
};

/** Ctrl-C ends everything within this time, ms, or is repeated by force. */
const endingLimitMs = 2_000;

const untilInterrupted = () =>
  new Promise<void>((interrupted) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted());
  });

interface Running {
  readonly clock: LocalClock;
  readonly say: Narrator;
  readonly ports: Ports;
  /** The folder that this run writes to. */
  readonly folder: RunFolder;
  /** Whether to end when the scenario is over. */
  readonly once: boolean;
  readonly interrupted: Promise<void>;
  readonly log: (line: LogLine) => void;
}

const ended = async (system: { close(): Promise<void> }) => {
  const force = setTimeout(() => {
    write('A part did not end in time; the run is ended by force.\n');
    process.exit(1);
  }, endingLimitMs);
  force.unref();
  await system.close();
  clearTimeout(force);
};

/** Quoted for every shell. */
const quoted = (path: string): string => (/\s/.test(path) ? `"${path}"` : path);

const list = async (system: LocalSystem | ConnectedSystem, folder: RunFolder) => {
  const { configuration } = system;
  const { files } = await buildConnector({ configuration, out: folder.connector });
  write(aligned(inventory(system, { folder: folder.connector, files })));
  writeOutputs(system, folder.outputsFile);
  write(
    `\nFor the commands why, redrive and replay in another terminal:\n  --outputs ${quoted(folder.outputsFile)}\n`,
  );
  write(`\nConsole: ${system.deployment.apiUrl}${consolePath}\n`);
  write(`\nready after ${seconds()}\n`);
};

const runSimulated = async ({ once, say, interrupted, folder, ...parts }: Running): Promise<void> => {
  const system = await startLocalSystem({ ...parts, directory: folder.path });
  try {
    await list(system, folder);
    const scenario = play(system, say, () => write(`\n  first callback ${seconds()} after the start\n`));
    await (once ? scenario : Promise.race([scenario, interrupted]));
    if (!once) {
      write(
        `\nAll steps succeeded, ${seconds()} after the start. The run continues until Ctrl-C; control page: ${system.simulator.controlUrl}\n`,
      );
      await interrupted;
    } else write(`\nAll steps succeeded, ${seconds()} after the start.\n`);
  } finally {
    await ended(system);
  }
};

const runConnected = async (
  real: RealInstance,
  { once, interrupted, folder, ...parts }: Running,
): Promise<void> => {
  const system = await startConnectedSystem({ real, ...parts, directory: folder.path });
  try {
    await list(system, folder);
    write(
      `\nThe watch polls the real instance every minute. Call ${system.deployment.apiUrl}/v1/datasets with a user's token; docs/local-run.md describes how to get one.${once ? '' : ' Ctrl-C ends it.'}\n`,
    );
    if (!once) await interrupted;
  } finally {
    await ended(system);
  }
};

export interface LocalRun {
  readonly ports: Ports;
  /** Whether to end when the scenario is over. */
  readonly once: boolean;
}

/**
 * The whole system on this machine, with a short scenario; then it runs until it is interrupted.
 * With CUSTOMER_INSIGHTS_URL and credentials set, the same system against a real instance.
 * @throws StepFailed, ConfigurationError, or what any of the parts throws
 */
export const runLocally = async ({ ports, once }: LocalRun): Promise<void> => {
  const real = readRealInstance(process.env, () => loadConfiguration());
  const clock = LocalClock.live();
  const say = terminalNarrator(clock, write);
  const folder = openRunFolder();
  // After every end except kill -9; in that case the next run removes it.
  process.once('exit', folder.remove);
  const running: Running = {
    clock,
    say,
    ports,
    folder,
    once,
    interrupted: untilInterrupted(),
    log: ({ functionName, text }) => {
      const readable = readableLogLine(functionName, text);
      if (readable !== undefined) say.line(readable);
    },
  };
  write('Customer Insights connector: the whole system on this machine\n\n');
  await (real === undefined ? runSimulated(running) : runConnected(real, running));
};
