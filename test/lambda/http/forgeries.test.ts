/** Every forged or unfit token is refused by the handlers themselves, whatever stands in front of them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleCallbackUrl, exampleInstanceId } from '../../../connector/contract/example.ts';
import { operations } from '../../../connector/contract/index.ts';
import { compileValidators, type FunctionValidators } from '../../../connector/contract/validation.ts';
import { createHttpHandler, type HttpHandler } from '../../../lambda/http/handler.ts';
import type { Implementations } from '../../../lambda/http/implementations.ts';
import { createCallerVerifier } from '../../../lambda/identity/verify-caller.ts';
import { createLimiter, memoryLimiterStore } from '../../../lambda/limiter/index.ts';
import { bearer, forgeries } from '../identity/forgeries.ts';
import { startLocalIdentity, verifierOptions } from '../identity/local-identity.ts';
import { type EventParts, httpEvent } from './events.ts';
import { recordedLog } from './recorded-log.ts';

type World = Awaited<ReturnType<typeof startLocalIdentity>> & {
  readonly otherIssuer: Awaited<ReturnType<typeof startLocalIdentity>>['issuer'];
};
let world: World;
let reached: string[];
let counted: number;

beforeAll(async () => {
  const { issuer: otherIssuer } = await startLocalIdentity(10);
  world = { ...(await startLocalIdentity()), otherIssuer };
});
afterAll(async () => {
  await world.issuer.close();
  await world.otherIssuer.close();
});

/** Implementations that only tell that they were reached. */
const reachable = <Fn extends 'proxy' | 'subscriptions'>(validators: FunctionValidators<Fn>) =>
  Object.fromEntries(
    Object.keys(validators).map((id) => [
      id,
      async () => {
        reached.push(id);
        return { body: { value: [] } };
      },
    ]),
  ) as unknown as Implementations<Fn>;

const handlerOf = <Fn extends 'proxy' | 'subscriptions'>(name: Fn) => {
  const { issuer, clock } = world;
  const recorded = recordedLog();
  reached = [];
  counted = 0;
  const store = memoryLimiterStore();
  const validators = compileValidators(name);
  const handler = createHttpHandler({
    function: name,
    validators,
    verifyCaller: createCallerVerifier(verifierOptions(issuer, clock)),
    limiter: createLimiter({
      random: Math.random,
      store: {
        create: store.create,
        replace: (replacement) => {
          counted += 1;
          return store.replace(replacement);
        },
      },
      limit: 100,
      windowMs: 60_000,
      now: clock.now,
    }),
    implementations: reachable(validators),
    logger: recorded.log,
    now: clock.now,
  });
  return { handler, logText: recorded.text };
};

const requests = {
  proxy: { routeKey: 'GET /v1/datasets' },
  subscriptions: {
    routeKey: 'POST /v1/datasets/{dataset}/subscriptions/data-source-refresh-failed',
    path: { dataset: exampleInstanceId },
    body: JSON.stringify({ callbackUrl: exampleCallbackUrl }),
  },
} as const satisfies Readonly<Record<string, EventParts>>;

const present = (handler: HttpHandler, parts: EventParts, authorization: string | undefined) =>
  handler(
    httpEvent({
      ...parts,
      headers: {
        'content-type': 'application/json',
        ...(authorization !== undefined && { authorization }),
      },
    }),
  );

describe.each(['proxy', 'subscriptions'] as const)('the handler of %s', (name) => {
  it.each(forgeries)('refuses $name', async ({ code, header }) => {
    const { handler, logText } = handlerOf(name);
    const presented = await header(world);
    const answer = await present(handler, requests[name], presented);
    expect(answer.statusCode).toBe(401);
    expect(answer.headers).toMatchObject({ 'WWW-Authenticate': 'Bearer' });
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ error: { code } });
    expect([reached, counted], 'neither served nor counted').toEqual([[], 0]);
    for (const part of (presented ?? '').split(/[ .]/).filter((piece) => piece.length > 12))
      expect(`${answer.body}${logText()}`).not.toContain(part);
  });

  it('refuses what was changed in a token that it has just accepted', async () => {
    const { handler } = handlerOf(name);
    const token = await world.issuer.userToken();
    expect((await present(handler, requests[name], await bearer(token))).statusCode).toBeLessThan(300);
    const [header, claims = '', signature] = token.split('.');
    const others = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(claims, 'base64url').toString()), oid: 'someone-else' }),
    ).toString('base64url');
    for (const forged of [`${header}.${others}.${signature}`, `${header}.${claims}.`, `${token}x`]) {
      const { statusCode, body } = await present(handler, requests[name], `Bearer ${forged}`);
      expect([statusCode, JSON.parse(body ?? '').error.code]).toEqual([401, expect.stringMatching(/^Token/)]);
    }
    expect(reached).toHaveLength(1);
  });
});

it('no operation but those whose address is the credential is served without a token', async () => {
  const { handler: proxy } = handlerOf('proxy');
  const { handler: subscriptions } = handlerOf('subscriptions');
  for (const { operationId, authentication, method, path, function: name, example } of operations) {
    const { statusCode } = await present(
      name === 'proxy' ? proxy : subscriptions,
      {
        routeKey: `${method} /v1${path}`,
        path: example.path as Readonly<Record<string, string>>,
        ...(example.body !== null && { body: JSON.stringify(example.body) }),
      },
      undefined,
    );
    if (authentication === 'location') expect(statusCode, operationId).not.toBe(401);
    else expect(statusCode, operationId).toBe(401);
  }
});
