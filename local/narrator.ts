/** The terminal output of the local run. */
import type { Json } from '../flows/runner/connectors/connector-definition.ts';
import type { Clock } from './clock.ts';
import type { Narrator } from './scenario.ts';

/** The readable form of a line of a function's log; undefined when the line is not for people. */
export const readableLogLine = (functionName: string, line: string): string | undefined => {
  let entry: Record<string, unknown>;
  try {
    entry = JSON.parse(line) as Record<string, unknown>;
  } catch {
    // Not every line of a function is JSON; a crash of the runtime, for example, is not.
    return `${functionName}: ${line}`;
  }
  const text = (name: string) => String(entry[name] ?? '');
  switch (entry.message) {
    case 'event detected': {
      const values = entry.previous === undefined ? '' : ` from ${text('previous')} to ${text('current')}`;
      return `watch: ${text('trigger')} ${text('subject')}${values}; event ${text('eventId')}, ${text('deliveries')} to deliver`;
    }
    case 'delivery attempted':
      return `deliver: attempt ${text('attempt')} of ${text('deliveryId')}: ${text('status')} ${text('meaning')} (${text('consequence')})`;
    case 'deliveries accepted': {
      const ids = Array.isArray(entry.deliveries) ? entry.deliveries.map((pair) => String(pair[0])) : [];
      return `deliver: accepted by their flows: ${ids.join(', ')}`;
    }
    default:
      return entry.level === 'WARN' || entry.level === 'ERROR'
        ? `${functionName}: ${text('message')} ${JSON.stringify(entry.error ?? entry.reason ?? '')}`
        : undefined;
  }
};

/**
 * A text in lines that fit; a word that is longer than a line stays whole.
 * @param indent in front of every line
 */
export const wrapped = (text: string, width: number, indent = ''): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line].join('\n');
};

/** Left column: the time of the run's clock, UTC. @param width of the terminal, characters */
export const terminalNarrator = (
  clock: Clock,
  write: (text: string) => void,
  width = Number.POSITIVE_INFINITY,
): Narrator => {
  const time = () => new Date(clock.now()).toISOString().slice(11, 19);
  return {
    step: (text) => write(`\n${wrapped(text, width)}\n`),
    line: (text) => write(`  ${time()}  ${wrapped(text, width, '            ').trimStart()}\n`),
    payload: (value: Json) => {
      for (const line of JSON.stringify(value, null, 2).split('\n')) write(`              ${line}\n`);
    },
    text: (lines) => {
      for (const line of lines) write(`              ${line}\n`);
    },
  };
};
