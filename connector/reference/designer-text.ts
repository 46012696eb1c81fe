/** The designer's view as text. */
import type { DesignerView, Field, Token } from './designer.ts';

const width = 100;

const rule = (left: string, title: string, right: string): string =>
  `${left}${title === '' ? '' : ` ${title} `}`.padEnd(width - 1, '─') + right;

/** Lines that fit beside an indent; those after the first carry it. */
const wrapped = (text: string, indent: number): readonly string[] => {
  const room = width - 4 - indent;
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line, index) => (index === 0 ? line : `${' '.repeat(indent)}${line}`));
};

const boxed = (line: string): string => `│ ${line.padEnd(width - 4)} │`;

/** Two columns, the second wrapped under itself. */
const columns = (left: string, right: string, at: number): readonly string[] => {
  const [first = '', ...others] = wrapped(right, at);
  return [`${left.padEnd(at)}${first}`, ...others];
};

const fieldLines = (fields: readonly Field[], at: number, indent: string): readonly string[] =>
  fields.flatMap(({ label, required, control }) =>
    columns(`${indent}${label}${required ? ' *' : ''}`, `[ ${control} ]`, at),
  );

const tokenLines = (tokens: readonly Token[], at: number): readonly string[] =>
  tokens.flatMap(({ label, type, depth, dynamic }) => {
    const indent = `${'  '.repeat(depth)}`;
    return dynamic
      ? wrapped(`⚡ ${label}`, indent.length + 2).map((line, index) =>
          index === 0 ? `${indent}${line}` : line,
        )
      : columns(`${indent}${label}`, type === 'list' ? 'list; in "Apply to each":' : type, at);
  });

/**
 * A box: title, fields in order (`*`: has to be given), advanced options, tokens (⚡: known only once chosen).
 */
export const designerText = (view: DesignerView): string => {
  const labels = [
    ...view.fields.map(({ label, required }) => label.length + (required ? 2 : 0)),
    ...view.advanced.map(({ label }) => label.length + 2),
    ...view.tokens.map(({ label, depth, dynamic }) => (dynamic ? 0 : label.length + 2 * depth)),
  ];
  const at = Math.max(12, ...labels) + 3;
  return [
    rule('┌─', view.title, '┐'),
    boxed(`${view.operationId} · ${view.kind}${view.emphasis === 'normal' ? '' : ` · ${view.emphasis}`}`),
    ...wrapped(view.description, 0).map(boxed),
    rule('├', '', '┤'),
    ...(view.fields.length > 0 ? fieldLines(view.fields, at, '') : ['nothing to fill in']).map(boxed),
    ...(view.advanced.length > 0
      ? ['', 'Show advanced options ▾', ...fieldLines(view.advanced, at, '  ')].map(boxed)
      : []),
    rule('├─', 'Later steps may use', '┤'),
    ...(view.tokens.length > 0 ? tokenLines(view.tokens, at) : ['nothing']).map(boxed),
    rule('└', '', '┘'),
  ].join('\n');
};
