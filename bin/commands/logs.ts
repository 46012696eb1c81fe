import type { LogRecord } from '../operator/logs.ts';
import { outputsOption, sinceOf, withDeployment } from '../operator/options.ts';
import { type Command, oneOf, type Terminal, textOf, UsageError } from './command.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;

/** Between two looks with --follow, ms. */
const pauseMs = 2_000;
/** A line may become visible this much later than it was written, ms. */
const lateMs = 15_000;

const valueText = (value: unknown): string => {
  if (typeof value === 'string') return /\s/.test(value) ? JSON.stringify(value) : value;
  if (typeof value === 'object' && value !== null && 'message' in value) return JSON.stringify(value.message);
  return JSON.stringify(value);
};

const lineOf = ({ at, source, level, message, details }: LogRecord): string =>
  [
    new Date(at).toISOString().slice(0, 19).replace('T', ' '),
    source.padEnd(13),
    level.padEnd(5),
    message,
    ...Object.entries(details).map(([key, value]) => `${key}=${valueText(value)}`),
  ].join('  ');

const show = async (record: LogRecord, terminal: Terminal): Promise<void> => {
  if (terminal.result) return terminal.result({ ...record, at: new Date(record.at).toISOString() });
  const { coloured } = await import('./columns.ts');
  const line = lineOf(record);
  const meaning = record.level === 'ERROR' ? 'bad' : record.level === 'WARN' ? 'doubtful' : undefined;
  terminal.print(meaning === undefined ? line : coloured(meaning, line));
};

export const logs: Command = {
  name: 'logs',
  arguments: '[id]',
  summary: 'Show the logs of all functions as one: of a subscription, delivery, event or call, or of a flow',
  page: 'docs/operating.md',
  streams: true,
  options: [
    { flags: '--since <time>', description: 'How far to look back, such as 24h (default: 1h)' },
    { flags: '--flow <flow>', description: 'Id or name of a flow, as Power Automate names it' },
    { flags: '--function <function>', description: 'Only of this function, or of the gateway' },
    { flags: '--level <level>', description: 'From this level on: debug, info, warn or error' },
    { flags: '--follow', description: 'Go on showing new lines until Ctrl-C' },
    outputsOption,
  ],
  examples: [
    'logs --since 15m --level warn',
    'logs <subscription> --since 24h',
    'logs --function watch --follow',
  ],
  run: (values, terminal, [id]) =>
    withDeployment<0 | 1>(values, async ({ place }) => {
      const { functionNames } = await import('../../lambda/functions.ts');
      const { logSourceOf, searchLogs } = await import('../operator/logs.ts');
      const wanted = oneOf(values, 'function', [...functionNames, 'gateway']);
      const least = textOf(values, 'level')?.toLowerCase() ?? 'debug';
      const rank = (levels as readonly string[]).indexOf(least);
      if (rank < 0) throw new UsageError(`--level is "${least}"; there are ${levels.join(', ')}.`);
      const follow = values.follow === true;
      const source = await logSourceOf(place);
      const shown = new Set<string>();
      const started = Date.now();
      let since = sinceOf(values, started) ?? started - 3_600_000;
      let interrupted = false;
      if (follow) process.once('SIGINT', () => (interrupted = true));
      for (;;) {
        const asked = Date.now();
        const records = await searchLogs(source, {
          since,
          id,
          flow: textOf(values, 'flow'),
          sources: wanted === undefined ? [] : [wanted],
        });
        for (const record of records) {
          const key = JSON.stringify(record);
          if (shown.has(key) || levels.indexOf(record.level.toLowerCase() as (typeof levels)[number]) < rank)
            continue;
          shown.add(key);
          await show(record, terminal);
        }
        if (!follow || interrupted) break;
        since = Math.max(since, asked - lateMs);
        await new Promise((passed) => setTimeout(passed, pauseMs));
        if (interrupted) break;
      }
      if (shown.size === 0 && !follow)
        terminal.complain(
          `No lines since ${new Date(since).toISOString()}${id === undefined ? '' : ` that name ${id}`}.`,
        );
      return 0;
    }),
};
