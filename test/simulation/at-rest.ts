/** What the table must hold, and must not hold, when everything has come to rest. */
import { cursorStore } from '../../lambda/store/cursors.ts';
import { deadLetterStore } from '../../lambda/store/dead-letters.ts';
import { entryQueries } from '../../lambda/store/subscription-entries.ts';
import type { Table } from '../../lambda/store/table.ts';
import type { Deployment } from './simulated-deployment.ts';
import { crowdPrefix } from './source-crowd.ts';
import { existsAt, type InstanceWorld } from './source-world.ts';
import type { Violation } from './violation.ts';

const minute = 60_000;

/** A sweep at the latest, with what may delay it. */
export const lastSweepMs = 25 * minute;

/**
 * Whether owners are told of the segments that are not listed, and of no others, at rest.
 * @param unchangedSince segments that were deleted or made later than this are left out, true time
 */
export const absenceViolations = async (
  table: Table,
  { id, segments }: InstanceWorld,
  unchangedSince: number,
): Promise<readonly Violation[]> => {
  const told = await cursorStore(table).absentSegments(id);
  const entries = entryQueries({ ...table, onUnreadable: () => undefined });
  const violations: Violation[] = [];
  for (const segment of segments) {
    const { name, reborn } = segment;
    if (reborn.some(({ deletedAt, createdAt }) => Math.max(deletedAt, createdAt) > unchangedSince)) {
      // One that was deleted before and is made again much later was not listed all the time.
      const last = reborn.at(-1);
      if (!last || last.deletedAt > unchangedSince || last.createdAt < unchangedSince + 2 * lastSweepMs)
        continue;
    }
    let isFollowed = false;
    // A record that nobody can read has no owner who could be told.
    for await (const _ of entries.ofValue(id, 'OnSegmentThresholdCrossed', name)) isFollowed = true;
    const isAbsent = isFollowed && !existsAt(segment, unchangedSince);
    if (told.has(name) !== isAbsent && isFollowed)
      violations.push({
        rule: 'absence',
        text: `${name} is ${isAbsent ? 'not listed' : 'listed'}, and owners are told ${told.has(name) ? 'that it is not' : 'nothing'}`,
        about: [name],
      });
  }
  return violations;
};

/** What the table holds of segments that are gone and that nobody followed; the ledger forgets by itself. */
export const crowdViolations = (table: Deployment['table']): readonly Violation[] => {
  const left = [...table.items.values()].filter(
    ({ pk, sk, body }) => !pk.startsWith('L#') && (pk + sk + body).includes(crowdPrefix),
  );
  return left.map(({ pk, sk }) => ({
    rule: 'bounded',
    text: `${pk} / ${sk} still names segments that are gone and that nobody followed`,
    about: [pk],
  }));
};

/** As an operator finds them: by their records. */
export const deadLettersIn = async (table: Table): Promise<readonly string[]> => {
  const bodies: string[] = [];
  // Those of the trigger for troubles are judged apart, in tellers.ts.
  for (const queue of ['delivery', 'retry'] as const)
    for await (const { body } of deadLetterStore(table).of(queue))
      if (!body.body.includes('"trigger":"OnTriggerTrouble"')) bodies.push(body.body);
  return bodies;
};
