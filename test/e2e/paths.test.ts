/** Values of a path over the wire: encoded twice by this connector, once by those of 0.1.0. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionHeader } from '../../connector/contract/calling-version.ts';
import { firstInstance, send, startTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let token: string;
let table: string;

beforeAll(async () => {
  system = await startTestSystem();
  token = await system.issuer.userToken({});
  table = `/v1/datasets/${firstInstance(system).id}/tables/Customer/items`;
});
afterAll(() => system.close());

/** No customer has such a key, and the answer repeats the one that was understood. */
const unknown = (key: string) => ({
  status: 404,
  body: { error: { code: 'ItemUnknown', message: expect.stringContaining(JSON.stringify(key)) } },
});

describe('a key in a path', () => {
  it.each(['a/b', 'a?b', '50%', '50%25', 'a#b', 'a+b c', '%2F', '日本'])(
    '%s arrives as it is',
    async (key) => {
      const { id: dataset } = firstInstance(system);
      expect(await system.client.call('GetItem', { dataset, table: 'Customer', id: key })).toMatchObject(
        unknown(key),
      );
    },
  );

  it.each([
    ['0.1.0', '50%25', '50%'],
    ['0.1.0', '50%2525', '50%25'],
    ['0.1.9', 'a%2Bb%20c', 'a+b c'],
    [undefined, '50%25', '50%'],
    ['0.10.0', '50%2525', '50%'],
  ])('sent by version %s as %s is %s', async (version, sent, key) => {
    const headers = version === undefined ? {} : { [versionHeader]: version };
    expect(await send(system, 'GET', `${table}/${sent}`, { token, headers })).toMatchObject(unknown(key));
  });

  it('encoded once comes apart at a slash, as in AWS', async () => {
    const { status, body } = await send(system, 'GET', `${table}/a%2Fb`, { token });
    expect([status, body]).toMatchObject([404, { error: { code: 'OperationNotFound' } }]);
  });
});
