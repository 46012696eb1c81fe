import { describe, expect, it } from 'vitest';
import { type Cursor, emptyCursor, withStartingValues } from '../../../lambda/triggers/cursor.ts';
import { hasNewEvaluation, measureLoss, missingMeasures } from '../../../lambda/triggers/measures.ts';
import {
  decimal,
  evaluations,
  look,
  looks,
  measure,
  minute,
  segment,
  start,
} from './example-observations.ts';

/*
 * State: per segment and measure the last evaluation worked off.
 * Events: a look that reads values; a registration that leaves a starting value.
 * Invariants:
 *  - every step between two successful evaluations is reported once, in order, however many lie between two looks;
 *  - the first evaluation ever seen only sets the state; whatever is missing, failed or unreadable keeps it.
 */

const seen = (cursor: Cursor) => cursor.segments.HighValue;
const begun = look(emptyCursor, { segments: [segment([1, 100])] }).cursor;

describe('steps of a segment', () => {
  it('do not include the first evaluation ever seen', () => {
    const { occurrences, cursor } = look(emptyCursor, { segments: [segment([0, 50], [1, 100])] });
    expect(occurrences).toEqual([]);
    expect(seen(cursor)).toEqual({ at: start + minute, value: '100' });
  });

  it('include every one between two looks: up and down again is two', () => {
    const { occurrences } = look(begun, { segments: [segment([1, 100], [2, 300], [3, 50])] });
    expect(occurrences).toMatchObject([
      { previous: '100', current: '300', finalAt: start + 2 * minute },
      { previous: '300', current: '50', finalAt: start + 3 * minute },
    ]);
  });

  it('begin at the last value worked off, also when the history no longer lists it', () => {
    expect(look(begun, { segments: [segment([5, 200])] }).occurrences).toMatchObject([
      { previous: '100', current: '200' },
    ]);
  });

  it('are found once', () => {
    const after = look(begun, { segments: [segment([1, 100], [2, 200])] }).cursor;
    expect(look(after, { segments: [segment([1, 100], [2, 200])] }).occurrences).toEqual([]);
  });

  it('that change nothing are none, and the value stays the one to compare with', () => {
    const { occurrences } = look(begun, { segments: [segment([1, 100], [2, 100], [3, 101])] });
    expect(occurrences).toMatchObject([{ previous: '100', current: '101' }]);
  });

  it('keep the state when the segment is missing from one answer, or has no success in it', () => {
    for (const segments of [[], [segment()]]) {
      const away = look(begun, { segments });
      expect(seen(away.cursor)).toEqual(seen(begun));
      expect(look(away.cursor, { segments: [segment([1, 100], [2, 200])] }).occurrences).toHaveLength(1);
    }
  });

  it('never go back in time', () => {
    const after = look(begun, { segments: [segment([0, 7])] });
    expect(after.occurrences).toEqual([]);
    expect(seen(after.cursor)).toEqual(seen(begun));
  });

  it('keep 38 digits', () => {
    const [a, b] = ['12345678901234567890123456789012345678', '12345678901234567890123456789012345679'];
    const { occurrences } = looks({ segments: [segment([1, a])] }, { segments: [segment([2, b])] });
    expect(occurrences).toMatchObject([{ previous: a, current: b }]);
  });
});

describe('a starting value', () => {
  const starting = (over: object = {}) => ({
    kind: 'segment' as const,
    name: 'HighValue',
    at: start,
    value: decimal(10),
    readAt: start,
    ...over,
  });

  it('is what the first step is measured from', () => {
    const cursor = withStartingValues(emptyCursor, [starting()]);
    expect(look(cursor, { segments: [segment([1, 100])] }).occurrences).toMatchObject([
      { previous: '10', current: '100' },
    ]);
  });

  it('leaves what a look has seen, earlier or later, as it is', () => {
    expect(withStartingValues(begun, [starting({ at: start + 9 * minute })])).toEqual(begun);
  });

  it('takes the place of a value that was not read', () => {
    const unread = { ...emptyCursor, measures: { Revenue: { at: 0, value: null } } };
    const { measures } = withStartingValues(unread, [
      starting({ kind: 'measure', name: 'Revenue', runId: 'r1' }),
    ]);
    expect(measures).toEqual({ Revenue: { at: start, value: '10', runId: 'r1' } });
  });

  it('of something never evaluated lets its first evaluation only set the state', () => {
    const cursor = withStartingValues(emptyCursor, [starting({ at: 0, value: null })]);
    expect(look(cursor, { segments: [segment([1, 100])] }).occurrences).toEqual([]);
  });

  it('of something never evaluated stays the beginning when a later registration finds a value', () => {
    const first = withStartingValues(emptyCursor, [starting({ at: 0, value: null })]);
    const cursor = withStartingValues(first, [starting({ at: start + 2 * minute, value: decimal(10) })]);
    expect(look(cursor, { segments: [segment([1, 100], [2, 10])] }).occurrences).toMatchObject([
      { previous: '100', current: '10' },
    ]);
  });
});

describe('steps of a measure', () => {
  const [first, next] = evaluations([1, '99.5'], [2, '100.5']).map((evaluation, index) => ({
    ...evaluation,
    runId: `run-${index + 1}`,
    endedAt: evaluation.at + 5_000,
  }));
  const known = first && next ? [first, next] : expect.fail();

  it('have the run as their id, and tell when the evaluation began and ended', () => {
    const { occurrences, cursor } = looks(
      { measures: [measure({ evaluations: known.slice(0, 1) })] },
      { measures: [measure({ evaluations: known, lastRunId: 'run-2' })] },
    );
    expect(occurrences).toMatchObject([
      {
        trigger: 'OnMeasureThresholdCrossed',
        occurrence: 'run-2',
        subject: 'Revenue',
        previous: '99.5',
        current: '100.5',
        payload: {
          measureDisplayName: 'Total revenue',
          runId: 'run-2',
          startedAt: new Date(start + 2 * minute).toISOString(),
          occurredAt: new Date(start + 2 * minute + 5_000).toISOString(),
        },
      },
    ]);
    expect(cursor.measures.Revenue).toEqual({ at: start + 2 * minute, value: '100.5', runId: 'run-2' });
  });

  it('have the time of the evaluation as their id where there is no run', () => {
    const { occurrences } = looks(
      { measures: [measure({ evaluations: evaluations([1, 1]) })] },
      { measures: [measure({ evaluations: evaluations([2, 2]) })] },
    );
    expect(occurrences).toMatchObject([{ occurrence: new Date(start + 2 * minute).toISOString() }]);
    expect(occurrences[0]?.payload).not.toHaveProperty('runId');
  });

  it('end with its being scalar', () => {
    const { occurrences, cursor } = looks(
      { measures: [measure({ evaluations: evaluations([1, 1]) })] },
      {
        measures: [measure({ scalar: false, evaluations: evaluations([2, 2]) })],
        lostMeasures: [{ name: 'Revenue', reason: 'gone' }],
      },
    );
    expect(occurrences).toEqual([]);
    expect(cursor.measures).toEqual({});
  });

  it('that cannot be held are a gap, and keep the state', () => {
    const { cursor } = look(emptyCursor, { measures: [measure({ evaluations: evaluations([1, 1]) })] });
    const odd = look(cursor, { measures: [measure({ unreadable: [start + 2 * minute] })] });
    expect(odd.gaps).toMatchObject([{ kind: 'value', subject: 'Revenue', to: start + 2 * minute }]);
    expect(odd.cursor.measures).toEqual(cursor.measures);
  });
});

describe('a list of measures', () => {
  const followed = { at: start + minute, value: decimal(1), runId: 'run-1' };

  it.each([
    ['another run', { lastRunId: 'run-2' }, followed, true],
    ['the same run', { lastRunId: 'run-1', evaluations: evaluations([9, 5]) }, followed, false],
    ['a later value without runs', { evaluations: evaluations([2, 1]) }, followed, true],
    ['the same value without runs', { evaluations: evaluations([1, 1]) }, followed, false],
    ['neither runs nor values', {}, followed, true],
    ['a measure nobody has met', { lastRunId: 'run-2' }, undefined, false],
  ])('that shows %s', (_, over, known, expected) => {
    expect(hasNewEvaluation(known, measure(over))).toBe(expected);
  });

  it('leaves measures in doubt that it lacks or that have a dimension, not those of which it does not say', () => {
    const cursor = { measures: { Revenue: followed, Gone: followed, Unsaid: followed } };
    const list = [measure({ scalar: false }), measure({ name: 'Unsaid', scalar: undefined })];
    expect(missingMeasures(cursor, list)).toEqual(['Revenue', 'Gone']);
  });

  it('follows scalar ones from the first, whether they have a value or not', () => {
    const list = [
      measure(),
      measure({ name: 'Plural', scalar: false }),
      measure({ name: 'Unsaid', scalar: undefined }),
    ];
    expect(look(emptyCursor, { measures: list }).cursor.measures).toEqual({
      Revenue: { at: 0, value: null },
    });
  });
});

describe('why a measure cannot be watched', () => {
  it('is said in a sentence that tells what to do', () => {
    expect(measureLoss('Revenue', undefined)).toMatch(/does not exist.*Choose another/);
    expect(measureLoss('Revenue', measure({ scalar: false }))).toMatch(
      /"Total revenue" has a dimension.*Choose a business measure/,
    );
    expect(measureLoss('Revenue', measure())).toBeUndefined();
    expect(measureLoss('Revenue', measure({ scalar: undefined }))).toBeUndefined();
  });
});
