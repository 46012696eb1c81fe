/** A value of a row as JSON carries it. Dates and times are ISO 8601 texts. */
export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** The OData type names that the simulator's tables use; 3.6 of the API reference lists all that exist. */
export type EdmType =
  | 'Edm.String'
  | 'Edm.Boolean'
  | 'Edm.Int32'
  | 'Edm.Int64'
  | 'Edm.Double'
  | 'Edm.Decimal'
  | 'Edm.Date'
  | 'Edm.DateTimeOffset'
  | 'Edm.Guid';

export interface Attribute {
  readonly name: string;
  readonly dataType: EdmType;
  readonly semanticType?: string;
}

/** Rows of a table in key order, computed when asked for. */
export interface RowSource {
  readonly size: number;
  at(index: number): Row;
  /**
   * Rows whose `field` has this value, ascending, where the table knows them without a scan; else undefined.
   */
  find?(field: string, value: string): readonly number[] | undefined;
}

export const attribute = (name: string, dataType: EdmType, semanticType?: string): Attribute =>
  semanticType === undefined ? { name, dataType } : { name, dataType, semanticType };

export const rowSource = (rows: readonly Row[]): RowSource => ({
  size: rows.length,
  at: (index) => {
    const row = rows[index];
    if (row === undefined) throw new RangeError(`row ${index} of ${rows.length}`);
    return row;
  },
});
