/**
 * For each rule one minimal defect. A mutation changes a sound connector and says where the defect is; it gives undefined where
 * the connector has nothing to plant it in.
 */
import { PNG } from 'pngjs';
import type { RuleId } from '../../../connector/check/rules/index.ts';
import type { Loose, Parts } from './sound.ts';

export interface Planted {
  readonly file:
    | 'apiDefinition.swagger.json'
    | 'apiProperties.json'
    | 'settings.json'
    | 'script.csx'
    | 'icon.png';
  /** The object, and the member or index in it; undefined for the whole file. */
  readonly at: readonly [Loose, (string | number)?] | undefined;
  /** Whether line and column are those of the member's key. */
  readonly key?: boolean;
  /** Rules that the same defect breaks as well. */
  readonly also?: readonly RuleId[];
}

export type Mutation = (parts: Parts) => Planted | undefined;

export type PackageRule =
  | 'PackageNotReadable'
  | 'PackageWithoutConnector'
  | 'PackageLayoutNotValid'
  | 'PackageWorkflowMismatch';

const swagger = (at: Planted['at'], more: Partial<Planted> = {}): Planted => ({
  file: 'apiDefinition.swagger.json',
  at,
  ...more,
});
const properties = (at: Planted['at'], more: Partial<Planted> = {}): Planted => ({
  file: 'apiProperties.json',
  at,
  ...more,
});
const settings = (at: Planted['at'], more: Partial<Planted> = {}): Planted => ({
  file: 'settings.json',
  at,
  ...more,
});
const key = { key: true };

interface Op {
  readonly path: string;
  readonly method: string;
  readonly item: Loose;
  readonly op: Loose;
}

const verbs = ['get', 'post', 'put', 'patch', 'delete'];

const operations = ({ definition }: Parts): readonly Op[] =>
  Object.entries<Loose>(definition.paths).flatMap(([path, item]) =>
    verbs.flatMap((method) => (item[method] ? [{ path, method, item, op: item[method] }] : [])),
  );

const follow = ({ definition }: Parts, node: Loose): Loose => {
  if (!node?.$ref) return node;
  const [, section, name] = node.$ref.split('/');
  return definition[section][name];
};

const isVisible = ({ op }: Op) => op['x-ms-visibility'] !== 'internal';
const find = (parts: Parts, test: (op: Op) => boolean): Op | undefined => operations(parts).find(test);
const visible = (parts: Parts, test: (op: Op) => boolean = () => true) =>
  find(parts, (op) => isVisible(op) && op.method === 'get' && !op.op['x-ms-trigger'] && test(op));

/** A parameter of its own of a visible GET. */
const parameter = (parts: Parts, place: string, test: (node: Loose) => boolean = () => true) => {
  for (const found of operations(parts).filter(isVisible))
    for (const entry of found.op.parameters ?? []) {
      const node = follow(parts, entry);
      if (node.in === place && node['x-ms-visibility'] !== 'internal' && test(node))
        return { ...found, entry, node };
    }
  return undefined;
};

const addQuery = (parts: Parts, more: Loose = {}): Loose => {
  const { op } = visible(parts) as Op;
  const node = {
    name: 'planted',
    in: 'query',
    type: 'string',
    'x-ms-summary': 'Planted',
    description: 'Planted.',
    ...more,
  };
  op.parameters.push(node);
  return node;
};

const change =
  (of: (parts: Parts) => Loose, name: string, value: unknown, more: Partial<Planted> = {}): Mutation =>
  (parts) => {
    const holder = of(parts);
    if (holder === undefined) return undefined;
    holder[name] = value;
    return swagger([holder, name], more);
  };

const drop =
  (of: (parts: Parts) => Loose, name: string, more: Partial<Planted> = {}): Mutation =>
  (parts) => {
    const holder = of(parts);
    if (holder?.[name] === undefined) return undefined;
    delete holder[name];
    return swagger([holder], more);
  };

const query =
  (more: Loose, at: string | undefined, extra: Partial<Planted> = {}): Mutation =>
  (parts) => {
    const node = addQuery(parts, more);
    return swagger(at === undefined ? [node] : [node, at], extra);
  };

const info = ({ definition }: Parts) => definition.info;
const root = ({ definition }: Parts) => definition;
const anyOp = (parts: Parts) => visible(parts)?.op;
const successOf = (op: Loose) => op.responses['200'] ?? op.responses['201'];

/** An object schema of a visible response that is not shared with a body. */
const answer = (parts: Parts): Loose => {
  const found = visible(
    parts,
    ({ op }) =>
      follow(parts, successOf(op)?.schema)?.properties !== undefined &&
      !follow(parts, successOf(op).schema)['x-ms-dynamic-schema'],
  );
  return found && follow(parts, successOf(found.op).schema);
};

const property =
  (more: Loose, at: string | undefined, extra: Partial<Planted> = {}): Mutation =>
  (parts) => {
    const node = { type: 'string', 'x-ms-summary': 'Planted', description: 'Planted.', ...more };
    answer(parts).properties.planted = node;
    return swagger(at === undefined ? [node] : [node, at], extra);
  };

const define = (parts: Parts, name: string, schema: Loose): Loose => {
  parts.definition.definitions[name] = schema;
  answer(parts).properties[`use${name}`] = { $ref: `#/definitions/${name}` };
  return schema;
};

/** An object in a body that only one operation sends. */
const bodyOf = (parts: Parts): Loose => {
  const found = find(
    parts,
    ({ op }) =>
      isVisible({ op } as Op) &&
      !op['x-ms-trigger'] &&
      (op.parameters ?? []).some(
        (entry: Loose) => entry.in === 'body' && follow(parts, entry.schema).properties,
      ),
  );
  return found && follow(parts, found.op.parameters.find((entry: Loose) => entry.in === 'body').schema);
};

const bodyProperty =
  (more: Loose): Mutation =>
  (parts) => {
    const schema = bodyOf(parts);
    if (schema === undefined) return undefined;
    schema.properties.planted = {
      type: 'string',
      'x-ms-summary': 'Planted',
      description: 'Planted.',
      ...more,
    };
    return swagger([schema.properties, 'planted']);
  };

const webhook = (parts: Parts): (Op & { readonly schema: Loose; readonly url: string }) | undefined => {
  for (const found of operations(parts)) {
    if (!found.op['x-ms-trigger'] || !found.item['x-ms-notification-content']) continue;
    const body = found.op.parameters
      .map((entry: Loose) => follow(parts, entry))
      .find((entry: Loose) => entry.in === 'body');
    const schema = body && follow(parts, body.schema);
    const url =
      schema &&
      Object.keys(schema.properties).find((name) => schema.properties[name]['x-ms-notification-url']);
    if (url) return { ...found, schema, url };
  }
  return undefined;
};

/** A dynamic extension with the object that holds it. */
const dynamic = (
  parts: Parts,
  name: string,
): { readonly holder: Loose; readonly extension: Loose } | undefined => {
  const waiting: Loose[] = [parts.definition];
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    if (typeof node !== 'object' || node === null) continue;
    if (node[name] && !Array.isArray(node)) return { holder: node, extension: node[name] };
    waiting.push(...Object.values(node));
  }
  return undefined;
};

const inDynamic =
  (
    name: string,
    plant: (
      extension: Loose,
      holder: Loose,
      parts: Parts,
    ) => readonly [Loose, (string | number)?] | undefined,
    more: Partial<Planted> = {},
  ): Mutation =>
  (parts) => {
    const found = dynamic(parts, name);
    const at = found && plant(found.extension, found.holder, parts);
    return at && swagger(at, more);
  };

/** A visible POST with a body that has a property, and a place for a dynamic extension. */
const dynamicCaller = (parts: Parts): { readonly op: Loose; readonly node: Loose } | undefined => {
  const schema = bodyOf(parts);
  if (schema === undefined || !operations(parts).some(({ op }) => op.operationId === 'ListRegions'))
    return undefined;
  const found = find(parts, ({ op }) =>
    (op.parameters ?? []).some(
      (entry: Loose) => entry.in === 'body' && follow(parts, entry.schema) === schema,
    ),
  );
  schema.properties.planted = { type: 'string', 'x-ms-summary': 'Planted', description: 'Planted.' };
  schema.properties.source = { type: 'string', 'x-ms-summary': 'Source', description: 'Source.' };
  schema.required = [...(schema.required ?? []), 'source'];
  return found && { op: found.op, node: schema.properties.planted };
};

/** A required parameter that dynamic values can refer to. */
const sourceParameter = () => ({
  name: 'source',
  in: 'query',
  type: 'string',
  required: true,
  'x-ms-summary': 'M',
  description: 'M.',
});

const shapeOf = (id: Loose) => ({ operationId: 'GetShape', parameters: { id }, 'value-path': 'schema' });

const listRegions = (parameters: Loose): Loose => ({
  operationId: 'ListRegions',
  parameters,
  'value-collection': 'value',
  'value-path': 'id',
  'value-title': 'name',
});

const family = (parts: Parts): readonly [Loose, Loose] | undefined => {
  const all = operations(parts).filter(({ op }) => op['x-ms-api-annotation']?.family);
  return all.length === 2 ? [all[0]?.op, all[1]?.op] : undefined;
};

/** Plants two more members of a family into the connector. */
const addOperation = (
  parts: Parts,
  name: string,
  more: Loose = {},
  method = 'get',
  path = `/planted/${name.toLowerCase()}`,
): Loose => {
  const op = {
    operationId: name,
    summary: `Planted ${name.toLowerCase()}`,
    description: 'This operation is planted.',
    parameters: [],
    responses: {
      200: { description: 'Done', schema: { type: 'object', properties: { planted: { type: 'string' } } } },
    },
    ...more,
  };
  parts.definition.paths[path] = { ...parts.definition.paths[path], [method]: op };
  return op;
};

const withPath =
  (path: string, rule?: Partial<Planted>, more: Loose = {}): Mutation =>
  (parts) => {
    addOperation(parts, 'Planted', more, 'get', path);
    return swagger([parts.definition.paths, path], { ...key, ...rule });
  };

const limit = (keyword: string, value: unknown, more: Loose = {}): Mutation =>
  property({ [keyword]: value, ...more }, keyword);

const inner = ({ properties: file }: Parts) => file.properties;
const changeProperties =
  (name: string, value: unknown, more: Partial<Planted> = {}): Mutation =>
  (parts) => {
    inner(parts)[name] = value;
    return properties([inner(parts), name], more);
  };

const connection = (
  parts: Parts,
  test: (name: string, node: Loose) => boolean,
): { readonly name: string; readonly node: Loose; readonly group: Loose } | undefined => {
  const group = inner(parts).connectionParameters;
  const name = Object.keys(group).find((candidate) => test(candidate, group[candidate]));
  return name === undefined ? undefined : { name, node: group[name], group };
};
const addConnection = (parts: Parts, name: string, node: Loose): Loose => {
  inner(parts).connectionParameters[name] = node;
  return node;
};
const oauth = (parts: Parts): Loose =>
  connection(parts, (_, { type }) => type === 'oauthSetting')?.node.oAuthSettings;

const prefix = 'x-ms-apimTemplateParameter.';
const named = 'x-ms-apimTemplate-operationName';
const section = 'x-ms-apimTemplate-policySection';
const policy = (parts: Parts, id: string): Loose =>
  inner(parts).policyTemplateInstances.find(({ templateId }: Loose) => templateId === id);
const inPolicy =
  (id: string, name: string, value: unknown, more: Partial<Planted> = {}): Mutation =>
  (parts) => {
    const found = policy(parts, id);
    if (found === undefined) return undefined;
    found.parameters[name] = value;
    return properties([found.parameters, name], more);
  };

const script =
  (from: string | RegExp, to: string): Mutation =>
  (parts) => {
    if (parts.script === undefined) return undefined;
    parts.script = parts.script.replace(from, to);
    return { file: 'script.csx', at: undefined };
  };

const file = (which: Planted['file']): Planted => ({ file: which, at: undefined });

const scheme = (parts: Parts, type: string): { readonly name: string; readonly node: Loose } | undefined => {
  const entry = Object.entries<Loose>(parts.definition.securityDefinitions ?? {}).find(
    ([, node]) => node.type === type,
  );
  return entry && { name: entry[0], node: entry[1] };
};

const manyProperties = (count: number, from = 0): Loose =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${from + at}`, { type: 'string' }]));

const gateway = (parts: Parts): void => {
  inner(parts).capabilities = ['gateway'];
  addConnection(parts, 'gateway', {
    type: 'gatewaySetting',
    gatewaySettings: { dataSourceType: 'CustomConnector', connectionDetails: [] },
    uiDefinition: { constraints: { required: 'true', capability: ['gateway'] } },
  });
};

const addPolicy = (parts: Parts, templateId: string, parameters: Loose, more: Loose = {}): Loose => {
  const instance = { templateId, title: 'Planted', ...more, parameters };
  inner(parts).policyTemplateInstances.push(instance);
  return instance;
};
const header = (value: unknown): Loose => ({
  [`${prefix}name`]: 'X-Planted',
  [`${prefix}value`]: value,
  [section]: 'Request',
});
const planted =
  (value: unknown): Mutation =>
  (parts) =>
    properties([addPolicy(parts, 'setheader', header(value)).parameters, `${prefix}value`]);

const icon =
  (
    draw: (png: { readonly width: number; readonly height: number; readonly data: Uint8Array }) => void,
    width = 230,
    height = 230,
  ): Mutation =>
  (parts) => {
    const data = new Uint8Array(width * height * 4);
    for (let at = 0; at < data.length; at += 4) data.set([0x3d, 0x3a, 0x8c, 255], at);
    draw({ width, height, data });
    parts.icon = encodePng(width, height, data);
    return file('icon.png');
  };

const encodePng = (width: number, height: number, data: Uint8Array): Uint8Array => {
  const png = new PNG({ width, height });
  png.data.set(data);
  return PNG.sync.write(png);
};
const fill =
  (color: readonly number[]) =>
  ({ data }: { readonly data: Uint8Array }) => {
    for (let at = 0; at < data.length; at += 4) data.set(color, at);
  };

export const mutations: Readonly<Record<Exclude<RuleId, PackageRule>, Mutation>> = {
  // Files
  DefinitionMissing: (parts) => {
    parts.definition = undefined;
    return swagger(undefined, { also: ['SettingsPathMissing'] });
  },
  DefinitionNotObject: (parts) => {
    parts.definition = [];
    return swagger(undefined, {
      also: ['PolicyOperationUnknown', 'ScriptOperationUnknown', 'PolicyNeedsTestConnection'],
    });
  },
  PropertiesFileMissing: (parts) => {
    parts.properties = undefined;
    return swagger(undefined, { also: ['SettingsPathMissing', 'PageableWithoutNextLinkPolicy'] });
  },
  FileNameDiffers: (parts) => {
    parts.definitionName = 'ApiDefinition.swagger.json';
    return { ...swagger(undefined), file: 'ApiDefinition.swagger.json' as Planted['file'] };
  },
  JsonNotValid: (parts) => {
    parts.rawProperties = (text) => text.replace(/\}$/, ',}');
    return properties(undefined, { also: ['PageableWithoutNextLinkPolicy'] });
  },
  JsonTooDeep: (parts) => {
    parts.rawSettings = () => `{"environment":${'['.repeat(600)}${']'.repeat(600)}}`;
    return settings(undefined);
  },
  DuplicateKey: (parts) => {
    parts.rawProperties = (text) => text.replace('"publisher":', '"publisher": "x", "publisher":');
    return properties([inner(parts), 'publisher'], key);
  },
  ByteOrderMark: (parts) => {
    parts.rawDefinition = (text) => `\uFEFF${text}`;
    return swagger(undefined);
  },
  NotUtf8: (parts) => {
    parts.definition.info.description += ' caf#';
    parts.rawDefinition = (text) =>
      new Uint8Array(
        [...new TextEncoder().encode(text)].map((byte, at, all) =>
          byte === 0x23 && all[at - 1] === 0x66 && all[at - 2] === 0x61 ? 0xe9 : byte,
        ),
      );
    return swagger(undefined);
  },
  DefinitionTooLarge: (parts) => {
    parts.rawDefinition = (text) => text + ' '.repeat(1_048_577);
    return swagger(undefined);
  },
  DefinitionTooLongForSolution: (parts) => {
    parts.definition['x-notes'] = 'x'.repeat(510_000);
    return swagger(undefined);
  },
  ScriptTooLarge: (parts) => {
    if (parts.script === undefined) return undefined;
    parts.script += `//${'x'.repeat(1_048_577)}`;
    return file('script.csx');
  },
  ScriptClassMissing: script('class Script', 'class Skript'),
  ScriptMethodMissing: script('ExecuteAsync', 'Execute'),
  ScriptNamespaceNotAllowed: script('System.Net;', 'System.Reflection;'),
  ScriptWithGateway: (parts) => {
    if (parts.script === undefined) return undefined;
    gateway(parts);
    return { ...file('script.csx'), also: ['GatewaySignInNotSupported', 'PolicyHostWithGateway'] };
  },
  ScriptOperationUnknown: (parts) => {
    if (parts.script === undefined) return undefined;
    inner(parts).scriptOperations.push('Nowhere');
    return properties([inner(parts).scriptOperations, inner(parts).scriptOperations.length - 1]);
  },
  ScriptOperationNotText: (parts) => {
    if (parts.script === undefined) return undefined;
    inner(parts).scriptOperations.push(1);
    return properties([inner(parts).scriptOperations, inner(parts).scriptOperations.length - 1]);
  },
  ScriptOperationNotHandled: (parts) => {
    if (parts.script === undefined) return undefined;
    const op = addOperation(parts, 'Planted');
    const names = inner(parts).scriptOperations;
    parts.script = parts.script.replace(
      'return await',
      `if (this.Context.OperationId == "${names[0]}") return await`,
    );
    names.push(op.operationId);
    return properties([names, names.length - 1]);
  },
  ScriptMissing: (parts) => {
    if (parts.script === undefined) return undefined;
    parts.script = undefined;
    return properties([inner(parts), 'scriptOperations'], { ...key, also: ['SettingsPathMissing'] });
  },
  SettingsPathMissing: (parts) => {
    parts.settings.icon = 'logo.png';
    return settings([parts.settings, 'icon']);
  },
  SettingsEnvironmentNotValid: (parts) => {
    parts.settings.environment = 'production';
    return settings([parts.settings, 'environment']);
  },
  SettingsKeyUnknown: (parts) => {
    parts.settings.enviroment = 'x';
    return settings([parts.settings, 'enviroment'], key);
  },
  SettingsTypeIncorrect: (parts) => {
    parts.settings.powerAppsUrl = 1;
    return settings([parts.settings, 'powerAppsUrl']);
  },

  // Structure and references
  AdditionalPropertyNotAllowed: (parts) => {
    const [entry] = parts.definition['x-ms-connector-metadata'];
    entry.note = 'x';
    return swagger([entry, 'note'], key);
  },
  ExtensionNameNotValid: change(anyOp, 'sumary', 'x', key),
  OperationPathMustStartWithSlash: withPath('planted', { also: ['ExtensionNameNotValid'] }),
  JsonTypeIncorrect: change(anyOp, 'deprecated', 'true'),
  JsonValueNotInEnum: query({ in: 'querry' }, 'in'),
  RequiredPropertyMissing: drop(info, 'title', { also: ['IndependentTitle'] }),
  SwaggerKeywordNotSupported: property({ oneOf: [] }, 'oneOf', key),
  PathItemRefNotSuppored: (parts) => {
    parts.definition.paths['/planted'] = { $ref: '#/paths/x' };
    return swagger([parts.definition.paths['/planted'], '$ref']);
  },
  ResponseMustBeDefaultOrHttpStatusCode: (parts) => {
    const { responses } = anyOp(parts);
    responses['4XX'] = { description: 'No' };
    return swagger([responses, '4XX'], key);
  },
  SchemaReferenceNotValid: property(
    { $ref: 'definitions.json#/Item', type: undefined, 'x-ms-summary': undefined, description: undefined },
    '$ref',
  ),
  SchemaReferenceNotFound: property(
    { $ref: '#/definitions/Nowhere', type: undefined, 'x-ms-summary': undefined, description: undefined },
    '$ref',
  ),
  ParameterReferenceNotValid: (parts) => {
    const entry = { $ref: '#/definitions/x' };
    anyOp(parts).parameters.push(entry);
    return swagger([entry, '$ref']);
  },
  ParameterReferenceNotFound: (parts) => {
    const entry = { $ref: '#/parameters/nowhere' };
    anyOp(parts).parameters.push(entry);
    return swagger([entry, '$ref']);
  },
  ResponseReferenceNotValid: (parts) => {
    const entry = { $ref: '#/x' };
    anyOp(parts).responses['404'] = entry;
    return swagger([entry, '$ref']);
  },
  ResponseReferenceNotFound: (parts) => {
    const entry = { $ref: '#/responses/Nowhere' };
    anyOp(parts).responses['404'] = entry;
    return swagger([entry, '$ref']);
  },
  JsonPointerNotValid: property(
    { $ref: '#/definitions/A~2', type: undefined, 'x-ms-summary': undefined, description: undefined },
    '$ref',
  ),
  SchemaRefLoopNotAllowed: (parts) => {
    define(parts, 'Inner', { type: 'string' });
    return swagger([define(parts, 'Alias', { $ref: '#/definitions/Inner' })]);
  },
  ParameterRefLoopNotAllowed: (parts) => {
    parts.definition.parameters = {
      ...parts.definition.parameters,
      one: { $ref: '#/parameters/two' },
      two: { name: 'two', in: 'query', type: 'string', 'x-ms-summary': 'Two', description: 'Two.' },
    };
    anyOp(parts).parameters.push({ $ref: '#/parameters/one' });
    return swagger([parts.definition.parameters.one]);
  },
  ResponseRefLoopNotAllowed: (parts) => {
    parts.definition.responses = {
      ...parts.definition.responses,
      one: { $ref: '#/responses/two' },
      two: { description: 'Two' },
    };
    anyOp(parts).responses['404'] = { $ref: '#/responses/one' };
    return swagger([parts.definition.responses.one]);
  },
  AdditionalPropertyNotAllowedAdjacentToRef: (parts) => {
    define(parts, 'Inner', { type: 'string', 'x-ms-summary': 'Inner', description: 'Inner.' });
    const node = answer(parts).properties.useInner;
    node.description = 'Lost';
    return swagger([node, '$ref']);
  },
  ExtensionMisspelt: query({ 'x-ms-visbility': 'advanced' }, 'x-ms-visbility', key),
  ExtensionUnknown: query({ 'x-ms-color-of-the-box': 'red' }, 'x-ms-color-of-the-box', key),
  ExtensionIgnored: query({ 'x-ms-client-name': 'x' }, 'x-ms-client-name', key),
  ExtensionMisplaced: change(anyOp, 'x-ms-enum-values', [], key),
  VisibilityNotValid: query({ 'x-ms-visibility': 'hidden' }, 'x-ms-visibility'),

  // Title, texts and address
  SpecificationVersionIncorrect: change(root, 'swagger', '3.0'),
  HostNameNotValid: change(root, 'host', 'https://api.contoso.com/v1'),
  BasePathNotValid: change(root, 'basePath', 'v1'),
  SchemesArrayEmpty: change(root, 'schemes', []),
  SchemeNotValid: (parts) => {
    parts.definition.schemes.push('ftp');
    return swagger([parts.definition.schemes, 1]);
  },
  SchemeNotSupported: (parts) => {
    parts.definition.schemes.push('wss');
    return swagger([parts.definition.schemes, 1]);
  },
  SchemeHttp: (parts) => {
    parts.definition.schemes.push('http');
    return swagger([parts.definition.schemes, 1]);
  },
  HostLooksTemporary: (parts) => {
    inner(parts).policyTemplateInstances = inner(parts).policyTemplateInstances.filter(
      ({ templateId }: Loose) => templateId !== 'dynamichosturl',
    );
    parts.definition.host = 'contoso.ngrok.io';
    return swagger([parts.definition, 'host']);
  },
  UrlNotValid: (parts) => {
    info(parts).contact.url = 'contoso.com';
    return swagger([info(parts).contact, 'url']);
  },
  ContactEmailNotValid: (parts) => {
    info(parts).contact.email = 'contoso';
    return swagger([info(parts).contact, 'email']);
  },
  ConnectorMetadataPropertiesMissing: (parts) => {
    parts.definition['x-ms-connector-metadata'].pop();
    return swagger([parts.definition, 'x-ms-connector-metadata']);
  },
  InvalidConnectorCategory: (parts) => {
    const entry = parts.definition['x-ms-connector-metadata'].at(-1);
    entry.propertyValue = 'Gardening';
    return swagger([entry, 'propertyValue']);
  },
  TooManyConnectorCategories: (parts) => {
    const entry = parts.definition['x-ms-connector-metadata'].at(-1);
    entry.propertyValue = 'Data;Marketing;Finance';
    return swagger([entry, 'propertyValue']);
  },
  FieldLengthExceeded: change(info, 'title', 'A title that goes on and on and on'),
  FieldLengthNotInRange: change(info, 'description', 'Short.'),
  ValueContainsRestrictedWords: change(info, 'title', 'Contoso Connector'),
  ValueMustBeInEnglish: change(info, 'title', 'Контосо'),
  ValueMustEndWithAlphanumeric: change(info, 'title', 'Contoso!'),
  RequiredValueEmpty: change(info, 'title', '', { also: ['IndependentTitle'] }),
  IndependentTitle: (parts) => swagger([info(parts), 'title']),
  OperationSummaryMissing: drop(anyOp, 'summary'),
  OperationDescriptionMissing: drop(anyOp, 'description'),
  OperationSummaryTooLong: change(anyOp, 'summary', 'A'.repeat(121)),
  RestrictedCharactersInSummary: change(anyOp, 'summary', 'Get orders/lines'),
  SummaryEndsWithPunctuation: change(anyOp, 'summary', 'Get orders.'),
  SummaryHasOtherCharacters: change(anyOp, 'summary', 'Get (all) orders - now'),
  SummaryEqualsDescription: (parts) => {
    const op = anyOp(parts);
    op.description = op.summary;
    return swagger([op, 'description'], { also: ['DescriptionNotSentence'] });
  },
  TriggerSummaryWithoutWhen: change((parts) => webhook(parts)?.op, 'summary', 'Thing changes'),
  DescriptionNotSentence: change(anyOp, 'description', 'gets things'),
  ParameterSummaryMissing: drop((parts) => parameter(parts, 'query')?.node, 'x-ms-summary'),
  ParameterDescriptionMissing: drop((parts) => parameter(parts, 'query')?.node, 'description'),
  PropertyTextMissing: (parts) => {
    answer(parts).properties.planted = { type: 'string' };
    return swagger([answer(parts).properties, 'planted']);
  },
  ThrottlingNotDeclared: (parts) => {
    const op = anyOp(parts);
    delete op.responses['429'];
    return swagger([op, 'responses']);
  },

  // Operations, parameters and responses
  OperationIdRequired: (parts) => {
    const op = addOperation(parts, 'Planted');
    delete op.operationId;
    return swagger([op]);
  },
  OperationIdNotUnique: (parts) => {
    const op = addOperation(parts, operations(parts)[0]?.op.operationId);
    return swagger([op, 'operationId']);
  },
  OperationIdSanitized: (parts) =>
    swagger([addOperation(parts, 'Planted-One'), 'operationId'], { also: ['SummaryHasOtherCharacters'] }),
  OperationIdTooLong: (parts) =>
    swagger([addOperation(parts, `P${'x'.repeat(80)}`, { summary: 'Planted' }), 'operationId']),
  OperationIdNotPascalCase: (parts) => swagger([addOperation(parts, 'planted'), 'operationId']),
  TotalOperationsCountExceedsMaxAllowed: (parts) => {
    for (let at = 0; at < 257; at += 1) addOperation(parts, `Planted${at}`);
    return swagger([parts.definition, 'paths']);
  },
  OperationPathContainsUnsupportedCharacters: withPath('/planted/*'),
  OperationPathMayNotContainQueryOrFragment: withPath('/planted?x=1'),
  OperationPathTemplateNotValid: withPath('/planted/{id'),
  OperationPathVariablesContainDefaults: withPath(
    '/planted/{id=1}',
    {},
    {
      parameters: [
        {
          name: 'id',
          in: 'path',
          required: true,
          type: 'string',
          'x-ms-url-encoding': 'single',
          'x-ms-summary': 'Id',
          description: 'Id.',
        },
      ],
    },
  ),
  PathRedefined: (parts) => {
    const path =
      operations(parts).find(({ path: candidate, method }) => !candidate.includes('{') && method !== 'put')
        ?.path ?? '';
    addOperation(parts, 'Planted', {}, 'put', path.toUpperCase());
    return swagger([parts.definition.paths, path.toUpperCase()], {
      ...key,
      also: ['PartialDuplicateOperationPath'],
    });
  },
  DuplicateOperationPath: (parts) => {
    const id = (name: string) => ({
      name,
      in: 'path',
      required: true,
      type: 'string',
      'x-ms-url-encoding': 'single',
      'x-ms-summary': 'Id',
      description: 'Id.',
    });
    addOperation(parts, 'PlantedA', { parameters: [id('a')] }, 'get', '/planted/{a}/x');
    addOperation(parts, 'PlantedB', { parameters: [id('b')] }, 'get', '/planted/{b}/x');
    return swagger([parts.definition.paths, '/planted/{b}/x'], key);
  },
  PartialDuplicateOperationPath: (parts) => {
    const id = {
      name: 'a',
      in: 'path',
      required: true,
      type: 'string',
      'x-ms-url-encoding': 'single',
      'x-ms-summary': 'Id',
      description: 'Id.',
    };
    addOperation(parts, 'PlantedA', { parameters: [id] }, 'get', '/planted/{a}/x');
    addOperation(parts, 'PlantedB', {}, 'get', '/planted/b/x');
    return swagger([parts.definition.paths, '/planted/{a}/x'], key);
  },
  OperationMissingPathParameter: (parts) => {
    addOperation(parts, 'Planted', {}, 'get', '/planted/{id}');
    return swagger([parts.definition.paths['/planted/{id}'].get]);
  },
  PathParameterNotDefinedInTemplate: (parts) => {
    const id = {
      name: 'id',
      in: 'path',
      required: true,
      type: 'string',
      'x-ms-url-encoding': 'single',
      'x-ms-summary': 'Id',
      description: 'Id.',
    };
    addOperation(parts, 'Planted', { parameters: [id] });
    return swagger([id]);
  },
  PathParameterMustBeRequired: (parts) => {
    const found = parameter(parts, 'path');
    if (found === undefined) return undefined;
    found.node.required = false;
    return swagger([found.node, 'required'], { also: ['OperationParameterRequiredMismatch'] });
  },
  PathParameterMissingEncoding: drop((parts) => parameter(parts, 'path')?.node, 'x-ms-url-encoding'),
  QueryParameterEncodingNotSupported: query({ 'x-ms-url-encoding': 'single' }, 'x-ms-url-encoding', key),
  OperationParametersContainMultipleBodyParameters: (parts) => {
    const op = addOperation(parts, 'Planted', {}, 'post');
    op.parameters = [
      { name: 'a', in: 'body', schema: { type: 'string' } },
      { name: 'b', in: 'body', schema: { type: 'string' } },
    ];
    return swagger([op.parameters, 1]);
  },
  PathParametersContainMultipleBodyParameters: (parts) => {
    addOperation(parts, 'Planted', {}, 'post', '/planted');
    const item = parts.definition.paths['/planted'];
    item.parameters = [
      { name: 'a', in: 'body', schema: { type: 'string' } },
      { name: 'b', in: 'body', schema: { type: 'string' } },
    ];
    return swagger([item.parameters, 1]);
  },
  OperationParametersContainDuplicateParameter: (parts) => {
    const node = addQuery(parts);
    const { parameters } = anyOp(parts);
    parameters.push(structuredClone(node));
    return swagger([parameters, parameters.length - 1]);
  },
  OperationParametersAreNotUnique: (parts) => {
    parts.definition.parameters = {
      ...parts.definition.parameters,
      two: { name: 'two', in: 'query', type: 'string', 'x-ms-summary': 'Two', description: 'Two.' },
    };
    const { parameters } = anyOp(parts);
    parameters.push({ $ref: '#/parameters/two' }, { $ref: '#/parameters/two' });
    return swagger([parameters, parameters.length - 1]);
  },
  PathParametersContainDuplicateParameter: (parts) => {
    addOperation(parts, 'Planted', {}, 'post', '/planted');
    const item = parts.definition.paths['/planted'];
    const one = { name: 'a', in: 'query', type: 'string', 'x-ms-summary': 'A', description: 'A.' };
    item.parameters = [one, structuredClone(one)];
    return swagger([item.parameters, 1]);
  },
  ParameterListContainsFormDataAndBody: (parts) => {
    const op = addOperation(
      parts,
      'Planted',
      { consumes: ['multipart/form-data', 'application/json'] },
      'post',
    );
    op.parameters = [
      { name: 'a', in: 'body', schema: { type: 'string' } },
      { name: 'b', in: 'formData', type: 'string' },
    ];
    return swagger([op.parameters, 1]);
  },
  BodyOrFormDataParameterInFetchOperationNotAllowed: (parts) => {
    const op = addOperation(parts, 'Planted', {
      parameters: [{ name: 'a', in: 'body', schema: { type: 'string' } }],
    });
    return swagger([op.parameters, 0]);
  },
  ConnectionIdParameterNotAllowed: query({ name: 'connectionId' }, 'name'),
  ReservedParameterIsUsed: query({ name: 'Authorization', in: 'header' }, 'name'),
  FileParameterMustBeInFormData: query({ type: 'file' }, 'type'),
  NonBodyParameterSchemaNotValid: query({ schema: { type: 'string' } }, 'schema', key),
  BodyParameterSchemaRequired: (parts) => {
    const op = addOperation(parts, 'Planted', { parameters: [{ name: 'a', in: 'body' }] }, 'post');
    return swagger([op.parameters, 0]);
  },
  BodyParameterPropertyNotValid: (parts) => {
    const op = addOperation(
      parts,
      'Planted',
      { parameters: [{ name: 'a', in: 'body', type: 'object', schema: { type: 'string' } }] },
      'post',
    );
    return swagger([op.parameters[0], 'type'], key);
  },
  AllowEmptyValueOnlyValidForQueryFormData: query(
    { in: 'header', allowEmptyValue: true },
    'allowEmptyValue',
    key,
  ),
  InvalidFormDataParameterName: (parts) => {
    const op = addOperation(
      parts,
      'Planted',
      { consumes: ['multipart/form-data'], parameters: [{ name: 'größe', in: 'formData', type: 'string' }] },
      'post',
    );
    return swagger([op.parameters[0], 'name']);
  },
  StringBinaryNotSupportedForFormUrlEncoded: (parts) => {
    const op = addOperation(
      parts,
      'Planted',
      {
        consumes: ['application/x-www-form-urlencoded'],
        parameters: [{ name: 'a', in: 'formData', type: 'file' }],
      },
      'post',
    );
    return swagger([op.parameters, 0]);
  },
  OperationMustHaveResponse: (parts) => {
    const op = addOperation(parts, 'Planted', { responses: {} });
    return swagger([op, 'responses'], { also: ['ThrottlingNotDeclared'] });
  },
  OperationShouldHaveSuccessfulResponse: (parts) => {
    const op = addOperation(parts, 'Planted', { responses: { 404: { description: 'No' } } });
    return swagger([op, 'responses'], { also: ['SchemaDefinitionSetIncorrectly'] });
  },
  OperationHasManyResponsesWithSchema: (parts) => {
    const op = anyOp(parts);
    op.responses['400'] = { description: 'No', schema: { type: 'string' } };
    return swagger([op, 'responses']);
  },
  DefaultResponseHasSchema: (parts) => {
    const op = anyOp(parts);
    op.responses.default = { description: 'No', schema: { type: 'string' } };
    return swagger([op.responses, 'default'], { also: ['OperationHasManyResponsesWithSchema'] });
  },
  SchemaDefinitionSetIncorrectly: (parts) => {
    const op = addOperation(parts, 'Planted', { responses: { 200: { description: 'Done' } } });
    return swagger([op, 'responses']);
  },
  ResponseHeadersAreNotUnique: (parts) => {
    const response = successOf(anyOp(parts));
    response.headers = { 'X-A': { type: 'string' }, 'x-a': { type: 'string' } };
    return swagger([response.headers, 'x-a'], key);
  },
  ResponseExampleMustBeProducedByOperation: (parts) => {
    const response = successOf(anyOp(parts));
    response.examples = { 'text/csv': 'a' };
    return swagger([response.examples, 'text/csv'], key);
  },
  ConsumesMissing: (parts) => {
    delete parts.definition.consumes;
    const found = find(
      parts,
      ({ op }) =>
        !op.consumes && (op.parameters ?? []).some((entry: Loose) => follow(parts, entry).in === 'body'),
    );
    return found && swagger([found.op]);
  },
  MimeTypeNotSupported: (parts) => {
    parts.definition.produces.push('text/csv');
    return swagger([parts.definition.produces, 1]);
  },
  MimeTypeNotValid: (parts) => {
    parts.definition.produces.push('json');
    return swagger([parts.definition.produces, 1]);
  },
  MimeTypeNotCompatibleWithRequestContentSchemaType: (parts) => {
    const op = addOperation(
      parts,
      'Planted',
      { consumes: ['application/json'], parameters: [{ name: 'a', in: 'formData', type: 'string' }] },
      'post',
    );
    return swagger([op, 'consumes']);
  },
  ArrayDuplicateValue: (parts) => {
    parts.definition.produces.push('application/json');
    return swagger([parts.definition.produces, 1]);
  },
  TagRedefined: (parts) => {
    parts.definition.tags = [{ name: 'a' }, { name: 'a' }];
    return swagger([parts.definition.tags, 1]);
  },
  ApiAnnotationExtensionReplacementInfoForNonDeprecatedOperations: (parts) => {
    const ops = family(parts);
    if (ops === undefined) return undefined;
    delete ops[0].deprecated;
    return swagger([ops[0]['x-ms-api-annotation'], 'replacement'], key);
  },
  ApiAnnotationExtensionReplacementInfoMissingApiProperty: drop(
    (parts) => family(parts)?.[0]['x-ms-api-annotation'].replacement,
    'api',
  ),
  ApiAnnotationExtensionReplacementInfoMissingOperationIdProperty: drop(
    (parts) => family(parts)?.[0]['x-ms-api-annotation'].replacement,
    'operationId',
  ),
  OperationFamilyHasDuplicateRevisions: (parts) => {
    const ops = family(parts);
    if (ops === undefined) return undefined;
    ops[1]['x-ms-api-annotation'].revision = 1;
    return swagger([ops[1]['x-ms-api-annotation'], 'revision']);
  },
  OperationFamilyHasManyEmptyRevisions: (parts) => {
    const ops = family(parts);
    if (ops === undefined) return undefined;
    for (const op of ops) delete op['x-ms-api-annotation'].revision;
    return swagger([ops[1]['x-ms-api-annotation']], { also: ['OperationRevisionEmpty'] });
  },
  OperationFamilyHasManyActiveOperations: (parts) => {
    const annotation = (revision: number) => ({
      'x-ms-api-annotation': { family: 'Planted', revision, status: 'Preview' },
    });
    addOperation(parts, 'Planted', annotation(1));
    addOperation(parts, 'Planted_V2', { ...annotation(2), summary: 'Planted again' });
    const third = addOperation(parts, 'Planted_V3', { ...annotation(3), summary: 'Planted once more' });
    return swagger([third['x-ms-api-annotation']]);
  },
  OperationFamilyHasManyActiveProductionOperations: (parts) => {
    const ops = family(parts);
    if (ops === undefined) return undefined;
    delete ops[0].deprecated;
    delete ops[0]['x-ms-api-annotation'].replacement;
    ops[0]['x-ms-api-annotation'].status = 'Production';
    return swagger([ops[1]['x-ms-api-annotation']]);
  },
  OperationRevisionEmpty: (parts) => {
    const ops = family(parts);
    if (ops === undefined) return undefined;
    delete ops[0]['x-ms-api-annotation'].revision;
    return swagger([ops[0]['x-ms-api-annotation']]);
  },
  OperationIdShouldEndWithRevision: (parts) => {
    const op = addOperation(parts, 'Planted', { 'x-ms-api-annotation': { family: 'Planted', revision: 3 } });
    return swagger([op, 'operationId']);
  },
  OperationStatusAheadOfConnector: (parts) => {
    const ops = family(parts);
    if (ops === undefined) return undefined;
    info(parts)['x-ms-api-annotation'].status = 'Preview';
    return swagger([ops[1]['x-ms-api-annotation'], 'status']);
  },

  // Schemas and values
  ArrayHasNoItems: property({ type: 'array' }, undefined),
  RequiredPropertyArrayEmpty: property(
    {
      type: 'object',
      properties: { a: { type: 'string', 'x-ms-summary': 'A', description: 'A.' } },
      required: [],
    },
    'required',
  ),
  RequiredPropertyDefinitionMissing: (parts) => {
    const node = {
      type: 'object',
      properties: { a: { type: 'string', 'x-ms-summary': 'A', description: 'A.' } },
      required: ['b'],
      'x-ms-summary': 'P',
      description: 'P.',
    };
    answer(parts).properties.planted = node;
    return swagger([node.required, 0]);
  },
  RequiredPropertyNotOnObject: property({ required: ['a'] }, 'required', key),
  RequiredReadOnlyPropertyNotAllowedAsInput: (parts) => {
    const schema = bodyOf(parts);
    if (schema === undefined) return undefined;
    schema.properties.planted = { type: 'string', readOnly: true, 'x-ms-summary': 'P', description: 'P.' };
    schema.required = [...(schema.required ?? []), 'planted'];
    return swagger([schema.properties, 'planted']);
  },
  RequiredLoopInSchemaNotAllowed: (parts) => {
    const node = define(parts, 'Loop', {
      type: 'object',
      properties: { self: { $ref: '#/definitions/Loop' } },
      required: ['self'],
      'x-ms-summary': 'P',
      description: 'P.',
    });
    return swagger([node.properties, 'self']);
  },
  EnumMustContainAtLeastOneElement: property({ enum: [] }, 'enum'),
  InvalidEnumValue: (parts) => {
    const node = addQuery(parts, { type: 'integer', enum: [1, '2'] });
    return swagger([node.enum, 1]);
  },
  DefaultValueMustMatchType: query({ type: 'integer', default: '1' }, 'default'),
  DefaultNotInEnum: query({ enum: ['a', 'b'], default: 'c' }, 'default'),
  UnrecognizedTypeFormat: query({ format: 'guid' }, 'format'),
  CollectionFormatValueNotSupported: query(
    { type: 'array', items: { type: 'string' }, collectionFormat: 'commas' },
    'collectionFormat',
  ),
  MultipleOfMustBeGreaterThanZero: limit('multipleOf', 0, { type: 'number' }),
  MaxItemsMustBeGreaterThanOrEqualToZero: limit('maxItems', -1, { type: 'array', items: { type: 'string' } }),
  MinItemsMustBeGreaterThanOrEqualToZero: limit('minItems', -1, { type: 'array', items: { type: 'string' } }),
  MaxLengthMustBeGreaterThanOrEqualToZero: limit('maxLength', -1),
  MinLengthMustBeGreaterThanOrEqualToZero: limit('minLength', -1),
  MaxPropertiesMustBeGreaterThanOrEqualToZero: limit('maxProperties', -1, { type: 'object' }),
  MinPropertiesMustBeGreaterThanOrEqualToZero: limit('minProperties', -1, { type: 'object' }),
  MinimumShouldBeLessThanOrEqualToMaximum: limit('minimum', 5, { type: 'number', maximum: 4 }),
  MinItemsShouldBeLessThanOrEqualToMaxItems: limit('minItems', 5, {
    type: 'array',
    items: { type: 'string' },
    maxItems: 4,
  }),
  MinLengthShouldBeLessThanOrEqualToMaxLength: limit('minLength', 5, { maxLength: 4 }),
  ExclusiveMaximumRequiresMaximum: property(
    { type: 'number', exclusiveMaximum: true },
    'exclusiveMaximum',
    key,
  ),
  ExclusiveMinimumRequiresMinimum: property(
    { type: 'number', exclusiveMinimum: true },
    'exclusiveMinimum',
    key,
  ),
  PatternShouldBeValidRegularExpression: limit('pattern', '([a-z'),
  DiscriminatorMustBeARequiredStringProperty: property(
    {
      type: 'object',
      properties: { a: { type: 'string', 'x-ms-summary': 'A', description: 'A.' } },
      discriminator: 'a',
    },
    'discriminator',
  ),
  SchemaTypeFileNotValid: property({ type: 'file' }, 'type'),
  InvalidStringBinaryProperty: property({ format: 'binary' }, 'format'),
  InternalPropertyWithDefaultOptional: query({ 'x-ms-visibility': 'internal', default: 'a' }, undefined),
  PropertyMustBeRequired: bodyProperty({ 'x-ms-visibility': 'internal', default: 'a' }),
  InternalRequiredWithoutDefault: query({ 'x-ms-visibility': 'internal', required: true }, undefined, {
    also: ['OperationMissingRequiredProperty'],
  }),
  DuplicateEnumValuesInExtension: (parts) => {
    const node = addQuery(parts, {
      enum: ['a'],
      'x-ms-enum-values': [
        { value: 'a', displayName: 'A' },
        { value: 'a', displayName: 'B' },
      ],
    });
    return swagger([node['x-ms-enum-values'][1], 'value']);
  },
  InvalidEnumValuesExtensionValue: (parts) => {
    const node = addQuery(parts, { enum: ['a'], 'x-ms-enum-values': [{ value: 'b', displayName: 'B' }] });
    return swagger([node['x-ms-enum-values'][0], 'value']);
  },
  MissingEnumValuesDisplayName: (parts) => {
    const node = addQuery(parts, { enum: ['a'], 'x-ms-enum-values': [{ value: 'a' }] });
    return swagger([node['x-ms-enum-values'], 0]);
  },
  InvalidCustomEditorExtensionDictionaryValue: property({ 'x-ms-editor': 'dictionary' }, 'x-ms-editor'),
  OneOfPropertiesRequired: query({ 'x-ms-trigger-value': {} }, 'x-ms-trigger-value'),
  BodySchemaCountExceedsMaxAllowed: (parts) => {
    const op = addOperation(parts, 'Planted', {
      responses: {
        200: { description: 'Done', schema: { type: 'object', properties: manyProperties(600) } },
      },
    });
    return swagger([op.responses['200'], 'schema']);
  },
  OperationSchemaCountExceedsMaxAllowed: (parts) => {
    const op = addOperation(parts, 'Planted', {
      responses: {
        200: { description: 'Done', schema: { type: 'object', properties: manyProperties(16_390) } },
      },
    });
    return swagger([op], {
      also: ['BodySchemaCountExceedsMaxAllowed', 'DefinitionTooLongForSolution', 'DefinitionTooLarge'],
    });
  },
  SchemaTooDeep: (parts) => {
    let schema: Loose = { type: 'string' };
    for (let at = 0; at < 60; at += 1) schema = { type: 'array', items: schema };
    const op = addOperation(parts, 'Planted', { responses: { 200: { description: 'Done', schema } } });
    return swagger([op.responses['200'], 'schema']);
  },
  DefinitionUnused: (parts) => {
    parts.definition.definitions.Planted = { type: 'string' };
    return swagger([parts.definition.definitions, 'Planted'], key);
  },
  FilterFunctionsPropertyEmpty: (parts) => {
    const holder = { filterFunctions: [] };
    answer(parts).properties.planted = {
      type: 'string',
      'x-ms-summary': 'P',
      description: 'P.',
      'x-ms-capabilities': holder,
    };
    return swagger([holder, 'filterFunctions']);
  },
  FilterFunctionsPropertyHasDuplicates: (parts) => {
    const holder = { filterFunctions: ['eq', 'eq'] };
    answer(parts).properties.planted = {
      type: 'string',
      'x-ms-summary': 'P',
      description: 'P.',
      'x-ms-capabilities': holder,
    };
    return swagger([holder.filterFunctions, 1]);
  },
  FilterFunctionsPropertyInInputSchema: (parts) => {
    const schema = bodyOf(parts);
    if (schema === undefined) return undefined;
    schema['x-ms-capabilities'] = { filterFunctions: ['eq'] };
    return swagger([schema['x-ms-capabilities'], 'filterFunctions'], key);
  },

  // Dynamic values and schemas
  OperationIdNotFound: inDynamic('x-ms-dynamic-values', (extension) => {
    extension.operationId = 'Nowhere';
    return [extension, 'operationId'];
  }),
  OperationParameterNameNotFound: inDynamic(
    'x-ms-dynamic-values',
    (extension) => {
      extension.parameters.nowhere = 'x';
      return [extension.parameters, 'nowhere'];
    },
    key,
  ),
  OperationMissingRequiredProperty: inDynamic('x-ms-dynamic-values', (extension) => {
    const [name] = Object.keys(extension.parameters);
    if (name === undefined) return undefined;
    delete extension.parameters[name];
    return [extension, 'parameters'];
  }),
  OperationParameterRequiredMismatch: (parts) => {
    const found = dynamicCaller(parts);
    if (found === undefined) return undefined;
    found.op.parameters.push({
      name: 'maybe',
      in: 'query',
      type: 'string',
      'x-ms-summary': 'M',
      description: 'M.',
    });
    found.node['x-ms-dynamic-values'] = listRegions({ version: { parameter: 'maybe' } });
    return swagger([found.node['x-ms-dynamic-values'].parameters.version, 'parameter']);
  },
  OperationParameterStaticTypeMismatch: inDynamic('x-ms-dynamic-values', (extension) => {
    const [name] = Object.keys(extension.parameters);
    if (name === undefined || typeof extension.parameters[name] === 'object') return undefined;
    extension.parameters[name] = 2;
    return [extension.parameters, name];
  }),
  OperationParameterTypeMismatch: (parts) => {
    const found = dynamicCaller(parts);
    if (found === undefined) return undefined;
    found.op.parameters.push({
      name: 'count',
      in: 'query',
      type: 'integer',
      required: true,
      'x-ms-summary': 'M',
      description: 'M.',
    });
    found.node['x-ms-dynamic-values'] = listRegions({ version: { parameter: 'count' } });
    return swagger([found.node['x-ms-dynamic-values'].parameters.version, 'parameter']);
  },
  OperationParameterNameIsAmbiguous: (parts) => {
    if (dynamicCaller(parts) === undefined) return undefined;
    const op = addOperation(
      parts,
      'PlantedList',
      {
        parameters: [
          { name: 'x', in: 'query', type: 'string', 'x-ms-summary': 'M', description: 'M.' },
          {
            name: 'body',
            in: 'body',
            schema: {
              type: 'object',
              properties: { x: { type: 'string', 'x-ms-summary': 'M', description: 'M.' } },
            },
          },
        ],
      },
      'post',
    );
    op.responses['200'].schema = {
      type: 'array',
      items: {
        type: 'object',
        properties: { id: { type: 'string', 'x-ms-summary': 'M', description: 'M.' } },
      },
    };
    const node = addQuery(parts, {
      'x-ms-dynamic-values': { operationId: 'PlantedList', parameters: { x: 'a' }, 'value-path': 'id' },
    });
    return swagger([node['x-ms-dynamic-values'].parameters, 'x'], key);
  },
  SourcePropertyInternal: (parts) => {
    const found = dynamicCaller(parts);
    if (found === undefined) return undefined;
    found.op.parameters.push({
      name: 'quiet',
      in: 'query',
      type: 'string',
      required: true,
      default: 'a',
      'x-ms-visibility': 'internal',
    });
    found.node['x-ms-dynamic-values'] = listRegions({ version: { parameter: 'quiet' } });
    return swagger([found.node['x-ms-dynamic-values'].parameters.version, 'parameter']);
  },
  DynamicExtensionDefinitionNotAllowedInParameter: (parts) => {
    if (!operations(parts).some(({ op }) => op.operationId === 'ListRegions')) return undefined;
    const op = addOperation(
      parts,
      'Planted',
      {
        parameters: [
          {
            name: 'body',
            in: 'body',
            schema: { type: 'string' },
            'x-ms-dynamic-values': listRegions({ version: '1' }),
          },
        ],
      },
      'post',
    );
    return swagger([op.parameters[0], 'x-ms-dynamic-values'], key);
  },
  DynamicListExtensionRequiredForAmbiguousReferences: (parts) => {
    const found = dynamicCaller(parts);
    if (found === undefined) return undefined;
    found.op.parameters.push(sourceParameter());
    found.node['x-ms-dynamic-values'] = listRegions({ version: { parameter: 'source' } });
    return swagger([found.node, 'x-ms-dynamic-values'], key);
  },
  DynamicListExtensionRequiredForNonParameterReferences: (parts) => {
    const found = dynamicCaller(parts);
    if (found === undefined) return undefined;
    found.node['x-ms-dynamic-values'] = listRegions({ version: { parameter: 'source' } });
    return swagger([found.node, 'x-ms-dynamic-values'], key);
  },
  DynamicPropertiesExtensionRequiredForAmbiguousReferences: (parts) => {
    const found = dynamicCaller(parts);
    if (found === undefined) return undefined;
    found.op.parameters.push(sourceParameter());
    found.node.type = 'object';
    found.node['x-ms-dynamic-schema'] = shapeOf({ parameter: 'source' });
    return swagger([found.node, 'x-ms-dynamic-schema'], key);
  },
  DynamicPropertiesExtensionRequiredForNonParameterReferences: (parts) => {
    const found = dynamicCaller(parts);
    if (found === undefined) return undefined;
    found.node.type = 'object';
    found.node['x-ms-dynamic-schema'] = shapeOf({ parameter: 'source' });
    return swagger([found.node, 'x-ms-dynamic-schema'], key);
  },
  DynamicPropertiesExtensionRequiredForPropertiesValuePath: inDynamic(
    'x-ms-dynamic-schema',
    (extension, holder) => {
      if (!/properties$/.test(extension['value-path'])) return undefined;
      delete holder['x-ms-dynamic-properties'];
      return [extension, 'value-path'];
    },
  ),
  DynamicPropertiesItemValuePathMismatch: inDynamic('x-ms-dynamic-properties', (extension, holder) => {
    if (!holder['x-ms-dynamic-schema'] || extension.itemValuePath !== 'schema') return undefined;
    extension.itemValuePath = 'schema/properties';
    return [extension, 'itemValuePath'];
  }),
  DynamicTreeExtensionMissing: query(
    { 'x-ms-dynamic-values': { capability: 'file-picker', parameters: {}, 'value-path': 'id' } },
    'x-ms-dynamic-values',
  ),
  InvokedOperationShouldProduceArray: inDynamic('x-ms-dynamic-values', (extension) => {
    extension['value-collection'] = 'nowhere';
    return [extension, 'value-collection'];
  }),
  InvokedOperationShouldProduceProperty: inDynamic('x-ms-dynamic-values', (extension) => {
    extension['value-title'] = 'nowhere';
    return [extension, 'value-title'];
  }),
  SelectedItemValuePathNotAllowedInThisPosition: inDynamic(
    'x-ms-dynamic-list',
    (extension) => {
      const [name] = Object.keys(extension.parameters);
      if (name === undefined) return undefined;
      extension.parameters[name] = { selectedItemValuePath: 'id' };
      return [extension.parameters[name], 'selectedItemValuePath'];
    },
    key,
  ),
  DynamicCallWithoutOperation: inDynamic('x-ms-dynamic-values', (extension, holder) => {
    delete extension.operationId;
    return [holder, 'x-ms-dynamic-values'];
  }),
  DynamicReferenceNotValid: inDynamic('x-ms-dynamic-list', (extension) => {
    const [name] = Object.keys(extension.parameters);
    if (name === undefined) return undefined;
    extension.parameters[name] = 'x';
    return [extension.parameters, name];
  }),
  TestConnectionNotGet: (parts) => {
    addOperation(parts, 'Planted', {}, 'post');
    const { testConnection } = parts.definition['x-ms-capabilities'];
    testConnection.operationId = 'Planted';
    testConnection.parameters = {};
    return swagger([testConnection, 'operationId']);
  },
  TestConnectionParameterMissing: (parts) => {
    addOperation(parts, 'Planted', {
      parameters: [
        { name: 'a', in: 'query', type: 'string', required: true, 'x-ms-summary': 'A', description: 'A.' },
      ],
    });
    const { testConnection } = parts.definition['x-ms-capabilities'];
    testConnection.operationId = 'Planted';
    testConnection.parameters = {};
    return swagger([parts.definition['x-ms-capabilities'], 'testConnection']);
  },

  // Triggers and paging
  NotificationUrlNotAllowedInThisPosition: property(
    { 'x-ms-notification-url': true },
    'x-ms-notification-url',
    key,
  ),
  NotificationUrlNotInternal: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    delete found.schema.properties[found.url]['x-ms-visibility'];
    return swagger([found.schema.properties, found.url], { also: ['PropertyTextMissing'] });
  },
  NotificationUrlNotRequired: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    found.schema.required = found.schema.required.filter((name: string) => name !== found.url);
    if (found.schema.required.length === 0) delete found.schema.required;
    return swagger([found.schema.properties, found.url]);
  },
  NotificationUrlNotString: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    found.schema.properties[found.url].type = 'integer';
    return swagger([found.schema.properties[found.url], 'type']);
  },
  OperationMustHaveNotificationContentExtension: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    delete found.item['x-ms-notification-content'];
    return swagger([found.op], { also: ['DefinitionUnused', 'SchemaDefinitionSetIncorrectly'] });
  },
  WebhookOperationsMissingNotificationUrlProperty: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    delete found.schema.properties[found.url]['x-ms-notification-url'];
    return swagger([found.op], { also: ['NotificationOperationMustBeWebhook', 'WebhookWithoutDelete'] });
  },
  NotificationExtensionSupportedForTriggerOnly: (parts) => {
    const found = webhook(parts);
    const op = anyOp(parts);
    op['x-ms-notification'] = { operationId: found?.op.operationId };
    return swagger([op, 'x-ms-notification'], key);
  },
  NotificationExtensionNotSupportedInWebhookOperation: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    found.op['x-ms-notification'] = { operationId: found.op.operationId };
    return swagger([found.op, 'x-ms-notification'], key);
  },
  NotificationOperationMustBeWebhook: (parts) => {
    const found = find(parts, ({ op }) => op['x-ms-notification']);
    if (found === undefined) return undefined;
    found.op['x-ms-notification'].operationId = anyOp(parts).operationId;
    return swagger([found.op['x-ms-notification'], 'operationId']);
  },
  ParamtersWithSameNameMustHaveSameTypeAndVisibility: (parts) => {
    const found = find(parts, ({ op }) => op['x-ms-notification']);
    const hook = webhook(parts);
    if (found === undefined || hook === undefined) return undefined;
    const node = { name: 'both', in: 'query', type: 'string', 'x-ms-summary': 'B', description: 'B.' };
    found.op.parameters.push(node);
    hook.op.parameters.push({ ...node, type: 'integer' });
    return swagger([node]);
  },
  WebhookTriggerNotSingle: change((parts) => webhook(parts)?.op, 'x-ms-trigger', 'batch'),
  NotificationContentWithoutSchema: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    found.item['x-ms-notification-content'].schema = { type: 'object' };
    return swagger([found.item['x-ms-notification-content'], 'schema'], { also: ['DefinitionUnused'] });
  },
  WebhookWithoutDelete: (parts) => {
    const first = webhook(parts);
    for (const { item, method, path } of operations(parts)) {
      if (method !== 'delete') continue;
      delete item.delete;
      if (Object.keys(item).length === 0) delete parts.definition.paths[path];
    }
    return first && swagger([first.op], { also: ['DefinitionUnused'] });
  },
  WebhookDeleteVisible: (parts) => {
    const [only, second] = operations(parts).filter(({ method }) => method === 'delete');
    if (only === undefined || second !== undefined) return undefined;
    delete only.op['x-ms-visibility'];
    return swagger([only.op], { also: ['ThrottlingNotDeclared'] });
  },
  WebhookWithoutLocation: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    for (const response of Object.values<Loose>(found.op.responses)) delete response.headers;
    return swagger([found.op, 'responses'], { also: ['ThrottlingNotDeclared'] });
  },
  WebhookNotCreated: (parts) => {
    const found = webhook(parts);
    if (found === undefined) return undefined;
    const { 201: created, ...others } = found.op.responses;
    found.op.responses = { 200: created, ...others };
    return swagger([found.op, 'responses']);
  },
  TriggerBatchWithoutArray: (parts) => {
    const op = addOperation(parts, 'Planted', { 'x-ms-trigger': 'batch', summary: 'When planted' });
    return swagger([op, 'x-ms-trigger']);
  },
  TriggerSingleOnGet: (parts) => {
    const op = addOperation(parts, 'Planted', { 'x-ms-trigger': 'single', summary: 'When planted' });
    return swagger([op, 'x-ms-trigger']);
  },
  InvalidNextLinkNameValue: (parts) => {
    const found = find(parts, ({ op }) => op['x-ms-pageable']);
    if (found === undefined) return undefined;
    found.op['x-ms-pageable'].nextLinkName = 'next';
    return swagger([found.op['x-ms-pageable'], 'nextLinkName'], { also: ['NextLinkPolicyMismatch'] });
  },
  NextLinkPropertyMissing: (parts) => {
    const found = find(parts, ({ op }) => op['x-ms-pageable']);
    if (found === undefined) return undefined;
    const name = found.op['x-ms-pageable'].nextLinkName;
    const schema = follow(parts, successOf(found.op).schema);
    delete schema.properties[name];
    if (schema.required) schema.required = schema.required.filter((candidate: string) => candidate !== name);
    return swagger([found.op['x-ms-pageable'], 'nextLinkName']);
  },

  // Security
  SecuritySchemePropertyRequired: (parts) => {
    const found = scheme(parts, 'apiKey') ?? scheme(parts, 'oauth2');
    if (found === undefined) return undefined;
    delete found.node[found.node.type === 'apiKey' ? 'in' : 'tokenUrl'];
    return swagger([found.node]);
  },
  SecuritySchemePropertyNotValid: (parts) => {
    const found = scheme(parts, 'apiKey') ?? scheme(parts, 'basic');
    if (found === undefined) return undefined;
    found.node.flow = 'accessCode';
    return swagger([found.node, 'flow'], key);
  },
  SecurityRequirementMustBeDefined: (parts) => {
    parts.definition.security.push({ nowhere: [] });
    return swagger([parts.definition.security.at(-1), 'nowhere'], key);
  },
  SecurityRequirementMustHaveEmptyValue: (parts) => {
    const found = scheme(parts, 'apiKey') ?? scheme(parts, 'basic');
    if (found === undefined) return undefined;
    parts.definition.security = [{ [found.name]: ['read'] }];
    return swagger([parts.definition.security[0], found.name]);
  },
  SecurityRequirementMustHaveValue: (parts) => {
    const [requirement] = parts.definition.security;
    const [name] = Object.keys(requirement);
    requirement[name ?? ''] = null;
    return swagger([requirement, name ?? '']);
  },
  OAuthSecurityRequirementValueMustBeScopeName: (parts) => {
    const found = scheme(parts, 'oauth2');
    if (found === undefined) return undefined;
    const requirement = { [found.name]: ['nowhere'] };
    parts.definition.security = [requirement];
    return swagger([requirement[found.name], 0]);
  },
  OAuthFlowNotSupported: (parts) => {
    const found = scheme(parts, 'oauth2');
    if (found === undefined) return undefined;
    found.node.flow = 'application';
    return swagger([found.node, 'flow']);
  },
  OAuthWithoutSecurity: (parts) => {
    if (oauth(parts) === undefined) return undefined;
    delete parts.definition.securityDefinitions;
    delete parts.definition.security;
    return properties([inner(parts).connectionParameters, 'token'], key);
  },
  SecurityWithoutConnectionParameter: (parts) => {
    const file = inner(parts);
    file.connectionParameters = {};
    file.policyTemplateInstances = [];
    delete file.connectionParameterSets;
    const [name] = Object.keys(parts.definition.securityDefinitions);
    return swagger([parts.definition.securityDefinitions, name ?? ''], {
      ...key,
      also: ['PageableWithoutNextLinkPolicy'],
    });
  },

  // apiProperties.json
  PropertiesMissing: (parts) => {
    parts.properties = { property: {} };
    return properties(undefined, { also: ['ScriptOperationUnknown', 'PageableWithoutNextLinkPolicy'] });
  },
  PropertiesKeyUnknown: changeProperties('website', 'x', key),
  PropertiesTypeIncorrect: changeProperties('publisher', 1),
  PublisherMissing: (parts) => {
    delete inner(parts).publisher;
    return properties([inner(parts)]);
  },
  StackOwnerMissing: (parts) => {
    delete inner(parts).stackOwner;
    return properties([inner(parts)]);
  },
  StackOwnerPresent: (parts) => properties([inner(parts), 'stackOwner'], key),
  BrandColorMissing: (parts) => {
    delete inner(parts).iconBrandColor;
    return properties([inner(parts)], { also: ['IconBackgroundDiffers'] });
  },
  BrandColorNotValid: changeProperties('iconBrandColor', 'purple', { also: ['IconBackgroundDiffers'] }),
  BrandColorRefused: changeProperties('iconBrandColor', '#FFFFFF', { also: ['IconBackgroundDiffers'] }),
  BrandColorNotIndependent: (parts) => properties([inner(parts), 'iconBrandColor']),
  CapabilityUnknown: (parts) => {
    inner(parts).capabilities = ['Actions'];
    return properties([inner(parts).capabilities, 0]);
  },
  ClientSecretInFile: (parts) => {
    const node = oauth(parts);
    if (node === undefined) return undefined;
    node.clientSecret = 'p8Q~1234567890';
    return properties([node, 'clientSecret']);
  },
  ConnectionParameterNameNotValid: (parts) => {
    addConnection(parts, 'my key', { type: 'securestring', uiDefinition: { displayName: 'Key' } });
    return properties([inner(parts).connectionParameters, 'my key'], {
      ...key,
      also: ['ConnectionParameterUnused'],
    });
  },
  ConnectionParameterTypeMissing: (parts) =>
    properties([addConnection(parts, 'token:planted', { uiDefinition: { displayName: 'P' } })]),
  ConnectionParameterTypeUnknown: (parts) =>
    properties([
      addConnection(parts, 'token:planted', { type: 'secureString', uiDefinition: { displayName: 'P' } }),
      'type',
    ]),
  ConnectionParameterTextMissing: (parts) =>
    properties([addConnection(parts, 'token:planted', { type: 'string' })]),
  ConnectionParameterUnused: (parts) => {
    if (scheme(parts, 'basic') || parts.script !== undefined) return undefined;
    addConnection(parts, 'planted', { type: 'string', uiDefinition: { displayName: 'P' } });
    return properties([inner(parts).connectionParameters, 'planted'], key);
  },
  SecretNotSecure: (parts) => {
    const node = addConnection(parts, 'password', { type: 'string', uiDefinition: { displayName: 'P' } });
    return properties([node, 'type']);
  },
  ConstraintNotText: (parts) => {
    const constraints = { required: true };
    addConnection(parts, 'token:planted', {
      type: 'string',
      uiDefinition: { displayName: 'P', constraints },
    });
    return properties([constraints, 'required']);
  },
  ConstraintValueNotValid: (parts) => {
    const constraints = { required: 'yes' };
    addConnection(parts, 'token:planted', {
      type: 'string',
      uiDefinition: { displayName: 'P', constraints },
    });
    return properties([constraints, 'required']);
  },
  OAuthSettingsMissing: (parts) => {
    const found = connection(parts, (_, { type }) => type === 'oauthSetting');
    if (found === undefined) return undefined;
    delete found.node.oAuthSettings;
    return properties([found.node]);
  },
  OAuthParameterNotToken: (parts) => {
    const found = connection(parts, (_, { type }) => type === 'oauthSetting');
    if (found === undefined) return undefined;
    found.group.login = { type: 'oauthSetting', oAuthSettings: structuredClone(found.node.oAuthSettings) };
    if (found.group.login.oAuthSettings.identityProvider === 'oauth2generic') return undefined;
    return properties([found.group, 'login'], key);
  },
  OAuthProviderMissing: (parts) => {
    const node = oauth(parts);
    if (node === undefined) return undefined;
    delete node.identityProvider;
    return properties([node]);
  },
  OAuthProviderUnknown: (parts) => {
    const node = oauth(parts);
    if (node === undefined) return undefined;
    node.identityProvider = 'contoso';
    return properties([node, 'identityProvider']);
  },
  OAuthCustomParameterMissing: (parts) => {
    const node = oauth(parts);
    if (node === undefined) return undefined;
    delete node.customParameters[node.identityProvider === 'aad' ? 'resourceUri' : 'tokenUrlTemplate'];
    return properties([node, 'customParameters']);
  },
  OAuthCustomParameterUnknown: (parts) => {
    const node = oauth(parts);
    if (node?.identityProvider !== 'aad') return undefined;
    node.customParameters.resource = { value: 'x' };
    return properties([node.customParameters, 'resource'], key);
  },
  OAuthPlaceholderUnknown: (parts) => {
    const node = oauth(parts);
    if (node?.identityProvider !== 'oauth2generic') return undefined;
    node.customParameters.tokenUrlTemplate.value = 'https://{nowhere}/token';
    return properties([node.customParameters.tokenUrlTemplate, 'value']);
  },
  RedirectModeNotPerConnector: (parts) => {
    const node = oauth(parts);
    if (node === undefined) return undefined;
    node.redirectMode = 'Global';
    return properties([node, 'redirectMode']);
  },
  RedirectModeUnknown: (parts) => {
    const node = oauth(parts);
    if (node === undefined) return undefined;
    node.redirectMode = 'Everywhere';
    return properties([node, 'redirectMode']);
  },
  TenantDescriptionNotLiteral: (parts) => {
    const node = inner(parts).connectionParameters['token:TenantId'];
    if (node === undefined) return undefined;
    node.uiDefinition.description = 'The tenant';
    return properties([node.uiDefinition, 'description']);
  },
  ParameterSetNotValid: (parts) => {
    const sets = inner(parts).connectionParameterSets;
    inner(parts).connectionParameterSets = sets ?? { values: [] };
    const { values } = inner(parts).connectionParameterSets;
    values.push({ name: 'planted' });
    return properties([values, values.length - 1]);
  },
  ParameterSetNamesNotUnique: (parts) => {
    inner(parts).connectionParameterSets = {
      values: [
        { name: 'a', parameters: {} },
        { name: 'a', parameters: {} },
      ],
    };
    return properties([inner(parts).connectionParameterSets.values[1], 'name']);
  },
  GatewayNotDeclared: (parts) => {
    parts.script = undefined;
    delete inner(parts).scriptOperations;
    delete parts.settings.script;
    inner(parts).capabilities = ['gateway'];
    return properties([inner(parts).capabilities, 0]);
  },
  GatewaySignInNotSupported: (parts) => {
    if (scheme(parts, 'basic')) return undefined;
    parts.script = undefined;
    delete inner(parts).scriptOperations;
    delete parts.settings.script;
    gateway(parts);
    return properties([inner(parts).capabilities, 0], { also: ['PolicyHostWithGateway'] });
  },

  // Policies
  PolicyInstanceNotValid: (parts) => {
    inner(parts).policyTemplateInstances.push({ templateId: 'setheader', title: 'x' });
    return properties([inner(parts).policyTemplateInstances.at(-1)]);
  },
  PolicyTemplateUnknown: (parts) => properties([addPolicy(parts, 'setheaders', header('x')), 'templateId']),
  PolicyTitleMissing: (parts) => {
    const instance = addPolicy(parts, 'setheader', header('x'));
    delete instance.title;
    return properties([instance]);
  },
  PolicyParameterMissing: (parts) => {
    const { parameters } = addPolicy(parts, 'setheader', header('x'));
    delete parameters[`${prefix}value`];
    return properties([parameters]);
  },
  PolicyParameterUnknown: (parts) =>
    properties(
      [
        addPolicy(parts, 'setheader', { ...header('x'), [`${prefix}headerName`]: 'x' }).parameters,
        `${prefix}headerName`,
      ],
      key,
    ),
  PolicyParameterNotText: (parts) =>
    properties([
      addPolicy(parts, 'setheader', { ...header('x'), [`${prefix}value`]: true }).parameters,
      `${prefix}value`,
    ]),
  PolicySectionNotValid: (parts) =>
    properties([
      addPolicy(parts, 'setheader', { ...header('x'), [section]: 'Requests' }).parameters,
      section,
    ]),
  PolicySectionMissing: (parts) => {
    const { parameters } = addPolicy(parts, 'setheader', header('x'));
    delete parameters[section];
    return properties([parameters]);
  },
  PolicySectionUnexpected: inPolicy('updatenextlink', section, 'Response', key),
  PolicyOperationUnknown: (parts) => {
    const { parameters } = addPolicy(parts, 'setheader', { ...header('x'), [named]: ['Nowhere'] });
    return properties([parameters[named], 0]);
  },
  PolicyOperationsEmpty: (parts) =>
    properties([addPolicy(parts, 'setheader', { ...header('x'), [named]: [] }).parameters, named]),
  PolicyOperationsNotList: (parts) =>
    properties([addPolicy(parts, 'setheader', { ...header('x'), [named]: 'ListOrders' }).parameters, named]),
  PolicyConnectionParameterUnknown: planted("@connectionParameters('nowhere', '')"),
  PolicyQueryParameterUnknown: planted("@queryParameters('nowhere')"),
  PolicyFunctionUnknown: planted("@conectionParameter('region')"),
  PolicyExpressionNotValid: planted('@headers("X-A")'),
  PolicyTriggerBodyMisplaced: planted('@triggerBody().value'),
  PolicyExistsActionNotValid: (parts) =>
    properties([
      addPolicy(parts, 'setheader', { ...header('x'), [`${prefix}existsAction`]: 'replace' }).parameters,
      `${prefix}existsAction`,
    ]),
  PolicyMethodNotValid: (parts) =>
    properties([
      addPolicy(parts, 'routerequesttoendpoint', {
        [`${prefix}newPath`]: '/x',
        [`${prefix}httpMethod`]: 'FETCH',
      }).parameters,
      `${prefix}httpMethod`,
    ]),
  PolicyPathParameterUnknown: (parts) =>
    properties([
      addPolicy(parts, 'routerequesttoendpoint', {
        [`${prefix}newPath`]: '/x/{nowhere}',
        [named]: [anyOp(parts).operationId],
      }).parameters,
      `${prefix}newPath`,
    ]),
  PolicyValueNotValid: (parts) =>
    properties([
      addPolicy(parts, 'setvaluefromurl', {
        [`${prefix}parameterTemplate`]: 'If-Match',
        [`${prefix}parameterValueUrl`]: '/x',
        [`${prefix}parameterValuePathTemplate`]: '@body().a',
        [section]: 'Request',
      }).parameters,
      `${prefix}parameterTemplate`,
    ]),
  PolicyStatusCodeNotInteger: inPolicy('setconnectionstatustounauthenticated', `${prefix}statusCode`, '401'),
  PolicyNeedsTestConnection: (parts) => {
    const found = policy(parts, 'setconnectionstatustounauthenticated');
    if (found === undefined) return undefined;
    delete parts.definition['x-ms-capabilities'];
    return properties([found, 'templateId']);
  },
  PolicyHostWithGateway: (parts) => {
    if (!scheme(parts, 'basic') || !policy(parts, 'dynamichosturl')) {
      if (policy(parts, 'dynamichosturl') === undefined)
        addPolicy(parts, 'dynamichosturl', { [`${prefix}urlTemplate`]: 'https://api.contoso.com' });
    }
    parts.script = undefined;
    delete inner(parts).scriptOperations;
    delete parts.settings.script;
    gateway(parts);
    return properties([policy(parts, 'dynamichosturl'), 'templateId'], {
      also: ['GatewaySignInNotSupported'],
    });
  },
  PolicyPollingWithoutTrigger: (parts) => {
    const { parameters } = addPolicy(
      parts,
      'pollingtrigger',
      {
        [`${prefix}triggerConfig`]: {},
        [`${prefix}triggerDataPath`]: '@triggerBody()',
        [named]: [anyOp(parts).operationId],
      },
      { type: 'PollingTrigger' },
    );
    return properties([parameters[named], 0]);
  },
  PolicyPollingTypeMissing: (parts) => {
    const found = policy(parts, 'pollingtrigger');
    if (found === undefined) return undefined;
    delete found.type;
    return properties([found]);
  },
  PageableWithoutNextLinkPolicy: (parts) => {
    inner(parts).policyTemplateInstances = inner(parts).policyTemplateInstances.filter(
      ({ templateId }: Loose) => templateId !== 'updatenextlink',
    );
    const found = find(parts, ({ op }) => op['x-ms-pageable']);
    return found && swagger([found.op, 'x-ms-pageable'], key);
  },
  NextLinkPolicyMismatch: inPolicy('updatenextlink', `${prefix}nextLinkPropertyName`, 'next'),
  NextLinkPolicyWithoutPageable: (parts) => {
    const found = policy(parts, 'updatenextlink');
    const op = addOperation(parts, 'Planted');
    found.parameters[named].push(op.operationId);
    return properties([found.parameters[named], found.parameters[named].length - 1]);
  },

  // Icon
  IconNotPng: (parts) => {
    parts.icon = new TextEncoder().encode(
      '<svg xmlns="http://www.w3.org/2000/svg" width="230" height="230"/>',
    );
    return file('icon.png');
  },
  IconNotSquare: icon(() => undefined, 230, 200),
  IconSizeUnusual: icon(() => undefined, 32, 32),
  IconTransparent: icon(({ data }) => data.set([0, 0, 0, 0], 0)),
  IconBackgroundRefused: (parts) => {
    icon(fill([255, 255, 255, 255]))(parts);
    return { ...file('icon.png'), also: ['IconBackgroundDiffers'] };
  },
  IconBackgroundDiffers: icon(fill([10, 200, 10, 255])),
  IconNotForIndependent: () => file('icon.png'),
};
