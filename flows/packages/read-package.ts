import { isArray, isObject, jsonText, type Value } from '../expressions/values.ts';
import { connectionKey } from '../runner/actions/calls.ts';
import type { ConnectionReference, Dialect } from '../runner/workflow-definition.ts';
import { unzipped } from './archive.ts';
import { apiNameOfManagedApi } from './logic-apps.ts';
import {
  type ConnectorInPackage,
  childrenOf,
  childText,
  type FlowInPackage,
  jsonOf,
  type ReadPackage,
  record,
  textOr,
  xmlOf,
} from './read-parts.ts';
import { readTemplate } from './read-template.ts';

/** Neither a package of flows nor a definition. */
export class PackageUnreadable extends Error {
  override readonly name = 'PackageUnreadable';
  readonly exitCode = 1;
}

const solutionConnections = (document: Value): ReadonlyMap<string, ConnectionReference> => {
  const references = record(record(record(document).properties).connectionReferences);
  return new Map(
    Object.entries(references).map(([key, reference]): [string, ConnectionReference] => {
      const { name, logicalName } = record(record(reference).api);
      return [key, { apiName: textOr(name, key), ...(typeof logicalName === 'string' && { logicalName }) }];
    }),
  );
};

const legacyConnections = (document: Value): ReadonlyMap<string, ConnectionReference> => {
  const references = record(record(record(document).properties).connectionReferences);
  return new Map(
    Object.entries(references).map(([key, reference]): [string, ConnectionReference] => [
      key,
      { apiName: textOr(record(reference).id, key).replace(/^.*\/apis\//, '') },
    ]),
  );
};

type Problems = { place: string; problem: string }[];

const attempt = <Result>(place: string, problems: Problems, read: () => Result): Result | undefined => {
  try {
    return read();
  } catch (error) {
    problems.push({ place, problem: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
};

const readSolution = (files: ReadonlyMap<string, Uint8Array>): Omit<ReadPackage, 'kind' | 'files'> => {
  const unreadable: Problems = [];
  const customizations = files.get('customizations.xml');
  const document = customizations && attempt('customizations.xml', unreadable, () => xmlOf(customizations));
  const root = childrenOf(document)[0];
  const workflows = childrenOf(childrenOf(root, 'Workflows')[0], 'Workflow');
  // The same folder also contains desktop flows and classic workflows.
  const others = new Set(
    workflows
      .filter((workflow) => !['', '5'].includes(childText(workflow, 'Category')))
      .map((workflow) => childText(workflow, 'JsonFileName').replace(/^\//, '')),
  );
  const names = new Map(
    workflows.map((workflow) => [
      childText(workflow, 'JsonFileName').replace(/^\//, ''),
      workflow.getAttribute('Name') ?? '',
    ]),
  );
  const flows = [...files].flatMap(([place, content]): readonly FlowInPackage[] => {
    if (!/^Workflows\/.+\.json$/i.test(place) || others.has(place)) return [];
    const clientData = attempt(place, unreadable, () => jsonOf(content));
    if (clientData === undefined) return [];
    return [
      {
        place,
        name: names.get(place) ?? place.replace(/^Workflows\/|-[0-9A-F-]{36}\.json$/gi, ''),
        dialect: 'power-automate',
        definition: record(record(clientData).properties).definition ?? null,
        connections: solutionConnections(clientData),
        document: clientData,
      },
    ];
  });
  const connectors = childrenOf(childrenOf(root, 'Connectors')[0], 'Connector').map(
    (connector): ConnectorInPackage => {
      const place = childText(connector, 'openapidefinition').replace(/^\//, '');
      const content = files.get(place);
      return {
        place,
        name: childText(connector, 'name'),
        title: childText(connector, 'displayname'),
        definition: (content && attempt(place, unreadable, () => jsonOf(content))) ?? null,
      };
    },
  );
  return { flows, connectors, unreadable };
};

const readLegacy = (files: ReadonlyMap<string, Uint8Array>): Omit<ReadPackage, 'kind' | 'files'> => {
  const unreadable: Problems = [];
  const flows = [...files].flatMap(([place, content]): readonly FlowInPackage[] => {
    if (!/^Microsoft\.Flow\/flows\/[^/]+\/definition\.json$/.test(place)) return [];
    const document = attempt(place, unreadable, () => jsonOf(content));
    if (document === undefined) return [];
    const { properties } = record(document);
    return [
      {
        place,
        name: textOr(record(properties).displayName, place),
        dialect: 'power-automate',
        definition: record(properties).definition ?? null,
        connections: legacyConnections(document),
        document,
      },
    ];
  });
  return { flows, connectors: [], unreadable };
};

/** Connections of a definition that comes without references: each host names its connector itself. */
const connectionsInHosts = (definition: Value): ReadonlyMap<string, ConnectionReference> => {
  const found = new Map<string, ConnectionReference>();
  const visit = (value: Value): void => {
    if (isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    const host = record(value.host);
    const key = connectionKey(host);
    if (key !== undefined) {
      const api = textOr(host.apiId).replace(/^.*\/apis\//, '');
      found.set(key, { apiName: api || (host.connection === undefined ? key : apiNameOfManagedApi(key)) });
    }
    Object.values(value).forEach(visit);
  };
  visit(definition);
  return found;
};

const bare = (
  definition: Value,
  file: string,
  references: Value | undefined,
  dialect: Dialect,
): FlowInPackage => ({
  place: file,
  name: file.replace(/^.*[/\\]|\.json$/g, ''),
  dialect,
  definition,
  connections: references === undefined ? connectionsInHosts(definition) : solutionOrLegacy(references),
  document: definition,
});

const solutionOrLegacy = (references: Value | undefined): ReadonlyMap<string, ConnectionReference> => {
  const document: Value = { properties: { connectionReferences: record(references) } };
  return Object.values(record(references)).some((reference) => record(reference).api !== undefined)
    ? solutionConnections(document)
    : legacyConnections(document);
};

const readDocument = (document: Value, file: string): Omit<ReadPackage, 'files'> => {
  const root = record(document);
  if (isArray(root.resources ?? null)) return { kind: 'logic-apps', ...readTemplate(root, file) };
  const properties = record(root.properties);
  if (isObject(properties.definition ?? null)) {
    const flow = bare(properties.definition ?? null, file, properties.connectionReferences, 'power-automate');
    const name = textOr(properties.displayName, flow.name);
    return { kind: 'definition', flows: [{ ...flow, name, document }], connectors: [], unreadable: [] };
  }
  const definition = isObject(root.definition ?? null) ? (root.definition ?? null) : document;
  if (record(definition).triggers === undefined || record(definition).actions === undefined)
    throw new PackageUnreadable(
      `${file} is not a flow: neither a definition with "triggers" and "actions", nor a file of a solution or a legacy package, nor an ARM template.`,
    );
  const usesPaths = jsonText(record(definition).actions ?? null).includes('"ApiConnection');
  return {
    kind: 'definition',
    flows: [bare(definition, file, root.connectionReferences, usesPaths ? 'logic-apps' : 'power-automate')],
    connectors: [],
    unreadable: [],
  };
};

const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b;

/** Folders at the top of a zip in which the package lies one level too deep. */
const extraFolder = (names: readonly string[]): string | undefined => {
  const found = names.find(
    (name) => /^[^/]+\/(?:solution\.xml|manifest\.json)$/.test(name) && !name.startsWith('Microsoft.Flow/'),
  );
  return found?.split('/')[0];
};

/**
 * Reads what a file holds, as far as it can be read.
 * @param file its name, for messages
 * @throws ArchiveUnreadable, PackageUnreadable
 */
export const readPackage = (bytes: Uint8Array, file: string): ReadPackage => {
  if (!isZip(bytes)) {
    let document: Value;
    try {
      document = jsonOf(bytes);
    } catch (error) {
      throw new PackageUnreadable(
        `${file} is neither a zip nor JSON: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
    return { files: new Map([[file, bytes]]), ...readDocument(document, file) };
  }
  const files = unzipped(bytes);
  const names = [...files.keys()];
  if (files.has('solution.xml') || files.has('customizations.xml'))
    return { kind: 'solution', files, ...readSolution(files) };
  if (files.has('manifest.json') || names.some((name) => name.startsWith('Microsoft.Flow/')))
    return { kind: 'legacy', files, ...readLegacy(files) };
  const folder = extraFolder(names);
  if (folder !== undefined)
    throw new PackageUnreadable(
      `${file} has its files in a folder "${folder}"; the platform wants them at the top. Zip the files, not the folder.`,
    );
  if (names.some((name) => name.includes('\\')))
    throw new PackageUnreadable(
      `${file} separates folders with \\ instead of /; make the zip with another tool.`,
    );
  throw new PackageUnreadable(
    `${file} is neither a solution (solution.xml, customizations.xml) nor a package of a flow (manifest.json). It contains ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''}.`,
  );
};
