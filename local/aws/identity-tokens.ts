/**
 * The account's own issuer of identity tokens (outbound identity federation), and the operation of STS that gives them.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { LocalClock } from '../clock.ts';
import { createSigningKeys, generateRsaKeyPair, type SigningKeys } from '../issuer/signing-keys.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import type { Account } from './account.ts';
import { type Authorize, accessKeyIdOf, admitAll, isOfRun } from './authorize.ts';
import { type EmbeddedServiceOptions, readBody } from './json-server.ts';
import { ServiceError } from './service-error.ts';

export interface IdentityTokens {
  /** Of the service, and the issuer of its tokens: `http://127.0.0.1:<port>`. */
  readonly url: string;
  close(): Promise<void>;
}

export interface IdentityTokensOptions extends EmbeddedServiceOptions<LocalClock> {
  readonly account: Account;
  /** ARN of the role that an access key is of; undefined when it is of none. */
  readonly roleOf: (accessKeyId: string | undefined) => string | undefined;
}

const escaped = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const listOf = (form: URLSearchParams, name: string): readonly string[] =>
  [...form].flatMap(([key, value]) => (key.startsWith(`${name}.member.`) ? [value] : []));

const seconds = { least: 60, usual: 300, most: 3_600 } as const;

const invalid = (message: string) => new ServiceError('ValidationError', message);

/** What is asked for. @throws ServiceError */
const tokenRequest = (form: URLSearchParams) => {
  const action = form.get('Action');
  if (action !== 'GetWebIdentityToken')
    throw new ServiceError(
      'InvalidAction',
      `The local STS does not support the operation ${action}. Supported: GetWebIdentityToken.`,
    );
  const audiences = listOf(form, 'Audience');
  const algorithm = form.get('SigningAlgorithm');
  const duration = Number(form.get('DurationSeconds') ?? seconds.usual);
  if (audiences.length === 0 || audiences.length > 10) throw invalid('Audience needs 1 to 10 members.');
  if (algorithm !== 'RS256' && algorithm !== 'ES384') throw invalid('SigningAlgorithm is RS256 or ES384.');
  if (algorithm === 'ES384') throw invalid('The local STS signs with RS256 only.');
  if (!Number.isInteger(duration) || duration < seconds.least || duration > seconds.most)
    throw invalid(`DurationSeconds is ${seconds.least} to ${seconds.most}.`);
  return { audiences, algorithm, duration };
};

/** Serves STS, the discovery document and the keys on loopback. The key is made when it is first needed. */
export const startIdentityTokens = async (options: IdentityTokensOptions): Promise<IdentityTokens> => {
  const { clock, runKey, roleOf, newId = randomUUID } = options;
  const authorize: Authorize = options.authorize ?? admitAll;
  let making: Promise<SigningKeys> | undefined;
  const keys = () => {
    making ??= createSigningKeys(generateRsaKeyPair);
    return making;
  };
  let url = '';

  const issue = async (request: IncomingMessage): Promise<string> => {
    const form = new URLSearchParams((await readBody(request)).toString('utf8'));
    const { audiences, algorithm, duration } = tokenRequest(form);
    const accessKeyId = accessKeyIdOf(request.headers.authorization);
    const subject = roleOf(accessKeyId);
    if (subject === undefined || (runKey !== undefined && !isOfRun(accessKeyId, runKey)))
      throw new ServiceError(
        'InvalidClientTokenId',
        'The security token in the request is not of a role of this run.',
        {
          status: 403,
        },
      );
    const decision = authorize({
      action: 'sts:GetWebIdentityToken',
      resource: '*',
      accessKeyId,
      context: {
        'sts:IdentityTokenAudience': audiences,
        'sts:SigningAlgorithm': [algorithm],
        'sts:DurationSeconds': [String(duration)],
      },
    });
    if (!decision.allowed) throw new ServiceError('AccessDenied', decision.message, { status: 403 });
    const at = Math.floor(clock.now() / 1000);
    const token = await (await keys()).sign({
      iss: url,
      sub: subject,
      aud: audiences.length === 1 ? audiences[0] : audiences,
      iat: at,
      exp: at + duration,
      jti: newId(),
    });
    const expiration = new Date((at + duration) * 1000).toISOString();
    return `<GetWebIdentityTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetWebIdentityTokenResult><Expiration>${expiration}</Expiration><WebIdentityToken>${token}</WebIdentityToken></GetWebIdentityTokenResult><ResponseMetadata><RequestId>${newId()}</RequestId></ResponseMetadata></GetWebIdentityTokenResponse>`;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const send = (status: number, type: string, body: string) =>
      response
        .writeHead(status, { 'content-type': type, date: new Date(clock.now()).toUTCString() })
        .end(body);
    const json = (body: object) => send(200, 'application/json', JSON.stringify(body));
    try {
      if (request.method === 'POST') send(200, 'text/xml', await issue(request));
      else if (request.url === '/.well-known/openid-configuration')
        json({
          issuer: url,
          jwks_uri: `${url}/.well-known/jwks.json`,
          response_types_supported: ['id_token'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      else if (request.url === '/.well-known/jwks.json') json((await keys()).published());
      else send(404, 'text/plain', 'The local STS has no such path.');
    } catch (error) {
      const known = error instanceof ServiceError;
      const message = error instanceof Error ? error.message : String(error);
      send(
        known ? error.status : 500,
        'text/xml',
        `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>${known ? 'Sender' : 'Receiver'}</Type><Code>${known ? error.type : 'InternalFailure'}</Code><Message>${escaped(message)}</Message></Error><RequestId>${newId()}</RequestId></ErrorResponse>`,
      );
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  url = await listenOnLoopback(server, options.port);
  return { url, close: () => closeServer(server) };
};
