/** Connection references and environment variables of a solution, and the flows that use them. */
import type { Element } from '@xmldom/xmldom';
import { isObject, jsonText, type Value, written } from '../expressions/values.ts';
import { childrenOf, childText, record, textOr } from '../packages/read-parts.ts';
import type { Report } from './finding.ts';

/** A GUID as it is compared: lower case, without braces. */
export const bared = (id: string): string => id.replace(/[{}]/g, '').toLowerCase();

export interface References {
  readonly names: ReadonlySet<string>;
  /** GUID of the connector → its name, of connectors in this package. */
  readonly connectors: ReadonlyMap<string, string>;
}

export const checkReferences = (root: Element, report: Report): References => {
  const connectors = new Map(
    childrenOf(childrenOf(root, 'Connectors')[0], 'Connector').map((connector) => [
      bared(childText(connector, 'connectorid')),
      childText(connector, 'name'),
    ]),
  );
  const names = new Set<string>();
  for (const reference of childrenOf(childrenOf(root, 'connectionreferences')[0], 'connectionreference')) {
    const name = reference.getAttribute('connectionreferencelogicalname') ?? '';
    const place = `customizations.xml: connectionreference "${name}"`;
    if (name === '') report('refused', place, 'connectionreferencelogicalname is missing.');
    names.add(name);
    const connectorId = childText(reference, 'connectorid');
    if (!/^\/providers\/Microsoft\.PowerApps\/apis\/.+/.test(connectorId))
      report(
        'refused',
        place,
        `connectorid is "${connectorId}"; it begins with /providers/Microsoft.PowerApps/apis/.`,
      );
    const isCustom = /-5f[0-9a-f]{16}$/i.test(connectorId);
    const [custom] = childrenOf(reference, 'customconnectorid');
    if (isCustom && custom === undefined)
      report(
        'refused',
        place,
        'A reference to a custom connector needs customconnectorid: the internal id differs in each environment.',
      );
    if (
      custom !== undefined &&
      connectors.size > 0 &&
      !connectors.has(bared(childText(custom, 'connectorid')))
    )
      report(
        'refused',
        place,
        `customconnectorid is ${childText(custom, 'connectorid')}; the connectors of this package have ${[...connectors.keys()].join(', ')}.`,
      );
    if (childrenOf(reference, 'connectionid').length > 0)
      report('doubtful', place, 'A connection id belongs to one environment; exports never contain one.');
  }
  return { names, connectors };
};

export const checkClientData = (
  document: Value,
  place: string,
  { names, connectors }: References,
  variables: ReadonlyMap<string, string>,
  report: Report,
): void => {
  const { properties, schemaVersion } = record(document);
  if (schemaVersion !== '1.0.0.0')
    report('refused', place, `schemaVersion is ${jsonText(schemaVersion ?? null)}, not "1.0.0.0".`);
  const { connectionReferences, definition } = record(properties);
  if (!isObject(definition ?? null)) report('refused', place, 'properties.definition is missing.');
  for (const [key, reference] of Object.entries(record(connectionReferences))) {
    const at = `${place}: connectionReferences/${key}`;
    const { connection, api, runtimeSource } = record(reference);
    const logicalName = record(connection).connectionReferenceLogicalName;
    if (!['embedded', 'invoker'].includes(written(runtimeSource)))
      report(
        'refused',
        at,
        `runtimeSource is ${jsonText(runtimeSource ?? null)}; in a solution it is "embedded" or "invoker", lower case.`,
      );
    if (typeof logicalName === 'string' && !names.has(logicalName))
      report('refused', at, `The connection reference "${logicalName}" is not in customizations.xml.`);
    if (logicalName === undefined && runtimeSource !== 'invoker')
      report(
        'refused',
        at,
        'connection.connectionReferenceLogicalName is missing: XrmConnectionReferenceMissingConnection.',
      );
    const apiLogicalName = record(api).logicalName;
    if (typeof record(api).name !== 'string') report('refused', at, 'api.name is missing.');
    if (
      typeof apiLogicalName === 'string' &&
      connectors.size > 0 &&
      ![...connectors.values()].includes(apiLogicalName)
    )
      report(
        'refused',
        at,
        `api.logicalName is "${apiLogicalName}"; the connectors of this package are called ${[...connectors.values()].join(', ')}.`,
      );
    if (/-5f[0-9a-f]{16}$/i.test(textOr(record(api).name)) && apiLogicalName === undefined)
      report(
        'refused',
        at,
        'A custom connector needs api.logicalName: its internal id differs in each environment.',
      );
  }
  for (const [key, parameter] of Object.entries(record(record(definition).parameters))) {
    const { metadata } = record(parameter);
    const schemaName = record(metadata).schemaName;
    if (schemaName === undefined) continue;
    if (!key.endsWith(`(${written(schemaName)})`))
      report(
        'refused',
        `${place}: parameters/${key}`,
        `The key of a parameter for an environment variable is "Display name (${written(schemaName)})".`,
      );
    if (!variables.has(written(schemaName)))
      report(
        'doubtful',
        `${place}: parameters/${key}`,
        `The environment variable ${written(schemaName)} is not in this package; it must exist in the environment.`,
      );
  }
};
