/** The connector as one zip. */
import { zipSync } from 'fflate';
import type { ConnectorFile } from './files.ts';

/**
 * Equal files give equal bytes: every entry carries the earliest time that the format knows. Without an
 * offset, because a zip holds local time: the bytes do not depend on the time zone.
 */
const entryTime = '1980-01-01T00:00:00';

export const packageFiles = (files: readonly ConnectorFile[]): Uint8Array =>
  zipSync(Object.fromEntries(files.map(({ name, content }) => [name, content])), {
    level: 9,
    mtime: entryTime,
  });
