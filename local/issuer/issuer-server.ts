import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { accountPicker, authorize } from './authorize-endpoint.ts';
import { stableGuid } from './directory.ts';
import { EntraError } from './entra-error.ts';
import { type createFaults, type Endpoint, type Fault, type Grant, grants } from './issuer-faults.ts';
import { randomId, type Tenant } from './tenant.ts';
import { issueToken, requestedGrant } from './token-endpoint.ts';

/** Requests that reached each endpoint, answered or refused. */
export interface IssuerStats {
  readonly discoveryReads: number;
  readonly keyReads: number;
  readonly authorizations: number;
  readonly tokenRequests: Readonly<Record<Grant, number>>;
  readonly tokensRefused: number;
}

/** The paths of the endpoints, as Microsoft Entra ID has them. */
export const endpointPaths = (tenantId: string): Readonly<Record<Endpoint, string>> => ({
  discovery: `/${tenantId}/v2.0/.well-known/openid-configuration`,
  keys: `/${tenantId}/discovery/v2.0/keys`,
  authorize: `/${tenantId}/oauth2/v2.0/authorize`,
  token: `/${tenantId}/oauth2/v2.0/token`,
});

/** Largest token request taken, in bytes. */
const maxFormBytes = 64 * 1024;

/** An HTTP server for one tenant; `url` is its own address, once it listens. */
export const createIssuerServer = (options: {
  readonly tenant: Tenant;
  readonly url: () => string;
  readonly faults: ReturnType<typeof createFaults>;
}): { readonly server: Server; readonly stats: () => IssuerStats } => {
  const { tenant, url, faults } = options;
  const paths = endpointPaths(tenant.tenantId);
  const counts = { discoveryReads: 0, keyReads: 0, authorizations: 0, tokensRefused: 0 };
  const tokenRequests = Object.fromEntries(grants.map((grant) => [grant, 0])) as Record<Grant, number>;

  const discoveryDocument = (): object => ({
    issuer: tenant.issuer,
    authorization_endpoint: url() + paths.authorize,
    token_endpoint: url() + paths.token,
    jwks_uri: url() + paths.keys,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: grants,
    code_challenge_methods_supported: ['S256'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic', 'private_key_jwt'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const address = new URL(request.url ?? '/', url());
    switch (`${request.method} ${address.pathname}`) {
      case `GET ${paths.discovery}`:
        counts.discoveryReads += 1;
        if (!(await meet(faults.take('discovery'), response))) sendJson(response, 200, discoveryDocument());
        return;
      case `GET ${paths.keys}`:
        counts.keyReads += 1;
        if (!(await meet(faults.take('keys'), response))) sendJson(response, 200, tenant.keys.published());
        return;
      case `GET ${paths.authorize}`: {
        const page = accountPicker(tenant, address, request.headers.accept);
        if (page !== undefined) {
          response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
          return;
        }
        counts.authorizations += 1;
        if (await meet(faults.take('authorize'), response)) return;
        response.writeHead(302, { location: authorize(tenant, address.searchParams) }).end();
        return;
      }
      case `POST ${paths.token}`: {
        const form = await readForm(request);
        const grant = requestedGrant(form);
        if (grant !== undefined) tokenRequests[grant] += 1;
        if (await meet(faults.take('token', grant), response)) return;
        sendJson(response, 200, await issueToken(tenant, request.headers.authorization, form));
        return;
      }
      default:
        if (!address.pathname.startsWith(`/${tenant.tenantId}/`))
          throw new EntraError(90002, { about: `This issuer serves tenant ${tenant.tenantId} only.` });
        sendJson(response, 404, {
          error: 'not_found',
          error_description: `No ${request.method} at this address.`,
        });
    }
  };

  const sendRefusal = (response: ServerResponse, refusal: EntraError): void => {
    const guid = () => stableGuid(randomId(tenant));
    const trace = { at: tenant.clock.now(), traceId: guid(), correlationId: guid() };
    sendJson(response, refusal.status, refusal.body(trace));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof EntraError) {
        if (request.method === 'POST') counts.tokensRefused += 1;
        sendRefusal(response, error);
      } else if (error instanceof FormTooLarge)
        sendJson(response, 413, { error: 'invalid_request', error_description: error.message });
      else sendJson(response, 500, { error: 'server_error', error_description: String(error) });
    });
  });
  return { server, stats: () => ({ ...counts, tokenRequests: { ...tokenRequests } }) };
};

/** Lets a fault act; true when it has answered. */
const meet = async (fault: Fault | undefined, response: ServerResponse): Promise<boolean> => {
  switch (fault?.kind) {
    case undefined:
      return false;
    case 'held':
      await fault.until;
      return false;
    case 'refusal':
      throw new EntraError(fault.code, fault.claims === undefined ? {} : { claims: fault.claims });
    case 'cut':
      response.destroy();
      return true;
    case 'status':
      response.writeHead(fault.status, {
        'content-type': 'text/html; charset=utf-8',
        ...(fault.retryAfterSeconds !== undefined && { 'retry-after': String(fault.retryAfterSeconds) }),
      });
      response.end('<html><body>Service unavailable</body></html>');
      return true;
  }
};

class FormTooLarge extends Error {
  override readonly name = 'FormTooLarge';
}

const readForm = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxFormBytes) throw new FormTooLarge(`A token request may have ${maxFormBytes} bytes.`);
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
};

const sendJson = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
};
