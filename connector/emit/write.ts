/** Writes the connector to a folder. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConnectorFilesRequest, connectorFiles } from './files.ts';

export interface WrittenFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** Two runs may write the same folder at once; a reader sees the old file or the new one, never half of it. */
const replaceFile = (path: string, content: Uint8Array): void => {
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, content);
  renameSync(beside, path);
};

/**
 * Builds the connector and writes its files to `out`, which is made when it does not exist. Other files there stay.
 * @throws ConfigurationError, ConnectorFormatError; nothing is written then
 */
export const buildConnector = async ({
  out,
  ...request
}: ConnectorFilesRequest & { readonly out: string }): Promise<readonly WrittenFile[]> => {
  const folder = resolve(out);
  const files = await connectorFiles(request);
  mkdirSync(folder, { recursive: true });
  return files.map(({ name, content }) => {
    const path = join(folder, name);
    replaceFile(path, content);
    return { path, size: content.length };
  });
};
