/** Findings for a terminal of 80 columns. */
import type { Finding, Level } from '../rule.ts';
import { countsOf, countsText } from '../summary.ts';

const width = 80;

/** Breaks a text between words; a longer word keeps a line of its own. */
const wrapped = (text: string, first: string, indent = first): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push((lines.length === 0 ? first : indent) + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, (lines.length === 0 ? first : indent) + line];
};

/** The part of a line around a column, with a mark below it. */
const excerpt = (text: string, line: number, column: number): readonly string[] => {
  const number = `    ${String(line).padStart(5)} | `;
  const room = width - number.length;
  const plain = text.replaceAll('\t', ' ');
  const lead = plain.length - plain.trimStart().length;
  const begin =
    column - 1 > room - 10 + lead ? column - 1 - Math.floor(room / 2) : Math.min(lead, column - 1);
  const shown = `${begin > lead ? '…' : ''}${plain.slice(begin, begin + room - (begin > lead ? 1 : 0))}`;
  const cut = shown.length > room || begin + room < plain.length ? `${shown.slice(0, room - 1)}…` : shown;
  return [
    `${number}${cut}`,
    `${' '.repeat(number.length - 2)}| ${' '.repeat(column - 1 - begin + (begin > lead ? 1 : 0))}^`,
  ];
};

export interface TextOptions {
  /** Findings below this level are counted by rule instead of shown. */
  readonly least: Exclude<Level, 'off'>;
  /** The text of a line of a file; undefined where the file is not text. */
  readonly line: (file: string, line: number) => string | undefined;
}

const weight = { info: 0, warning: 1, error: 2 } as const;

const one = (finding: Finding, { line }: TextOptions): readonly string[] => {
  const text =
    finding.pointer === '' && finding.line === 1 && finding.column === 1
      ? undefined
      : line(finding.file, finding.line);
  return [
    `  ${finding.severity.padEnd(8)}${finding.line}:${finding.column}  ${finding.rule}${finding.fix ? '  (--fix)' : ''}`,
    ...wrapped(finding.message, '    '),
    ...(text === undefined ? [] : excerpt(text, finding.line, finding.column)),
    ...wrapped(finding.mend, '    → ', '      '),
    '',
  ];
};

const counted = (findings: readonly Finding[]): readonly string[] => {
  const byRule = new Map<string, number>();
  for (const { rule } of findings) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  return [...byRule].map(([rule, count]) => `    ${String(count).padStart(5)}  ${rule}`);
};

/** @returns lines; one block for each file that has findings */
export const textOfFindings = (findings: readonly Finding[], options: TextOptions): string => {
  const files = [...new Set(findings.map(({ file }) => file))];
  return files
    .flatMap((file) => {
      const here = findings.filter((finding) => finding.file === file);
      const shown = here.filter(({ severity }) => weight[severity] >= weight[options.least]);
      const hidden = here.filter(({ severity }) => weight[severity] < weight[options.least]);
      return [
        ...wrapped(`${file}: ${countsText(countsOf(here))}`, ''),
        '',
        ...shown.flatMap((finding) => one(finding, options)),
        ...(hidden.length > 0
          ? [`  below ${options.least} (--level info shows them):`, ...counted(hidden), '']
          : []),
      ];
    })
    .join('\n');
};
