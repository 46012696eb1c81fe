/** What the import of a legacy package would refuse. */
import { isArray, isObject, jsonText, type Value, type ValueObject, written } from '../expressions/values.ts';
import { jsonOf, type ReadPackage, record, textOr } from '../packages/read-parts.ts';
import { connectionKey } from '../runner/actions/calls.ts';
import type { Report } from './finding.ts';

const fileOf = (read: ReadPackage, name: string, report: Report): Value | undefined => {
  const content = read.files.get(name);
  if (content === undefined) {
    report('refused', name, 'The file is missing.');
    return undefined;
  }
  try {
    return jsonOf(content);
  } catch (error) {
    report('refused', name, `It cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
};

interface Manifest {
  readonly resources: ValueObject;
}

const checkManifest = (read: ReadPackage, report: Report): Manifest => {
  const place = 'manifest.json';
  const manifest = record(fileOf(read, place, report));
  if (Object.keys(manifest).length === 0) return { resources: {} };
  if (manifest.schema !== '1.0')
    report('refused', place, `schema is ${jsonText(manifest.schema ?? null)}, not "1.0".`);
  const resources = record(manifest.resources);
  for (const [guid, resource] of Object.entries(resources)) {
    const at = `${place}: resources/${guid}`;
    const { type, id, name, dependsOn, details } = record(resource);
    const isApi = type === 'Microsoft.PowerApps/apis';
    if (
      !['Microsoft.Flow/flows', 'Microsoft.PowerApps/apis', 'Microsoft.PowerApps/apis/connections'].includes(
        written(type),
      )
    )
      report('doubtful', at, `The type ${jsonText(type ?? null)} is not known.`);
    if (isApi && (typeof id !== 'string' || typeof name !== 'string'))
      report('refused', at, 'A connector needs id and name.');
    if (!isApi && (id !== undefined || name !== undefined))
      report('doubtful', at, 'Only connectors have id and name in exports.');
    if (/@[\w-]+\.\w/.test(textOr(record(details).displayName)))
      report(
        'doubtful',
        at,
        `The display name "${textOr(record(details).displayName)}" is an e-mail address, which every recipient of the package can read.`,
      );
    for (const other of isArray(dependsOn ?? null) ? (dependsOn as readonly Value[]) : [])
      if (resources[written(other)] === undefined)
        report('refused', at, `dependsOn names ${written(other)}, which is not a resource.`);
  }
  return { resources };
};

const checkMaps = (
  folder: string,
  keys: readonly string[],
  { resources }: Manifest,
  flow: string,
  read: ReadPackage,
  report: Report,
): void => {
  const dependsOn = record(resources[flow]).dependsOn;
  const depends = new Set((isArray(dependsOn ?? null) ? (dependsOn as readonly Value[]) : []).map(written));
  for (const [file, type] of [
    ['apisMap.json', 'Microsoft.PowerApps/apis'],
    ['connectionsMap.json', 'Microsoft.PowerApps/apis/connections'],
  ] as const) {
    const place = `${folder}/${file}`;
    const map = fileOf(read, place, report);
    if (map === undefined) continue;
    for (const key of keys)
      if (record(map)[key] === undefined)
        report(
          'refused',
          place,
          `The key "${key}" of connectionReferences is missing: PackageFlowMissingConnectionMap.`,
        );
    for (const [key, guid] of Object.entries(record(map))) {
      const resource = record(resources[written(guid)]);
      if (resource.type !== type)
        report(
          'refused',
          place,
          `"${key}" leads to ${written(guid)}, which is not a resource of type ${type} in manifest.json.`,
        );
      else if (!depends.has(written(guid)))
        report('refused', place, `${written(guid)} is not in dependsOn of the flow in manifest.json.`);
    }
  }
};

/** Both styles are reported to work; a mixture of them is not. */
const checkStyles = (definition: ValueObject, place: string, report: Report): void => {
  const found = { connectionName: 0, connectionReferenceName: 0, withReferenceAndAuthentication: 0 };
  const visit = (value: Value): void => {
    if (isArray(value)) value.forEach(visit);
    if (!isObject(value)) return;
    const { host, authentication } = value;
    if (host !== undefined && isObject(host) && connectionKey(host) !== undefined) {
      if (host.connectionReferenceName !== undefined) {
        found.connectionReferenceName += 1;
        if (authentication !== undefined) found.withReferenceAndAuthentication += 1;
      } else if (host.connectionName !== undefined) found.connectionName += 1;
    }
    Object.values(value).forEach(visit);
  };
  visit(definition);
  if (found.connectionName > 0 && found.connectionReferenceName > 0)
    report(
      'refused',
      place,
      'Some hosts have connectionName and others connectionReferenceName: WorkflowRunActionInputsMissingProperty. Use one of them everywhere.',
    );
  if (found.withReferenceAndAuthentication > 0)
    report(
      'refused',
      place,
      'connectionReferenceName and authentication are used together: WorkflowRunActionInputsInvalidProperty. Take authentication out.',
    );
};

export const checkLegacy = (read: ReadPackage, report: Report): void => {
  const manifest = checkManifest(read, report);
  const assets = record(fileOf(read, 'Microsoft.Flow/flows/manifest.json', report));
  const { assetPaths } = record(assets.flowAssets);
  const paths = (isArray(assetPaths ?? null) ? (assetPaths as readonly Value[]) : []).map(written);
  if (paths.length === 0)
    report('refused', 'Microsoft.Flow/flows/manifest.json', 'flowAssets.assetPaths names no flow.');
  if (paths.length > 1)
    report(
      'doubtful',
      'Microsoft.Flow/flows/manifest.json',
      'The package contains several flows; one is documented. Use a solution.',
    );
  for (const path of paths) {
    if (record(manifest.resources[path]).type !== 'Microsoft.Flow/flows')
      report(
        'refused',
        'manifest.json',
        `There is no resource ${path} of type Microsoft.Flow/flows; the folder's name is the key of the flow.`,
      );
    const folder = `Microsoft.Flow/flows/${path}`;
    const document = record(fileOf(read, `${folder}/definition.json`, report));
    const { connectionReferences, definition } = record(document.properties);
    for (const [key, reference] of Object.entries(record(connectionReferences))) {
      const { source, id } = record(reference);
      if (!['Embedded', 'Invoker'].includes(written(source)))
        report(
          'refused',
          `${folder}/definition.json: connectionReferences/${key}`,
          `source is ${jsonText(source ?? null)}; in a legacy package it is "Embedded" or "Invoker".`,
        );
      if (typeof id !== 'string')
        report('refused', `${folder}/definition.json: connectionReferences/${key}`, 'id is missing.');
    }
    checkMaps(folder, Object.keys(record(connectionReferences)), manifest, path, read, report);
    checkStyles(record(definition), `${folder}/definition.json`, report);
    if (record(definition).metadata !== undefined)
      report(
        'doubtful',
        `${folder}/definition.json`,
        'definition.metadata contains ids of a person and a tenant; take it out.',
      );
  }
};
