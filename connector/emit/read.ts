/** Reads a connector's folder, ours or one that a tool has exported, into values that can be compared. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIV2 } from 'openapi-types';
import { isJsonObject, type JsonObject } from './json.ts';
import { fileNames } from './settings.ts';

const scriptFile = 'script.csx';

export interface LoadedConnector {
  readonly definition: OpenAPIV2.Document;
  /** The value of `properties`; null where the file is absent. */
  readonly properties: JsonObject | null;
  readonly settings: JsonObject | null;
  readonly icon: Uint8Array | null;
  /** Code that runs at the platform; this connector has none, a deployed one may. */
  readonly script: Uint8Array | null;
}

/** The folder is not a connector. The message names the file and the problem. */
export class ConnectorUnreadable extends Error {
  override readonly name = 'ConnectorUnreadable';
  readonly exitCode = 1;
}

/** @throws ConnectorUnreadable naming the file when it is not a JSON object */
export const parseFile = (name: string, content: Uint8Array): JsonObject => {
  // TextDecoder drops a byte order mark, which exports of other tools may carry.
  const text = new TextDecoder('utf-8').decode(content);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConnectorUnreadable(`${name} is not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  if (!isJsonObject(value)) throw new ConnectorUnreadable(`${name} does not contain an object.`);
  return value;
};

/**
 * @param files name → content; names are matched without regard to case, others are ignored
 * @throws ConnectorUnreadable when there is no definition, or a file is not a JSON object
 */
export const loadConnector = (files: ReadonlyMap<string, Uint8Array>): LoadedConnector => {
  const byName = new Map([...files].map(([name, content]) => [name.toLowerCase(), content]));
  const find = (name: string) => byName.get(name.toLowerCase());
  const optional = (name: string) => {
    const content = find(name);
    return content === undefined ? null : parseFile(name, content);
  };
  const content = find(fileNames.definition);
  if (content === undefined) throw new ConnectorUnreadable(`There is no ${fileNames.definition}.`);
  const definition = parseFile(fileNames.definition, content);
  if (definition.swagger !== '2.0')
    throw new ConnectorUnreadable(
      `${fileNames.definition} is not Swagger 2.0 ("swagger": "2.0" is missing).`,
    );
  const properties = optional(fileNames.properties)?.properties ?? null;
  if (properties !== null && !isJsonObject(properties))
    throw new ConnectorUnreadable(`${fileNames.properties}: "properties" is not an object.`);
  return {
    definition: definition as unknown as OpenAPIV2.Document,
    properties,
    settings: optional(fileNames.settings),
    icon: find(fileNames.icon) ?? null,
    script: find(scriptFile) ?? null,
  };
};

/** @throws ConnectorUnreadable; a system error when the folder does not exist */
export const readConnector = (folder: string): LoadedConnector => {
  const wanted: ReadonlySet<string> = new Set(
    [...Object.values(fileNames), scriptFile].map((name) => name.toLowerCase()),
  );
  return loadConnector(
    new Map(
      readdirSync(folder)
        .filter((name) => wanted.has(name.toLowerCase()))
        .map((name) => [name, readFileSync(join(folder, name))]),
    ),
  );
};
