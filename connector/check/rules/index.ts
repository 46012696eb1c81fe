/** Every rule by its name. */
import type { RuleText } from '../rule.ts';
import { dynamicRules } from './dynamic.ts';
import { fileRules } from './files.ts';
import { iconRules } from './icon.ts';
import { operationRules } from './operations.ts';
import { policyRules } from './policy-templates.ts';
import { propertiesRules } from './properties.ts';
import { schemaRules } from './schemas.ts';
import { securityRules } from './security.ts';
import { structureRules } from './structure.ts';
import { textRules } from './texts.ts';
import { webhookRules } from './webhooks.ts';

/** By subject, in the order of the documentation. */
export const ruleGroups = {
  Files: fileRules,
  'Structure and references': structureRules,
  'Title, texts and address': textRules,
  'Operations, parameters and responses': operationRules,
  'Schemas and values': schemaRules,
  'Dynamic values and schemas': dynamicRules,
  'Triggers and paging': webhookRules,
  Security: securityRules,
  'apiProperties.json': propertiesRules,
  Policies: policyRules,
  Icon: iconRules,
} as const;

const all = {
  ...fileRules,
  ...structureRules,
  ...textRules,
  ...operationRules,
  ...schemaRules,
  ...dynamicRules,
  ...webhookRules,
  ...securityRules,
  ...propertiesRules,
  ...policyRules,
  ...iconRules,
} as const;

export type RuleId = keyof typeof all;

export const rules: Readonly<Record<RuleId, RuleText>> = all;

export const ruleIds: readonly RuleId[] = Object.keys(all).filter((id): id is RuleId =>
  Object.hasOwn(all, id),
);

export const isRuleId = (id: string): id is RuleId => Object.hasOwn(rules, id);
