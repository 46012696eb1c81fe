/**
 * The OData types of columns (`dataType` in the metadata): what each is in a JSON schema, and how a text of a
 * partition becomes a value of it. Names that are not listed are texts.
 */

import { toDecimal } from '../runtime/decimal.ts';
import { type ExactNumber, exactNumber } from '../runtime/json.ts';

interface ColumnType {
  readonly type: 'string' | 'number' | 'integer' | 'boolean';
  readonly format?: string;
}

const types: Readonly<Record<string, ColumnType>> = {
  'Edm.String': { type: 'string' },
  'Edm.Boolean': { type: 'boolean' },
  'Edm.Byte': { type: 'integer', format: 'int32' },
  'Edm.SByte': { type: 'integer', format: 'int32' },
  'Edm.Int16': { type: 'integer', format: 'int32' },
  'Edm.Int32': { type: 'integer', format: 'int32' },
  'Edm.Int64': { type: 'integer', format: 'int64' },
  'Edm.Single': { type: 'number', format: 'float' },
  'Edm.Double': { type: 'number', format: 'double' },
  'Edm.Decimal': { type: 'number' },
  'Edm.Date': { type: 'string', format: 'date' },
  'Edm.DateTimeOffset': { type: 'string', format: 'date-time' },
  'Edm.TimeOfDay': { type: 'string' },
  'Edm.Guid': { type: 'string', format: 'uuid' },
  'Edm.Binary': { type: 'string', format: 'byte' },
};

export const columnType = (dataType: string | undefined): ColumnType =>
  types[dataType ?? ''] ?? { type: 'string' };

/**
 * The value that a text represents. A text that is not a value of the type (`NaN` in a number) stays a text.
 * @returns a value for renderJson
 */
export const typedValue = (text: string, dataType: string): string | number | boolean | ExactNumber => {
  switch (columnType(dataType).type) {
    case 'boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text;
    case 'number':
    case 'integer': {
      const digits = toDecimal(text);
      return digits === undefined ? text : exactNumber(digits);
    }
    case 'string':
      return text;
  }
};
