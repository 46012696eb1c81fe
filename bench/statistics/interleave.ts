import { median } from './median.ts';

/**
 * Runs each contender once in every round. The order alternates, so that none gains when the machine becomes faster or
 * slower; the runs of one round are compared with each other.
 * @returns for each contender its runs, in the order of the rounds
 */
export const interleave = async <Contender, Run>(
  contenders: readonly Contender[],
  rounds: number,
  run: (contender: Contender, round: number) => Promise<Run>,
): Promise<readonly (readonly Run[])[]> => {
  const runs = contenders.map((): Run[] => []);
  for (let round = 0; round < rounds; round += 1) {
    const turns = contenders.map((contender, index) => ({ contender, index }));
    for (const { contender, index } of round % 2 === 0 ? turns : turns.toReversed())
      runs[index]?.push(await run(contender, round));
  }
  return runs;
};

/** The median over the rounds of one contender's value divided by the other's. */
export const medianRatio = <Run>(
  one: readonly Run[],
  other: readonly Run[],
  value: (run: Run) => number,
): number => median(one.map((run, round) => value(run) / value(other[round] ?? run)));
