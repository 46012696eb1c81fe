import type { AttributeMetadata } from '../customer-insights/index.ts';
import { columnType } from './column-types.ts';

/**
 * One column in the JSON schema of an item, with the extensions that the designer reads
 * (https://learn.microsoft.com/connectors/custom-connectors/openapi-extensions).
 * @param options.keyOrder the column's place in the key, from 0; negative when it is not in it
 */
export const columnSchema = (
  attribute: AttributeMetadata,
  options: { readonly keyOrder: number; readonly readOnly: boolean },
): Readonly<Record<string, unknown>> => {
  const title = attribute.friendlyName || attribute.name;
  return {
    ...columnType(attribute.dataType),
    title,
    'x-ms-summary': title,
    ...(attribute.semanticType && { description: `Meaning: ${attribute.semanticType}.` }),
    ...(options.readOnly && { readOnly: true, 'x-ms-permission': 'read-only' }),
    ...(options.keyOrder >= 0
      ? { 'x-ms-keyType': 'primary', 'x-ms-keyOrder': options.keyOrder }
      : { 'x-ms-keyType': 'none', 'x-nullable': true }),
  };
};
