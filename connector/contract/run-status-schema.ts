import { runStatuses } from './display-names.ts';
import { choice, type Texts } from './schema.ts';

export type { RunStatus } from './display-names.ts';

/** How something that Customer Insights runs stands. */
export const runStatus = (texts: Texts) => choice(runStatuses, texts);
