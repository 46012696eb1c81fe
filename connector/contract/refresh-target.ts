/** What an action is applied to: a maker chooses the target first, and then an object from the list of that target. */
import { choice, optional, type Texts, text } from './schema.ts';

const refreshTargets = {
  dataSource: 'A data source',
  segment: 'A segment',
  measure: 'A measure',
  all: 'Everything (full refresh)',
} as const;

/** What can be refreshed. */
export const refreshTarget = (texts: Texts) => choice(refreshTargets, texts);

/** What has a value that can cross a threshold. */
export const thresholdTarget = (texts: Texts & { readonly default: 'segment' }) =>
  choice({ segment: 'A segment', scalarMeasure: 'A measure' }, texts);

/** What the list of objects takes. */
export const objectTarget = (texts: Texts) =>
  choice({ ...refreshTargets, scalarMeasure: 'A measure with a single value' }, texts);

/** An input of before there was one for all targets: flows of today send it, and designers no longer show it. */
export const formerInput = (what: string) =>
  optional(
    text({
      summary: what,
      description: 'Replaced by Object.',
      maxLength: 200,
      visibility: 'internal',
    }),
  );
