/** Connectors of a solution: their files, their definitions, the environment variables that these name. */
import type { Element } from '@xmldom/xmldom';
import { isArray, isObject, jsonText } from '../expressions/values.ts';
import { childrenOf, childText, jsonOf, type ReadPackage, textOr, xmlOf } from '../packages/read-parts.ts';
import { bared } from './check-client-data.ts';
import type { Report } from './finding.ts';

export const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What solution.xml lists. */
export interface Components {
  /** Lower case, without braces. */
  readonly workflows: ReadonlySet<string>;
  readonly connectors: ReadonlyMap<string, string>;
}

const checkConnectorFiles = (connector: Element, place: string, read: ReadPackage, report: Report): void => {
  for (const child of childrenOf(connector)) {
    const file = child.textContent ?? '';
    if (!file.startsWith('/Connector')) continue;
    if (!read.files.has(file.slice(1))) {
      report(
        'refused',
        place,
        `The file ${file} of <${child.nodeName}> is not in the zip; letter case counts.`,
      );
      continue;
    }
    if (!file.endsWith('.json')) continue;
    try {
      const value = jsonOf(read.files.get(file.slice(1)) ?? new Uint8Array());
      if (child.nodeName === 'policytemplateinstances' && value !== null && !isArray(value))
        report('refused', file.slice(1), 'Policies are a list, [] or null.');
      if (child.nodeName === 'connectionparameters' && !isObject(value))
        report('refused', file.slice(1), 'Connection parameters are an object.');
      if (jsonText(value).includes('"clientSecret"'))
        report(
          'doubtful',
          file.slice(1),
          'A client secret is in the package; exports never contain one. Take it out and change it.',
        );
    } catch (error) {
      report(
        'refused',
        file.slice(1),
        `It cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
};

export const checkConnector = (
  connector: Element,
  components: Components,
  read: ReadPackage,
  report: Report,
): void => {
  const name = childText(connector, 'name');
  const place = `customizations.xml: Connector "${name}"`;
  for (const child of ['connectorid', 'name', 'displayname', 'openapidefinition', 'connectortype'])
    if (childText(connector, child) === '') report('refused', place, `<${child}> is missing.`);
  const id = childText(connector, 'connectorid').toLowerCase();
  if (!guidPattern.test(bared(id))) report('refused', place, `connectorid is "${id}", which is not a GUID.`);
  const schemaName = components.connectors.get(bared(id));
  if (schemaName === undefined)
    report('refused', place, `solution.xml has no RootComponent of type 372 with the id {${bared(id)}}.`);
  else if (schemaName !== name)
    report(
      'refused',
      place,
      `RootComponent has the schemaName "${schemaName}", the connector the name "${name}".`,
    );
  checkConnectorFiles(connector, place, read, report);
};

const hostExpression = /@environmentVariables\((["'])(.+?)\1\)/g;

export const checkSwaggers = (
  read: ReadPackage,
  variables: ReadonlyMap<string, string>,
  report: Report,
): void => {
  for (const { place, definition } of read.connectors) {
    if (!isObject(definition)) continue;
    if (definition.swagger !== '2.0')
      report('refused', place, 'The definition is not Swagger 2.0: "swagger": "2.0" is missing.');
    for (const key of ['info', 'paths'])
      if (!isObject(definition[key] ?? null)) report('refused', place, `"${key}" is missing.`);
    const host = textOr(definition.host);
    if (host === '') report('refused', place, '"host" is missing.');
    if (/^https?:\/\//.test(host) || host.endsWith('/'))
      report('refused', place, `The host "${host}" has a scheme or a slash at its end; write the bare name.`);
    for (const [, , name = ''] of jsonText(definition).replaceAll('\\"', '"').matchAll(hostExpression))
      if (!variables.has(name))
        report(
          'doubtful',
          place,
          `The environment variable "${name}" is not in this package; it must exist in the environment.`,
        );
  }
};

const variableTypes: ReadonlySet<string> = new Set([
  '100000000',
  '100000001',
  '100000002',
  '100000003',
  '100000004',
  '100000005',
]);

/** @returns schema name → default value */
export const checkVariables = (read: ReadPackage, report: Report): ReadonlyMap<string, string> => {
  const variables = new Map<string, string>();
  for (const [place, content] of read.files) {
    const match = /^environmentvariabledefinitions\/([^/]+)\/(.+)$/.exec(place);
    if (match === null) continue;
    const [, folder = '', file = ''] = match;
    if (file === 'environmentvariablevalues.json') {
      report(
        'doubtful',
        place,
        "A value in a package overwrites the target's own, or is blocked by it; take it out.",
      );
      continue;
    }
    let root: Element | undefined;
    try {
      root = childrenOf(xmlOf(content))[0];
    } catch (error) {
      report(
        'refused',
        place,
        `It is not well-formed XML: ${error instanceof Error ? error.message : String(error)}`,
      );
      continue;
    }
    if (root === undefined) continue;
    const schemaName = root.getAttribute('schemaname') ?? '';
    if (schemaName !== folder)
      report(
        'refused',
        place,
        `The folder is called "${folder}", the variable "${schemaName}"; letter case counts.`,
      );
    if (!variableTypes.has(childText(root, 'type')))
      report('refused', place, `The type ${childText(root, 'type')} is not one of 100000000 to 100000005.`);
    const standing = childText(root, 'defaultvalue');
    if (standing === '')
      report(
        'doubtful',
        place,
        'The variable has no default value: without a value too, "Attribute \'value\' was not found for environment variable".',
      );
    variables.set(schemaName, standing);
  }
  return variables;
};
