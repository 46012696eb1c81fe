/** Security definitions and requirements, and whether the connection has what they need. */
import { type Connector, parameterTypes, securityOf } from '../connector.ts';
import { itemsOf, type JsonNode, member, membersOf, type ObjectNode, textOf } from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { official, rule, sources } from '../rule.ts';

type GroupReport = Report<keyof typeof securityRules>;

export const securityRules = {
  SecuritySchemePropertyRequired: official(
    'error',
    'A security definition has the keys of its type.',
    'Add the key.',
    {
      variants: {
        scopes: { severity: 'warning', when: '"scopes" of oauth2; published connectors leave it out' },
      },
    },
  ),
  SecuritySchemePropertyNotValid: official(
    'warning',
    'A security definition has no keys of another type.',
    'Remove the key.',
  ),
  SecurityRequirementMustBeDefined: official(
    'warning',
    'A security requirement names a security definition.',
    'Correct the name, or add the definition.',
  ),
  SecurityRequirementMustHaveEmptyValue: official(
    'warning',
    'Only a requirement of OAuth names scopes.',
    'Write an empty list.',
  ),
  SecurityRequirementMustHaveValue: official(
    'warning',
    'A security requirement has a list as its value.',
    'Write an empty list where there are no scopes.',
  ),
  OAuthSecurityRequirementValueMustBeScopeName: official(
    'warning',
    'The scopes of a requirement are defined in its security definition.',
    'Add the scope to the definition, or correct the name.',
  ),
  OAuthFlowNotSupported: rule(
    'warning',
    'OAuth uses the authorization-code flow.',
    'Write "flow": "accessCode". Client credentials are not supported.',
    sources.oauth,
  ),
  OAuthWithoutSecurity: rule(
    'info',
    'A connection parameter of type oauthSetting has a security definition of type oauth2.',
    'Add the security definition: an import by hand takes the sign-in from it.',
    sources.parameters,
  ),
  SecurityWithoutConnectionParameter: rule(
    'warning',
    'A security definition has the connection parameter that it takes its value from.',
    'Add the connection parameter that is named to apiProperties.json.',
    sources.parameters,
  ),
} as const;

const keys: Readonly<
  Record<string, { readonly required: readonly string[]; readonly allowed: readonly string[] }>
> = {
  basic: { required: [], allowed: [] },
  apiKey: { required: ['name', 'in'], allowed: ['name', 'in'] },
  oauth2: { required: ['flow', 'scopes'], allowed: ['flow', 'scopes', 'authorizationUrl', 'tokenUrl'] },
};
const special: ReadonlySet<string> = new Set([
  'name',
  'in',
  'flow',
  'scopes',
  'authorizationUrl',
  'tokenUrl',
]);

const checkScheme = (name: string, node: ObjectNode, report: GroupReport): void => {
  const type = textOf(member(node, 'type'));
  const expected = type !== undefined && Object.hasOwn(keys, type) ? keys[type] : undefined;
  if (type === undefined || expected === undefined) return;
  const flow = member(node, 'flow');
  const byFlow =
    type !== 'oauth2'
      ? []
      : ({
          accessCode: ['authorizationUrl', 'tokenUrl'],
          implicit: ['authorizationUrl'],
          password: ['tokenUrl'],
          application: ['tokenUrl'],
        }[textOf(flow) ?? ''] ?? []);
  for (const key of [...expected.required, ...byFlow])
    if (!node.members.has(key))
      report(
        'SecuritySchemePropertyRequired',
        { node },
        `"${name}" of type ${type} has no "${key}".`,
        key === 'scopes' ? { variant: 'scopes' } : {},
      );
  for (const [key, value] of node.members)
    if (special.has(key) && !expected.allowed.includes(key))
      report(
        'SecuritySchemePropertyNotValid',
        { node: value, key: true },
        `"${name}" of type ${type} has "${key}".`,
      );
  if (type === 'oauth2' && flow && textOf(flow) !== 'accessCode')
    report(
      'OAuthFlowNotSupported',
      { node: flow },
      `"${name}" uses the flow "${textOf(flow) ?? flow.type}".`,
    );
};

const checkRequirement = (
  item: JsonNode,
  security: ReadonlyMap<string, ObjectNode>,
  report: GroupReport,
): void => {
  for (const [name, scopes] of membersOf(item)) {
    const scheme = security.get(name);
    if (scheme === undefined) {
      report(
        'SecurityRequirementMustBeDefined',
        { node: scopes, key: true },
        `"${name}" is not one of ${[...security.keys()].map((key) => `"${key}"`).join(', ') || 'the security definitions: there are none'}.`,
      );
      continue;
    }
    if (scopes.type !== 'array') {
      report('SecurityRequirementMustHaveValue', { node: scopes }, `"${name}" has no list of scopes.`);
      continue;
    }
    const oauth = textOf(member(scheme, 'type')) === 'oauth2';
    if (!oauth && scopes.items.length > 0)
      report(
        'SecurityRequirementMustHaveEmptyValue',
        { node: scopes },
        `"${name}" is not of type oauth2 and names scopes.`,
      );
    const defined = membersOf(member(scheme, 'scopes'));
    if (oauth && member(scheme, 'scopes'))
      for (const scope of scopes.items)
        if (scope.type === 'string' && !defined.has(scope.value))
          report(
            'OAuthSecurityRequirementValueMustBeScopeName',
            { node: scope },
            `The scope "${scope.value}" is not defined in "${name}".`,
          );
  }
};

/** By convention; any parameter of the fitting type will do. */
const needed: Readonly<Record<string, { readonly types: readonly string[]; readonly like: string }>> = {
  apiKey: { types: ['securestring', 'string'], like: 'api_key of type securestring' },
  basic: { types: ['securestring', 'string'], like: 'username and password' },
  oauth2: { types: ['oauthSetting'], like: 'token of type oauthSetting' },
};

export const checkSecurity = (
  { definition, properties, connectionParameters, policies }: Connector,
  report: GroupReport,
  reportProperties: GroupReport,
): void => {
  if (definition === undefined) return;
  const security = securityOf(definition);
  for (const [name, node] of security) checkScheme(name, node, report);
  for (const list of [definition.root, ...definition.operations.map(({ node }) => node)].map((holder) =>
    member(holder, 'security'),
  ))
    for (const item of itemsOf(list)) checkRequirement(item, security, report);
  if (properties === undefined || !properties.members.has('connectionParameters')) return;
  const kinds = new Set([...security.values()].map((node) => textOf(member(node, 'type'))));
  for (const { name, node, type } of connectionParameters.values())
    if (type === 'oauthSetting' && !kinds.has('oauth2'))
      reportProperties(
        'OAuthWithoutSecurity',
        { node, key: true },
        `"${name}" signs in by OAuth, and the definition has no security definition of type oauth2.`,
      );
  // Own schemes are made by policies that set a header or a query parameter.
  const own = policies.some((policy) =>
    /^set(header|queryparameter)$/i.test(textOf(member(policy, 'templateId')) ?? ''),
  );
  if (own) return;
  const types = [...connectionParameters.values()].map(({ type }) => type?.toLowerCase());
  // ConnectionParameterTypeUnknown says it where only the type is wrong.
  const isKnown = (type: string | undefined) =>
    type !== undefined && parameterTypes.some((known) => known.toLowerCase() === type);
  if (!types.every(isKnown)) return;
  const satisfied = [...security.values()].some((node) =>
    needed[textOf(member(node, 'type')) ?? '']?.types.some((type) => types.includes(type.toLowerCase())),
  );
  if (security.size === 0 || satisfied) return;
  const [name, node] = [...security][0] ?? [];
  const wants = node && needed[textOf(member(node, 'type')) ?? ''];
  if (node && wants)
    report(
      'SecurityWithoutConnectionParameter',
      { node, key: true },
      `"${name}" needs a connection parameter such as ${wants.like}.`,
    );
};
