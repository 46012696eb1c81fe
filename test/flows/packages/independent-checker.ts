/**
 * A second opinion on packages. It shares nothing with what writes and checks them: its own reading of zips
 * and XML, from the descriptions of the formats alone. Nothing but Node.js is imported.
 */
import { inflateRawSync } from 'node:zlib';

export interface Entry {
  readonly name: string;
  readonly content: Buffer;
  readonly method: number;
  readonly time: number;
  readonly date: number;
}

/** Entries of the central directory, in its order. */
export const entriesOf = (zip: Buffer): readonly Entry[] => {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0) throw new Error('no end of central directory');
  const count = zip.readUInt16LE(end + 10);
  let at = zip.readUInt32LE(end + 16);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (zip.readUInt32LE(at) !== 0x02014b50) throw new Error('no central header');
    const method = zip.readUInt16LE(at + 10);
    const time = zip.readUInt16LE(at + 12);
    const date = zip.readUInt16LE(at + 14);
    const size = zip.readUInt32LE(at + 20);
    const nameLength = zip.readUInt16LE(at + 28);
    const extraLength = zip.readUInt16LE(at + 30);
    const commentLength = zip.readUInt16LE(at + 32);
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const raw = zip.subarray(data, data + size);
    entries.push({ name, content: method === 0 ? raw : inflateRawSync(raw), method, time, date });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
};

export interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

const unescaped = (text: string): string =>
  text.replace(
    /&(lt|gt|quot|apos|amp);/g,
    (_, name: string) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name] ?? '',
  );

/** A strict reader of the XML that packages have: elements, attributes, texts; no entities but the five. */
export const xml = (source: string): Node => {
  const body = source.replace(/^\ufeff?<\?xml[^?]*\?>\s*/, '');
  const stack: Node[] = [{ name: '', attributes: {}, children: [], text: '' }];
  const token = /<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  let position = 0;
  for (let match = token.exec(body); match !== null; match = token.exec(body)) {
    position = token.lastIndex;
    const [, closing, name = '', attributes = '', empty, text] = match;
    const top = stack.at(-1);
    if (top === undefined) throw new Error('too many closing tags');
    if (text !== undefined) {
      if (/&(?!(?:lt|gt|quot|apos|amp);)/.test(text)) throw new Error('an ampersand that is not escaped');
      top.text += unescaped(text);
    } else if (closing) {
      if (top.name !== name) throw new Error(`</${name}> closes <${top.name}>`);
      stack.pop();
    } else {
      const node: Node = {
        name,
        attributes: Object.fromEntries(
          [...attributes.matchAll(/([\w.:-]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
            key,
            unescaped(value),
          ]),
        ),
        children: [],
        text: '',
      };
      top.children.push(node);
      if (!empty) stack.push(node);
    }
  }
  if (position !== body.length)
    throw new Error(`not well-formed at character ${position}: ${body.slice(position, position + 30)}`);
  const [root, ...others] = stack[0]?.children ?? [];
  if (stack.length !== 1 || root === undefined || others.length > 0)
    throw new Error('not one root that is closed');
  return root;
};

const child = (node: Node | undefined, name: string): Node | undefined =>
  node?.children.find((one) => one.name === name);
const texts = (node: Node | undefined, name: string): string => child(node, name)?.text ?? '';
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

interface Json {
  readonly [key: string]: Json;
}
const parsed = (content: Buffer): Json => JSON.parse(content.toString('utf8')) as Json;

/** Every action with what is inside, by any key that holds actions. */
const actionsOf = (actions: Json | undefined): readonly (readonly [string, Json])[] =>
  Object.entries(actions ?? {}).flatMap(([name, action]) => [
    [name, action] as const,
    ...actionsOf(action.actions),
    ...actionsOf(action.else?.actions),
    ...actionsOf(action.default?.actions),
    ...Object.values(action.cases ?? {}).flatMap((one) => actionsOf(one.actions)),
  ]);

const checkDefinition = (
  place: string,
  definition: Json | undefined,
  keys: readonly string[],
  problems: string[],
): void => {
  const triggers = Object.values(definition?.triggers ?? {});
  if (triggers.length !== 1) problems.push(`${place}: not one trigger`);
  for (const name of ['$connections', '$authentication'])
    if (definition?.parameters?.[name] === undefined) problems.push(`${place}: no parameter ${name}`);
  const actions = actionsOf(definition?.actions);
  const names = actions.map(([name]) => name.toLowerCase());
  if (new Set(names).size !== names.length) problems.push(`${place}: names are not unique`);
  if (names.some((name) => name.length > 80)) problems.push(`${place}: a name has more than 80 characters`);
  for (const [name, node] of [...Object.entries(definition?.triggers ?? {}), ...actions]) {
    const host = node.inputs?.host as Json | undefined;
    if (host === undefined) continue;
    const key = String(host.connectionName ?? host.connectionReferenceName);
    if (!keys.includes(key)) problems.push(`${place}: ${name} names the connection ${key}`);
    if (!String(host.apiId).startsWith('/providers/Microsoft.PowerApps/apis/shared_'))
      problems.push(`${place}: ${name} has the apiId ${String(host.apiId)}`);
    if (host.operationId === undefined) problems.push(`${place}: ${name} has no operation`);
  }
};

const checkBytes = (entries: readonly Entry[], problems: string[]): void => {
  for (const { name, content, method, time, date } of entries) {
    if (name.includes('\\') || name.endsWith('/') || name.startsWith('/'))
      problems.push(`${name}: a separator that packages do not have`);
    if (method !== 0 && method !== 8) problems.push(`${name}: compressed with method ${method}`);
    if (/\.(json|xml)$/.test(name) && content[0] === 0xef) problems.push(`${name}: a byte order mark`);
    // 1 January 1980, midnight: the fixed time.
    if (time !== 0 || date !== 0x21) problems.push(`${name}: the time of the entry is not fixed`);
  }
};

/** @param ours whether it is a package of ours: then times of entries must be fixed too */
export const checkSolution = (zip: Buffer, ours = true): readonly string[] => {
  const problems: string[] = [];
  const entries = entriesOf(zip);
  const files = new Map(entries.map(({ name, content }) => [name, content]));
  if (ours) checkBytes(entries, problems);
  const read = (name: string): Node | undefined => {
    const content = files.get(name);
    if (content === undefined) problems.push(`${name}: missing`);
    try {
      return content && xml(content.toString('utf8'));
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const types = read('[Content_Types].xml');
  const solution = read('solution.xml');
  const customizations = read('customizations.xml');
  const extensions = new Set(
    types?.children.filter(({ name }) => name === 'Default').map(({ attributes }) => attributes.Extension),
  );
  for (const name of files.keys())
    if (name !== '[Content_Types].xml' && !extensions.has(name.slice(name.lastIndexOf('.') + 1)))
      problems.push(`${name}: no content type`);

  const manifest = child(solution, 'SolutionManifest');
  if (!/^[A-Za-z0-9_]+$/.test(texts(manifest, 'UniqueName'))) problems.push('UniqueName');
  if (!/^\d+(\.\d+){3}$/.test(texts(manifest, 'Version'))) problems.push('Version');
  if (!/^[01]$/.test(texts(manifest, 'Managed'))) problems.push('Managed');
  const publisher = child(manifest, 'Publisher');
  if (!/^(?!mscrm)[a-z][a-z0-9]{1,7}$/i.test(texts(publisher, 'CustomizationPrefix')))
    problems.push('CustomizationPrefix');
  const option = Number(texts(publisher, 'CustomizationOptionValuePrefix'));
  if (!(option >= 10_000 && option <= 99_999)) problems.push('CustomizationOptionValuePrefix');
  const roots = child(manifest, 'RootComponents')?.children ?? [];
  const ids = (type: string) =>
    roots.filter(({ attributes }) => attributes.type === type).map(({ attributes }) => attributes.id ?? '');

  const workflows = child(customizations, 'Workflows')?.children ?? [];
  const workflowIds = workflows.map(({ attributes }) => attributes.WorkflowId ?? '');
  if (JSON.stringify([...workflowIds].sort()) !== JSON.stringify([...ids('29')].sort()))
    problems.push('workflows and root components of type 29 differ');
  const references = new Set(
    (child(customizations, 'connectionreferences')?.children ?? []).map(
      ({ attributes }) => attributes.connectionreferencelogicalname,
    ),
  );
  const connectors = child(customizations, 'Connectors')?.children ?? [];
  for (const workflow of workflows) {
    const id = workflow.attributes.WorkflowId ?? '';
    const file = texts(workflow, 'JsonFileName');
    if (!/^\{.+\}$/.test(id) || !guid.test(id.slice(1, -1))) problems.push(`WorkflowId ${id}`);
    if (!file.endsWith(`-${id.slice(1, -1).toUpperCase()}.json`))
      problems.push(`${file}: not the GUID of the flow in upper case`);
    const name = (workflow.attributes.Name ?? '').replace(/[^A-Za-z0-9_-]/g, '').slice(0, 50);
    if (ours && file !== `/Workflows/${name}-${id.slice(1, -1).toUpperCase()}.json`)
      problems.push(`${file}: not the name by the rule`);
    const content = files.get(file.slice(1));
    if (content === undefined) {
      problems.push(`${file}: missing`);
      continue;
    }
    const clientData = parsed(content);
    if (String(clientData.schemaVersion) !== '1.0.0.0') problems.push(`${file}: schemaVersion`);
    const keys = Object.entries(clientData.properties?.connectionReferences ?? {});
    for (const [key, reference] of keys) {
      if (String(reference.runtimeSource) !== 'embedded' && String(reference.runtimeSource) !== 'invoker')
        problems.push(`${file}: runtimeSource of ${key}`);
      if (!references.has(String(reference.connection?.connectionReferenceLogicalName)))
        problems.push(`${file}: the reference of ${key} is not in customizations.xml`);
      const logicalName = reference.api?.logicalName;
      if (
        logicalName !== undefined &&
        connectors.length > 0 &&
        !connectors.some((one) => texts(one, 'name') === String(logicalName))
      )
        problems.push(`${file}: no connector is called ${String(logicalName)}`);
    }
    checkDefinition(
      file,
      clientData.properties?.definition,
      keys.map(([key]) => key),
      problems,
    );
  }
  for (const connector of connectors) {
    const id = texts(connector, 'connectorid');
    if (!guid.test(id)) problems.push(`connectorid ${id}`);
    const root = roots.find(
      ({ attributes }) => attributes.type === '372' && (attributes.id ?? '').replace(/[{}]/g, '') === id,
    );
    if (root === undefined) problems.push(`no root component for the connector ${id}`);
    else if (root.attributes.schemaName !== texts(connector, 'name'))
      problems.push('schemaName of the connector');
    for (const kind of ['openapidefinition', 'connectionparameters', 'policytemplateinstances', 'iconblob']) {
      const file = texts(connector, kind);
      if (file === '') continue;
      if (!file.startsWith('/Connector/') || !files.has(file.slice(1))) problems.push(`${file}: missing`);
      else if (file.endsWith('.json')) parsed(files.get(file.slice(1)) ?? Buffer.alloc(0));
      else if (files.get(file.slice(1))?.readUInt32BE(0) !== 0x89504e47) problems.push(`${file}: no PNG`);
    }
    const host = String(
      parsed(files.get(texts(connector, 'openapidefinition').slice(1)) ?? Buffer.from('{}')).host,
    );
    const variable = /^@environmentVariables\("([^"]+)"\)$/.exec(host)?.[1];
    if (
      variable !== undefined &&
      !files.has(`environmentvariabledefinitions/${variable}/environmentvariabledefinition.xml`)
    )
      problems.push(`${host}: no such variable`);
    if (/^https?:/.test(host)) problems.push(`${host}: a scheme`);
  }
  for (const reference of child(customizations, 'connectionreferences')?.children ?? []) {
    const connectorId = texts(reference, 'connectorid');
    const custom = child(reference, 'customconnectorid');
    if (!connectorId.startsWith('/providers/Microsoft.PowerApps/apis/shared_'))
      problems.push(`connectorid ${connectorId}`);
    if (/-5f[0-9a-f]{16}$/.test(connectorId) !== (custom !== undefined))
      problems.push(`customconnectorid of ${connectorId}`);
    if (
      custom !== undefined &&
      connectors.length > 0 &&
      !connectors.some((one) => texts(one, 'connectorid') === texts(custom, 'connectorid'))
    )
      problems.push('customconnectorid is not a connector of the package');
  }
  for (const [name, content] of files) {
    const folder = /^environmentvariabledefinitions\/([^/]+)\/environmentvariabledefinition\.xml$/.exec(
      name,
    )?.[1];
    if (name.includes('environmentvariablevalues'))
      problems.push(`${name}: values belong to the environment`);
    if (folder === undefined) continue;
    const root = xml(content.toString('utf8'));
    if (root.attributes.schemaname !== folder) problems.push(`${name}: the folder is called otherwise`);
    if (texts(root, 'defaultvalue') === '') problems.push(`${name}: no default value`);
    if (!/^10000000[0-5]$/.test(texts(root, 'type'))) problems.push(`${name}: type`);
    const order = root.children.map((one) => one.name);
    if (ours && JSON.stringify(order) !== JSON.stringify([...order].sort()))
      problems.push(`${name}: children are not in alphabetical order`);
  }
  return problems;
};

export const checkLegacy = (zip: Buffer, ours = true): readonly string[] => {
  const problems: string[] = [];
  const entries = entriesOf(zip);
  const files = new Map(entries.map(({ name, content }) => [name, content]));
  if (ours) checkBytes(entries, problems);
  const read = (name: string): Json => {
    const content = files.get(name);
    if (content === undefined) problems.push(`${name}: missing`);
    return content === undefined ? ({} as Json) : parsed(content);
  };
  const manifest = read('manifest.json');
  const assets = read('Microsoft.Flow/flows/manifest.json');
  const [path, ...others] = (assets.flowAssets?.assetPaths ?? []) as unknown as readonly string[];
  if (path === undefined || others.length > 0) problems.push('not one flow');
  const resources = manifest.resources ?? ({} as Json);
  const flow = resources[path ?? ''];
  if (String(flow?.type) !== 'Microsoft.Flow/flows')
    problems.push('the root manifest has no flow of the folder');
  const folder = `Microsoft.Flow/flows/${path}`;
  const { properties } = read(`${folder}/definition.json`);
  const keys = Object.keys(properties?.connectionReferences ?? {});
  const depends = JSON.stringify(flow?.dependsOn ?? []);
  for (const [file, type] of [
    ['apisMap.json', 'Microsoft.PowerApps/apis'],
    ['connectionsMap.json', 'Microsoft.PowerApps/apis/connections'],
  ] as const) {
    const map = read(`${folder}/${file}`);
    if (JSON.stringify(Object.keys(map).sort()) !== JSON.stringify([...keys].sort()))
      problems.push(`${file}: other keys than connectionReferences`);
    for (const guidOf of Object.values(map)) {
      if (String(resources[String(guidOf)]?.type) !== type)
        problems.push(`${file}: ${String(guidOf)} is no ${type}`);
      if (!depends.includes(String(guidOf))) problems.push(`${file}: ${String(guidOf)} is not in dependsOn`);
    }
  }
  if (JSON.stringify([...files.values()].map(String)).match(/[\w.-]+@(?!example\.com)[\w-]+\.(?!tacv2)\w+/))
    problems.push('an e-mail address');
  checkDefinition('definition.json', properties?.definition, keys, problems);
  const text = JSON.stringify(properties?.definition ?? {});
  if (text.includes('"connectionReferenceName"') && text.includes('"authentication"'))
    problems.push('styles are mixed');
  if (text.includes('"connectionReferenceName"') && text.includes('"connectionName"'))
    problems.push('styles are mixed');
  return problems;
};
