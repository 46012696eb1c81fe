/** Writes the connector to a folder. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConnectorFilesRequest, connectorFiles } from './files.ts';
import { ConnectorUnreadable, parseFile } from './read.ts';
import { fileNames, type KeptSettings, keptSettings } from './settings.ts';

export interface WrittenFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Two runs may write the same folder at once; a reader sees the old file or the new one, never half of it.
 */
const replaceFile = (path: string, content: Uint8Array): void => {
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, content);
  renameSync(beside, path);
};

export interface BuiltConnector {
  readonly files: readonly WrittenFile[];
  /** The settings of settings.json that are kept. */
  readonly kept: KeptSettings;
  /** The host that the former definition there called, when it was another one. */
  readonly formerHost: string | undefined;
}

/**
 * @throws ConnectorUnreadable when they cannot be read: writing others would lose which connector is to be
 *   updated
 */
const settingsIn = (folder: string): KeptSettings => {
  const path = join(folder, fileNames.settings);
  if (!existsSync(path)) return {};
  try {
    return keptSettings(parseFile(path, readFileSync(path)));
  } catch (cause) {
    if (!(cause instanceof ConnectorUnreadable || cause instanceof TypeError)) throw cause;
    const reason = cause instanceof TypeError ? `${path}: ${cause.message}.` : cause.message;
    throw new ConnectorUnreadable(
      `${reason} A build keeps the settings of the existing connector (connectorId, environment), so nothing was written. Correct the file, or remove it if the connector does not exist.`,
      { cause },
    );
  }
};

/** The host in the existing definition; undefined when it cannot be read, because the build replaces it. */
const hostIn = (folder: string): string | undefined => {
  const path = join(folder, fileNames.definition);
  if (!existsSync(path)) return undefined;
  try {
    const { host } = parseFile(path, readFileSync(path));
    return typeof host === 'string' ? host : undefined;
  } catch (error) {
    if (error instanceof ConnectorUnreadable) return undefined;
    throw error;
  }
};

/**
 * Builds the connector and writes its files to `out`, which is made when it does not exist. Other files there
 * stay, and settings.json keeps the connector and the environment that it names.
 * @throws ConfigurationError, ConnectorFormatError, ConnectorUnreadable; nothing is written then
 */
export const buildConnector = async ({
  out,
  ...request
}: Omit<ConnectorFilesRequest, 'settings'> & { readonly out: string }): Promise<BuiltConnector> => {
  const folder = resolve(out);
  const kept = settingsIn(folder);
  const files = await connectorFiles({ ...request, settings: kept });
  const formerHost = hostIn(folder);
  mkdirSync(folder, { recursive: true });
  const written = files.map(({ name, content }) => {
    const path = join(folder, name);
    replaceFile(path, content);
    return { path, size: content.length };
  });
  return { files: written, kept, formerHost: formerHost === hostIn(folder) ? undefined : formerHost };
};
