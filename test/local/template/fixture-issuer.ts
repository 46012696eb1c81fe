import { createServer } from 'node:http';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { closeServer, listenOnLoopback } from '../../../local/loopback-server.ts';

export interface FixtureIssuer {
  readonly url: string;
  sign(claims: JWTPayload, changes?: { readonly kid?: string; readonly forged?: boolean }): Promise<string>;
  close(): Promise<void>;
}

/** Discovery document and keys over loopback, and tokens signed with them. The first `failures` requests are answered with 500. */
export const fixtureIssuer = async (options: { readonly failures?: number } = {}): Promise<FixtureIssuer> => {
  const own = await generateKeyPair('RS256');
  const foreign = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'key-1', use: 'sig', alg: 'RS256' };
  let failures = options.failures ?? 0;
  const server = createServer((request, response) => {
    failures -= 1;
    response.setHeader('content-type', 'application/json');
    const documents: Readonly<Record<string, unknown>> = {
      '/v2.0/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys` },
      '/v2.0/keys': { keys: [jwk] },
    };
    const document = documents[request.url ?? ''];
    response.statusCode = failures >= 0 ? 500 : document === undefined ? 404 : 200;
    response.end(JSON.stringify(document ?? {}));
  });
  const url = `${await listenOnLoopback(server)}/v2.0`;
  return {
    url,
    sign: (claims, { kid = 'key-1', forged = false } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid })
        .sign(forged ? foreign.privateKey : own.privateKey),
    close: () => closeServer(server),
  };
};
