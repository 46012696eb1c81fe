import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAnswerValidators, compileValidators } from '../../../connector/contract/validation.ts';
import { createHttpHandler } from '../../../lambda/http/handler.ts';
import { createLimiter, memoryLimiterStore } from '../../../lambda/limiter/index.ts';
import { firingsSinceFirst } from '../../../lambda/proxy/preview-threshold.ts';
import { type Decimal, toDecimal } from '../../../lambda/runtime/decimal.ts';
import type { Answered, SeenRequest } from '../customer-insights/fake-upstream.ts';
import { httpEvent } from '../http/events.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { proxyOver, settings } from './fake-instance.ts';

const { id: dataset } = settings.instances[0];
const checks = compileAnswerValidators();
const exact = (value: number): Decimal => {
  const decimal = toDecimal(value);
  if (decimal === undefined) throw new Error(`${value} is not a decimal`);
  return decimal;
};
const evaluations = (values: readonly number[]) =>
  values.map((value, at) => ({ at: at + 1, value: exact(value) }));
const times = (
  values: readonly number[],
  threshold: number,
  direction: 'above' | 'below' = 'above',
  rearmLevel: number | null = null,
) =>
  firingsSinceFirst(
    {
      threshold: exact(threshold),
      direction,
      rearmLevel: rearmLevel === null ? null : exact(rearmLevel),
    },
    evaluations(values),
  ).map(({ at }) => at);

describe('what a threshold would have fired', () => {
  it.each([
    ['a rise across it', [9, 11], 10, [2]],
    ['not its first evaluation', [11, 12], 10, []],
    ['not a rise to it, but from it', [9, 10, 11], 10, [3]],
    ['each rise anew', [9, 11, 9, 11, 12, 10, 13], 10, [2, 4, 7]],
    ['decimals exactly', [0.1, 0.30000000000000004], 0.3, [2]],
    ['nothing without history', [], 10, []],
  ])('is %s', (_, values, threshold, expected) => {
    expect(times(values, threshold)).toEqual(expected);
  });

  it('below is a fall across it', () => {
    expect(times([11, 10, 9, 10, 11, 9], 10, 'below')).toEqual([3, 6]);
  });

  it('with a re-arm level waits until the value has been there', () => {
    expect(times([9, 11, 9, 11, 5, 11, 8, 12], 10, 'above', 5)).toEqual([2, 6]);
    expect(times([11, 9, 11, 9, 15, 9], 10, 'below', 15)).toEqual([2, 6]);
  });

  it('with the threshold as its re-arm level is what it is without one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 })),
        fc.constantFrom('above', 'below'),
        (values, direction) => {
          expect(times(values, 10, direction, 10)).toEqual(times(values, 10, direction));
        },
      ),
    );
  });
});

const day = (at: number) => `2026-02-0${at}T00:00:00.000Z`;

function answer({ path }: SeenRequest): Answered {
  if (path.endsWith('/manage/segments'))
    return {
      body: [
        {
          name: 'Gold',
          friendlyName: 'Gold members',
          evaluationStatus: { jobStatus: 'CompletedSuccess', entityCount: 130, evaluationDate: day(4) },
          evaluationStatusHistory: [
            { jobStatus: 'CompletedSuccess', entityCount: 90, evaluationDate: day(1) },
            { jobStatus: 'CompletedFailure', entityCount: 0, evaluationDate: day(2) },
            { jobStatus: 'CompletedSuccess', entityCount: 110, evaluationDate: day(3) },
          ],
        },
        { name: 'New' },
      ],
    };
  const scalar = { kind: 'entity', type: 'structured', isScalar: true };
  if (path.endsWith('/manage/measures/Revenue'))
    return {
      body: {
        name: 'Revenue',
        definition: scalar,
        latestEvaluation: { state: 'completed', lastSuccessfulRunId: 'r2', endTime: day(2) },
        output: { values: { r: '5.5' }, evaluationTime: day(2) },
        evaluationHistory: [
          { state: 'completed', lastSuccessfulRunId: 'r1', endTime: day(1) },
          { state: 'completed', lastSuccessfulRunId: 'r2', endTime: day(2) },
        ],
        outputHistory: [
          { values: { r: '7.25' }, evaluationTime: day(1) },
          { values: { r: '5.5' }, evaluationTime: day(2) },
        ],
      },
    };
  if (path.endsWith('/manage/measures/ByChannel'))
    return { body: { name: 'ByChannel', definition: { ...scalar, isScalar: false, dimensions: [{}] } } };
  return { status: 404, body: '' };
}

type Query = Parameters<ReturnType<typeof proxyOver>['PreviewThreshold']>[0]['query'];
const preview = (proxy: ReturnType<typeof proxyOver>, query: Query) =>
  proxy.PreviewThreshold({ path: { dataset }, query, body: null }, proxy.context);

describe('the preview', () => {
  it('of a segment replays its successful evaluations', async () => {
    const proxy = proxyOver(answer);
    const { body } = await preview(proxy, { segment: 'Gold', threshold: 100 });
    expect(body).toEqual({
      subject: 'segment',
      name: 'Gold',
      displayName: 'Gold members',
      currentValue: 130,
      from: day(1),
      firingCount: 1,
      firings: [{ evaluatedAt: day(3), previousValue: 90, currentValue: 110 }],
      evaluations: [
        { evaluatedAt: day(1), value: 90, fires: false },
        { evaluatedAt: day(3), value: 110, fires: true },
        { evaluatedAt: day(4), value: 130, fires: false },
      ],
    });
    expect(checks.PreviewThreshold.response?.(body)).toBe(true);
    expect(proxy.seen[0]?.query.get('historicStatsDays')).toBe('30');
  });

  it('of a measure takes direction and decimals', async () => {
    const proxy = proxyOver(answer);
    const { body } = await preview(proxy, { measure: 'Revenue', threshold: 6, direction: 'below' });
    expect(body).toMatchObject({
      subject: 'measure',
      currentValue: 5.5,
      firings: [{ evaluatedAt: day(2), previousValue: 7.25, currentValue: 5.5 }],
    });
  });

  it.each<[Query, Query]>([
    [
      { target: 'segment', object: 'Gold', threshold: 100 },
      { segment: 'Gold', threshold: 100 },
    ],
    [
      { target: 'scalarMeasure', object: 'Revenue', threshold: 6 },
      { measure: 'Revenue', threshold: 6 },
    ],
    [
      // A target that is left out has its default.
      { target: 'segment', measure: 'Revenue', threshold: 6 },
      { measure: 'Revenue', threshold: 6 },
    ],
  ])('of the object of a target is that of the input of former flows: %j', async (now, before) => {
    const [one, other] = [proxyOver(answer), proxyOver(answer)];
    expect((await preview(one, now)).body).toEqual((await preview(other, before)).body);
  });

  it('of what was never evaluated is empty', async () => {
    const proxy = proxyOver(answer);
    const { body } = await preview(proxy, { segment: 'New', threshold: 1 });
    expect(body).toMatchObject({ currentValue: null, from: null, firingCount: 0, evaluations: [] });
  });

  it.each<[Query, string, RegExp]>([
    [{ threshold: 1 }, 'RequestInvalid', /"object" is missing/],
    [{ threshold: 1, segment: 'Gold', measure: 'Revenue' }, 'RequestInvalid', /"measure" is given next to/],
    [{ threshold: 1, target: 'segment' }, 'RequestInvalid', /"object" is missing.*for the target/],
    [
      { threshold: 1, target: 'segment', object: 'Gold', measure: 'Revenue' },
      'RequestInvalid',
      /"measure" is given next to an object/,
    ],
    [{ threshold: 10, segment: 'Gold', rearmLevel: 11 }, 'RequestInvalid', /allowed: at most 10/],
    [
      { threshold: 10, segment: 'Gold', direction: 'below', rearmLevel: 9 },
      'RequestInvalid',
      /allowed: at least 10/,
    ],
    [{ threshold: 1e300, segment: 'Gold' }, 'RequestInvalid', /cannot be held exactly/],
    [{ threshold: 1, segment: 'Nobody' }, 'SegmentUnknown', /no segment/],
    [{ threshold: 1, measure: 'Nobody' }, 'MeasureUnknown', /no measure/],
    [{ threshold: 1, measure: '../x' }, 'MeasureUnknown', /no measure/],
    [{ threshold: 1, measure: 'ByChannel' }, 'MeasureNotScalar', /dimension/],
  ])('of %j is refused', async (query, code, message) => {
    const proxy = proxyOver(answer);
    const error = await preview(proxy, query).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('the digits of a threshold', () => {
  /** A measure that was evaluated to these values, one a day; asked through the handler, as a request arrives. */
  const firingsOver = async (values: readonly string[], query: string) => {
    const outputHistory = values.map((value, index) => ({
      values: { r: value },
      evaluationTime: day(index + 1),
    }));
    const definition = { kind: 'entity', type: 'structured', isScalar: true };
    const proxy = proxyOver(() => ({ body: { name: 'Revenue', definition, outputHistory } }));
    const now = () => Date.parse(day(5));
    const handler = createHttpHandler({
      function: 'proxy',
      validators: compileValidators('proxy'),
      verifyCaller: async () => proxy.context.caller,
      limiter: createLimiter({
        store: memoryLimiterStore(),
        limit: 100,
        windowMs: 60_000,
        now,
        random: () => 0,
      }),
      implementations: proxy,
      logger: recordedLog().log,
      now,
    });
    const { statusCode, body } = await handler(
      httpEvent({
        routeKey: 'GET /v1/datasets/{dataset}/threshold-preview',
        path: { dataset },
        query: `measure=Revenue&${query}`,
        headers: { authorization: 'Bearer token' },
      }),
    );
    return { statusCode, ...JSON.parse(body ?? '') };
  };

  // The nearest double is 9007199254740992, and 1234567.123456789: both would fire.
  it.each([
    ['9007199254740993', ['9007199254740992', '9007199254740993'], 0],
    ['9007199254740992', ['9007199254740992', '9007199254740993'], 1],
    ['1234567.123456789012', ['1234567.1234567885', '1234567.123456789011'], 0],
    ['1234567.123456789012', ['1234567.1234567885', '1234567.123456789013'], 1],
    ['12e2', ['1200', '1201'], 1],
    ['1200.0', ['1200', '1201'], 1],
  ])('%s are kept: a value that goes through %j fires %i times', async (threshold, values, count) => {
    expect(await firingsOver(values, `threshold=${threshold}`)).toMatchObject({
      statusCode: 200,
      firingCount: count,
    });
  });

  it('are those of the re-arm level too, and of what is refused', async () => {
    // Armed again exactly at the level; the nearest double lies below it.
    const values = ['1', '9007199254740995', '9007199254740993', '9007199254740995'];
    const between = 'threshold=9007199254740994&rearmLevel=9007199254740993';
    expect(await firingsOver(values, between)).toMatchObject({ firingCount: 2 });
    expect(await firingsOver(values, 'threshold=9007199254740992&rearmLevel=9007199254740993')).toMatchObject(
      {
        statusCode: 400,
        error: { message: expect.stringContaining('at most 9007199254740992 for the direction above') },
      },
    );
  });
});
