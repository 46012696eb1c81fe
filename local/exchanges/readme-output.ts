/**
 * The part of README.md that shows what `npm start -- --once` prints, from a run that goes the same way every
 * time.
 */
import { aligned, type InventoryRow, inventory } from '../inventory.ts';
import { readableLogLine, terminalNarrator } from '../narrator.ts';
import { play } from '../scenario.ts';
import type { Synthesised } from '../system.ts';
import { inReproducibleRun } from './reproducible.ts';

/** One row of each of these kinds stands for all; which engine holds the tables depends on the machine. */
const shownKinds = ['HTTP API', 'function', 'simulator'];

const withoutPorts = ([kind, name, where, detail]: InventoryRow): InventoryRow => {
  const stable = (text: string) => text.replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>');
  return [kind, name, stable(where), stable(detail)];
};

const sample = (rows: readonly InventoryRow[]): string => {
  const first = shownKinds.flatMap((kind) => rows.filter((row) => row[0] === kind).slice(0, 1));
  return `${aligned(first.map(withoutPorts))}  …\n`;
};

/** They are hashes of random values, and the only part of the output that differs between runs. */
const withoutDeliveryIds = (text: string, ids: readonly string[]): string =>
  ids.reduce((shown, id) => shown.replaceAll(id, '<delivery id>'), text);

/** Lines of the first JSON value that are shown; of the others none. */
const shownJsonLines = 1;
/**
 * Puts the line of a detection before the line of its delivery. Both functions log at the same time of the
 * clock, in separate workers, so the order of the two lines depends on the load of the machine.
 */
const withDetectionsFirst = (text: string): string =>
  text.replaceAll(/^( +\S+ {2}deliver: .*\n)( +\S+ {2}watch: .*\n)/gm, '$2$1');

/** Shortens the JSON values of the output; `npm start` prints them in full. */
const withShortJson = (text: string): string => {
  let first = true;
  return text.replaceAll(
    /^( +)\{\n(?:\1 .*\n)*\1\}\n(?:\1\{\n(?:\1 .*\n)*\1\}\n)*/gm,
    (values, indent: string) => {
      const lines = values.split('\n').slice(0, -1);
      const shown = first
        ? [...lines.slice(0, shownJsonLines), `${indent}  …`, `${indent}}`]
        : [`${indent}{ … }`];
      first = false;
      return `${shown.join('\n')}\n`;
    },
  );
};

/** Messages of the inboxes: their first lines. */
const withShortMessages = (text: string): string =>
  text.replaceAll(
    /^( {2}\S.*\n {14}\S.*\n)(?: {14}\S.*\n){2,}(?= {2}\S|\n)/gm,
    (_, shown: string) => `${shown}              …\n`,
  );

/** What is between the fences. */
export const makeReadmeOutput = async (synthesised?: Synthesised): Promise<string> => {
  const lines: string[] = [];
  let log: (functionName: string, text: string) => void = () => undefined;
  return inReproducibleRun(
    { log: ({ functionName, text }) => log(functionName, text), ...(synthesised && { synthesised }) },
    async (system) => {
      const write = (text: string) => {
        lines.push(text);
      };
      const say = terminalNarrator(system.clock, write);
      log = (functionName, text) => {
        const readable = readableLogLine(functionName, text);
        if (readable !== undefined) say.line(readable);
      };
      write(sample(inventory(system, { folder: '', files: [] })));
      await play(system, say, () => write('\n  first callback <n> s after the start\n'));
      write('\nAll steps succeeded, <n> s after the start.\n');
      return withoutDeliveryIds(
        withShortMessages(withShortJson(withDetectionsFirst(lines.join('')))).replaceAll(
          /127\.0\.0\.1:\d+/g,
          '127.0.0.1:<port>',
        ),
        system.flowHost.callbacks.map(({ payload }) => String(payload.deliveryId)),
      );
    },
  );
};
