/** What Dataverse would refuse of a solution, and what a flow in it would miss when it is turned on. */
import type { Element } from '@xmldom/xmldom';
import { isArray, isObject } from '../expressions/values.ts';
import { childrenOf, childText, jsonOf, type ReadPackage, textOr, xmlOf } from '../packages/read-parts.ts';
import { bared, checkClientData, checkReferences } from './check-client-data.ts';
import type { Report } from './finding.ts';

const guidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const rootOf = (read: ReadPackage, file: string, report: Report): Element | undefined => {
  const content = read.files.get(file);
  if (content === undefined) {
    report('refused', file, 'The file is missing.');
    return undefined;
  }
  try {
    return childrenOf(xmlOf(content))[0];
  } catch (error) {
    report(
      'refused',
      file,
      `It is no well-formed XML: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
};

const checkContentTypes = (read: ReadPackage, report: Report): void => {
  const file = '[Content_Types].xml';
  const root = rootOf(read, file, report);
  if (root === undefined) return;
  const extensions = new Set(childrenOf(root, 'Default').map((one) => one.getAttribute('Extension') ?? ''));
  const overrides = new Set(
    childrenOf(root, 'Override').map((one) => (one.getAttribute('PartName') ?? '').replace(/^\//, '')),
  );
  for (const name of read.files.keys()) {
    if (name === file || overrides.has(name)) continue;
    const extension = /\.([^./]+)$/.exec(name)?.[1];
    if (extension === undefined)
      report('refused', name, 'A file without an extension needs an Override in [Content_Types].xml.');
    else if (!extensions.has(extension))
      report(
        'refused',
        name,
        `[Content_Types].xml has no Default for the extension "${extension}"; letter case counts.`,
      );
  }
};

const uniqueNamePattern = /^[A-Za-z0-9_]+$/;
const versionPattern = /^\d+\.\d+\.\d+\.\d+$/;
const prefixPattern = /^(?!mscrm)[A-Za-z][A-Za-z0-9]{1,7}$/;

/** Component types from here on are made by an environment and differ between environments. */
const firstEnvironmentType = 10_000;

interface Components {
  /** Lower case, without braces. */
  readonly workflows: ReadonlySet<string>;
  readonly connectors: ReadonlyMap<string, string>;
}

const checkManifest = (manifest: Element, report: Report): void => {
  const place = 'solution.xml';
  const uniqueName = childText(manifest, 'UniqueName');
  if (!uniqueNamePattern.test(uniqueName))
    report('refused', place, `UniqueName is "${uniqueName}"; it has letters, digits and underscores.`);
  const version = childText(manifest, 'Version');
  if (!versionPattern.test(version))
    report('refused', place, `Version is "${version}"; it has four numbers: 1.0.0.0.`);
  const managed = childText(manifest, 'Managed');
  if (!['0', '1'].includes(managed)) report('refused', place, `Managed is "${managed}"; a zip has 0 or 1.`);
  const [publisher] = childrenOf(manifest, 'Publisher');
  if (publisher === undefined) {
    report('refused', place, 'The publisher is missing.');
    return;
  }
  const prefix = childText(publisher, 'CustomizationPrefix');
  if (!prefixPattern.test(prefix))
    report(
      'refused',
      place,
      `CustomizationPrefix is "${prefix}"; it has 2 to 8 letters and digits, begins with a letter, and not with mscrm.`,
    );
  const option = Number(childText(publisher, 'CustomizationOptionValuePrefix'));
  if (!Number.isInteger(option) || option < 10_000 || option > 99_999)
    report('refused', place, 'CustomizationOptionValuePrefix is no whole number from 10000 to 99999.');
};

const checkRootComponents = (manifest: Element, report: Report): Components => {
  const place = 'solution.xml';
  const components = childrenOf(childrenOf(manifest, 'RootComponents')[0], 'RootComponent');
  const workflows = new Set<string>();
  const connectors = new Map<string, string>();
  for (const component of components) {
    const type = component.getAttribute('type') ?? '';
    const id = component.getAttribute('id') ?? '';
    if (Number(type) >= firstEnvironmentType)
      report(
        'doubtful',
        place,
        `RootComponent type ${type} belongs to one environment: codes from 10000 on mean something else, or nothing, in others.`,
      );
    if (type === '29' || type === '372') {
      if (!guidPattern.test(bared(id)))
        report('refused', place, `RootComponent of type ${type} has the id "${id}", which is no GUID.`);
      if (type === '29') workflows.add(bared(id));
      else connectors.set(bared(id), component.getAttribute('schemaName') ?? '');
    }
    if (type === '29' && (!/^\{.*\}$/.test(id) || id !== id.toLowerCase()))
      report('doubtful', place, `The id of the flow ${id} is written {in braces, lower case} in exports.`);
    if (type === '380')
      report(
        'doubtful',
        place,
        'Environment variables are never root components in real exports; some importers were said to need it.',
      );
  }
  return { workflows, connectors };
};

const requiredOfWorkflow = [
  'JsonFileName',
  'Type',
  'Category',
  'StateCode',
  'StatusCode',
  'PrimaryEntity',
] as const;

const states: Readonly<Record<string, string>> = { '0': '1', '1': '2' };

const checkWorkflow = (
  workflow: Element,
  components: Components,
  read: ReadPackage,
  report: Report,
): void => {
  const name = workflow.getAttribute('Name') ?? '';
  const place = `customizations.xml: Workflow "${name}"`;
  const id = bared(workflow.getAttribute('WorkflowId') ?? '');
  if (!guidPattern.test(id))
    report(
      'refused',
      place,
      `WorkflowId is "${workflow.getAttribute('WorkflowId') ?? ''}", which is no GUID.`,
    );
  if (!components.workflows.has(id))
    report('refused', place, `solution.xml has no RootComponent of type 29 with the id {${id}}.`);
  for (const child of requiredOfWorkflow)
    if (childrenOf(workflow, child).length === 0) report('refused', place, `<${child}> is missing.`);
  const file = childText(workflow, 'JsonFileName');
  if (!file.startsWith('/')) report('refused', place, `JsonFileName is "${file}"; it begins with a slash.`);
  if (!read.files.has(file.replace(/^\//, '')))
    report('refused', place, `The file ${file} is not in the zip; letter case counts.`);
  if (!file.toLowerCase().includes(id))
    report('doubtful', place, `The name of the file ${file} does not hold the GUID of the flow.`);
  else if (!file.includes(id.toUpperCase()))
    report('doubtful', place, 'The GUID in the name of the file is in upper case in exports.');
  const category = childText(workflow, 'Category');
  if (!['5', '6'].includes(category))
    report('doubtful', place, `Category is ${category}; 5 is a cloud flow.`);
  const state = childText(workflow, 'StateCode');
  const status = childText(workflow, 'StatusCode');
  if (states[state] !== status)
    report(
      'refused',
      place,
      `StateCode ${state} and StatusCode ${status} do not belong together: 0/1 is off, 1/2 is on.`,
    );
};

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
      if (JSON.stringify(value).includes('"clientSecret"'))
        report(
          'doubtful',
          file.slice(1),
          'A client secret is in the package; exports never hold one. Take it out and change it.',
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

const checkConnector = (
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
  if (!guidPattern.test(bared(id))) report('refused', place, `connectorid is "${id}", which is no GUID.`);
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

const checkSwaggers = (read: ReadPackage, variables: ReadonlyMap<string, string>, report: Report): void => {
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
    for (const [, , name = ''] of JSON.stringify(definition).replaceAll('\\"', '"').matchAll(hostExpression))
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
const checkVariables = (read: ReadPackage, report: Report): ReadonlyMap<string, string> => {
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
        `It is no well-formed XML: ${error instanceof Error ? error.message : String(error)}`,
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
      report('refused', place, `The type ${childText(root, 'type')} is none of 100000000 to 100000005.`);
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

export const checkSolution = (read: ReadPackage, report: Report): void => {
  checkContentTypes(read, report);
  const solution = rootOf(read, 'solution.xml', report);
  const customizations = rootOf(read, 'customizations.xml', report);
  const [manifest] = childrenOf(solution, 'SolutionManifest');
  if (solution !== undefined && manifest === undefined)
    report('refused', 'solution.xml', '<SolutionManifest> is missing.');
  if (manifest !== undefined) checkManifest(manifest, report);
  const components =
    manifest === undefined
      ? { workflows: new Set<string>(), connectors: new Map<string, string>() }
      : checkRootComponents(manifest, report);
  const variables = checkVariables(read, report);
  if (customizations === undefined) return;
  const workflows = childrenOf(childrenOf(customizations, 'Workflows')[0], 'Workflow');
  for (const workflow of workflows) checkWorkflow(workflow, components, read, report);
  const ids = new Set(workflows.map((workflow) => bared(workflow.getAttribute('WorkflowId') ?? '')));
  for (const id of components.workflows)
    if (!ids.has(id))
      report(
        'refused',
        'solution.xml',
        `RootComponent {${id}} of type 29 has no Workflow in customizations.xml.`,
      );
  const connectors = childrenOf(childrenOf(customizations, 'Connectors')[0], 'Connector');
  for (const connector of connectors) checkConnector(connector, components, read, report);
  const references = checkReferences(customizations, report);
  for (const id of components.connectors.keys())
    if (!references.connectors.has(id))
      report(
        'refused',
        'solution.xml',
        `RootComponent {${id}} of type 372 has no Connector in customizations.xml.`,
      );
  const named = new Set(workflows.map((workflow) => childText(workflow, 'JsonFileName').replace(/^\//, '')));
  for (const { place, document } of read.flows) {
    if (!named.has(place)) report('refused', place, 'customizations.xml has no Workflow with this file.');
    checkClientData(document, place, references, variables, report);
  }
  checkSwaggers(read, variables, report);
};
