/** docs/check/rules.md and docs/check/official-rules.md. */
import { checkConnector } from './check-connector.ts';
import { explainRule, frequencyText } from './explain.ts';
import { textOfFindings } from './formats/text.ts';
import { sampleSize } from './frequency.ts';
import { notDecidable } from './official.ts';
import { levelFor } from './rule.ts';
import { isRuleId, type RuleId, ruleGroups, ruleIds, rules } from './rules/index.ts';
import { Source } from './source.ts';

const idsOf = (group: object): readonly RuleId[] => Object.keys(group).filter(isRuleId);

export const rulesPage = (): string =>
  [
    '# The rules of `insights-connector check`',
    '',
    '`npm run generate` writes this page from `connector/check/rules/`. `insights-connector check --explain <rule>` prints one',
    'of these entries.',
    '',
    `${ruleIds.length} rules. "Occurs" is the number of findings of a rule in a sample of ${sampleSize} published connectors; a frequent`,
    'finding is not necessarily correct. [README](README.md#profiles) describes the severity by profile.',
    '',
    ...Object.entries(ruleGroups).flatMap(([name, group]) => [
      `## ${name}`,
      '',
      ...idsOf(group).flatMap((id) => [explainRule(id), '']),
    ]),
  ].join('\n');

export const officialRulesPage = (): string => {
  const official = ruleIds.filter((id) => rules[id].official);
  const total = official.length + Object.keys(notDecidable).length;
  return [
    '# The rules of the certification validator',
    '',
    '`npm run generate` writes this page. The names are those of the',
    '[certification swagger validator](https://learn.microsoft.com/connectors/custom-connectors/certification-swagger-validator-rules).',
    'Its code is not public. The name and the message of each rule are known; the conditions are inferred from them, from the',
    'documentation and from published error lists.',
    '',
    `${official.length} of ${total} can be checked offline; ${Object.keys(notDecidable).length} cannot.`,
    '',
    '## Not checked',
    '',
    '| rule | why |',
    '|---|---|',
    ...Object.entries(notDecidable).map(([name, reason]) => `| ${name} | ${reason} |`),
    '',
    '## Checked',
    '',
    '| rule | import | certification | independent | occurs |',
    '|---|---|---|---|---|',
    ...official.map((id) => {
      const { severity } = rules[id];
      const levels = (['import', 'certification', 'independent'] as const).map((profile) =>
        levelFor(severity, profile),
      );
      return `| [${id}](rules.md#${id.toLowerCase()}) | ${levels.join(' | ')} | ${frequencyText(id)} |`;
    }),
    '',
    '[rules.md](rules.md) also lists the variants of a rule that have another severity.',
    '',
  ].join('\n');
};

/** A small connector with two defects, and what the command prints about it. */
const example = {
  swagger: '2.0',
  info: { title: 'Orders', description: 'Reads the orders that Contoso keeps for you.', version: '1.0' },
  host: 'api.contoso.com',
  schemes: ['https'],
  paths: {
    '/orders/{id}': {
      get: {
        operationId: 'GetOrder',
        summary: 'Get an order',
        description: 'Returns one order.',
        parameters: [
          {
            name: 'id',
            in: 'path',
            required: true,
            type: 'string',
            'x-ms-sumamry': 'Order',
            description: 'The order.',
          },
        ],
        responses: { 200: { description: 'The order', schema: { $ref: '#/definitions/Ordre' } } },
      },
    },
  },
  definitions: { Order: { type: 'object', properties: { id: { type: 'string' } } } },
};

export const exampleOutput = (): string => {
  const name = 'orders/apiDefinition.swagger.json';
  const source = new Source(name, new TextEncoder().encode(JSON.stringify(example, null, 2)));
  const content = new TextEncoder().encode(source.text);
  const findings = checkConnector([{ name, content }]);
  return textOfFindings(findings, { least: 'warning', line: (_, number) => source.line(number) }).trimEnd();
};
