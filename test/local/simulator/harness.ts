import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  customerInsightsAudience,
  DEFAULT_ASSIGNMENTS,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '../../../local/simulator/index.ts';

export const START = Date.UTC(2026, 10, 22, 17, 5, 0);
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const DAY = 1440 * MINUTE;

const byRole = (role: string, type: string): string =>
  DEFAULT_ASSIGNMENTS.find((one) => one.role === role && one.principalType === type)?.principalId ?? '';
export const ADMIN = byRole('Admin', 'user');
export const CONTRIBUTOR = byRole('Contributor', 'user');
export const VIEWER = byRole('Viewer', 'user');
export const APP = byRole('Viewer', 'app');

export interface Json {
  // biome-ignore lint/suspicious/noExplicitAny: answers of a foreign API are asserted field by field
  [field: string]: any;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers of a foreign API are asserted field by field
  readonly json: any;
}

export interface TestClock {
  now(): number;
  advance(ms: number): void;
}

export function testClock(at = START): TestClock {
  let time = at;
  return {
    now: () => time,
    advance: (ms) => {
      time += ms;
    },
  };
}

/** Signs tokens with a key of its own and publishes it on loopback. */
export async function testIssuer() {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' };
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = 'https://login.example/tenant/v2.0';
  const port = (server.address() as AddressInfo).port;
  return {
    issuer,
    jwksUri: `http://127.0.0.1:${port}/keys`,
    sign: (claims: Json, at: number, key = privateKey): Promise<string> =>
      new SignJWT({
        iss: issuer,
        aud: customerInsightsAudience,
        exp: Math.floor(at / 1000) + 3600,
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'test' })
        .sign(key),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

export interface CallOptions {
  readonly method?: string;
  readonly body?: unknown;
  readonly as?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly key?: string | null;
}

export interface Bench {
  readonly simulator: Simulator;
  readonly clock: TestClock;
  /** Calls below the first instance; a path that begins with `/` below the API's base. */
  call(path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

/** A simulator whose token is simply the caller's object id: for tests that are not about tokens. */
export async function bench(options: Partial<SimulatorOptions> = {}, clock = testClock()): Promise<Bench> {
  const simulator = await startSimulator({
    clock,
    authority: async (token) => ({ oid: token, scp: 'user_impersonation' }),
    instances: [{}],
    ...options,
  });
  const instance = simulator.world.instance();
  return {
    simulator,
    clock,
    call: async (path, { method = 'GET', body, as = ADMIN, headers = {}, key } = {}) => {
      const url = path.startsWith('/')
        ? `${simulator.url}${path}`
        : `${simulator.url}/instances/${instance.id}/${path}`;
      const subscription = key === undefined ? instance.subscriptionKeys.primary : key;
      const response = await fetch(url, {
        method,
        headers: {
          authorization: `Bearer ${as}`,
          ...(subscription === null ? {} : { 'ocp-apim-subscription-key': subscription }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return answerOf(response);
    },
    close: () => simulator.close(),
  };
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}
