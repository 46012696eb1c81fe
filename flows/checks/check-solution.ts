/** What Dataverse would refuse of a solution, and what a flow in it would miss when it is turned on. */
import type { Element } from '@xmldom/xmldom';
import { childrenOf, childText, type ReadPackage, xmlOf } from '../packages/read-parts.ts';
import { bared, checkClientData, checkReferences } from './check-client-data.ts';
import {
  type Components,
  checkConnector,
  checkSwaggers,
  checkVariables,
  guidPattern,
} from './check-connectors.ts';
import type { Report } from './finding.ts';

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
      `It is not well-formed XML: ${error instanceof Error ? error.message : String(error)}`,
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
    report('refused', place, 'CustomizationOptionValuePrefix is not a whole number from 10000 to 99999.');
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
        report('refused', place, `RootComponent of type ${type} has the id "${id}", which is not a GUID.`);
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
      `WorkflowId is "${workflow.getAttribute('WorkflowId') ?? ''}", which is not a GUID.`,
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
    report('doubtful', place, `The name of the file ${file} does not contain the GUID of the flow.`);
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
