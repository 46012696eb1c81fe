import { choice, type Texts } from './schema.ts';
import { runStatuses } from './words.ts';

export type { RunStatus } from './words.ts';

/** How something that Customer Insights runs stands. */
export const runStatus = (texts: Texts) => choice(runStatuses, texts);
