/** What `insights-connector start` runs. */
import { consolePath } from '../config/console.ts';
import { loadConfiguration } from '../config/load.ts';
import { buildConnector } from '../connector/emit/write.ts';
import { endBundler } from '../lib/function-code.ts';
import { LocalClock } from './clock.ts';
import { type ConnectedSystem, startConnectedSystem } from './connected-system.ts';
import { openRunControl, type RunControl } from './control/run-control.ts';
import { aligned, inventory } from './inventory.ts';
import { readableLogLine, terminalNarrator, wrapped } from './narrator.ts';
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
  new Promise<'interrupted'>((interrupted) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => interrupted('interrupted'));
  });

interface Running {
  readonly clock: LocalClock;
  readonly say: Narrator;
  readonly ports: Ports;
  /** The folder that this run writes to. */
  readonly folder: RunFolder;
  /** Whether to end when the scenario is over. */
  readonly once: boolean;
  readonly interrupted: Promise<'interrupted'>;
  readonly log: (line: LogLine) => void;
}

const ended = async (steps: readonly (() => Promise<void>)[]) => {
  const force = setTimeout(() => {
    write('A part did not end in time; the run is ended by force.\n');
    process.exit(1);
  }, endingLimitMs);
  force.unref();
  await Promise.all(steps.map((step) => step()));
  clearTimeout(force);
};

/** Quoted for every shell. */
const quoted = (path: string): string => (/\s/.test(path) ? `"${path}"` : path);

/** Characters of a line where the output goes into a file. */
const usualWidth = 80;
const width = (): number => process.stdout.columns ?? usualWidth;

const list = async (system: LocalSystem | ConnectedSystem, { folder, control }: Listed): Promise<void> => {
  const { configuration } = system;
  const { files } = await buildConnector({ configuration, out: folder.connector });
  write(aligned(inventory(system, { folder: folder.connector, files }), width()));
  control.serve(system);
  await endBundler();
  writeOutputs(system, folder.outputsFile, control);
  write(
    `\nFor other commands (status, why, logs, doctor, local, …) in another terminal:\n  --outputs ${quoted(folder.outputsFile)}\n`,
  );
  write(`\nConsole: ${system.deployment.apiUrl}${consolePath}\n`);
  write(`\nready after ${seconds()}\n`);
};

interface Listed {
  readonly folder: RunFolder;
  readonly control: RunControl;
}

/** As shells report a program that Ctrl-C ended. */
const interruptedCode = 130;

const runSimulated = async ({ once, say, interrupted, folder, ...parts }: Running): Promise<number> => {
  const control = await openRunControl();
  const ending: (() => Promise<void>)[] = [() => control.close()];
  try {
    const system = await startLocalSystem({ ...parts, directory: folder.path, localRunUrl: control.url });
    ending.push(() => system.close());
    await list(system, { folder, control });
    write(
      `\n${wrapped('The clock of this run is moved ahead where the story waits for something, and goes on from there. The left column shows it (UTC).', width())}\n`,
    );
    const scenario = play(system, say, () => write(`\n  first callback ${seconds()} after the start\n`));
    const told = await Promise.race([scenario.then(() => 'told' as const), interrupted]);
    if (told === 'interrupted') {
      // What it still does is ended with the system.
      scenario.catch(() => undefined);
      write('\nInterrupted before the story was over.\n');
      return interruptedCode;
    }
    if (once) {
      write(`\nAll steps succeeded, ${seconds()} after the start.\n`);
      return 0;
    }
    system.flowHost.onCallback(({ flow, payload }) => {
      say.line(`"${flow}" was called:`);
      say.payload(payload);
    });
    write(
      `\nAll steps succeeded, ${seconds()} after the start. The run continues until Ctrl-C.\nEverything in a browser: ${control.url}\n`,
    );
    await interrupted;
    return 0;
  } finally {
    await ended(ending);
  }
};

const runConnected = async (
  real: RealInstance,
  { once, interrupted, folder, ...parts }: Running,
): Promise<number> => {
  const control = await openRunControl();
  const ending: (() => Promise<void>)[] = [() => control.close()];
  try {
    const system = await startConnectedSystem({ real, ...parts, directory: folder.path });
    ending.push(() => system.close());
    await list(system, { folder, control });
    write(
      `\nThe watch polls the real instance every minute. Call ${system.deployment.apiUrl}/v1/datasets with a user's token; docs/local-run.md describes how to get one.${once ? '' : ' Ctrl-C ends it.'}\n`,
    );
    if (!once) await interrupted;
    return 0;
  } finally {
    await ended(ending);
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
 * @returns the exit code: 0, or 130 when Ctrl-C came before the story was over
 * @throws StepFailed, ConfigurationError, or what any of the parts throws
 */
export const runLocally = async ({ ports, once }: LocalRun): Promise<number> => {
  const real = readRealInstance(process.env, () => loadConfiguration());
  const clock = LocalClock.live();
  const say = terminalNarrator(clock, write, width());
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
  return real === undefined ? runSimulated(running) : runConnected(real, running);
};
