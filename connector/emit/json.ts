export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether a JSON value is an object. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * JSON in the form that the tools need: four spaces, ASCII only, no byte order mark. paconn opens the files
 * in the platform's own encoding, so anything else than ASCII is mangled on Windows, and a byte order mark
 * stops it.
 */
export const connectorJson = (value: unknown): string =>
  `${JSON.stringify(value, null, 4).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
