/** What can be refreshed. */
import { choice, type Texts } from './schema.ts';

const refreshTargets = {
  dataSource: 'A data source',
  segment: 'A segment',
  measure: 'A measure',
  all: 'Everything (full refresh)',
} as const;

export const refreshTarget = (texts: Texts) => choice(refreshTargets, texts);
