/** The verbs, in the order in which help lists them. A new one is a file here and a line below. */
import { build } from './build.ts';
import type { Command } from './command.ts';
import { packageConnector } from './package.ts';

export const commands: readonly Command[] = [build, packageConnector];
