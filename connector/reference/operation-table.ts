/** The table of operations, from the contract. */
import { basePath } from '../contract/index.ts';
import type { Operation, OperationKind } from '../contract/operation.ts';

/** The kinds of operation that a connector has. */
export type ConnectorKind = Exclude<OperationKind, 'console'>;

export const kindTitles: Readonly<Record<ConnectorKind, string>> = {
  trigger: 'Triggers',
  action: 'Actions',
  lookup: 'Lookups',
  unsubscribe: 'Unsubscribing',
};

export const kinds = Object.keys(kindTitles) as readonly ConnectorKind[];

/** The anchor that Markdown viewers give to a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const header = ['operation', 'name', 'kind', 'call', 'function', 'counted'] as const;

const rows = (operations: readonly Operation[]): readonly (readonly string[])[] =>
  kinds.flatMap((kind) =>
    operations
      .filter((operation) => operation.kind === kind)
      .map(({ operationId, summary, method, path, function: served, counted, visibility, pageable }) => [
        operationId,
        summary,
        [
          kind,
          visibility === 'internal' && kind !== 'lookup' && kind !== 'unsubscribe' && 'internal',
          pageable && 'pageable',
        ]
          .filter(Boolean)
          .join(', '),
        `${method} ${basePath}${path}`,
        served,
        counted ? 'yes' : 'no',
      ]),
  );

/** Aligned, for a terminal. */
export const operationTableText = (operations: readonly Operation[]): string => {
  const all = [header, ...rows(operations)];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

/** With links to the headings of the reference, which are the names. */
export const operationTableMarkdown = (operations: readonly Operation[]): string =>
  [
    `| ${header.join(' | ')} |`,
    `|${header.map(() => '---').join('|')}|`,
    ...rows(operations).map(
      ([operationId = '', name = '', kind, call, served, counted]) =>
        `| \`${operationId}\` | [${name}](#${anchorOf(name)}) | ${kind} | \`${call}\` | ${served} | ${counted} |`,
    ),
  ].join('\n');
