/** An API on the loopback that keeps what it was asked and answers as a test says; and a small definition of it. */

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { OpenAPIV2 } from 'openapi-types';
import type { PolicyInstance } from '../../../local/flow-host/policies.ts';
import { closeServer, listenOnLoopback } from '../../../local/loopback-server.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface FakeApi {
  readonly url: string;
  readonly asked: Asked[];
  answer: (asked: Asked) => Answer;
  close(): Promise<void>;
}

export const startApi = async (): Promise<FakeApi> => {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { method = '', url = '', headers } = request;
    const one: Asked = { method, url, headers, body: text === '' ? undefined : JSON.parse(text) };
    asked.push(one);
    const { status, headers: answered, body } = api.answer(one);
    response.writeHead(status, { ...answered });
    response.end(body === undefined ? undefined : JSON.stringify(body));
  });
  const api: FakeApi = {
    url: await listenOnLoopback(server),
    asked,
    answer: () => ({
      status: 404,
      body: { error: { code: 'OperationNotFound', message: 'no answer was set' } },
    }),
    close: () => closeServer(server),
  };
  return api;
};

/** One trigger and one paged action, as a definition may have them. */
export const definition = (): OpenAPIV2.Document =>
  ({
    swagger: '2.0',
    info: { title: 'Sample', version: '1' },
    host: 'api.example.com',
    basePath: '/v1',
    schemes: ['https'],
    paths: {
      '/places/{place}/floods': {
        parameters: [
          { name: 'place', in: 'path', required: true, type: 'string', 'x-ms-url-encoding': 'single' },
        ],
        'x-ms-notification-content': { description: 'A flood', schema: { $ref: '#/definitions/Flood' } },
        post: {
          operationId: 'OnFlood',
          'x-ms-trigger': 'single',
          parameters: [
            {
              name: 'body',
              in: 'body',
              required: true,
              schema: {
                type: 'object',
                required: ['level', 'hook'],
                properties: {
                  level: { type: 'number' },
                  hook: {
                    type: 'object',
                    properties: { url: { type: 'string', 'x-ms-notification-url': true } },
                  },
                },
              },
            },
          ],
          responses: { 201: { description: 'Registered', schema: { $ref: '#/definitions/Registration' } } },
        },
      },
      '/places/{place}/rows/{row}': {
        get: {
          operationId: 'ListRows',
          'x-ms-pageable': { nextLinkName: '@odata.nextLink' },
          parameters: [
            { name: 'place', in: 'path', required: true, type: 'string' },
            { name: 'row', in: 'path', required: true, type: 'string', 'x-ms-url-encoding': 'double' },
            { name: '$top', in: 'query', required: false, type: 'integer' },
            {
              name: 'mode',
              in: 'query',
              required: true,
              type: 'string',
              default: 'plain',
              'x-ms-visibility': 'internal',
            },
          ],
          responses: { 200: { description: 'Rows' } },
        },
      },
    },
    definitions: {
      Registration: { type: 'object', properties: { id: { type: 'string' } } },
      Flood: {
        type: 'object',
        required: ['level'],
        additionalProperties: false,
        properties: {
          level: { type: 'number', format: 'double' },
          street: { type: 'string', 'x-nullable': true },
          at: { type: 'string', format: 'date-time' },
        },
      },
    },
  }) as unknown as OpenAPIV2.Document;

export const policies: readonly PolicyInstance[] = [
  {
    templateId: 'setheader',
    title: 'Version',
    parameters: {
      'x-ms-apimTemplateParameter.name': 'X-Version',
      'x-ms-apimTemplateParameter.value': '7',
      'x-ms-apimTemplateParameter.existsAction': 'override',
      'x-ms-apimTemplate-policySection': 'Request',
    },
  },
  {
    templateId: 'updatenextlink',
    title: 'Next page',
    parameters: {
      'x-ms-apimTemplate-operationName': ['ListRows'],
      'x-ms-apimTemplateParameter.nextLinkPropertyName': '@odata.nextLink',
    },
  },
];
