/** The page of a rule, for `--explain` and for the documentation. */

import { frequencies, sampleSize } from './frequency.ts';
import { type Grade, levelFor, profiles } from './rule.ts';
import { isRuleId, type RuleId, rules } from './rules/index.ts';
import { nearest } from './spelling.ts';

const gradeText = (grade: Grade): string => {
  const levels = profiles.map((profile) => levelFor(grade, profile));
  const [first] = levels;
  return levels.every((level) => level === first)
    ? `${first}`
    : profiles.map((profile, at) => `${levels[at]} (${profile})`).join(', ');
};

/** "in 3 of 120 connectors (12 findings)" */
export const frequencyText = (id: RuleId): string => {
  const found = frequencies[id];
  return found === undefined
    ? `in none of ${sampleSize} published connectors`
    : `in ${found[0]} of ${sampleSize} published connectors (${found[1]} findings)`;
};

export const explainRule = (id: RuleId): string => {
  const { says, mend, severity, source, official, variants } = rules[id];
  return [
    `### ${id}`,
    '',
    says,
    '',
    `- Fix: ${mend}`,
    `- Severity: ${gradeText(severity)}`,
    ...Object.values(variants).map(
      (variant) => `- Severity, ${variant.when}: ${gradeText(variant.severity)}`,
    ),
    `- Occurs ${frequencyText(id)}.`,
    `- Name: ${official ? 'of the certification validator' : 'of this checker'}`,
    `- Source: <${source}>`,
  ].join('\n');
};

/** The rule that a name means, without regard to case; or a suggestion. */
export const ruleNamed = (
  name: string,
  ids: readonly RuleId[],
): { readonly id?: RuleId; readonly suggestion?: string } => {
  if (isRuleId(name)) return { id: name };
  const id = ids.find((known) => known.toLowerCase() === name.toLowerCase());
  if (id !== undefined) return { id };
  const suggestion = nearest(name, ids, 8);
  return suggestion === undefined ? {} : { suggestion };
};
