/**
 * The control of a local run, on loopback: its clock, flows, inboxes, tokens, stories and log, and the levers of the
 * simulator. The commands `local` and `logs` call it with the key of the run, and the page "Local run" of the console with
 * the token of its sign-in.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { audiencesOf } from '../../config/audiences.ts';
import { consolePath, consoleScope } from '../../config/console.ts';
import { createCallerVerifier, type VerifyCaller } from '../../lambda/identity/verify-caller.ts';
import { isFaultOf } from '../../lambda/runtime/errors.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { iso } from '../../lambda/runtime/time.ts';
import type { ConnectedSystem } from '../connected-system.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import type { LocalSystem } from '../system.ts';
import { controlOf, fail, Refused } from './simulated-run.ts';

export interface RunControl {
  readonly url: string;
  /** What the requests of programs carry as a bearer token. */
  readonly key: string;
  /** Puts the system behind the control, which answers 503 before. */
  serve(system: LocalSystem | ConnectedSystem): void;
  close(): Promise<void>;
}

/** A record of an instance with many segments and their history has some megabytes. */
const largestBodyBytes = 16 * 1024 * 1024;

const readBody = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > largestBodyBytes) fail('The body is larger than 16 MB.');
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const body: unknown = text.trim() === '' ? {} : JSON.parse(text);
  return isRecord(body) ? body : fail('The body must be a JSON object.');
};

const isKey = (given: string | undefined, key: string): boolean => {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(`Bearer ${key}`)];
  return one.length === other.length && timingSafeEqual(one, other);
};

/** Callers whom the console of the run has signed in. */
const consoleCallers = ({ issuer, configuration, clock }: LocalSystem): VerifyCaller =>
  createCallerVerifier({
    authority: issuer.issuer,
    audiences: audiencesOf(configuration.applications.api.clientId),
    tenantId: configuration.tenantId,
    allowedClientApps: configuration.console?.clientId ? [configuration.console.clientId] : [],
    requiredScope: consoleScope,
    now: () => clock.now(),
  });

const isSignedIn = async (verify: VerifyCaller | undefined, header: string | undefined): Promise<boolean> => {
  if (verify === undefined) return false;
  try {
    await verify(header);
    return true;
  } catch (error) {
    if (isFaultOf(error, 'credentials')) return false;
    throw error;
  }
};

/** What is behind the control. A run against a real instance gives its log and its clock, and nothing that acts. */
const servedBy = (system: LocalSystem | ConnectedSystem) => {
  const simulated = 'simulator' in system ? controlOf(system) : undefined;
  const gets: Readonly<Record<string, () => unknown>> = {
    state: () => simulated?.state() ?? { mode: 'real', api: system.deployment.apiUrl, now: iso(Date.now()) },
    log: () => ({
      lines: system.deployment.model.functions.flatMap(({ logicalId }) => system.deployment.logs(logicalId)),
    }),
  };
  return {
    gets,
    posts: simulated?.posts,
    page: `${system.deployment.apiUrl}${consolePath}/local-run`,
    verify: 'simulator' in system ? consoleCallers(system) : undefined,
  };
};

/** Opens the control of a run. It listens before the run, whose console is told its address. */
export const openRunControl = async (): Promise<RunControl> => {
  const key = randomBytes(24).toString('base64url');
  /** Origins of the console of the run. */
  const pages = new Set<string>();
  let served: ReturnType<typeof servedBy> | undefined;
  const respond = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(body));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (served === undefined)
      return respond(response, 503, { error: 'The run has not started yet. Try again in a few seconds.' });
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname.slice(1);
    if (request.method === 'GET' && name === '') {
      response.writeHead(302, { Location: served.page });
      response.end();
      return;
    }
    const { authorization } = request.headers;
    if (!isKey(authorization, key) && !(await isSignedIn(served.verify, authorization)))
      return respond(response, 401, {
        error: "The run's key is missing or wrong. It is in the outputs file that the run printed.",
      });
    const { gets, posts } = served;
    const get = Object.hasOwn(gets, name) ? gets[name] : undefined;
    if (request.method === 'GET' && get !== undefined) return respond(response, 200, get());
    if (request.method === 'POST' && posts === undefined)
      return respond(response, 403, {
        error:
          'This run works on a real instance. Tokens, flows, the clock and stories are for simulated runs only.',
      });
    const post = posts && Object.hasOwn(posts, name) ? posts[name] : undefined;
    if (request.method !== 'POST' || post === undefined)
      return respond(response, 404, { error: `There is no ${request.method} ${pathname}.` });
    respond(response, 200, await post(await readBody(request)));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      const refused = error instanceof Refused || error instanceof SyntaxError || error instanceof RangeError;
      respond(response, refused ? 400 : 500, { error: message });
    });
  });
  return {
    url: await listenOnLoopback(server, 0, pages),
    key,
    serve(system) {
      served = servedBy(system);
      const { apiUrl } = system.deployment;
      for (const origin of [apiUrl, apiUrl.replace('127.0.0.1', 'localhost')]) pages.add(origin);
    },
    close: () => closeServer(server),
  };
};
