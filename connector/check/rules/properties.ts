/** apiProperties.json: keys, connection parameters, sign-in, brand colour. */
import { type Connector, parameterGroups, parameterTypes, securityOf } from '../connector.ts';
import {
  itemsOf,
  type JsonNode,
  member,
  membersOf,
  type ObjectNode,
  objectOf,
  textOf,
} from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { rule, sources } from '../rule.ts';
import { renameKey, replaceValue } from '../source.ts';
import { nearest } from '../spelling.ts';

type GroupReport = Report<keyof typeof propertiesRules>;

const { parameters, multiAuth, submission, schemas, tools, redirect, stackOwner, oauth, independent } =
  sources;

export const propertiesRules = {
  PropertiesMissing: rule(
    'error',
    'apiProperties.json is an object with "properties".',
    'Put everything into {"properties": {…}}.',
    schemas,
  ),
  PropertiesKeyUnknown: rule(
    'warning',
    'apiProperties.json contains only keys that the tools read.',
    'Remove the key, or correct its spelling.',
    schemas,
    {
      added: { severity: 'info', when: 'keys that the tools add themselves' },
      detail: { severity: 'info', when: 'unknown keys inside a connection parameter' },
    },
  ),
  PropertiesTypeIncorrect: rule(
    'error',
    'A value in apiProperties.json has the JSON type of its key.',
    'Write a value of the type that is named.',
    schemas,
    {
      null: { severity: 'warning', when: 'null; paconn stops at it' },
      detail: { severity: 'warning', when: 'a value inside a connection parameter' },
    },
  ),
  PublisherMissing: rule(
    ['info', 'warning', 'warning'],
    'apiProperties.json names the publisher.',
    'Add "publisher".',
    submission,
  ),
  StackOwnerMissing: rule(
    ['off', 'info', 'info'],
    'apiProperties.json names the stackOwner for a submission.',
    'Add "stackOwner" for the submission only; `paconn update` fails with it.',
    submission,
  ),
  StackOwnerPresent: rule(
    'off',
    'apiProperties.json has no stackOwner when paconn updates the connector.',
    'Remove "stackOwner" before `paconn update`.',
    stackOwner,
  ),
  BrandColorMissing: rule(
    'error',
    'apiProperties.json has iconBrandColor.',
    'Add "iconBrandColor": "#rrggbb".',
    schemas,
  ),
  BrandColorNotValid: rule(
    'warning',
    'iconBrandColor is a colour as #rrggbb.',
    'Write six hexadecimal digits behind "#".',
    submission,
  ),
  BrandColorRefused: rule(
    ['warning', 'error', 'error'],
    'iconBrandColor is neither white nor the blue of the platform.',
    'Choose another colour than #ffffff and #007ee5.',
    submission,
  ),
  BrandColorNotIndependent: rule(
    ['off', 'off', 'warning'],
    'The brand colour of an independent publisher is #da3b01.',
    'Write "#da3b01".',
    independent,
  ),
  CapabilityUnknown: rule(
    'info',
    'Capabilities are known words.',
    'Use actions, triggers, gateway, cloud, or an empty list.',
    schemas,
  ),
  ClientSecretInFile: rule(
    'error',
    'No file contains a client secret.',
    'Remove the value, give the secret on the command line (--secret), and renew it: it has been published.',
    tools,
  ),
  ConnectionParameterNameNotValid: rule(
    'warning',
    'The name of a connection parameter consists of letters, digits and "_", with one colon at most.',
    'Rename it.',
    schemas,
  ),
  ConnectionParameterTypeMissing: rule(
    'error',
    'A connection parameter has a type.',
    'Add "type", for example "securestring".',
    parameters,
  ),
  ConnectionParameterTypeUnknown: rule(
    'error',
    'The type of a connection parameter is a known one, in exactly its capitals.',
    'Use string, securestring, int, bool, oauthSetting or gatewaySetting.',
    parameters,
    {
      other: { severity: 'warning', when: 'a word that is not a misspelling of a known one' },
    },
  ),
  ConnectionParameterTextMissing: rule(
    'info',
    'A connection parameter that a person fills in has a displayName.',
    'Add uiDefinition.displayName.',
    parameters,
  ),
  ConnectionParameterUnused: rule(
    'info',
    'Every connection parameter is used by sign-in or by a policy.',
    'Remove it, or use it in a policy.',
    parameters,
  ),
  SecretNotSecure: rule(
    'warning',
    'A password or key is of type securestring.',
    'Write "type": "securestring": a string is shown and stored in clear text.',
    parameters,
  ),
  ConstraintNotText: rule(
    'info',
    '"required" and "hidden" of a constraint are the texts "true" and "false".',
    'Put the word in double quotes.',
    schemas,
  ),
  ConstraintValueNotValid: rule(
    'warning',
    '"required" and "hidden" of a constraint are "true" or "false".',
    'Write "true" or "false".',
    schemas,
  ),
  OAuthSettingsMissing: rule(
    'error',
    'A parameter of type oauthSetting has oAuthSettings.',
    'Add "oAuthSettings", in exactly these capitals.',
    parameters,
  ),
  OAuthParameterNotToken: rule(
    'warning',
    'A parameter of type oauthSetting is called "token".',
    'Rename it: paconn writes the client secret into "token".',
    tools,
  ),
  OAuthProviderMissing: rule(
    'error',
    'oAuthSettings names the identityProvider.',
    'Add "identityProvider".',
    schemas,
  ),
  OAuthProviderUnknown: rule(
    'info',
    'The identityProvider is a known one.',
    'Check the spelling: aad, oauth2, oauth2generic and others.',
    schemas,
    { misspelt: { severity: 'warning', when: 'a word near a known one' } },
  ),
  OAuthCustomParameterMissing: rule(
    'warning',
    'oAuthSettings has the customParameters of its provider.',
    'Add the parameter as {"value": "…"}.',
    schemas,
  ),
  OAuthCustomParameterUnknown: rule(
    'info',
    'customParameters contains only keys of its provider.',
    'Correct the spelling and capitals, or remove the key.',
    schemas,
  ),
  OAuthPlaceholderUnknown: rule(
    'warning',
    'A placeholder in a template of oauth2generic is one of the platform’s or a parameter "token:…".',
    'Declare the parameter, or correct the name.',
    parameters,
  ),
  RedirectModeNotPerConnector: rule(
    ['info', 'warning', 'warning'],
    'redirectMode is GlobalPerConnector.',
    'Write "GlobalPerConnector" in a new connector; an existing one keeps its mode.',
    redirect,
  ),
  RedirectModeUnknown: rule(
    'warning',
    'redirectMode is Global, GlobalPerConnector or Direct.',
    'Use one of the three.',
    redirect,
  ),
  TenantDescriptionNotLiteral: rule(
    'info',
    'The description of token:TenantId is the literal that certification compares.',
    'Write "The tenant ID of for the Azure Active Directory application".',
    redirect,
  ),
  ParameterSetNotValid: rule(
    'error',
    'Every set in connectionParameterSets has a name and an object "parameters".',
    'Add what is missing; paconn stops without it.',
    multiAuth,
  ),
  ParameterSetNamesNotUnique: rule(
    'warning',
    'The sets have different names.',
    'Rename one of them.',
    multiAuth,
  ),
  GatewayNotDeclared: rule(
    'warning',
    'A connector with a gateway has the capability "gateway" and a parameter of type gatewaySetting.',
    'Add the other one.',
    parameters,
  ),
  GatewaySignInNotSupported: rule(
    'warning',
    'A connector with a gateway signs in with Windows, basic or no authentication.',
    'Remove OAuth or the API key: gateways support neither.',
    oauth,
  ),
} as const;

const added: ReadonlySet<string> = new Set([
  'openApiDefinition',
  'backendService',
  'environment',
  'displayName',
  'description',
  'iconUri',
  'scriptDefinitionUrl',
  'apiDefinitions',
]);
const types: Readonly<Record<string, readonly JsonNode['type'][]>> = {
  iconBrandColor: ['string'],
  capabilities: ['array'],
  connectionParameters: ['object'],
  publisher: ['string'],
  stackOwner: ['string'],
  policyTemplateInstances: ['array'],
  scriptOperations: ['array', 'null'],
  connectionParameterSets: ['object'],
};

const parameterKeys: ReadonlySet<string> = new Set([
  'type',
  'uiDefinition',
  'oAuthSettings',
  'gatewaySettings',
  'defaultValue',
  'allowedValues',
  'metadata',
]);
const oauthKeys: ReadonlySet<string> = new Set([
  'identityProvider',
  'clientId',
  'scopes',
  'redirectMode',
  'redirectUrl',
  'properties',
  'customParameters',
  'additionalParameters',
  'clientSecret',
  'scopeListDelimiter',
]);

const providers: Readonly<
  Record<string, { readonly required: readonly string[]; readonly allowed: readonly string[] | 'any' }>
> = {
  oauth2: {
    required: ['authorizationUrl', 'tokenUrl', 'refreshUrl'],
    allowed: ['authorizationUrl', 'tokenUrl', 'refreshUrl'],
  },
  aad: {
    required: ['resourceUri'],
    allowed: ['loginUri', 'loginUriAAD', 'tenantId', 'resourceUri', 'enableOnbehalfOfLogin'],
  },
  oauth2generic: { required: ['authorizationUrlTemplate', 'tokenUrlTemplate'], allowed: 'any' },
  aadcertificate: {
    required: ['resourceUri'],
    allowed: ['loginUri', 'loginUriAAD', 'tenantId', 'resourceUri', 'enableOnbehalfOfLogin'],
  },
  facebook: { required: [], allowed: 'any' },
  DocuSign: { required: [], allowed: 'any' },
};

const wrongType = (
  node: JsonNode,
  expected: readonly string[],
  report: GroupReport,
  variant?: string,
): void => {
  const isNull = node.type === 'null';
  report(
    'PropertiesTypeIncorrect',
    { node },
    `"${node.key}" is of type ${node.type}, not ${expected.join(' or ')}.`,
    isNull ? { variant: 'null' } : variant ? { variant } : {},
  );
};

const checkKeys = (properties: ObjectNode, text: string, report: GroupReport): void => {
  for (const [key, node] of properties.members) {
    const expected = Object.hasOwn(types, key) ? types[key] : undefined;
    if (expected === undefined) {
      const near =
        nearest(key, Object.keys(types), 2) ??
        Object.keys(types).find((known) => known.toLowerCase() === key.toLowerCase());
      const free = near !== undefined && !properties.members.has(near);
      report(
        'PropertiesKeyUnknown',
        { node, key: true },
        `"${key}" is not read${free ? `; "${near}" is meant` : ''}.`,
        {
          ...(added.has(key) && { variant: 'added' }),
          ...(free && { fix: [renameKey(text, node, near)] }),
        },
      );
    } else if (!expected.includes(node.type)) wrongType(node, expected, report);
  }
  for (const [key, id] of [
    ['publisher', 'PublisherMissing'],
    ['stackOwner', 'StackOwnerMissing'],
  ] as const)
    if (!properties.members.has(key)) report(id, { node: properties }, `The key "${key}" is missing.`);
  const owner = properties.members.get('stackOwner');
  if (owner)
    report('StackOwnerPresent', { node: owner, key: true }, 'With "stackOwner" `paconn update` fails.');
  for (const capability of itemsOf(properties.members.get('capabilities'))) {
    if (capability.type !== 'string') wrongType(capability, ['string'], report);
    else if (!['actions', 'triggers', 'gateway', 'cloud'].includes(capability.value))
      report('CapabilityUnknown', { node: capability }, `"${capability.value}" is not a known capability.`);
  }
};

const checkColor = (properties: ObjectNode, report: GroupReport): void => {
  const color = properties.members.get('iconBrandColor');
  if (color === undefined)
    report('BrandColorMissing', { node: properties }, 'The key "iconBrandColor" is missing.');
  if (color?.type !== 'string') return;
  const value = color.value.toLowerCase();
  if (!/^#[0-9a-f]{6}$/.test(value))
    report('BrandColorNotValid', { node: color }, `"${color.value}" is not a colour as #rrggbb.`);
  else if (value === '#ffffff' || value === '#007ee5')
    report(
      'BrandColorRefused',
      { node: color },
      `"${color.value}" is ${value === '#ffffff' ? 'white' : 'the blue of the platform'}.`,
    );
  if (value !== '#da3b01')
    report('BrandColorNotIndependent', { node: color }, `"${color.value}" is not #da3b01.`);
};

const checkConstraints = (parameter: ObjectNode, report: GroupReport): void => {
  const constraints = member(member(parameter, 'uiDefinition'), 'constraints');
  for (const key of ['required', 'hidden']) {
    const node = member(constraints, key);
    if (node === undefined) continue;
    if (node.type === 'boolean')
      report('ConstraintNotText', { node }, `"${key}" is the boolean ${node.value}.`, {
        fix: [replaceValue(node, String(node.value))],
      });
    else if (node.type !== 'string' || !/^(true|false)$/i.test(node.value))
      report('ConstraintValueNotValid', { node }, `"${key}" is neither "true" nor "false".`);
  }
  const clear = member(constraints, 'clearText');
  if (clear && clear.type !== 'boolean' && clear.type !== 'string')
    wrongType(clear, ['boolean'], report, 'detail');
};

const checkOAuth = (name: string, settings: ObjectNode, connector: Connector, report: GroupReport): void => {
  const get = (key: string) => settings.members.get(key);
  for (const [key, node] of settings.members)
    if (!oauthKeys.has(key)) {
      const near = nearest(key, oauthKeys, 2);
      report(
        'PropertiesKeyUnknown',
        { node, key: true },
        `"${key}" is not a key of oAuthSettings${near ? `; "${near}" is meant` : ''}.`,
        near ? {} : { variant: 'detail' },
      );
    }
  const provider = get('identityProvider');
  if (provider === undefined || textOf(provider) === '')
    report(
      'OAuthProviderMissing',
      { node: provider ?? settings },
      `oAuthSettings of "${name}" names no identityProvider.`,
    );
  const mode = get('redirectMode');
  if (mode?.type === 'string' && !['Global', 'GlobalPerConnector', 'Direct'].includes(mode.value))
    report('RedirectModeUnknown', { node: mode }, `"${mode.value}" is not a redirectMode.`);
  else if (textOf(mode) !== 'GlobalPerConnector')
    report(
      'RedirectModeNotPerConnector',
      { node: mode ?? settings },
      mode ? `redirectMode is "${textOf(mode) ?? mode.type}".` : 'redirectMode is missing.',
    );
  if (provider?.type !== 'string' || provider.value === '') return;
  const known = Object.entries(providers).find(
    ([id]) => id.toLowerCase() === provider.value.toLowerCase(),
  )?.[1];
  if (known === undefined) {
    const near = nearest(provider.value, Object.keys(providers), 2);
    report(
      'OAuthProviderUnknown',
      { node: provider },
      `"${provider.value}" is not a known identityProvider${near ? `; "${near}" is meant` : ''}.`,
      near ? { variant: 'misspelt' } : {},
    );
    return;
  }
  const custom = get('customParameters');
  const names = membersOf(custom);
  const lower = new Set([...names.keys()].map((key) => key.toLowerCase()));
  for (const key of known.required)
    if (!lower.has(key.toLowerCase()))
      report(
        'OAuthCustomParameterMissing',
        { node: custom ?? settings },
        `customParameters of "${name}" has no "${key}", which ${provider.value} needs.`,
      );
  for (const [key, node] of names)
    if (known.allowed !== 'any' && !known.allowed.includes(key))
      report(
        'OAuthCustomParameterUnknown',
        { node, key: true },
        `"${key}" is not a customParameter of ${provider.value}.`,
      );
  const more = [...membersOf(get('additionalParameters')).keys()];
  if (provider.value.toLowerCase() === 'oauth2generic')
    checkPlaceholders(name, names, [...connector.connectionParameters.keys(), ...more], report);
};

const platformPlaceholders: ReadonlySet<string> = new Set([
  'clientid',
  'clientsecret',
  'redirecturl',
  'redirecturi',
  'scopes',
  'scope',
  'state',
  'code',
  'refreshtoken',
  'codeverifier',
  'codechallenge',
  'nonce',
]);

const checkPlaceholders = (
  name: string,
  custom: ReadonlyMap<string, JsonNode>,
  names: readonly string[],
  report: GroupReport,
): void => {
  const declared = new Set(
    names.flatMap((key) => [key.toLowerCase(), key.toLowerCase().replace(`${name.toLowerCase()}:`, '')]),
  );
  for (const node of custom.values()) {
    const value = member(node, 'value');
    const text = textOf(value);
    if (value === undefined || text === undefined) continue;
    for (const [, placeholder = ''] of text.matchAll(/\{([A-Za-z_][A-Za-z0-9_]*)\}/g))
      if (!platformPlaceholders.has(placeholder.toLowerCase()) && !declared.has(placeholder.toLowerCase()))
        report(
          'OAuthPlaceholderUnknown',
          { node: value },
          `"{${placeholder}}" in "${node.key}" is neither the platform’s nor a parameter "${name}:${placeholder}".`,
        );
  }
};

const checkSecrets = (settings: JsonNode, report: GroupReport): void => {
  const secret = member(settings, 'clientSecret');
  if (
    secret?.type === 'string' &&
    secret.value !== '' &&
    !/^[<{[(].*[>})\]]$|^(your|my|todo|xxx|\*+|replace|enter|insert|client[_ -]?secret|secret$|\.\.\.)/i.test(
      secret.value,
    )
  )
    report('ClientSecretInFile', { node: secret }, 'clientSecret has a value.');
};

const secretName = /^(password|passwd|pwd|api[_-]?key|secret|client[_-]?secret|access[_-]?token)$/i;

const checkParameter = (
  name: string,
  node: JsonNode,
  text: string,
  connector: Connector,
  report: GroupReport,
): void => {
  if (node.type !== 'object') {
    wrongType(node, ['object'], report);
    return;
  }
  if (!/^[0-9a-zA-Z_]+(:[0-9a-zA-Z_]+)?$/.test(name))
    report(
      'ConnectionParameterNameNotValid',
      { node, key: true },
      `"${name}" is not a name of a connection parameter.`,
    );
  const type = node.members.get('type');
  const value = textOf(type);
  if (type === undefined) report('ConnectionParameterTypeMissing', { node }, `"${name}" has no type.`);
  else if (value === undefined) wrongType(type, ['string'], report);
  else if (!parameterTypes.some((known) => known === value)) {
    const known =
      parameterTypes.find((candidate) => candidate.toLowerCase() === value.toLowerCase()) ??
      nearest(value, parameterTypes, 2);
    report(
      'ConnectionParameterTypeUnknown',
      { node: type },
      `"${value}" is not a type${known ? `; "${known}" is meant` : ''}.`,
      known ? { fix: [replaceValue(type, known)] } : { variant: 'other' },
    );
  }
  for (const [key, child] of node.members) {
    if (parameterKeys.has(key)) continue;
    const near =
      [...parameterKeys].find((known) => known.toLowerCase() === key.toLowerCase()) ??
      nearest(key, parameterKeys, 2);
    report(
      'PropertiesKeyUnknown',
      { node: child, key: true },
      `"${key}" is not a key of a connection parameter${near ? `; "${near}" is meant` : ''}.`,
      near && !node.members.has(near) ? { fix: [renameKey(text, child, near)] } : { variant: 'detail' },
    );
  }
  checkConstraints(node, report);
  const oauthSetting = value?.toLowerCase() === 'oauthsetting';
  const settings = [...node.members].find(([key]) => key.toLowerCase() === 'oauthsettings')?.[1];
  if (oauthSetting) {
    if (name !== 'token')
      report(
        'OAuthParameterNotToken',
        { node, key: true },
        `The parameter of type oauthSetting is called "${name}".`,
      );
    if (settings === undefined || settings.key !== 'oAuthSettings')
      report(
        'OAuthSettingsMissing',
        { node: settings ?? node, key: settings !== undefined },
        settings ? `The key is written "${settings.key}".` : `"${name}" has no oAuthSettings.`,
      );
  }
  if (settings?.type === 'object') {
    checkOAuth(name, settings, connector, report);
    checkSecrets(settings, report);
  } else if (settings) wrongType(settings, ['object'], report);
  const ui = node.members.get('uiDefinition');
  for (const key of ['displayName', 'description', 'tooltip']) {
    const shown = member(ui, key);
    if (shown && shown.type !== 'string') wrongType(shown, ['string'], report, 'detail');
  }
  const hidden = /true/i.test(textOf(member(member(ui, 'constraints'), 'hidden')) ?? '');
  if ((value === 'string' || value === 'securestring') && !hidden && !member(ui, 'displayName'))
    report('ConnectionParameterTextMissing', { node }, `"${name}" has no displayName.`);
  if (value === 'string' && secretName.test(name))
    report('SecretNotSecure', { node: type ?? node }, `"${name}" is of type string.`);
  if (name === 'token:TenantId') {
    const description = member(ui, 'description');
    if (description && textOf(description) !== 'The tenant ID of for the Azure Active Directory application')
      report(
        'TenantDescriptionNotLiteral',
        { node: description },
        'The description of token:TenantId is another text.',
      );
  }
};

const checkSets = (properties: ObjectNode, report: GroupReport): void => {
  const sets = objectOf(properties.members.get('connectionParameterSets'));
  if (sets === undefined) return;
  const values = sets.members.get('values');
  if (values?.type !== 'array') {
    report('ParameterSetNotValid', { node: values ?? sets }, 'connectionParameterSets has no list "values".');
    return;
  }
  const names = new Set<string>();
  for (const set of values.items) {
    const [name, group] = [member(set, 'name'), member(set, 'parameters')];
    if (name === undefined || textOf(name)?.trim() === '')
      report('ParameterSetNotValid', { node: name ?? set }, 'A set has no name.');
    if (group?.type !== 'object')
      report(
        'ParameterSetNotValid',
        { node: group ?? set },
        `The set "${textOf(name) ?? ''}" has no object "parameters".`,
      );
    const text = textOf(name);
    if (name && text && names.has(text))
      report('ParameterSetNamesNotUnique', { node: name }, `Two sets are called "${text}".`);
    if (text) names.add(text);
  }
};

const conventional: ReadonlySet<string> = new Set([
  'api_key',
  'username',
  'password',
  'token',
  'gateway',
  'sku',
  'privacysetting',
  'authtype',
]);

const checkUse = (connector: Connector, properties: ObjectNode, text: string, report: GroupReport): void => {
  // Code may read any of them.
  if (connector.scriptSource !== undefined || properties.members.get('scriptOperations')?.type === 'array')
    return;
  const types = new Set(
    [...securityOf(connector.definition).values()].map((node) => textOf(member(node, 'type'))),
  );
  // Every text in quotes or braces, counted once for all names.
  const mentions = new Map<string, number>();
  for (const source of [text, connector.definitionSource?.text ?? ''])
    for (const [, word = ''] of source.toLowerCase().matchAll(/['"{]([a-z0-9_ .-]{1,100})(?=['"}])/g))
      mentions.set(word, (mentions.get(word) ?? 0) + 1);
  for (const [name, { node, type }] of connector.connectionParameters) {
    if (
      name.includes(':') ||
      type === 'oauthSetting' ||
      type === 'gatewaySetting' ||
      conventional.has(name.toLowerCase())
    )
      continue;
    // Its own declaration is one mention.
    const mentioned = (mentions.get(name.toLowerCase()) ?? 0) > 1;
    const bySecurity = (types.has('apiKey') && type === 'securestring') || types.has('basic');
    if (!mentioned && !bySecurity)
      report('ConnectionParameterUnused', { node, key: true }, `Nothing uses "${name}".`);
  }
};

const checkGateway = (
  { connectionParameters, definition }: Connector,
  properties: ObjectNode,
  report: GroupReport,
): void => {
  const capabilities = properties.members.get('capabilities');
  const declared = itemsOf(capabilities).find((item) => textOf(item) === 'gateway');
  const parameter = [...connectionParameters.values()].find(({ type }) => type === 'gatewaySetting');
  if (parameter && !declared)
    report(
      'GatewayNotDeclared',
      { node: capabilities ?? properties },
      `"${parameter.name}" is a gatewaySetting, and the capability "gateway" is missing.`,
    );
  if (declared && !parameter)
    report(
      'GatewayNotDeclared',
      { node: declared },
      'The capability "gateway" is there, and no parameter of type gatewaySetting.',
    );
  if (!declared || !parameter) return;
  for (const [name, node] of securityOf(definition)) {
    const type = textOf(member(node, 'type'));
    if (type === 'oauth2' || type === 'apiKey')
      report(
        'GatewaySignInNotSupported',
        { node: declared },
        `The connector has a gateway and signs in by ${type} ("${name}").`,
      );
  }
};

export const checkProperties = (connector: Connector, report: GroupReport): void => {
  const { propertiesSource, properties } = connector;
  if (propertiesSource?.root === undefined) return;
  const { root, text } = propertiesSource;
  if (properties === undefined) {
    report(
      'PropertiesMissing',
      { node: member(root, 'properties') ?? root },
      'There is no object "properties".',
    );
    return;
  }
  if (root.type === 'object')
    for (const [key, node] of root.members)
      if (key !== 'properties' && key !== '$schema' && !['name', 'id', 'type'].includes(key))
        report('PropertiesKeyUnknown', { node, key: true }, `"${key}" is next to "properties".`);
  checkKeys(properties, text, report);
  checkColor(properties, report);
  for (const group of parameterGroups(properties))
    for (const [name, node] of group.members) checkParameter(name, node, text, connector, report);
  checkSets(properties, report);
  checkUse(connector, properties, text, report);
  checkGateway(connector, properties, report);
};
