/** The table of docs/delivery.md, made from the rules. */
import { hourMs } from '../runtime/time.ts';
import { goneForMs } from './failing.ts';
import { type Consequence, type Rule, rules } from './outcome.ts';

const does: Readonly<Record<Consequence, string>> = {
  delivered: 'delivered',
  retry: 'tried again for a day, then a dead letter',
  pause: 'this event is dropped; the subscription is paused until the flow registers again',
  end: 'this event is dropped; the subscription is ended',
  doubt: `tried again; the subscription is ended when it is repeated for ${goneForMs / hourMs} hours`,
  refuse: 'a dead letter at once',
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
    '| answer | error code | what it means | what follows |',
    '|---|---|---|---|',
    ...rules.map(
      (rule) => `| ${statusOf(rule)} | ${codesOf(rule)} | ${rule.meaning} | ${does[rule.consequence]} |`,
    ),
  ].join('\n');
