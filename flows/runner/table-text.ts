/** The action that makes a CSV or an HTML table of an array, with the platform's spelling of cells. */
import { isObject, kindOf, textOf, type Value, type ValueObject } from '../expressions/values.ts';

/** The rows cannot make a table. The message is the platform's. */
export class TableInputError extends Error {
  override readonly name = 'TableInputError';
}

export interface Column {
  readonly header: string;
  readonly cell: (row: Value) => Value;
}

const lineEnd = '\r\n';

const csvCell = (value: Value): string => {
  const text = textOf(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

const named: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * As .NET's WebUtility.HtmlEncode: the five characters, Latin-1 from U+00A0, and what lies outside the BMP.
 */
export const htmlEncoded = (text: string): string =>
  text.replace(
    /[<>&"']|[\u00a0-\u00ff]|[\u{10000}-\u{10ffff}]/gu,
    (character) => named[character] ?? `&#${character.codePointAt(0)};`,
  );

const htmlRow = (tag: 'th' | 'td', cells: readonly Value[]): string =>
  `<tr>${cells.map((cell) => `<${tag}>${htmlEncoded(textOf(cell))}</${tag}>`).join('')}</tr>`;

const automatic = (rows: readonly Value[]): readonly Column[] => {
  const names = new Set<string>();
  for (const row of rows) {
    if (!isObject(row))
      throw new TableInputError(
        "The property 'columns' must be specified unless the 'from' property value is an array of objects.",
      );
    for (const name of Object.keys(row)) names.add(name);
  }
  return [...names].map((name) => ({ header: name, cell: (row) => (row as ValueObject)[name] ?? null }));
};

/** @throws TableInputError */
export const makeTable = (format: 'CSV' | 'HTML', from: Value, columns?: readonly Column[]): string => {
  if (!Array.isArray(from))
    throw new TableInputError(
      `The 'from' property value in the 'table' action inputs is of type '${kindOf(from)}'. The value must be of type 'Array'.`,
    );
  const rows = from as readonly Value[];
  const shown = columns ?? automatic(rows);
  const headers = shown.map(({ header }) => header);
  const cells = rows.map((row) => shown.map(({ cell }) => cell(row)));
  if (format === 'CSV')
    return shown.length === 0
      ? ''
      : [headers, ...cells].map((row) => row.map(csvCell).join(',') + lineEnd).join('');
  const head = shown.length === 0 ? '' : `<thead>${htmlRow('th', headers)}</thead>`;
  return `<table>${head}<tbody>${cells.map((row) => htmlRow('td', row)).join('')}</tbody></table>`;
};
