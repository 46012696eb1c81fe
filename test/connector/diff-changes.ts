/** Changes made by hand to a deployed connector, as the table test of `diff` applies them. */
import { exampleConfiguration } from '../../config/example.ts';
import { operations } from '../../connector/contract/index.ts';
import type { ChangeClass } from '../../connector/diff/change.ts';
import { emitApiProperties } from '../../connector/emit/api-properties.ts';
import { type LoadedConnector, loadConnector } from '../../connector/emit/read.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';

/** JSON of the files, free to be changed. */
export interface Files {
  // biome-ignore lint/suspicious/noExplicitAny: a table of changes to arbitrary places of JSON.
  readonly definition: any;
  // biome-ignore lint/suspicious/noExplicitAny: the same.
  readonly properties: any;
}

export const ourFiles = (): Files => ({
  definition: structuredClone(emitSwagger(operations, exampleConfiguration)),
  properties: structuredClone(emitApiProperties(operations, exampleConfiguration).properties),
});

export const loaded = ({ definition, properties }: Files, mark = ''): LoadedConnector => {
  const encoder = new TextEncoder();
  return loadConnector(
    new Map([
      ['apiDefinition.swagger.json', encoder.encode(mark + JSON.stringify(definition))],
      ['apiProperties.json', encoder.encode(mark + JSON.stringify({ properties }))],
    ]),
  );
};

/** A small connector of its own, so that the table holds whatever our contract becomes. */
export const smallConnector = (): Files => ({
  definition: {
    swagger: '2.0',
    info: { title: 'Orders', description: 'Reads orders and tells when one is shipped.', version: '1.0' },
    host: 'orders.example.com',
    basePath: '/v1',
    schemes: ['https'],
    consumes: ['application/json'],
    produces: ['application/json'],
    paths: {
      '/shops/{shop}/orders': {
        get: {
          operationId: 'ListOrders',
          summary: 'List orders',
          description: 'Lists the orders of a shop.',
          'x-ms-pageable': { nextLinkName: '@odata.nextLink' },
          parameters: [
            {
              name: 'shop',
              in: 'path',
              required: true,
              type: 'string',
              'x-ms-summary': 'Shop',
              description: 'The shop.',
              'x-ms-url-encoding': 'single',
              'x-ms-dynamic-values': {
                operationId: 'ListShops',
                parameters: {},
                'value-collection': 'value',
                'value-path': 'id',
                'value-title': 'name',
              },
            },
            {
              name: 'state',
              in: 'query',
              required: false,
              type: 'string',
              enum: ['open', 'shipped', 'cancelled'],
              'x-ms-summary': 'State',
              description: 'Only orders in this state.',
            },
            {
              name: '$top',
              in: 'query',
              required: false,
              type: 'integer',
              format: 'int64',
              maximum: 500,
              'x-ms-summary': 'Top Count',
              description: 'How many at most.',
              'x-ms-visibility': 'advanced',
            },
          ],
          responses: {
            200: { description: 'One page', schema: { $ref: '#/definitions/OrderPage' } },
            404: {
              description: 'No such shop.',
              schema: {
                type: 'object',
                properties: { reason: { type: 'string', 'x-ms-summary': 'Reason' } },
              },
            },
            429: { description: 'Too many calls.' },
            default: { description: 'Failed.' },
          },
        },
      },
      '/shops': {
        get: {
          operationId: 'ListShops',
          summary: 'List shops',
          description: 'Lists the shops.',
          'x-ms-visibility': 'internal',
          parameters: [],
          responses: {
            200: {
              description: 'Shops',
              schema: {
                type: 'object',
                properties: {
                  value: {
                    type: 'array',
                    items: {
                      type: 'object',
                      properties: { id: { type: 'string' }, name: { type: 'string' } },
                    },
                  },
                },
              },
            },
          },
        },
      },
      '/shops/{shop}/subscriptions/order-shipped': {
        'x-ms-notification-content': { schema: { $ref: '#/definitions/OrderShipped' } },
        post: {
          operationId: 'OnOrderShipped',
          summary: 'When an order is shipped',
          description: 'Triggers a flow when an order is shipped.',
          'x-ms-trigger': 'single',
          'x-ms-trigger-hint': 'Ship an order to see it work.',
          parameters: [
            { name: 'shop', in: 'path', required: true, type: 'string', 'x-ms-summary': 'Shop' },
            {
              name: 'body',
              in: 'body',
              required: true,
              schema: {
                type: 'object',
                required: ['callbackUrl'],
                properties: {
                  callbackUrl: {
                    type: 'string',
                    'x-ms-notification-url': true,
                    'x-ms-visibility': 'internal',
                  },
                  country: { type: 'string', 'x-ms-summary': 'Country' },
                  minimumValue: { type: 'number', 'x-ms-summary': 'Minimum Value' },
                },
              },
            },
          ],
          responses: { 201: { description: 'Registered' } },
        },
      },
    },
    definitions: {
      OrderPage: {
        type: 'object',
        required: ['value'],
        properties: {
          value: { type: 'array', items: { $ref: '#/definitions/Order' }, 'x-ms-summary': 'Orders' },
          '@odata.nextLink': { type: 'string', 'x-ms-visibility': 'internal' },
        },
      },
      Order: {
        type: 'object',
        required: ['id', 'total'],
        properties: {
          id: { type: 'string', 'x-ms-summary': 'Order Id' },
          total: { type: 'number', 'x-ms-summary': 'Total' },
          note: { type: 'string', 'x-ms-summary': 'Note' },
        },
      },
      OrderShipped: {
        type: 'object',
        required: ['orderId', 'shippedAt'],
        properties: {
          orderId: { type: 'string', 'x-ms-summary': 'Order Id' },
          shippedAt: { type: 'string', format: 'date-time', 'x-ms-summary': 'Shipped At' },
          carrier: { type: 'string', enum: ['post', 'courier'], 'x-ms-summary': 'Carrier' },
        },
      },
    },
    securityDefinitions: {
      oauth2_auth: {
        type: 'oauth2',
        flow: 'accessCode',
        authorizationUrl: 'https://login.example.com/authorize',
        tokenUrl: 'https://login.example.com/token',
        scopes: { 'api://orders/access': 'Use it.' },
      },
    },
    security: [{ oauth2_auth: ['api://orders/access'] }],
    'x-ms-connector-metadata': [{ propertyName: 'Website', propertyValue: 'https://example.com' }],
  },
  properties: {
    connectionParameters: {
      token: {
        type: 'oauthSetting',
        oAuthSettings: {
          identityProvider: 'aad',
          clientId: 'c0000000-0000-4000-8000-000000000001',
          scopes: ['api://orders/access'],
          redirectMode: 'GlobalPerConnector',
          redirectUrl: 'https://global.consent.azure-apim.net/redirect',
          customParameters: { resourceUri: { value: 'api://orders' } },
        },
      },
    },
    iconBrandColor: '#004e8c',
    capabilities: [],
    publisher: 'Contoso',
    policyTemplateInstances: [
      {
        templateId: 'setheader',
        title: 'Version',
        parameters: {
          'x-ms-apimTemplateParameter.name': 'x-version',
          'x-ms-apimTemplateParameter.value': '1.0',
          'x-ms-apimTemplate-policySection': 'Request',
        },
      },
      {
        templateId: 'updatenextlink',
        title: 'Paging',
        parameters: {
          'x-ms-apimTemplate-operationName': ['ListOrders'],
          'x-ms-apimTemplateParameter.nextLinkPropertyName': '@odata.nextLink',
        },
      },
    ],
  },
});

export interface HandMade {
  readonly what: string;
  readonly class: ChangeClass;
  readonly rule: string;
  readonly says: RegExp;
  readonly make: (files: Files) => void;
}

const list = ({ definition }: Files) => definition.paths['/shops/{shop}/orders'].get;
const trigger = ({ definition }: Files) => definition.paths['/shops/{shop}/subscriptions/order-shipped'].post;
const body = (files: Files) => trigger(files).parameters[1].schema;
const token = ({ properties }: Files) => properties.connectionParameters.token;
const policies = ({ properties }: Files) => properties.policyTemplateInstances;
const move = (object: Record<string, unknown>, from: string, to: string) => {
  object[to] = object[from];
  delete object[from];
};

/** Each is the only change, and gives exactly one finding. */
export const handMade: readonly HandMade[] = [
  {
    what: 'an operation removed',
    class: 'breaking',
    rule: 'operation-removed',
    says: /It was removed\. Flows that use it fail/,
    make: ({ definition }) => {
      delete definition.paths['/shops'];
    },
  },
  {
    what: 'an operation renamed',
    class: 'breaking',
    rule: 'operation-renamed',
    says: /operation id is now GetOrders; it was ListOrders/,
    make: (files) => {
      list(files).operationId = 'GetOrders';
      policies(files)[1].parameters['x-ms-apimTemplate-operationName'] = ['ListOrders'];
    },
  },
  {
    what: 'an operation added',
    class: 'compatible',
    rule: 'operation-added',
    says: /It is new/,
    make: ({ definition }) => {
      definition.paths['/carriers'] = { get: { operationId: 'ListCarriers', responses: {} } };
    },
  },
  {
    what: 'a path renamed',
    class: 'breaking',
    rule: 'path',
    says: /now called at GET \/stores; it was called at GET \/shops/,
    make: ({ definition }) => move(definition.paths, '/shops', '/stores'),
  },
  {
    what: 'a method changed',
    class: 'breaking',
    rule: 'path',
    says: /now called at POST \/shops; it was called at GET \/shops/,
    make: ({ definition }) => move(definition.paths['/shops'], 'get', 'post'),
  },
  {
    what: 'a path parameter renamed',
    class: 'breaking',
    rule: 'input-renamed',
    says: /"Shop" \(shop\) was renamed: it is the input "Shop" \(store\) now/,
    make: (files) => {
      list(files).parameters[0].name = 'store';
      move(files.definition.paths, '/shops/{shop}/orders', '/shops/{store}/orders');
    },
  },
  {
    what: 'a query parameter renamed',
    class: 'breaking',
    rule: 'input-renamed',
    says: /"State" \(state\) was renamed/,
    make: (files) => {
      list(files).parameters[1].name = 'status';
    },
  },
  {
    what: 'a parameter removed',
    class: 'breaking',
    rule: 'input-removed',
    says: /The input "Top Count" \(\$top\) was removed/,
    make: (files) => {
      list(files).parameters.splice(2, 1);
    },
  },
  {
    what: 'a new required parameter',
    class: 'breaking',
    rule: 'input-required',
    says: /The input "Year" \(year\) is new and required/,
    make: (files) => {
      list(files).parameters.push({
        name: 'year',
        in: 'query',
        required: true,
        type: 'integer',
        'x-ms-summary': 'Year',
      });
    },
  },
  {
    what: 'a new optional parameter',
    class: 'compatible',
    rule: 'input-added',
    says: /"Year" \(year\) is new and may be left out/,
    make: (files) => {
      list(files).parameters.push({ name: 'year', in: 'query', type: 'integer', 'x-ms-summary': 'Year' });
    },
  },
  {
    what: 'an optional property of the body made required',
    class: 'breaking',
    rule: 'input-required',
    says: /"Country" \(country\) is now required/,
    make: (files) => {
      body(files).required.push('country');
    },
  },
  {
    what: 'a required parameter made optional',
    class: 'compatible',
    rule: 'input-optional',
    says: /may be left out now/,
    make: (files) => {
      body(files).required = [];
    },
  },
  {
    what: 'the type of an input changed',
    class: 'breaking',
    rule: 'input-type',
    says: /"Minimum Value" \(minimumValue\) is now a text; it was a number/,
    make: (files) => {
      body(files).properties.minimumValue.type = 'string';
    },
  },
  {
    what: 'an input that took whole numbers takes any number',
    class: 'compatible',
    rule: 'input-type',
    says: /is now a number; it was a whole number/,
    make: (files) => {
      list(files).parameters[2].type = 'number';
    },
  },
  {
    what: 'a format asked of an input',
    class: 'breaking',
    rule: 'input-format',
    says: /now has the format uuid/,
    make: (files) => {
      list(files).parameters[0].format = 'uuid';
    },
  },
  {
    what: 'the choices of an input narrowed',
    class: 'breaking',
    rule: 'input-choices',
    says: /no longer offers "cancelled"/,
    make: (files) => {
      list(files).parameters[1].enum.pop();
    },
  },
  {
    what: 'the choices of an input widened',
    class: 'compatible',
    rule: 'input-choices',
    says: /offers "returned" too/,
    make: (files) => {
      list(files).parameters[1].enum.push('returned');
    },
  },
  {
    what: 'the largest value of an input lowered',
    class: 'breaking',
    rule: 'input-bounds',
    says: /maximum is now 100; it was 500/,
    make: (files) => {
      list(files).parameters[2].maximum = 100;
    },
  },
  {
    what: 'an input hidden',
    class: 'breaking',
    rule: 'input-hidden',
    says: /is hidden now/,
    make: (files) => {
      list(files).parameters[1]['x-ms-visibility'] = 'internal';
    },
  },
  {
    what: 'an input moved from advanced to important',
    class: 'cosmetic',
    rule: 'input-visibility',
    says: /now shown as important; it was advanced/,
    make: (files) => {
      list(files).parameters[2]['x-ms-visibility'] = 'important';
    },
  },
  {
    what: 'a path parameter encoded twice',
    class: 'breaking',
    rule: 'input-encoding',
    says: /URL-encoded twice/,
    make: (files) => {
      list(files).parameters[0]['x-ms-url-encoding'] = 'double';
    },
  },
  {
    what: 'the callback URL no longer marked',
    class: 'breaking',
    rule: 'callback-url',
    says: /no longer takes the callback URL/,
    make: (files) => {
      delete body(files).properties.callbackUrl['x-ms-notification-url'];
    },
  },
  {
    what: 'a response property removed',
    class: 'breaking',
    rule: 'output-removed',
    says: /The output "Note" \(value\[\]\/note\) was removed/,
    make: ({ definition }) => {
      delete definition.definitions.Order.properties.note;
    },
  },
  {
    what: 'a response property renamed',
    class: 'breaking',
    rule: 'output-renamed',
    says: /"Note" \(value\[\]\/note\) was renamed: it is the output "Note" \(value\[\]\/remark\)/,
    make: ({ definition }) => move(definition.definitions.Order.properties, 'note', 'remark'),
  },
  {
    what: 'a response property that may be absent now',
    class: 'breaking',
    rule: 'output-optional',
    says: /"Total" \(value\[\]\/total\) may be absent now/,
    make: ({ definition }) => {
      definition.definitions.Order.required = ['id'];
    },
  },
  {
    what: 'a response property that may now be null',
    class: 'breaking',
    rule: 'output-null',
    says: /may now be null/,
    make: ({ definition }) => {
      definition.definitions.Order.properties.total['x-nullable'] = true;
    },
  },
  {
    what: 'a response property added',
    class: 'compatible',
    rule: 'output-added',
    says: /"Currency" \(value\[\]\/currency\) is new/,
    make: ({ definition }) => {
      definition.definitions.Order.properties.currency = { type: 'string', 'x-ms-summary': 'Currency' };
    },
  },
  {
    what: 'a response without schema',
    class: 'breaking',
    rule: 'output-removed',
    says: /The response is no longer described/,
    make: (files) => {
      delete list(files).responses[200].schema;
    },
  },
  {
    what: 'another success status',
    class: 'breaking',
    rule: 'status',
    says: /no longer answers 201, but 202/,
    make: (files) => move(trigger(files).responses, '201', '202'),
  },
  {
    what: 'an error described',
    class: 'cosmetic',
    rule: 'error-described',
    says: /A description of the error 503 was added/,
    make: (files) => {
      list(files).responses[503] = { description: 'Not now.' };
    },
  },
  {
    what: 'the body of an error described',
    class: 'compatible',
    rule: 'error-schema',
    says: /The body of any other response is now described/,
    make: (files) => {
      list(files).responses.default.schema = { type: 'object', properties: { code: { type: 'string' } } };
    },
  },
  {
    what: 'the body of an error no longer described',
    class: 'breaking',
    rule: 'error-schema',
    says: /The body of the error 404 is no longer described/,
    make: (files) => {
      delete list(files).responses[404].schema;
    },
  },
  {
    what: 'a property of an error removed',
    class: 'breaking',
    rule: 'output-removed',
    says: /The output of the error 404 "Reason" \(reason\) was removed/,
    make: (files) => {
      delete list(files).responses[404].schema.properties.reason;
    },
  },
  {
    what: 'a property of an error become something else',
    class: 'breaking',
    rule: 'output-type',
    says: /"Reason" \(reason\) is now a whole number; it was a text/,
    make: (files) => {
      list(files).responses[404].schema.properties.reason.type = 'integer';
    },
  },
  {
    what: 'another header of an error',
    class: 'compatible',
    rule: 'headers',
    says: /Other headers of the error 404 are described/,
    make: (files) => {
      list(files).responses[404].headers = { 'Retry-After': { type: 'integer' } };
    },
  },
  {
    what: 'paging taken away',
    class: 'breaking',
    rule: 'paging',
    says: /can no longer be paged/,
    make: (files) => {
      delete list(files)['x-ms-pageable'];
    },
  },
  {
    what: 'a notification property removed',
    class: 'breaking',
    rule: 'output-removed',
    says: /The output of the event "Shipped At" \(shippedAt\) was removed/,
    make: ({ definition }) => {
      delete definition.definitions.OrderShipped.properties.shippedAt;
    },
  },
  {
    what: 'the type of a notification property changed',
    class: 'breaking',
    rule: 'output-type',
    says: /event "Order Id" \(orderId\) is now a whole number; it was a text/,
    make: ({ definition }) => {
      definition.definitions.OrderShipped.properties.orderId.type = 'integer';
    },
  },
  {
    what: 'a notification property added',
    class: 'compatible',
    rule: 'output-added',
    says: /event "Weight" \(weight\) is new/,
    make: ({ definition }) => {
      definition.definitions.OrderShipped.properties.weight = { type: 'number', 'x-ms-summary': 'Weight' };
    },
  },
  {
    what: 'a value of a notification that no longer occurs',
    class: 'breaking',
    rule: 'output-choices',
    says: /is no longer "courier"/,
    make: ({ definition }) => {
      definition.definitions.OrderShipped.properties.carrier.enum = ['post'];
    },
  },
  {
    what: 'a trigger for lists instead of single events',
    class: 'breaking',
    rule: 'trigger-kind',
    says: /now a trigger for lists; it was a trigger for single events/,
    make: (files) => {
      trigger(files)['x-ms-trigger'] = 'batch';
    },
  },
  {
    what: 'a trigger that became an action',
    class: 'breaking',
    rule: 'trigger-kind',
    says: /now an action; it was a trigger/,
    make: (files) => {
      delete trigger(files)['x-ms-trigger'];
      delete files.definition.paths['/shops/{shop}/subscriptions/order-shipped']['x-ms-notification-content'];
    },
  },
  {
    what: 'the kind of sign-in changed',
    class: 'breaking',
    rule: 'authentication-type',
    says: /is now apiKey header X-Api-Key; it was oauth2 accessCode/,
    make: ({ definition }) => {
      definition.securityDefinitions = { key: { type: 'apiKey', in: 'header', name: 'X-Api-Key' } };
    },
  },
  {
    what: 'another identity provider',
    class: 'breaking',
    rule: 'authentication-type',
    says: /now signs in through oauth2; it signed in through aad/,
    make: (files) => {
      token(files).oAuthSettings.identityProvider = 'oauth2';
    },
  },
  {
    what: 'another application signs in',
    class: 'breaking',
    rule: 'sign-in',
    says: /another application id.*Everybody has to sign in again/,
    make: (files) => {
      token(files).oAuthSettings.clientId = 'c0000000-0000-4000-8000-000000000002';
    },
  },
  {
    what: 'another host',
    class: 'breaking',
    rule: 'host',
    says: /Calls now go to new\.example\.com; they went to orders\.example\.com/,
    make: ({ definition }) => {
      definition.host = 'new.example.com';
    },
  },
  {
    what: 'another base path',
    class: 'breaking',
    rule: 'base-path',
    says: /now go below \/v2; they went below \/v1/,
    make: ({ definition }) => {
      definition.basePath = '/v2';
    },
  },
  {
    what: 'the paging policy removed',
    class: 'breaking',
    rule: 'policy-removed',
    says: /"Paging" \(updatenextlink\) for ListOrders was removed.*first page only/,
    make: (files) => {
      policies(files).pop();
    },
  },
  {
    what: 'another header value',
    class: 'compatible',
    rule: 'policy-changed',
    says: /"Version" \(setheader\) has value = "1\.1" \(before "1\.0"\) now/,
    make: (files) => {
      policies(files)[0].parameters['x-ms-apimTemplateParameter.value'] = '1.1';
    },
  },
  {
    what: 'a header that decides what a call may do',
    class: 'breaking',
    rule: 'policy-added',
    says: /"Sign-in" \(setheader\) for every operation is new\. What flows send/,
    make: (files) => {
      policies(files).push({
        templateId: 'setheader',
        title: 'Sign-in',
        parameters: {
          'x-ms-apimTemplateParameter.name': 'Authorization',
          'x-ms-apimTemplateParameter.value': 'Basic x',
        },
      });
    },
  },
  {
    what: 'a header whose value is computed',
    class: 'breaking',
    rule: 'policy-changed',
    says: /has value = "@headers\('x'\)" \(before "1\.0"\) now\. What flows send/,
    make: (files) => {
      policies(files)[0].parameters['x-ms-apimTemplateParameter.value'] = "@headers('x')";
    },
  },
  {
    what: 'a policy that sends calls to another host',
    class: 'breaking',
    rule: 'policy-added',
    says: /"Elsewhere" \(dynamichosturl\) for every operation is new\. Calls go to another address/,
    make: (files) => {
      policies(files).unshift({
        templateId: 'dynamichosturl',
        title: 'Elsewhere',
        parameters: { 'x-ms-apimTemplateParameter.urlTemplate': 'https://elsewhere.example.com' },
      });
    },
  },
  {
    what: 'a policy that marks the connection as signed out',
    class: 'compatible',
    rule: 'policy-added',
    says: /"Expired" \(setconnectionstatustounauthenticated\) for every operation is new\.$/,
    make: (files) => {
      policies(files).push({
        templateId: 'setconnectionstatustounauthenticated',
        title: 'Expired',
        parameters: { 'x-ms-apimTemplateParameter.statusCode': 401 },
      });
    },
  },
  {
    what: 'an operation hidden',
    class: 'compatible',
    rule: 'operation-hidden',
    says: /Makers no longer find it/,
    make: (files) => {
      list(files)['x-ms-visibility'] = 'internal';
    },
  },
  {
    what: 'an operation deprecated',
    class: 'compatible',
    rule: 'deprecated',
    says: /marked as deprecated/,
    make: (files) => {
      list(files).deprecated = true;
    },
  },
  {
    what: 'a drop-down taken away',
    class: 'compatible',
    rule: 'input-drop-down',
    says: /"Shop" \(shop\) no longer has a drop-down/,
    make: (files) => {
      delete list(files).parameters[0]['x-ms-dynamic-values'];
    },
  },
  {
    what: 'a summary reworded',
    class: 'cosmetic',
    rule: 'operation-summary',
    says: /The name now reads "Get orders"; it was "List orders"/,
    make: (files) => {
      list(files).summary = 'Get orders';
    },
  },
  {
    what: 'a description of an output reworded',
    class: 'cosmetic',
    rule: 'output-description',
    says: /description of the output "Total" \(value\[\]\/total\)/,
    make: ({ definition }) => {
      definition.definitions.Order.properties.total.description = 'With tax.';
    },
  },
  {
    what: 'another brand colour',
    class: 'cosmetic',
    rule: 'brand-colour',
    says: /#ffffff/,
    make: ({ properties }) => {
      properties.iconBrandColor = '#FFFFFF';
    },
  },
  {
    what: 'another publisher',
    class: 'cosmetic',
    rule: 'publisher',
    says: /The publisher now reads "Fabrikam"/,
    make: ({ properties }) => {
      properties.publisher = 'Fabrikam';
    },
  },
];
