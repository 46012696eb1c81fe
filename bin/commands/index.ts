/** The commands, in the order in which help lists them. A new command is a file here and a line below. */
import { app } from './app.ts';
import { build } from './build.ts';
import { checkFiles } from './check.ts';
import type { Command } from './command.ts';
import { complete, completion } from './completion.ts';
import { deployConnectorCommand } from './deploy-connector.ts';
import { diff } from './diff.ts';
import { docs } from './docs.ts';
import { doctor } from './doctor.ts';
import { flows } from './flows.ts';
import { init } from './init.ts';
import { instances } from './instances.ts';
import { listDeadLetters } from './list-dead-letters.ts';
import { local } from './local.ts';
import { logs } from './logs.ts';
import { open } from './open.ts';
import { packageConnector } from './package.ts';
import { person } from './person.ts';
import { redriveDeadLetters } from './redrive.ts';
import { replayEvents } from './replay.ts';
import { restore } from './restore.ts';
import { secrets } from './secrets.ts';
import { start } from './start.ts';
import { status } from './status.ts';
import { subscriptions } from './subscriptions.ts';
import { why } from './why.ts';

export const commands: readonly Command[] = [
  init,
  start,
  local,
  build,
  packageConnector,
  checkFiles,
  diff,
  deployConnectorCommand,
  docs,
  app,
  secrets,
  flows,
  doctor,
  status,
  instances,
  subscriptions,
  restore,
  logs,
  open,
  person,
  why,
  listDeadLetters,
  redriveDeadLetters,
  replayEvents,
  completion,
  complete(() => commands),
];
