/** Sends hostile requests through the gateway's conversion to the real handlers, and judges what comes of them. */
import { compileValidators } from '../../../../connector/contract/validation.ts';
import { createHttpHandler, type HttpHandler } from '../../../../lambda/http/handler.ts';
import { createCallerVerifier } from '../../../../lambda/identity/verify-caller.ts';
import { createLimiter, memoryLimiterStore } from '../../../../lambda/limiter/index.ts';
import type { Log } from '../../../../lambda/runtime/log.ts';
import type { Issuer } from '../../../../local/issuer/issuer.ts';
import { httpEvent, splitTarget } from '../../../../local/template/http-event.ts';
import { createRouter } from '../../../../local/template/route-key.ts';
import { type SteppedClock, verifierOptions } from '../../identity/local-identity.ts';
import { type Random, seeded } from '../../limiter/random.ts';
import { subscriptionsWorld } from '../../subscriptions/world.ts';
import { proxyOver, settings } from '../fake-instance.ts';
import { judge, partitionSecret } from './healthy-instance.ts';
import { callerCanary, type HostileRequest, hostileRequest, routeKeys } from './requests.ts';

export interface Tally {
  readonly requests: number;
  /** Those that the gateway itself answers: no valid path. */
  readonly refusedByGateway: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly byCode: Readonly<Record<string, number>>;
  /** Upstream calls by shape. */
  readonly upstream: Readonly<Record<string, number>>;
  /** What must not happen, each with the request that made it. */
  readonly violations: readonly string[];
}

const start = Date.parse('2026-03-02T08:00:00Z');
/** Longest that a request is repeated in a report. */
const shownCharacters = 300;

/** A handle expires within an hour, and a request takes a second of the clock. */
const handleLifeRequests = 1_000;

const increment = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

const shown = ({ method, target, headers, body }: HostileRequest): string =>
  JSON.stringify({ method, target, headers, body: body.toString() }).slice(0, shownCharacters);

/** A log that calls back with each line. */
const watchedLog = (line: (text: string) => void): Log => {
  const level: Log['info'] = (message, ...extra) => line(JSON.stringify([message, ...extra]));
  return { info: level, warn: level, error: level };
};

/** @param count requests; the same seed and count make the same requests */
export const attack = async (options: {
  readonly issuer: Issuer;
  readonly clock: SteppedClock;
  readonly count: number;
  readonly seed: number;
}): Promise<Tally> => {
  const { issuer, count } = options;
  const random: Random = seeded(options.seed);
  // The limit is tested elsewhere: here every call shall get as far as it can.
  let time = start;
  const now = () => time;
  const token = await issuer.userToken({ expiresInS: count + 3_600 });
  const good = `Bearer ${token}`;
  const instanceIds = settings.instances.map(({ id }) => id);
  const byStatus: Record<string, number> = {};
  const byCode: Record<string, number> = {};
  const upstream: Record<string, number> = {};
  const violations: string[] = [];
  let refusedByGateway = 0;
  let current = '';
  const violated = (what: string) => violations.push(`${what} by ${current}`);

  /** Of ours and of the caller's: none may be in an answer or in the log. */
  const secrets = [callerCanary, partitionSecret, 'key-of-', 'client-secret', ...token.split('.').slice(1)];
  const search = (where: string, text: string) => {
    for (const secret of secrets)
      if (text.includes(secret))
        violated(`${secret.slice(0, 20)} in ${where} ${text.slice(0, shownCharacters)}`);
  };

  const proxy = proxyOver(
    (request) => {
      const { shape, violation, answered } = judge(request, instanceIds);
      increment(upstream, shape ?? 'unintended');
      if (violation !== undefined) violated(`upstream was asked for ${violation}`);
      if (request.headers.get('authorization') !== `Bearer for-${token}`)
        violated('upstream got another token');
      if (!request.headers.get('ocp-apim-subscription-key')?.startsWith('key-of-'))
        violated('upstream got another key');
      return answered;
    },
    {
      now,
      storage: async (input) => {
        increment(upstream, 'partition');
        if (!String(input).includes(partitionSecret)) violated(`a partition was read at ${String(input)}`);
        return new Response('a,Anna,Rome,true\n');
      },
    },
  );
  const { context: _, seen, ...proxyImplementations } = proxy;
  const verifyCaller = createCallerVerifier({ ...verifierOptions(issuer, options.clock), now });
  const limiter = () =>
    createLimiter({ random: Math.random, store: memoryLimiterStore(), limit: 100, windowMs: 60_000, now });
  let lastLine = '';
  const logger = watchedLog((line) => {
    lastLine = line;
    search('the log', line);
  });
  const handlers: Readonly<Record<'proxy' | 'subscriptions', HttpHandler>> = {
    proxy: createHttpHandler({
      function: 'proxy',
      validators: compileValidators('proxy'),
      verifyCaller,
      limiter: limiter(),
      implementations: proxyImplementations,
      logger,
      now,
    }),
    subscriptions: createHttpHandler({
      function: 'subscriptions',
      validators: compileValidators('subscriptions'),
      verifyCaller,
      limiter: limiter(),
      implementations: subscriptionsWorld().implementations,
      logger,
      now,
    }),
  };
  const route = createRouter(routeKeys);

  const send = async (request: HostileRequest, requestId: string) => {
    time += 1_000;
    const target = splitTarget(request.target);
    const match = target === undefined ? undefined : route(request.method, target.path);
    if (match === undefined) return undefined;
    const event = httpEvent(
      {
        ...request,
        protocol: 'HTTP/1.1',
        headers: Object.fromEntries(request.headers),
        rawHeaders: request.headers.flat(),
        sourceIp: '203.0.113.1',
      },
      {
        routeKey: match.route.routeKey,
        pathParameters: match.pathParameters,
        apiId: 'api',
        accountId: '000000000000',
        region: 'eu-west-1',
        requestId,
        now: time,
      },
    );
    // What Lambda hands over is JSON.
    return handlers[match.route.function](JSON.parse(JSON.stringify(event)));
  };

  const freshPartition = async (): Promise<string> => {
    const target = `/v1/datasets/${instanceIds[0]}/tables/Customer/partitions/v2`;
    const headers = [['authorization', good]] as const;
    const answered = await send({ method: 'GET', target, headers, body: Buffer.alloc(0) }, 'partitions');
    const { value } = JSON.parse(answered?.body ?? '') as { value: readonly { partition: string }[] };
    return value[0]?.partition ?? '';
  };

  let partition = '';

  for (let index = 0; index < count; index += 1) {
    if (index % handleLifeRequests === 0) partition = await freshPartition();
    const request = hostileRequest(random, { authorization: good, instanceIds, partition });
    current = shown(request);
    const answered = await send(request, `request-${index}`);
    if (answered === undefined) {
      refusedByGateway += 1;
      continue;
    }
    const { statusCode = 0, headers, body } = answered;
    // The recorder of the fake keeps everything.
    seen.length = 0;
    increment(byStatus, String(statusCode));
    const answer = `${JSON.stringify(headers)}${body ?? ''}`;
    search('the answer', answer);
    if (statusCode >= 500) violated(`status ${statusCode}, in the log ${lastLine.slice(0, 1_000)}`);
    if (statusCode >= 400)
      increment(byCode, (JSON.parse(body ?? '') as { error: { code: string } }).error.code);
    if (/[\r\n]/.test(Object.values(headers ?? {}).join(''))) violated('a line break in a header');
  }
  return { requests: count, refusedByGateway, byStatus, byCode, upstream, violations };
};
