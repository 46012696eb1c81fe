/** The real paconn, installed into a virtual environment of Python once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pythonPrograms } from '../setup/python.ts';

/** @returns its path */
export const realPaconn = async (): Promise<string> =>
  (await pythonPrograms('paconn', ['paconn==0.0.21']))('paconn');

/** Leaves a token in a home folder, as `paconn login` does; the stub takes any. */
export const signIn = (folder: string): void => {
  mkdirSync(join(folder, '.paconn'), { recursive: true });
  writeFileSync(
    join(folder, '.paconn/accessTokens.json'),
    JSON.stringify({
      access_token: 'stub',
      token_type: 'Bearer',
      expires_on: 4_102_444_800,
      oid: 'operator',
    }),
  );
};
