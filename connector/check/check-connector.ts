/** The checker as a function: files in, findings out. No I/O, no state. */
import { type CheckedFile, Connector, partNames } from './connector.ts';
import { pointerOf } from './positioned-json.ts';
import type { Report } from './report.ts';
import { type Finding, type Level, levelFor, type Profile } from './rule.ts';
import { checkDynamics } from './rules/dynamic.ts';
import {
  checkDefinitionFile,
  checkPropertiesFile,
  checkScriptFile,
  checkScriptOperations,
  checkSettingsFile,
  checkText,
} from './rules/files.ts';
import { checkIcon } from './rules/icon.ts';
import { type RuleId, rules } from './rules/index.ts';
import { checkOperations } from './rules/operations.ts';
import { checkPolicies } from './rules/policy-templates.ts';
import { checkProperties } from './rules/properties.ts';
import { checkSchemas } from './rules/schemas.ts';
import { checkSecurity } from './rules/security.ts';
import { checkStructure } from './rules/structure.ts';
import { checkTexts } from './rules/texts.ts';
import { checkWebhooks } from './rules/webhooks.ts';
import type { Source } from './source.ts';

export interface CheckOptions {
  /** `import` by default. */
  readonly profile?: Profile;
  /** Level by rule, instead of the profile's. */
  readonly levels?: ReadonlyMap<RuleId, Level>;
}

interface Held {
  readonly finding: Finding;
  readonly offset: number;
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Collects what the rules report. */
export class Findings {
  private readonly held: Held[] = [];
  private readonly profile: Profile;
  private readonly levels: ReadonlyMap<RuleId, Level>;

  constructor({ profile = 'import', levels = new Map() }: CheckOptions) {
    this.profile = profile;
    this.levels = levels;
  }

  reporter(file: string, source?: Source): Report<RuleId> {
    return (id, { node, key = false, offset = 0 }, message, { variant, fix } = {}) => {
      const rule = rules[id];
      const grade = (variant !== undefined && rule.variants[variant]?.severity) || rule.severity;
      const severity = this.levels.get(id) ?? levelFor(grade, this.profile);
      if (severity === 'off') return;
      const at = node === undefined ? offset : key && node.keyStart >= 0 ? node.keyStart : node.start;
      const { line, column } = source?.lines.position(at) ?? { line: 1, column: 1 };
      this.held.push({
        offset: at,
        finding: {
          rule: id,
          severity,
          file,
          pointer: node === undefined ? '' : pointerOf(node),
          line,
          column,
          message,
          mend: rule.mend,
          source: rule.source,
          ...(fix && fix.length > 0 && { fix }),
        },
      });
    };
  }

  /** By file as given, then by place, then by rule. */
  sorted(order: readonly string[]): readonly Finding[] {
    const rank = new Map(order.map((name, at) => [name, at]));
    return this.held
      .toSorted(
        (one, other) =>
          (rank.get(one.finding.file) ?? 0) - (rank.get(other.finding.file) ?? 0) ||
          one.offset - other.offset ||
          compare(one.finding.rule, other.finding.rule) ||
          compare(one.finding.pointer, other.finding.pointer) ||
          compare(one.finding.message, other.finding.message),
      )
      .map(({ finding }) => finding);
  }
}

/**
 * Checks one connector.
 * @param files its files; names are matched by their last part and without regard to case, unknown ones are only counted
 * as being there
 * @returns findings by file, place and rule; the same for the same input
 */
export const checkConnector = (
  files: readonly CheckedFile[],
  options: CheckOptions = {},
): readonly Finding[] => {
  const connector = new Connector(files);
  const findings = new Findings(options);
  const { definitionSource, propertiesSource, settingsSource, scriptSource, icon, texts } = connector;
  const folder =
    files[0]?.name.slice(0, -(files[0]?.name.split(/[\\/]/).at(-1) ?? '').length || undefined) ?? '';
  const definitionName = definitionSource?.name ?? `${folder}apiDefinition.swagger.json`;
  const reportDefinition = findings.reporter(definitionName, definitionSource);
  if (definitionSource === undefined)
    reportDefinition('DefinitionMissing', {}, `There is no ${partNames.definition.replace('apid', 'apiD')}.`);
  checkDefinitionFile(connector, reportDefinition);
  checkStructure(connector, reportDefinition);
  checkTexts(connector, reportDefinition);
  checkOperations(connector, reportDefinition);
  checkSchemas(connector, reportDefinition);
  checkDynamics(connector, reportDefinition);
  checkWebhooks(connector, reportDefinition);
  checkSecurity(
    connector,
    reportDefinition,
    propertiesSource ? findings.reporter(propertiesSource.name, propertiesSource) : reportDefinition,
  );
  if (propertiesSource) {
    const reportProperties = findings.reporter(propertiesSource.name, propertiesSource);
    checkPropertiesFile(connector, reportProperties);
    checkProperties(connector, reportProperties);
    checkScriptOperations(connector, reportProperties);
    checkPolicies(connector, reportProperties, reportDefinition);
  } else if (definitionSource)
    reportDefinition('PropertiesFileMissing', {}, 'There is no apiProperties.json.');
  if (settingsSource) checkSettingsFile(connector, findings.reporter(settingsSource.name, settingsSource));
  if (scriptSource) checkScriptFile(connector, findings.reporter(scriptSource.name, scriptSource));
  if (icon) checkIcon(connector, findings.reporter(icon.name));
  for (const source of texts) checkText(source, findings.reporter(source.name, source));
  return findings.sorted([definitionName, ...files.map(({ name }) => name)]);
};
