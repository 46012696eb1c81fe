/** The verbs, in the order in which help lists them. A new one is a file here and a line below. */
import { build } from './build.ts';
import type { Command } from './command.ts';
import { diff } from './diff.ts';
import { docs } from './docs.ts';
import { flows } from './flows.ts';
import { packageConnector } from './package.ts';
import { redriveDeadLetters } from './redrive.ts';
import { replayEvents } from './replay.ts';
import { why } from './why.ts';

export const commands: readonly Command[] = [
  build,
  packageConnector,
  diff,
  docs,
  flows,
  why,
  redriveDeadLetters,
  replayEvents,
];
