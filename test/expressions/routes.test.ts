/**
 * A body costs a route time in proportion to its length, whatever it holds: measured through the handlers, with the
 * real implementations behind them.
 */
import { describe, expect, it } from 'vitest';
import { exampleInstanceId } from '../../connector/contract/example.ts';
import { type AnyOperation, maximumBodyBytes, operations, routeKey } from '../../connector/contract/index.ts';
import type { Operation } from '../../connector/contract/operation.ts';
import { compileValidators } from '../../connector/contract/validation.ts';
import { createHttpHandler } from '../../lambda/http/handler.ts';
import { createLimiter, memoryLimiterStore } from '../../lambda/limiter/index.ts';
import { httpEvent } from '../lambda/http/events.ts';
import { recordedLog } from '../lambda/http/recorded-log.ts';
import { proxyOver } from '../lambda/proxy/fake-instance.ts';
import { subscriptionsWorld } from '../lambda/subscriptions/world.ts';

let time = Date.parse('2026-03-02T08:00:00Z');
/** A second passes with each call: what is measured is not the limit of calls. */
const now = () => {
  time += 1_000;
  return time;
};
const shared = {
  verifyCaller: async () => ({
    tenantId: 't',
    objectId: 'o',
    clientAppId: 'c',
    token: 'token',
    expiresAt: Number.MAX_SAFE_INTEGER,
  }),
  logger: recordedLog().log,
  now,
};
const limiter = createLimiter({
  random: Math.random,
  store: memoryLimiterStore(),
  limit: 100,
  windowMs: 60_000,
  now,
});
const { context: _, seen, ...proxyImplementations } = proxyOver(() => ({ status: 404, body: '' }));
const handlers = {
  proxy: createHttpHandler({
    ...shared,
    function: 'proxy',
    validators: compileValidators('proxy'),
    limiter,
    implementations: proxyImplementations,
  }),
  subscriptions: createHttpHandler({
    ...shared,
    function: 'subscriptions',
    validators: compileValidators('subscriptions'),
    limiter,
    implementations: subscriptionsWorld().implementations,
  }),
};

const fill = (piece: string, length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** A body of about a length, with the example's other properties before what is long. */
type Body = (example: object, name: string, length: number) => string;

const withValue = (example: object, name: string, value: string): string => {
  const others = Object.entries(example).filter(([other]) => other !== name);
  const members = others.map(([other, own]) => `${JSON.stringify(other)}:${JSON.stringify(own)},`);
  return `{${members.join('')}${JSON.stringify(name)}:${value}}`;
};

const bodies: Readonly<Record<string, Body>> = {
  'a long text': (example, name, length) => withValue(example, name, `"${fill('x', length)}"`),
  'a text of escapes': (example, name, length) =>
    withValue(example, name, `"${fill('\\ue000', length - (length % 6))}"`),
  'a number of zeros': (example, name, length) => withValue(example, name, `1${fill('0', length)}`),
  'a number of zeros behind the point': (example, name, length) =>
    withValue(example, name, `0.${fill('0', length)}1`),
  'a list of large numbers': (example, name, length) =>
    withValue(example, name, `[${fill('12345678901234567890,', length - (length % 21))}1]`),
  'arrays within each other': (example, name, length) =>
    withValue(example, name, fill('[', length / 2) + fill(']', length / 2)),
  'many unknown names': (example, name, length) =>
    withValue(
      example,
      name,
      `1${Array.from({ length: Math.floor(length / 16) }, (_value, at) => `,"n${String(at).padStart(8, '0')}":12`).join('')}`,
    ),
  'a row of many columns': (example, name, length) =>
    withValue(
      example,
      name,
      `{${Array.from({ length: Math.floor(length / 16) }, (_value, at) => `"n${String(at).padStart(9, '0')}":1`).join(',')}}`,
    ),
  'no end': (example, name, length) => withValue(example, name, fill('{"a":', length)),
};

/** CPU time of this process, ms. */
const cpuOf = async (work: () => Promise<unknown>, times: number): Promise<number> => {
  const begun = process.cpuUsage();
  for (let time = 0; time < times; time += 1) await work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000 / times;
};

const leastCpuOf = async (work: () => Promise<unknown>): Promise<number> => {
  const rounds: number[] = [];
  for (let round = 0; round < 4; round += 1) rounds.push(await cpuOf(work, 3));
  return Math.min(...rounds);
};

const parsedPlainly = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
};

/**
 * Less than this cannot be compared with its half, ms: collections of garbage decide, and the stack of JSON.parse,
 * which grows in steps. What takes more than linear time takes tens of milliseconds at this length.
 */
const measurable = 5;

const taking = (operations as readonly Operation[]).filter(({ body }) => body !== null);

describe.each(taking.map((operation) => [operation.operationId, operation] as const))(
  '%s',
  (_id, operation) => {
    const names = Object.keys((operation.body as { properties?: object } | null)?.properties ?? {});

    it.each(Object.entries(bodies))('reads %s in proportion to its length', async (_what, make) => {
      const example = operation.example.body as object;
      const called = (text: string) => () =>
        handlers[operation.function as AnyOperation['function']](
          httpEvent({
            routeKey: routeKey(operation),
            path: { dataset: exampleInstanceId, ...(operation.example.path as object) },
            headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
            body: text,
          }),
        );
      const space = maximumBodyBytes - withValue(example, 'x', '').length - 100;
      for (const name of names) {
        const [half, whole] = [make(example, name, Math.floor(space / 2)), make(example, name, space)];
        expect(Buffer.byteLength(whole)).toBeLessThanOrEqual(maximumBodyBytes);
        const { statusCode } = await called(whole)();
        expect(statusCode).toBeLessThan(500);
        const least = await leastCpuOf(called(whole));
        if (least < measurable) continue;
        const plain = JSON.stringify(
          Array.from({ length: maximumBodyBytes / 64 }, () => ({
            CustomerId: '0523b7e02f5ee883',
            City: 'Lisbon',
            Points: 1204,
          })),
        );
        // A text that is no JSON, or is read faster than rows, is held against a body of rows.
        const parsing = Math.max(
          await leastCpuOf(async () => JSON.parse(plain)),
          await leastCpuOf(async () => parsedPlainly(whole)),
        );
        let [asHalf, asParsing] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
        for (let tries = 0; tries < 12 && (asHalf >= 2.5 || asParsing >= 20); tries += 1) {
          const own = await leastCpuOf(called(whole));
          asHalf = Math.min(asHalf, own / (await leastCpuOf(called(half))));
          asParsing = Math.min(asParsing, own / parsing);
        }
        expect([name, asHalf < 2.5, asParsing < 20], `${asHalf} ${asParsing}`).toEqual([name, true, true]);
      }
    });
  },
);
