import { type FunctionName, functionFacts, functionNames, type Use } from '../lambda/functions.ts';

const list = (texts: readonly string[]): string => texts.join(', ');

/** What a function may do, as the cells of its row; "" for what says nothing of a right. */
const rightOf = (use: Use): { readonly table: string; readonly other: string } => {
  if ('table' in use) {
    const records = 'of' in use ? list(use.of) : 'counters and pauses';
    return { table: `${list(use.actions)}: ${records}`, other: '' };
  }
  if ('sendTo' in use) return { table: '', other: `send to ${list(use.sendTo)}` };
  if ('consume' in use) return { table: '', other: `receive from ${list(Object.keys(use.consume))}` };
  if ('callbackKey' in use) return { table: '', other: `${use.callbackKey} callback URLs` };
  if ('customerInsights' in use)
    return { table: '', other: 'read the secrets of Customer Insights, or ask AWS for its own token' };
  if ('invoke' in use) return { table: '', other: `invoke ${use.invoke}` };
  return { table: '', other: '' };
};

const rowOf = (name: FunctionName): string => {
  const rights = functionFacts[name].uses.map(rightOf);
  const cell = (of: 'table' | 'other') =>
    rights
      .map((right) => right[of])
      .filter((text) => text !== '')
      .join('; ');
  return `| \`${name}\` | ${cell('table')} | ${cell('other')} |`;
};

/** The rights of each function, from its facts, as a table in Markdown. Each writes its own log besides. */
export const rightsTable = (): string =>
  ['| function | records | queues, keys, secrets |', '|---|---|---|', ...functionNames.map(rowOf)].join('\n');
