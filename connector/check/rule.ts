/** What a rule and a finding are. */
import type { JsonNode } from './positioned-json.ts';
import type { TextEdit } from './source.ts';

export const severities = ['off', 'info', 'warning', 'error'] as const;
export type Level = (typeof severities)[number];
export type Severity = Exclude<Level, 'off'>;

/**
 * What the files are for. `import`: a connector of one's own, imported by hand or by a tool. `certification`: a submission by a
 * verified publisher. `independent`: a submission by an independent publisher.
 */
export const profiles = ['import', 'certification', 'independent'] as const;
export type Profile = (typeof profiles)[number];

/** The same for every profile; or for import and for both kinds of submission; or for each profile. */
export type Grade = Level | readonly [Level, Level] | readonly [Level, Level, Level];

export const levelFor = (grade: Grade, profile: Profile): Level => {
  if (typeof grade === 'string') return grade;
  const [imported, certified, independent = certified] = grade;
  return { import: imported, certification: certified, independent }[profile];
};

export interface RuleText {
  readonly severity: Grade;
  /** What holds for a connector that keeps the rule. */
  readonly says: string;
  /** How to fix a connector that breaks it. */
  readonly mend: string;
  /** Address of the page the rule comes from. */
  readonly source: string;
  /** Whether the name is one of the certification validator's. */
  readonly official: boolean;
  /** Conditions of the same rule that weigh differently; a finding names the one it is about. */
  readonly variants: Readonly<Record<string, { readonly severity: Grade; readonly when: string }>>;
}

const learn = 'https://learn.microsoft.com/connectors/custom-connectors';
const repository = 'https://github.com/microsoft/PowerPlatformConnectors';

export const sources = {
  validator: `${learn}/certification-swagger-validator-rules`,
  submission: `${learn}/certification-submission`,
  independent: `${learn}/certification-submission-ip`,
  extensions: `${learn}/openapi-extensions`,
  webhook: `${learn}/create-webhook-trigger`,
  strings: `${learn}/connector-string-guidance`,
  standards: `${learn}/coding-standards`,
  policies: `${learn}/policy-templates`,
  parameters: `${learn}/connection-parameters`,
  multiAuth: `${learn}/multi-auth`,
  testConnection: `${learn}/test-connection`,
  code: `${learn}/write-code`,
  faq: `${learn}/faq`,
  tools: `${learn}/paconn-cli`,
  oauth: `${learn}/troubleshoot-oauth2`,
  json: 'https://www.rfc-editor.org/rfc/rfc8259',
  swagger: 'https://swagger.io/specification/v2/',
  schemas: `${repository}/tree/dev/schemas`,
  paging: `${repository}/issues/2959`,
  redirect: `${repository}/issues/3097`,
  solution: `${repository}/issues/3567`,
  stackOwner: `${repository}/issues/614`,
  operationName: 'https://learn.microsoft.com/rest/api/apimanagement/api-operation/create-or-update',
} as const;

interface Extra {
  readonly source?: string;
  readonly variants?: RuleText['variants'];
}

const text =
  (official: boolean) =>
  (severity: Grade, says: string, mend: string, extra: Extra = {}): RuleText => ({
    severity,
    says,
    mend,
    source: extra.source ?? sources.validator,
    official,
    variants: extra.variants ?? {},
  });

/** A rule under a name of the certification validator. */
export const official = text(true);

/** A rule of this checker, from another page. */
export const rule = (
  severity: Grade,
  says: string,
  mend: string,
  source: string,
  variants?: RuleText['variants'],
) => text(false)(severity, says, mend, { source, ...(variants && { variants }) });

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** Path of the file as it was given. */
  readonly file: string;
  /** RFC 6901; "" is the whole file. */
  readonly pointer: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  /** One sentence with the values. */
  readonly message: string;
  readonly mend: string;
  readonly source: string;
  /** What `--fix` does to the file's text; absent where a person has to decide. */
  readonly fix?: readonly TextEdit[];
}

/** Where a finding stands: a node (its value, or its key where `key` is set), or an offset of the file. */
export interface Place {
  readonly node?: JsonNode;
  readonly key?: boolean;
  readonly offset?: number;
}
