import { Logger } from '@aws-lambda-powertools/logger';
import { expect, it, vi } from 'vitest';
import { costOfMillionCalls, costTable, costTarget, usage } from '../../bench/proxy/cost.ts';
import { exampleInstanceId } from '../../connector/contract/example.ts';
import { compileValidators } from '../../connector/contract/validation.ts';
import { createHttpHandler } from '../../lambda/http/handler.ts';
import type { Implementations } from '../../lambda/http/implementations.ts';
import { createLimiter, memoryLimiterStore } from '../../lambda/limiter/index.ts';
import { httpEvent } from '../lambda/http/events.ts';

it('a million calls stay within the target, and the table adds up to what is said', () => {
  expect(costOfMillionCalls()).toBeLessThanOrEqual(costTarget);
  const [parts, sum] = [/^\| (?!\*|Egress)[^|]+\|[^|]+\| ([\d.]+) \|$/gm, /\*\*([\d.]+)\*\*/].map(
    (pattern) =>
      pattern.global
        ? [...costTable().matchAll(pattern)].reduce((total, [, usd]) => total + Number(usd), 0)
        : Number(pattern.exec(costTable())?.[1]),
  );
  expect(parts).toBeCloseTo(sum ?? Number.NaN, 1);
});

it('the line that a call logs, with all that the platform sends along, is no longer than assumed', async () => {
  const guid = '01234567-89ab-cdef-0123-456789abcdef';
  const logger = new Logger({ serviceName: 'proxy' });
  const written: string[] = [];
  vi.spyOn((logger as unknown as { console: Console }).console, 'info').mockImplementation((line: string) => {
    written.push(line);
  });
  const validators = compileValidators('proxy');
  const now = () => Date.parse('2026-03-02T08:00:00Z');
  const handler = createHttpHandler({
    function: 'proxy',
    validators,
    verifyCaller: async () => ({
      tenantId: guid,
      objectId: guid,
      clientAppId: guid,
      token: 't',
      expiresAt: now() + 1,
    }),
    limiter: createLimiter({
      random: Math.random,
      store: memoryLimiterStore(),
      limit: 100,
      windowMs: 60_000,
      now,
    }),
    implementations: Object.fromEntries(
      Object.keys(validators).map((id) => [id, async () => ({ body: { value: [] } })]),
    ) as unknown as Implementations<'proxy'>,
    logger,
    now,
  });
  const { statusCode } = await handler(
    httpEvent({
      routeKey: 'GET /v1/datasets/{dataset}/tables/{table}/items',
      path: { dataset: exampleInstanceId, table: 'Customer' },
      requestId: 'JKJaXmPLvHcESHA=',
      headers: {
        // What Power Automate sends with an action.
        'x-ms-client-request-id': guid,
        'x-ms-client-session-id': guid,
        'x-ms-correlation-id': guid,
        'x-ms-tracking-id': guid,
        'x-ms-workflow-id': guid.replaceAll('-', ''),
        'x-ms-workflow-run-id': '08584612345678901234567890123CU01',
        'x-ms-workflow-operation-name': 'Get_items_from_an_entity',
        'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678',
      },
    }),
  );
  expect([statusCode, written.length]).toEqual([200, 1]);
  expect(Buffer.byteLength(written[0] ?? '')).toBeLessThanOrEqual(usage.logBytes.ourLine);
});
