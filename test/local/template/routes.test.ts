import { describe, expect, it } from 'vitest';
import { createRouter, parseRouteKey } from '../../../local/template/route-key.ts';

const keys = [
  '$default',
  'ANY /{proxy+}',
  'GET /pets/{proxy+}',
  'GET /pets/{id}',
  'GET /pets/dog/1',
  'GET /pets/dog/{id}',
  'ANY /pets/cat',
  'POST /pets/cat',
  'DELETE /pets/{id}/{secret}',
];
// The order of the template does not decide.
for (const [name, order] of [
  ['in order', keys],
  ['reversed', [...keys].reverse()],
] as const) {
  describe(`choosing a route, routes ${name}`, () => {
    const route = createRouter(order.map((routeKey) => ({ routeKey })));
    it.each([
      ['GET', '/pets/dog/1', 'GET /pets/dog/1', {}],
      ['GET', '/pets/dog/2', 'GET /pets/dog/{id}', { id: '2' }],
      ['GET', '/pets/cat', 'ANY /pets/cat', {}],
      ['POST', '/pets/cat', 'POST /pets/cat', {}],
      ['GET', '/pets/fish', 'GET /pets/{id}', { id: 'fish' }],
      ['GET', '/pets/fish/gold/3', 'GET /pets/{proxy+}', { proxy: 'fish/gold/3' }],
      ['PUT', '/pets/fish', 'ANY /{proxy+}', { proxy: 'pets/fish' }],
      ['DELETE', '/pets/1/s', 'DELETE /pets/{id}/{secret}', { id: '1', secret: 's' }],
      ['GET', '/pets/a b%2Fc%', 'GET /pets/{id}', { id: 'a b%2Fc%' }],
      ['GET', '/', '$default', {}],
      ['GET', '/pets/', 'ANY /{proxy+}', { proxy: 'pets/' }],
    ])('%s %s is served by %s', (method, path, routeKey, pathParameters) => {
      // A parameter is never empty, so neither {id} nor {proxy+} takes the empty end of a path.
      expect(route(method, path)).toEqual({ route: { routeKey }, pathParameters });
    });
  });
}

describe('without a default route', () => {
  const route = createRouter([{ routeKey: 'GET /v1/items' }]);
  it.each([
    ['POST', '/v1/items'],
    ['GET', '/v1/items/'],
    ['GET', '/v1'],
    ['GET', '/V1/items'],
  ])('%s %s is served by none', (method, path) => {
    expect(route(method, path)).toBeUndefined();
  });
});

it.each(['GET items', 'FETCH /items', 'GET /{a+}/b', ''])('"%s" is no route key', (routeKey) => {
  expect(parseRouteKey(routeKey)).toBeUndefined();
});
