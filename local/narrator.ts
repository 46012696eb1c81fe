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
    default:
      return entry.level === 'WARN' || entry.level === 'ERROR'
        ? `${functionName}: ${text('message')} ${JSON.stringify(entry.error ?? entry.reason ?? '')}`
        : undefined;
  }
};

/** Left column: the time of the run's clock, UTC. */
export const terminalNarrator = (clock: Clock, write: (text: string) => void): Narrator => {
  const time = () => new Date(clock.now()).toISOString().slice(11, 19);
  return {
    step: (text) => write(`\n${text}\n`),
    line: (text) => write(`  ${time()}  ${text}\n`),
    payload: (value: Json) => {
      for (const line of JSON.stringify(value, null, 2).split('\n')) write(`              ${line}\n`);
    },
    text: (lines) => {
      for (const line of lines) write(`              ${line}\n`);
    },
  };
};
