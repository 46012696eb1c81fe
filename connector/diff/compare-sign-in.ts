/** What changed in how a connection is made: security definitions and connection parameters. */

import {
  canonicalJson,
  isEmpty,
  type Json,
  type JsonObject,
  objectOf,
  textOf,
} from '../canonical/canonical-json.ts';
import type { CanonicalConnector } from '../canonical/connector.ts';
import { breaking, compatible, cosmetic, type Finding, present, textChange } from './change.ts';

/**
 * What cannot be changed in an update at all: which kind of sign-in. The name of a definition says nothing.
 */
const kindOf = (definition: JsonObject): string =>
  ['type', 'flow', 'in', 'name']
    .map((key) => textOf(definition[key]))
    .filter((part) => part !== null)
    .join(' ');

const kinds = ({ securityDefinitions }: CanonicalConnector): string =>
  Object.values(securityDefinitions).map(objectOf).map(kindOf).sort().join(', ') || 'none';

const addressesAndScopes = ({ securityDefinitions }: CanonicalConnector): string =>
  canonicalJson(
    Object.values(securityDefinitions)
      .map(objectOf)
      .map(({ authorizationUrl, tokenUrl, scopes }) => ({
        authorizationUrl: authorizationUrl ?? null,
        tokenUrl: tokenUrl ?? null,
        scopes: Object.keys(objectOf(scopes)).sort(),
      })),
  );

const compareSecurity = (before: CanonicalConnector, after: CanonicalConnector): readonly Finding[] => {
  if (kinds(before) !== kinds(after))
    return [
      breaking(
        'authentication-type',
        `The kind of sign-in is now ${kinds(after)}; it was ${kinds(before)}. An update may not change it; connections must be created again.`,
      ),
    ];
  return present(
    addressesAndScopes(before) !== addressesAndScopes(after) &&
      breaking('sign-in', 'Sign-in uses another address or other permissions; all users must sign in again.'),
  );
};

const words = (value: Json | undefined): string =>
  (Array.isArray(value) ? value : [value])
    .flatMap((part) => String(part ?? '').split(/\s+/))
    .filter(Boolean)
    .sort()
    .join(' ');

const customParameter = (settings: JsonObject, name: string): string | null => {
  const customParameters = objectOf(settings.customParameters);
  const key = Object.keys(customParameters).find(
    (candidate) => candidate.toLowerCase() === name.toLowerCase(),
  );
  return key === undefined ? null : textOf(objectOf(customParameters[key]).value);
};

/** Settings that a present sign-in would no longer satisfy. */
const decisive: readonly (readonly [string, (settings: JsonObject) => string | null])[] = [
  ['application id', ({ clientId }) => textOf(clientId)],
  ['scopes', ({ scopes }) => words(scopes) || null],
  ['resource', (settings) => customParameter(settings, 'resourceUri')],
  ['tenant', (settings) => customParameter(settings, 'tenantId')],
  ['sign-in address', (settings) => customParameter(settings, 'loginUri')],
];

/** The service writes the connector's own name at the end. */
const redirectBase = (url: string | null): string | null =>
  url?.replace(/(global\.consent\.azure-apim\.net\/redirect).*$/, '$1') ?? null;

const compareOAuth = (name: string, before: JsonObject, after: JsonObject): readonly Finding[] => {
  const [old, young] = [textOf(before.identityProvider), textOf(after.identityProvider)];
  if (old !== young)
    return [
      breaking(
        'authentication-type',
        `The connection's "${name}" now signs in through ${young ?? 'nothing'}; it signed in through ${old ?? 'nothing'}. An update may not change it.`,
      ),
    ];
  return [
    ...decisive.flatMap(([what, read]) => {
      const [earlier, later] = [read(before), read(after)];
      // The platform does not return every setting; an omitted setting is not a difference.
      return earlier === null || earlier === later
        ? []
        : [
            breaking(
              'sign-in',
              `The connection's "${name}" has another ${what}: ${later ?? 'none'}, before ${earlier}. Everybody has to sign in again.`,
            ),
          ];
    }),
    ...present(
      redirectBase(textOf(before.redirectUrl)) !== redirectBase(textOf(after.redirectUrl)) &&
        compatible(
          'redirect',
          'The redirect address differs; the application registration has to allow it before the next sign-in.',
        ),
      (textOf(before.redirectMode) ?? 'Global') !== (textOf(after.redirectMode) ?? 'Global') &&
        compatible(
          'redirect',
          `The redirect mode is now ${textOf(after.redirectMode) ?? 'Global'}; it was ${textOf(before.redirectMode) ?? 'Global'}; the application registration has to allow its address.`,
        ),
    ),
  ];
};

const isRequired = (parameter: JsonObject): boolean =>
  String(objectOf(objectOf(parameter.uiDefinition).constraints).required ?? 'false').toLowerCase() ===
    'true' || parameter.type === 'oauthSetting';

const compareParameter = (name: string, before: JsonObject, after: JsonObject): readonly Finding[] => {
  if (before.type !== after.type)
    return [
      breaking(
        'connection-parameter',
        `The connection's "${name}" is now of type ${after.type}; it was ${before.type}.`,
      ),
    ];
  const [old, young] = [objectOf(before.uiDefinition), objectOf(after.uiDefinition)];
  return [
    ...compareOAuth(name, objectOf(before.oAuthSettings), objectOf(after.oAuthSettings)),
    ...present(
      !isRequired(before) &&
        isRequired(after) &&
        breaking('connection-parameter', `The connection's "${name}" is now required.`),
      isRequired(before) &&
        !isRequired(after) &&
        compatible('connection-parameter', `The connection's "${name}" may be left out now.`),
      textChange(
        'connection-text',
        `The label of the connection's "${name}"`,
        textOf(old.displayName),
        textOf(young.displayName),
      ),
      textChange(
        'connection-text',
        `The description of the connection's "${name}"`,
        textOf(old.description),
        textOf(young.description),
      ),
      textChange(
        'connection-text',
        `The tooltip of the connection's "${name}"`,
        textOf(old.tooltip),
        textOf(young.tooltip),
      ),
    ),
  ];
};

const compareParameters = (before: JsonObject, after: JsonObject): readonly Finding[] => [
  ...Object.entries(before).flatMap(([name, parameter]) =>
    name in after
      ? compareParameter(name, objectOf(parameter), objectOf(after[name]))
      : [breaking('connection-parameter', `The connection's "${name}" was removed.`)],
  ),
  ...Object.entries(after)
    .filter(([name]) => !(name in before))
    .map(([name, parameter]) =>
      isRequired(objectOf(parameter))
        ? breaking(
            'connection-parameter',
            `The connection's "${name}" is new and required; existing connections do not have it.`,
          )
        : compatible('connection-parameter', `The connection's "${name}" is new and may be left out.`),
    ),
];

export const compareSignIn = (before: CanonicalConnector, after: CanonicalConnector): readonly Finding[] => [
  ...compareSecurity(before, after),
  ...(before.properties && after.properties
    ? compareParameters(
        objectOf(before.properties.connectionParameters),
        objectOf(after.properties.connectionParameters),
      )
    : []),
];

/** Ways to sign in to choose from. */
export const compareParameterSets = (
  before: Json | undefined,
  after: Json | undefined,
): readonly Finding[] => {
  const sets = (value: Json | undefined) =>
    new Map(
      (Array.isArray(objectOf(value).values) ? (objectOf(value).values as readonly Json[]) : [])
        .map(objectOf)
        .map((set) => [String(set.name), objectOf(set.parameters)]),
    );
  if (isEmpty(before) && isEmpty(after)) return [];
  const [old, young] = [sets(before), sets(after)];
  return [
    ...[...old].flatMap(([name, parameters]) => {
      const later = young.get(name);
      return later
        ? compareParameters(parameters, later)
        : [
            breaking(
              'parameter-set',
              `The way to sign in "${name}" was removed; connections made with it stop.`,
            ),
          ];
    }),
    ...[...young.keys()]
      .filter((name) => !old.has(name))
      .map((name) => compatible('parameter-set', `There is a new way to sign in: "${name}".`)),
    ...present(
      canonicalJson(objectOf(before).uiDefinition) !== canonicalJson(objectOf(after).uiDefinition) &&
        cosmetic('connection-text', 'The texts of the choice of sign-in differ.'),
    ),
  ];
};
