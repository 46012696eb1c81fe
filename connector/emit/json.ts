/**
 * JSON as the tools need it: four spaces, ASCII only, no byte order mark. paconn opens the files in the platform's own
 * encoding, so anything else than ASCII is mangled on Windows, and a byte order mark stops it.
 */
export const connectorJson = (value: unknown): string =>
  `${JSON.stringify(value, null, 4).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
