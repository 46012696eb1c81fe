/** The files themselves: bytes, JSON, sizes, names; settings and script. */
import { baseName, type Connector, partNames } from '../connector.ts';
import { itemsOf, member, type ObjectNode, textOf } from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { rule, sources } from '../rule.ts';
import type { JsonSource, Source } from '../source.ts';
import { nearest } from '../spelling.ts';

type GroupReport = Report<keyof typeof fileRules>;

const { faq, json, solution, tools, code } = sources;

/** Bytes; the services take less than 1 MB. */
export const maximumDefinitionBytes = 1_048_576;
export const maximumSolutionCharacters = 500_000;
export const maximumScriptBytes = 1_048_576;

export const fileRules = {
  DefinitionMissing: rule(
    'error',
    'There is a file apiDefinition.swagger.json.',
    'Add the definition, or give the folder that contains it.',
    tools,
  ),
  DefinitionNotObject: rule(
    'error',
    'apiDefinition.swagger.json contains an object.',
    'Write the definition as one JSON object.',
    sources.swagger,
  ),
  PropertiesFileMissing: rule(
    'info',
    'There is a file apiProperties.json next to the definition.',
    'Add it: without it there are no policies and no sign-in settings.',
    tools,
  ),
  FileNameDiffers: rule('info', 'The files have their usual names.', 'Rename the file.', tools),
  JsonNotValid: rule(
    'error',
    'A JSON file is valid JSON.',
    'Correct the place that is named; nothing else in the file is checked until then.',
    json,
  ),
  JsonTooDeep: rule(
    'error',
    'A JSON file is nested at most 512 levels deep.',
    'Flatten it; published definitions nest about 60 levels.',
    json,
  ),
  DuplicateKey: rule(
    'warning',
    'An object has each key once.',
    'Remove one: readers take the last, and the first is lost.',
    json,
  ),
  ByteOrderMark: rule(
    'warning',
    'A file begins without a byte order mark.',
    'Save it as UTF-8 without BOM: `paconn create` and `update` stop at it.',
    tools,
  ),
  NotUtf8: rule('warning', 'A file is UTF-8.', 'Save it as UTF-8.', json),
  DefinitionTooLarge: rule(
    'error',
    'The definition is smaller than 1 MB.',
    'Share schemas in definitions, shorten texts, remove examples.',
    faq,
    {
      near: { severity: 'warning', when: '1,000,000 to 1,048,576 bytes' },
    },
  ),
  DefinitionTooLongForSolution: rule(
    'warning',
    'The definition has at most 500,000 characters when minified.',
    'Share schemas and shorten texts if the connector is to live in a solution.',
    solution,
  ),
  ScriptTooLarge: rule('error', 'The script is at most 1 MB.', 'Shorten it.', code),
  ScriptClassMissing: rule(
    'error',
    'The script has a class Script that derives from ScriptBase.',
    'Write "public class Script : ScriptBase".',
    code,
  ),
  ScriptMethodMissing: rule(
    'error',
    'The script overrides ExecuteAsync.',
    'Write "public override async Task<HttpResponseMessage> ExecuteAsync()".',
    code,
  ),
  ScriptNamespaceNotAllowed: rule(
    'error',
    'The script uses allowed namespaces.',
    'Remove the using directive; the page lists the allowed namespaces.',
    code,
  ),
  ScriptWithGateway: rule(
    'warning',
    'A connector with a gateway has no script.',
    'Remove one of the two.',
    code,
  ),
  ScriptOperationUnknown: rule(
    'error',
    'scriptOperations names operations that exist.',
    'Correct the operationId, or remove it.',
    code,
  ),
  ScriptOperationNotText: rule(
    'error',
    'scriptOperations is a list of operationIds.',
    'Write the operationId as text.',
    code,
  ),
  ScriptOperationNotHandled: rule(
    'info',
    'A script that asks for the operation handles every operation of scriptOperations.',
    'Handle the operation in the script, or remove it from the list.',
    code,
  ),
  ScriptMissing: rule(
    'warning',
    'There is a script where scriptOperations names operations.',
    'Add script.csx, or remove scriptOperations.',
    code,
  ),
  SettingsPathMissing: rule(
    'warning',
    'The files that settings.json names exist.',
    'Correct the path: paconn skips a missing icon or script silently.',
    tools,
  ),
  SettingsEnvironmentNotValid: rule(
    'warning',
    'The environment in settings.json is a GUID or "Default-" and a GUID.',
    'Write the id of the environment.',
    tools,
  ),
  SettingsKeyUnknown: rule(
    'info',
    'settings.json contains only keys that paconn reads.',
    'Remove the key, or correct its spelling.',
    tools,
  ),
  PackageNotReadable: rule(
    'error',
    'A package is a zip that can be unpacked.',
    'Pack it again.',
    sources.submission,
  ),
  PackageWithoutConnector: rule(
    'error',
    'A package contains a connector.',
    'Give a zip with apiDefinition.swagger.json, a solution, or a package for certification.',
    sources.submission,
  ),
  PackageLayoutNotValid: rule(
    ['info', 'error', 'error'],
    'A package for certification has the prescribed layout.',
    'Pack it with `insights-connector package --certification`, or as the page says.',
    sources.submission,
  ),
  PackageWorkflowMismatch: rule(
    ['warning', 'error', 'error'],
    'The flows of a solution and those in customizations.xml are the same.',
    'Export the solution again.',
    sources.submission,
  ),
  SettingsTypeIncorrect: rule(
    'warning',
    'The values in settings.json are texts.',
    'Write the value as text.',
    tools,
  ),
} as const;

const checkSource = (source: Source | undefined, report: GroupReport): void => {
  if (source === undefined) return;
  if (source.byteOrderMark)
    report('ByteOrderMark', { offset: 0 }, 'The file begins with a byte order mark.', {
      fix: [{ offset: -1, length: 1, text: '' }],
    });
  if (source.notUtf8 !== undefined)
    report('NotUtf8', { offset: source.notUtf8 }, 'The file contains bytes that are not UTF-8.');
};

const checkJson = (source: JsonSource | undefined, report: GroupReport): void => {
  if (source === undefined) return;
  checkSource(source, report);
  const { problem } = source;
  if (problem) {
    const fix =
      problem.trailingComma === undefined
        ? {}
        : { fix: [{ offset: problem.trailingComma, length: 1, text: '' }] };
    report(
      problem.tooDeep ? 'JsonTooDeep' : 'JsonNotValid',
      { offset: problem.offset },
      `The file is not valid JSON: ${problem.reason}.`,
      fix,
    );
  }
  for (const node of source.duplicates)
    report('DuplicateKey', { node, key: true }, `The key "${node.key.slice(0, 80)}" occurs twice.`);
};

/** Characters without the blanks between tokens. */
const minifiedLength = (text: string): number =>
  text.replaceAll(/("(?:[^"\\]|\\.)*")|[\s]+/g, (_, literal: string | undefined) => literal ?? '').length;

const checkSizes = (source: JsonSource | undefined, report: GroupReport): void => {
  if (source === undefined) return;
  if (source.bytes > maximumDefinitionBytes)
    report(
      'DefinitionTooLarge',
      { offset: 0 },
      `The definition has ${source.bytes} bytes; ${maximumDefinitionBytes} are allowed.`,
    );
  else if (source.bytes > 1_000_000)
    report(
      'DefinitionTooLarge',
      { offset: 0 },
      `The definition has ${source.bytes} bytes; the limit of 1 MB is near.`,
      { variant: 'near' },
    );
  if (source.text.length > maximumSolutionCharacters && source.root) {
    const length = minifiedLength(source.text);
    if (length > maximumSolutionCharacters)
      report(
        'DefinitionTooLongForSolution',
        { offset: 0 },
        `The definition has ${length} characters when minified; a solution takes ${maximumSolutionCharacters}.`,
      );
  }
};

export const checkDefinitionFile = (connector: Connector, report: GroupReport): void => {
  const { definitionSource: source } = connector;
  if (source === undefined) return;
  checkJson(source, report);
  checkSizes(source, report);
  if (source.root && source.root.type !== 'object')
    report(
      'DefinitionNotObject',
      { node: source.root },
      `The file contains a value of type ${source.root.type}.`,
    );
  if (
    baseName(source.name) !== 'apiDefinition.swagger.json' &&
    !/_openapidefinition\.json$/i.test(source.name)
  )
    report(
      'FileNameDiffers',
      { offset: 0 },
      `The definition is called "${baseName(source.name)}", not "apiDefinition.swagger.json".`,
    );
};

export const checkPropertiesFile = ({ propertiesSource }: Connector, report: GroupReport): void => {
  checkJson(propertiesSource, report);
};

const settingsKeys: ReadonlySet<string> = new Set([
  'connectorId',
  'environment',
  'apiProperties',
  'apiDefinition',
  'icon',
  'script',
  'powerAppsUrl',
  'powerAppsApiVersion',
  'flowUrl',
  'flowApiVersion',
  'clientId',
  'tenant',
  'authorityUrl',
  'resource',
  '$schema',
]);
const guid = /^(Default-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const checkSettings = (settings: ObjectNode, names: ReadonlySet<string>, report: GroupReport): void => {
  for (const [key, node] of settings.members) {
    if (!settingsKeys.has(key)) {
      const near = nearest(key, settingsKeys, 2);
      report(
        'SettingsKeyUnknown',
        { node, key: true },
        `"${key}" is not read by paconn${near ? `; "${near}" is meant` : ''}.`,
      );
    } else if (node.type !== 'string' && node.type !== 'null')
      report('SettingsTypeIncorrect', { node }, `"${key}" is of type ${node.type}.`);
  }
  for (const key of ['apiProperties', 'apiDefinition', 'icon', 'script']) {
    const node = settings.members.get(key);
    if (node?.type === 'string' && node.value !== '' && !names.has(baseName(node.value).toLowerCase()))
      report('SettingsPathMissing', { node }, `"${key}" names "${node.value}", which is not there.`);
  }
  const environment = settings.members.get('environment');
  if (environment?.type === 'string' && environment.value !== '' && !guid.test(environment.value))
    report(
      'SettingsEnvironmentNotValid',
      { node: environment },
      `"${environment.value}" is not an id of an environment.`,
    );
};

export const checkSettingsFile = (
  { settingsSource, settings, names }: Connector,
  report: GroupReport,
): void => {
  checkJson(settingsSource, report);
  if (settings) checkSettings(settings, names, report);
};

const namespaces: ReadonlySet<string> = new Set([
  'System',
  'System.Collections',
  'System.Collections.Generic',
  'System.Diagnostics',
  'System.IO',
  'System.IO.Compression',
  'System.Linq',
  'System.Net',
  'System.Net.Http',
  'System.Net.Http.Headers',
  'System.Net.Security',
  'System.Security.Authentication',
  'System.Security.Cryptography',
  'System.Text',
  'System.Text.RegularExpressions',
  'System.Threading',
  'System.Threading.Tasks',
  'System.Web',
  'System.Xml',
  'System.Xml.Linq',
  'System.Drawing',
  'System.Drawing.Drawing2D',
  'System.Drawing.Imaging',
  'Microsoft.Extensions.Logging',
  'Newtonsoft.Json',
  'Newtonsoft.Json.Linq',
]);

/** Where a comment or text that begins here ends; undefined where none begins. An open one ends with the line or file. */
const endOfPassage = (text: string, at: number): number | undefined => {
  const endOf = (mark: string, from: number) => {
    const end = text.indexOf(mark, from);
    return end === -1 ? text.length : end + mark.length;
  };
  if (text.startsWith('//', at)) return endOf('\n', at) - 1;
  if (text.startsWith('/*', at)) return endOf('*/', at + 2);
  if (text.startsWith('@"', at)) {
    let end = endOf('"', at + 2);
    while (text[end] === '"') end = endOf('"', end + 1);
    return end;
  }
  if (text[at] !== '"') return undefined;
  let end = at + 1;
  while (end < text.length && text[end] !== '"' && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  return end + 1;
};

/** The code with comments and texts blanked out, of the same length. A scan, because expressions for this can backtrack. */
const withoutComments = (text: string): string => {
  const kept: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    const end = endOfPassage(text, at);
    if (end === undefined) {
      at += 1;
      continue;
    }
    const stop = Math.max(at + 1, Math.min(end, text.length));
    kept.push(text.slice(from, at), text.slice(at, stop).replaceAll(/[^\n]/g, ' '));
    at = stop;
    from = stop;
  }
  return kept.join('') + text.slice(from);
};

export const checkScriptFile = (
  { scriptSource, connectionParameters, properties }: Connector,
  report: GroupReport,
): void => {
  if (scriptSource === undefined) return;
  checkSource(scriptSource, report);
  if (scriptSource.bytes > maximumScriptBytes) {
    report(
      'ScriptTooLarge',
      { offset: 0 },
      `The script has ${scriptSource.bytes} bytes; ${maximumScriptBytes} are allowed.`,
    );
    return;
  }
  const plain = withoutComments(scriptSource.text);
  if (!/\bclass\s+Script\s*:\s*ScriptBase\b/.test(plain))
    report('ScriptClassMissing', { offset: 0 }, 'There is no "class Script : ScriptBase".');
  if (!/\boverride\b[^;{}]{0,300}\bExecuteAsync\s*\(/.test(plain))
    report('ScriptMethodMissing', { offset: 0 }, 'ExecuteAsync is not overridden.');
  const end = plain.search(/\b(?:class|namespace|interface|struct|enum|record)\b/);
  for (const match of plain
    .slice(0, end === -1 ? plain.length : end)
    .matchAll(/^[ \t]*using[ \t]+([A-Za-z_][\w.]*)[ \t]*;/gm)) {
    const name = match[1] ?? '';
    if (!namespaces.has(name))
      report(
        'ScriptNamespaceNotAllowed',
        { offset: match.index + match[0].indexOf('using') },
        `The namespace ${name} is not allowed.`,
      );
  }
  const gateway =
    [...connectionParameters.values()].some(({ type }) => type === 'gatewaySetting') ||
    itemsOf(member(properties, 'capabilities')).some((item) => textOf(item) === 'gateway');
  if (gateway) report('ScriptWithGateway', { offset: 0 }, 'The connector has a gateway and a script.');
};

/** The text in double quotes on one line. */
const quotedTexts = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/"([^"\\\n]{1,200})(?=")/g)].map(([, word = '']) => word));

/** In apiProperties.json, against the operations and the script. */
export const checkScriptOperations = (
  { properties, definition, scriptSource }: Connector,
  report: GroupReport,
): void => {
  const list = member(properties, 'scriptOperations');
  if (list?.type !== 'array' || list.items.length === 0) return;
  const handled = quotedTexts(scriptSource?.text ?? '');
  // In some regions the name arrives in base64, and scripts compare with both forms.
  const isHandled = (name: string) => handled.has(name) || handled.has(Buffer.from(name).toString('base64'));
  const asks =
    scriptSource?.text.includes('OperationId') && list.items.some((item) => isHandled(textOf(item) ?? ''));
  for (const item of list.items) {
    if (item.type !== 'string')
      report(
        'ScriptOperationNotText',
        { node: item },
        `An entry of scriptOperations is of type ${item.type}.`,
      );
    else if (definition && !definition.byId.has(item.value)) {
      const near = nearest(item.value, definition.byId.keys(), 2);
      report(
        'ScriptOperationUnknown',
        { node: item },
        `"${item.value}" is not an operation${near ? `; "${near}" is meant` : ''}.`,
      );
    } else if (asks && !isHandled(item.value))
      report(
        'ScriptOperationNotHandled',
        { node: item },
        `The script asks for the operation and does not name "${item.value}".`,
      );
  }
  if (scriptSource === undefined)
    report(
      'ScriptMissing',
      { node: list, key: true },
      `scriptOperations names ${list.items.length} operations, and there is no ${partNames.script}.`,
    );
};

export const checkText = (source: Source, report: GroupReport): void => checkSource(source, report);
