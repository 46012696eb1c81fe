import type { Cell, Row, RowSource } from '../data/row.ts';

interface Written {
  readonly key: string;
  readonly cells: Row;
  /** ms, both ends of what can be seen. */
  readonly visibleFrom: number;
  readonly validUntil: number;
}

/**
 * Rows written through the API beside those that refreshes made (5.3): they vanish when their validity ends,
 * and neither segments nor measures ever see them.
 */
export class WrittenRows {
  readonly #created = new Map<string, Written[]>();
  readonly #changed = new Map<string, Written[]>();

  create(table: string, row: Written): void {
    this.#created.set(table, [...(this.#created.get(table) ?? []), row]);
  }

  change(table: string, row: Written): void {
    this.#changed.set(table, [...(this.#changed.get(table) ?? []), row]);
  }

  /** The table's rows with what is visible at `at`, still in key order. */
  over(table: string, keyColumn: string, base: RowSource, at: number): RowSource {
    const visible = (rows: readonly Written[] = []): readonly Written[] =>
      rows.filter((row) => row.visibleFrom <= at && at < row.validUntil);
    const created = [...visible(this.#created.get(table))].sort((a, b) => (a.key < b.key ? -1 : 1));
    const changed = visible(this.#changed.get(table));
    if (created.length === 0 && changed.length === 0) return base;
    return merge(base, keyColumn, created, changed);
  }
}

const merge = (
  base: RowSource,
  keyColumn: string,
  created: readonly Written[],
  changed: readonly Written[],
): RowSource => {
  const changes = new Map<Cell, Row>();
  for (const { key, cells } of changed) changes.set(key, { ...changes.get(key), ...cells });
  const inserted = created.map((row, count) => ({
    row,
    position: lowerBound(base, keyColumn, row.key) + count,
  }));
  const before = (position: number): number => inserted.filter((entry) => entry.position < position).length;
  const at = (position: number): Row => {
    const own = inserted.find((entry) => entry.position === position);
    if (own !== undefined) return own.row.cells;
    const row = base.at(position - before(position));
    const change = changes.get(row[keyColumn] ?? null);
    return change === undefined ? row : { ...row, ...change };
  };
  // Base indices become positions by counting the insertions at or before them.
  const positionOf = (index: number): number =>
    inserted.reduce((position, entry) => (entry.position <= position ? position + 1 : position), index);
  const altered = new Set(changed.flatMap(({ cells }) => Object.keys(cells)));
  return {
    size: base.size + inserted.length,
    at,
    find: (field, value) => {
      if (altered.has(field)) return undefined;
      const found = base.find?.(field, value);
      if (found === undefined) return undefined;
      const own = inserted.filter((entry) => entry.row.cells[field] === value).map((entry) => entry.position);
      return [...found.map(positionOf), ...own].sort((a, b) => a - b);
    },
  };
};

const lowerBound = (base: RowSource, keyColumn: string, key: string): number => {
  let [low, high] = [0, base.size];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (String(base.at(middle)[keyColumn]) < key) low = middle + 1;
    else high = middle;
  }
  return low;
};
