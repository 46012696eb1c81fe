/** The planted faults of dead letters and their records. */
import type { DeadLetterPorts } from '../../lambda/dead-letters/keep-letter.ts';
import type { PlantedFault } from './planted-fault.ts';

/** Each record is written when the next letter comes. */
const letterBeforeRecord = (ports: DeadLetterPorts): DeadLetterPorts => {
  let held: Parameters<DeadLetterPorts['letters']['keep']>[0] | undefined;
  return {
    ...ports,
    letters: {
      async keep(letter) {
        const before = held;
        held = letter;
        return before === undefined || ports.letters.keep(before);
      },
    },
  };
};

export const letterFaults: readonly PlantedFault[] = [
  {
    name: 'a dead letter is deleted before its record is written',
    rule: 'lost',
    seams: { letters: letterBeforeRecord },
  },
];
