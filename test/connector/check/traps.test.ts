/** Patterns of published, working connectors that must not be reported as mistakes. */
import { describe, expect, it } from 'vitest';
import { checkConnector } from '../../../connector/check/check-connector.ts';
import { filesOf, type Loose, type Parts, soundConnectors } from './sound.ts';

const [orders, parcels] = soundConnectors;
if (orders === undefined || parcels === undefined) throw new Error('no connectors');

/** Findings that a change brings, by rule. */
const broughtBy = (change: (parts: Parts) => void): readonly string[] => {
  const parts = orders.make();
  change(parts);
  return checkConnector(filesOf(parts, orders.indent)).map(({ rule, severity }) => `${severity} ${rule}`);
};

const inner = (parts: Parts): Loose => parts.properties.properties;
const hook = (parts: Parts): Loose => parts.definition.paths['/hooks'].post;
const policy = (parts: Parts, templateId: string, parameters: Loose) =>
  inner(parts).policyTemplateInstances.push({ templateId, title: 'x', parameters });
const header = (value: string) => ({
  'x-ms-apimTemplateParameter.name': 'X-A',
  'x-ms-apimTemplateParameter.value': value,
  'x-ms-apimTemplate-policySection': 'Request',
});

describe.each<readonly [string, (parts: Parts) => void]>([
  [
    'a callback URL deep inside the body, internal by its parent',
    (parts) => {
      const schema = hook(parts).parameters[0].schema;
      delete schema.properties.callbackUrl;
      schema.required = ['where', 'region'];
      schema.properties.where = {
        type: 'object',
        'x-ms-visibility': 'internal',
        required: ['url'],
        properties: { url: { type: 'string', 'x-ms-notification-url': true } },
      };
    },
  ],
  [
    'an optional body parameter around the callback URL',
    (parts) => {
      delete hook(parts).parameters[0].required;
    },
  ],
  [
    'a webhook action, without x-ms-trigger',
    (parts) => {
      delete hook(parts)['x-ms-trigger'];
      delete parts.definition.paths['/new'].get['x-ms-notification'];
    },
  ],
  [
    'a registration by PUT',
    (parts) => {
      const item = parts.definition.paths['/hooks'];
      item.put = item.post;
      delete item.post;
    },
  ],
  [
    'a registration that answers 200 without Location',
    (parts) => {
      hook(parts).responses = {
        200: { description: 'ok', schema: { type: 'object', properties: { a: { type: 'string' } } } },
      };
    },
  ],
  [
    'a DELETE with the id in the query, elsewhere',
    (parts) => {
      delete parts.definition.paths['/hooks/{id}'];
      parts.definition.paths['/elsewhere'] = {
        delete: {
          operationId: 'Unregister',
          summary: 'Unregister',
          description: 'Ends it.',
          'x-ms-visibility': 'internal',
          parameters: [{ name: 'id', in: 'query', required: true, type: 'string' }],
          responses: { 200: { description: 'ok' } },
        },
      };
    },
  ],
  [
    'templateId in another case, without existsAction',
    (parts) => {
      policy(parts, 'SetHeader', header('x'));
    },
  ],
  [
    'an expression with a default, in braces, with blanks, several in one value',
    (parts) => {
      policy(
        parts,
        'setheader',
        header(
          "a@{connectionParameters('region', '')}-@connectionParameters( 'region' ,'x')@{body().a[0]['@odata.etag']}",
        ),
      );
    },
  ],
  [
    'authorization set by a policy',
    (parts) => {
      policy(parts, 'setheader', {
        ...header("Bearer @connectionParameters('region')"),
        'x-ms-apimTemplateParameter.name': 'Authorization',
      });
    },
  ],
  [
    'newPath without slash, with a query and an expression',
    (parts) => {
      policy(parts, 'routerequesttoendpoint', {
        'x-ms-apimTemplateParameter.newPath': "v2/x?y=@queryParameters('top')&z={id}",
      });
    },
  ],
  [
    'a host that means nothing where dynamichosturl replaces it',
    (parts) => {
      parts.definition.host = 'localhost';
    },
  ],
  [
    'propertySubPath "null"',
    (parts) => {
      policy(parts, 'convertobjecttoarray', {
        'x-ms-apimTemplateParameter.propertyParentPath': '@body()',
        'x-ms-apimTemplateParameter.propertySubPath': 'null',
        'x-ms-apimTemplateParameter.newPropertyPath': '@body().a',
        'x-ms-apimTemplate-policySection': 'Response',
      });
    },
  ],
  [
    'header parameters Content-Type and Accept',
    (parts) => {
      for (const name of ['Content-Type', 'Accept'])
        hook(parts).parameters.push({
          name,
          in: 'header',
          type: 'string',
          'x-ms-summary': name,
          description: name,
        });
    },
  ],
  [
    'a polling trigger without a policy',
    (parts) => {
      inner(parts).policyTemplateInstances = inner(parts).policyTemplateInstances.filter(
        ({ templateId }: Loose) => templateId !== 'pollingtrigger',
      );
    },
  ],
  [
    'scriptOperations null, or empty, with a script',
    (parts) => {
      inner(parts).scriptOperations = null;
    },
  ],
  [
    'builtInOperation instead of an operation',
    (parts) => {
      hook(parts).parameters.push({
        name: 'user',
        in: 'query',
        type: 'string',
        'x-ms-summary': 'U',
        description: 'U.',
        'x-ms-dynamic-values': {
          builtInOperation: 'AadGraph.GetUsers',
          parameters: {},
          'value-path': 'id',
          'value-title': 'mail',
        },
      });
    },
  ],
  [
    'a dynamic target without a static schema',
    (parts) => {
      parts.definition.paths['/regions'].get.responses['200'].schema = { type: 'object' };
    },
  ],
  [
    'a dynamic target behind allOf',
    (parts) => {
      parts.definition.paths['/regions'].get.responses['200'].schema = {
        allOf: [{ type: 'object', properties: { value: { type: 'array', items: { type: 'object' } } } }],
      };
    },
  ],
  [
    'names that look like extensions',
    (parts) => {
      parts.definition.definitions.Item.properties['x-ms-sumary'] = { type: 'string' };
      parts.definition.paths['/me'].get.responses['200'].headers = { 'x-ms-reqest-id': { type: 'string' } };
      parts.definition.info['x-logo'] = {};
      parts.definition.definitions.Item.properties.id['x-nullable'] = true;
    },
  ],
  [
    'internal operations without summary and description',
    (parts) => {
      const { get } = parts.definition.paths['/me'];
      delete get.summary;
      delete get.description;
    },
  ],
  [
    'x-ms-visibility "" and "none"',
    (parts) => {
      parts.definition.definitions.Item.properties.id['x-ms-visibility'] = '';
      parts.definition.definitions.Item.properties.kind['x-ms-visibility'] = 'none';
    },
  ],
  [
    'x-ms-summary on an operation',
    (parts) => {
      hook(parts)['x-ms-summary'] = 'Hook';
    },
  ],
  [
    'a family without status',
    (parts) => {
      for (const item of Object.values<Loose>(parts.definition.paths))
        delete item.get?.['x-ms-api-annotation']?.status;
    },
  ],
  [
    'connectionParameters {} next to parameter sets',
    (parts) => {
      inner(parts).connectionParameters = {};
      inner(parts).connectionParameterSets = {
        values: [
          { name: 'a', parameters: { region: { type: 'string', uiDefinition: { displayName: 'Region' } } } },
        ],
      };
    },
  ],
  [
    'an unknown key that begins with x-',
    (parts) => {
      parts.definition['x-anything'] = { $ref: 'nowhere' };
    },
  ],
  [
    '$ref inside an example',
    (parts) => {
      parts.definition.definitions.Item.example = { $ref: '#/definitions/Nowhere' };
    },
  ],
  [
    'a definition with blanks in its name',
    (parts) => {
      parts.definition.definitions['A B'] = { type: 'string' };
      parts.definition.definitions.Item.properties.ab = { $ref: '#/definitions/A%20B' };
    },
  ],
  [
    'a parameter in an old path that the new one does not use',
    (parts) => {
      policy(parts, 'routerequesttoendpoint', {
        'x-ms-apimTemplateParameter.newPath': '/x',
        'x-ms-apimTemplate-operationName': ['GetOrder'],
      });
    },
  ],
])('%s', (_, change) => {
  it('brings no error and no warning', () => {
    expect(broughtBy(change).filter((finding) => !finding.startsWith('info'))).toEqual([]);
  });
});

describe('severity', () => {
  it.each<readonly [string, string, (parts: Parts) => void]>([
    [
      'only capitals of an operation in a policy',
      'warning PolicyOperationUnknown',
      (parts) => {
        policy(parts, 'setheader', { ...header('x'), 'x-ms-apimTemplate-operationName': ['listorders'] });
      },
    ],
    [
      'only capitals of a connection parameter',
      'info PolicyConnectionParameterUnknown',
      (parts) => {
        policy(parts, 'setheader', header("@connectionParameters('Region')"));
      },
    ],
    [
      'no DELETE at all',
      'info WebhookWithoutDelete',
      (parts) => {
        delete parts.definition.paths['/hooks/{id}'];
      },
    ],
    [
      'an unknown provider',
      'info OAuthProviderUnknown',
      (parts) => {
        inner(parts).connectionParameters.token = {
          type: 'oauthSetting',
          oAuthSettings: { identityProvider: 'google', redirectMode: 'GlobalPerConnector' },
        };
      },
    ],
    [
      'an environment variable as host',
      'info HostNameNotValid',
      (parts) => {
        parts.definition.host = '@environmentVariables("a_b")';
      },
    ],
  ])('%s: %s', (_, expected, change) => {
    expect(broughtBy(change)).toContain(expected);
  });

  it('a rule is silenced or raised by its level', () => {
    const files = filesOf({ ...orders.make(), icon: new Uint8Array([1]) }, 2);
    expect(checkConnector(files).map(({ rule, severity }) => [rule, severity])).toEqual([
      ['IconNotPng', 'error'],
    ]);
    expect(checkConnector(files, { levels: new Map([['IconNotPng', 'off']]) })).toEqual([]);
    expect(checkConnector(files, { levels: new Map([['IconNotPng', 'info']]) })[0]?.severity).toBe('info');
  });

  it('shared parameters, responses and schemas are resolved', () => {
    expect(checkConnector(filesOf(parcels.make(), 2), { profile: 'certification' })).toEqual([]);
  });
});
