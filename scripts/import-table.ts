import { type FolderRule, folderRules } from './import-rules.ts';

const codeOf = (folder: string): string => `\`${folder}\``;

const importsOf = ({ imports }: FolderRule): string => {
  if (imports === 'earlier') return 'all above';
  return imports.length > 0 ? imports.map(codeOf).join(', ') : 'nothing';
};

/** The rules of imports as a table in Markdown, from the bottom up. */
export const importTable = (rules: readonly FolderRule[] = folderRules): string =>
  [
    '| folder | contains | imports |',
    '|---|---|---|',
    ...rules.map((rule) => `| ${codeOf(rule.folder)} | ${rule.holds} | ${importsOf(rule)} |`),
  ].join('\n');
