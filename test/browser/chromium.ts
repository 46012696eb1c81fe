/** Finds the Chromium of the system, which these tests use; they download none. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** @throws Error that says what to install */
export const chromiumPath = (environment = process.env): string => {
  const given = environment.CHROMIUM;
  const candidates = given
    ? [given]
    : names.flatMap((name) => (environment.PATH ?? '').split(delimiter).map((folder) => join(folder, name)));
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    given
      ? `CHROMIUM names ${given}, which does not exist.`
      : `The browser tests need Chromium or Chrome, and none of ${names.join(', ')} is on the PATH. On Debian and Ubuntu: apt-get install --no-install-recommends chromium. Elsewhere install Chrome and set CHROMIUM to its program.`,
  );
};
