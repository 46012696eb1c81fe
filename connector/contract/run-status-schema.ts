import { runStatuses } from './display-names.ts';
import { choice, type Texts } from './schema.ts';

export type { RunStatus } from './display-names.ts';

/** The state of a run in Customer Insights. */
export const runStatus = (texts: Texts) => choice(runStatuses, texts);
