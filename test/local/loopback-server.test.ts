import { createServer, request, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSecretsAndKeys } from '../../local/aws/secrets-and-keys.ts';
import { LocalClock } from '../../local/clock.ts';
import { closeServer, foreignRequest, listenOnLoopback } from '../../local/loopback-server.ts';

const rebound = 'evil.example';

describe('a request to a local port', () => {
  it.each<[string | undefined, string | undefined, boolean]>([
    ['127.0.0.1:4000', undefined, true],
    ['localhost:4000', undefined, true],
    ['LOCALHOST:4000', undefined, true],
    ['[::1]:4000', undefined, true],
    ['127.0.0.1:4000', 'http://127.0.0.1:4000', true],
    ['localhost:4000', 'http://localhost:4000', true],
    [undefined, undefined, false],
    ['', undefined, false],
    ['127.0.0.1', undefined, false],
    ['127.0.0.1:4001', undefined, false],
    [`${rebound}:4000`, undefined, false],
    [`127.0.0.1.${rebound}:4000`, undefined, false],
    [`localhost.${rebound}:4000`, undefined, false],
    [`${rebound}:4000`, `http://${rebound}:4000`, false],
    ['127.0.0.1:4000', 'null', false],
    ['127.0.0.1:4000', '', false],
    ['127.0.0.1:4000', `http://${rebound}`, false],
    ['127.0.0.1:4000', 'http://127.0.0.1:3000', false],
    ['127.0.0.1:4000', 'http://localhost:4000', false],
    ['127.0.0.1:4000', 'https://127.0.0.1:4000', false],
  ])('for %j from %j: %s', (host, origin, taken) => {
    expect(foreignRequest({ host, origin }, 4000) === undefined).toBe(taken);
  });
});

/** As a page sends it whose name resolves to loopback. */
const fromPage = (url: string, headers: Readonly<Record<string, string>>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end('{}');
  });

describe('a server on loopback', () => {
  let server: Server;
  let url: string;
  let reached = 0;
  beforeAll(async () => {
    server = createServer((_, response) => {
      reached += 1;
      response.end('ok');
    });
    url = await listenOnLoopback(server);
  });
  afterAll(() => closeServer(server));

  it('answers programs of this machine, and no page', async () => {
    const { host } = new URL(url);
    expect(await fromPage(url, { host })).toBe(200);
    expect(await fromPage(url, { host: host.replace('127.0.0.1', rebound) })).toBe(403);
    expect(await fromPage(url, { host, origin: `http://${rebound}` })).toBe(403);
    expect(reached).toBe(1);
  });
});

describe('Secrets Manager of a run', () => {
  it.each<[string, string | undefined, boolean]>([
    ['no signature', undefined, false],
    ['the key of another run', 'ProxyFunction.other', false],
    ['a key without that of the run', 'ProxyFunction', false],
    ['a key that only begins with it', 'ProxyFunction.of-the-runx', false],
    ['the key of the run', 'ProxyFunction.of-the-run', true],
  ])('asked with %s', async (_, accessKeyId, answered) => {
    const services = await startSecretsAndKeys({ clock: LocalClock.frozen(0), runKey: 'of-the-run' });
    try {
      services.putSecret('api', 'the-value');
      const response = await fetch(services.url, {
        method: 'POST',
        headers: {
          'x-amz-target': 'secretsmanager.GetSecretValue',
          ...(accessKeyId !== undefined && {
            authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260302/eu-west-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=00`,
          }),
        },
        body: JSON.stringify({ SecretId: 'api' }),
      });
      expect(response.ok).toBe(answered);
      expect((await response.text()).includes('the-value')).toBe(answered);
    } finally {
      await services.close();
    }
  });
});
