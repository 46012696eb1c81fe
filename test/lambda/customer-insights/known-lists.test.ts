import fc from 'fast-check';
import { expect, it } from 'vitest';
import { list } from '../../../lambda/customer-insights/fields.ts';
import { itemsOf, type KnownLists } from '../../../lambda/customer-insights/known-lists.ts';
import { type JobInfo, jobInfo } from '../../../lambda/customer-insights/models.ts';
import { createCache } from '../../../lambda/runtime/cache.ts';
import { parseJson } from '../../../lambda/runtime/json.ts';

/*
 * State: the last text of a list, and the jobs in it. Events: a later text, of any form.
 * Invariants: the jobs are those that a reading of the whole text gives, or it fails as that does; a job whose text was in
 * the last list is not read again, and is the same object.
 */

const read = (text: string): readonly JobInfo[] => {
  const jobs = list(jobInfo)(parseJson(text));
  if (jobs === undefined) throw new TypeError('no list');
  return jobs;
};

/** Reads texts one after the other. @returns what each gave, and how many characters of it were read */
const known = () => {
  const knownLists: KnownLists = createCache({ now: () => 0, capacity: 1 });
  return (text: string) => {
    let characters = 0;
    const jobs = itemsOf('path', text, knownLists, (part) => {
      characters += part.length;
      return read(part);
    });
    return { jobs, characters };
  };
};

const outcome = (work: () => readonly JobInfo[]): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as Error).name;
  }
};

const job = fc.record(
  {
    jobId: fc.constantFrom('a', 'b', 'c]}', 'd"\\', '\u{1f600}'),
    jobStatus: fc.constantFrom('running', 'successful', ' } , { ', '\\"'),
    tasks: fc.array(fc.record({ taskId: fc.string(), additionalInfo: fc.object() }), { maxLength: 2 }),
  },
  { requiredKeys: ['jobId'] },
);
const space = fc.constantFrom('', ' ', '\n\t');
const other = fc.constantFrom(
  '1',
  'null',
  '"{"',
  '[]',
  '[{}]',
  'x',
  '{',
  '}',
  '',
  '{"a":}',
  '123456789012345678901',
);

/** Mostly lists of jobs, in which a little changes from one to the next. */
const texts = fc
  .record({
    jobs: fc.array(fc.oneof({ weight: 20, arbitrary: job.map((each) => JSON.stringify(each)) }, other), {
      maxLength: 5,
    }),
    lists: fc.array(
      fc.record({
        order: fc.array(fc.nat(4), { maxLength: 6 }),
        space,
        before: fc.constantFrom('', '', '', ' ', '{'),
        after: fc.constantFrom('', '', '', '\r\n', ',', ']', 'x'),
      }),
      { minLength: 1, maxLength: 5 },
    ),
  })
  .map(({ jobs, lists }) =>
    lists.map(
      (each) =>
        `${each.before}[${each.space}${each.order
          .flatMap((index) => jobs[index] ?? [])
          .join(`${each.space},${each.space}`)}${each.space}]${each.after}`,
    ),
  );

it('gives what a reading of the whole text gives, whatever changes', () => {
  fc.assert(
    fc.property(texts, (all) => {
      const next = known();
      for (const text of all) expect(outcome(() => next(text).jobs)).toEqual(outcome(() => read(text)));
    }),
    { numRuns: 3_000 },
  );
});

it.each([
  ['the same', ['a', 'b', 'c'], []],
  ['a new one at the beginning, and the last one left out', ['new', 'a', 'b'], ['new']],
  ['a new one at the end', ['a', 'b', 'c', 'new'], ['new']],
  ['another in the middle', ['a', 'new', 'c'], ['new']],
  ['another order', ['c', 'a', 'b'], []],
  ['one twice', ['a', 'a', 'b', 'c'], []],
  ['none', [], []],
])('reads only what is new: %s', (_, later, fresh) => {
  const next = known();
  const textOf = (names: readonly string[]) =>
    JSON.stringify(names.map((jobId) => ({ jobId, tasks: [{ taskId: `${jobId} [{` }] })));
  const before = new Map(next(textOf(['a', 'b', 'c'])).jobs.map((each) => [each.jobId, each]));
  const { jobs, characters } = next(textOf(later));
  expect(jobs).toEqual(read(textOf(later)));
  expect(characters).toBe(
    fresh.reduce((sum, name) => sum + textOf([name]).length, 0) || (later.length === 0 ? 2 : 0),
  );
  for (const each of jobs) if (each.jobId !== 'new') expect(each).toBe(before.get(each.jobId));
});
