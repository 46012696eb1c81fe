/** `npm start`: the whole system on this machine, with a short scenario; then it keeps running for you to play with. */
import { basename, relative, resolve } from 'node:path';
import { cac } from 'cac';
import { buildConnector } from '../connector/emit/write.ts';
import { LocalClock } from './clock.ts';
import { readableLogLine, terminalNarrator } from './narrator.ts';
import { play, StepFailed } from './scenario.ts';
import { freePorts, type LocalSystem, localConfiguration, type Ports, startLocalSystem } from './system.ts';

const startedAt = performance.now();
const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

const write = (text: string) => {
  process.stdout.write(text);
};

/** Ctrl-C ends everything within this time, ms, or is repeated by force. */
const endingLimitMs = 2_000;

const inventory = (
  system: LocalSystem,
  files: readonly { readonly path: string; readonly size: number }[],
) => {
  const { deployment, simulator, issuer, flowHost } = system;
  const rows = [
    ...deployment.inventory.map(({ kind, name, where, detail }) => [kind, name, where, detail]),
    ['simulator', 'Customer Insights', simulator.url, `control: ${simulator.controlUrl}`],
    ['simulator', 'Entra ID', issuer.issuer, 'signs tokens with keys of its own'],
    ['simulator', 'Power Automate', flowHost.url, 'flows and their callback URLs'],
    ...files.map(({ path, size }) => ['connector', basename(path), relative('.', path), `${size} bytes`]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    write(
      `  ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
};

const readPorts = (options: Readonly<Record<string, unknown>>): Ports => {
  const port = (name: string): number => {
    const value = options[name];
    if (value === undefined) return 0;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
    throw new StepFailed(
      `--${name} is ${JSON.stringify(value)}; a port is a whole number from 0 (a free one) to 65535.`,
    );
  };
  return {
    ...freePorts,
    api: port('apiPort'),
    simulator: port('simulatorPort'),
    issuer: port('issuerPort'),
    flowHost: port('flowHostPort'),
  };
};

const untilInterrupted = () =>
  new Promise<void>((interrupted) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted());
  });

const run = async (options: Readonly<Record<string, unknown>>): Promise<void> => {
  const once = options.once === true;
  const ports = readPorts(options);
  const clock = LocalClock.live();
  const say = terminalNarrator(clock, write);
  const interrupted = untilInterrupted();
  write('Customer Insights connector: the whole system on this machine\n\n');

  const system = await startLocalSystem({
    clock,
    ports,
    log: ({ functionName, text }) => {
      const readable = readableLogLine(functionName, text);
      if (readable !== undefined) say.line(readable);
    },
  });
  const end = async () => {
    const force = setTimeout(() => {
      write('Something did not end in time; ending by force.\n');
      process.exit(1);
    }, endingLimitMs);
    force.unref();
    await system.close();
    clearTimeout(force);
  };
  try {
    const files = await buildConnector({ configuration: localConfiguration, out: resolve('dist/connector') });
    inventory(system, files);
    write(`\nready after ${seconds()}\n`);
    const scenario = play(system, say, () => write(`\n  first callback ${seconds()} after the start\n`));
    await (once ? scenario : Promise.race([scenario, interrupted]));
    if (!once) {
      write(
        `\nEverything happened, ${seconds()} after the start. It keeps running: see ${system.simulator.controlUrl}; Ctrl-C ends it.\n`,
      );
      await interrupted;
    } else write(`\nEverything happened, ${seconds()} after the start.\n`);
  } finally {
    await end();
  }
};

const cli = cac('npm start --');
cli
  .command('', 'Run the whole system on this machine and play the scenario')
  .option('--once', 'End after the scenario: exit code 0, or 1 if a step did not happen')
  .option('--api-port <port>', 'Port of the API; a free one by default')
  .option('--simulator-port <port>', 'Port of the Customer Insights simulator')
  .option('--issuer-port <port>', 'Port of the sign-in issuer')
  .option('--flow-host-port <port>', 'Port of the flow host')
  .action(run);
cli.help();

try {
  cli.parse(process.argv, { run: false });
  await cli.runMatchedCommand();
  process.exitCode ??= 0;
} catch (error) {
  process.stderr.write(
    `${error instanceof StepFailed || isUsage(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}

function isUsage(error: unknown): error is Error {
  return error instanceof Error && error.name === 'CACError';
}
