/** The table of docs/delivery.md, made from the rules. */
import { hourMs } from '../runtime/time.ts';
import { goneForMs } from './failing.ts';
import { type Consequence, type Rule, rules } from './outcome.ts';

const does: Readonly<Record<Consequence, string>> = {
  delivered: 'delivered',
  retry: 'retried for a day, then moved to the dead-letter queue',
  pause: 'event dropped; subscription paused until the flow registers again',
  end: 'event dropped; subscription ended',
  doubt: `retried; subscription ended when repeated for ${goneForMs / hourMs} hours`,
  refuse: 'moved to the dead-letter queue immediately',
};

const codesOf = ({ errorCodes }: Rule): string =>
  errorCodes === null ? 'none' : (errorCodes ?? []).map((code) => `\`${code}\``).join(', ');

const statusOf = ({ status }: Rule): string => {
  if (status === 'none') return 'none';
  if (status === 'other') return 'any other';
  const [from, to] = status;
  return from === to ? String(from) : `${from / 100}xx`;
};

/** Markdown, one row for each rule, in the order in which they apply. */
export const consequenceTable = (): string =>
  [
    '| response | error code | meaning | effect |',
    '|---|---|---|---|',
    ...rules.map(
      (rule) => `| ${statusOf(rule)} | ${codesOf(rule)} | ${rule.meaning} | ${does[rule.consequence]} |`,
    ),
  ].join('\n');
