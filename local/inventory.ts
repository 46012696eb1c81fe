/** The running parts and their addresses, as `npm start` lists them. */
import type { ConnectedSystem } from './connected-system.ts';
import { wrapped } from './narrator.ts';
import type { LocalSystem } from './system.ts';

/** Kind, name, location, details. */
export type InventoryRow = readonly [kind: string, name: string, where: string, detail: string];

/** What the system calls: simulated on this machine, or real. */
const outside = (system: LocalSystem | ConnectedSystem): readonly InventoryRow[] =>
  'simulator' in system
    ? [
        ['simulator', 'Customer Insights', system.simulator.url, `control: ${system.simulator.controlUrl}`],
        ['simulator', 'Entra ID', system.issuer.issuer, 'signs tokens with keys of its own'],
      ]
    : [
        ['real', 'Customer Insights', system.outside.customerInsightsUrl, ''],
        ['real', 'Entra ID', system.outside.authority, ''],
      ];

export const inventory = (
  system: LocalSystem | ConnectedSystem,
  connector: { readonly folder: string; readonly files: readonly { readonly size: number }[] },
): readonly InventoryRow[] => [
  ...system.deployment.inventory.map(
    ({ kind, name, where, detail }): InventoryRow => [kind, name, where, detail],
  ),
  ...outside(system),
  ['simulator', 'Power Automate', system.flowHost.url, 'flows and their callback URLs'],
  [
    'connector',
    'generated files',
    connector.folder,
    `${connector.files.length} files, ${connector.files.reduce((sum, { size }) => sum + size, 0)} bytes`,
  ],
];

/**
 * One line per row, in columns; where a row is wider than the terminal, its place and details stand below its name.
 * @param width of the terminal, characters
 */
export const aligned = (rows: readonly InventoryRow[], width = Number.POSITIVE_INFINITY): string => {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const padded = (row: InventoryRow, columns: number): string =>
    row
      .slice(0, columns)
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const line = (row: InventoryRow): string => {
    const whole = `  ${padded(row, 4)}\n`;
    if (whole.length - 1 <= width) return whole;
    const below = row.slice(2).filter((cell) => cell !== '');
    return `  ${padded(row, 2)}\n${wrapped(below.join('; '), width, '      ')}\n`;
  };
  return rows.map(line).join('');
};
