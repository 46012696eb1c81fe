/** Tables for the terminal, and colour where it helps. */
import { styleText } from 'node:util';

export interface Column {
  readonly title: string;
  /** It gives way first where the terminal is narrow. */
  readonly shrinks?: true;
}

const gap = '  ';
/** A shrinking column keeps at least this width. */
const narrowest = 8;

const cut = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, Math.max(0, width - 1))}…`;

/** Widths that fit: columns that shrink give way, the widest first. */
const fitted = (columns: readonly Column[], widths: readonly number[], most: number): readonly number[] => {
  const fit = [...widths];
  const total = () => fit.reduce((sum, width) => sum + width, 0) + gap.length * (fit.length - 1);
  for (;;) {
    const over = total() - most;
    if (over <= 0) return fit;
    const [widest] = columns
      .map((column, at) => ({ at, width: fit[at] ?? 0, shrinks: column.shrinks === true }))
      .filter(({ shrinks, width }) => shrinks && width > narrowest)
      .sort((a, b) => b.width - a.width);
    if (widest === undefined) return fit;
    fit[widest.at] = Math.max(narrowest, widest.width - over);
  }
};

/**
 * Rows in columns below their titles.
 * @param width of the terminal in characters; undefined for no limit, so that other programs get whole values
 */
export const table = (
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number | undefined,
): string => {
  const natural = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const widths = width === undefined ? natural : fitted(columns, natural, width);
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cut(cell, widths[at] ?? cell.length).padEnd(widths[at] ?? 0))
      .join(gap)
      .trimEnd();
  return [line(columns.map(({ title }) => title.toUpperCase())), ...rows.map(line)].join('\n');
};

const colours = { good: 'green', doubtful: 'yellow', bad: 'red' } as const;

/** Coloured on a terminal that shows colours; plain with NO_COLOR, in files and for other programs. */
export const coloured = (meaning: keyof typeof colours, text: string): string =>
  styleText(colours[meaning], text, { stream: process.stdout });

/** `3 min`, `2 h 5 min`, `4 d 3 h`: a span in its two largest units. @param milliseconds 0 or more */
export const span = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
};
