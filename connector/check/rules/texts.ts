/** What people read: title, description, contact, metadata, summaries. And the address of the service. */
import type { Connector } from '../connector.ts';
import { type Definition, isInternal } from '../definition-view.ts';
import {
  isTrue,
  itemsOf,
  type JsonNode,
  member,
  type ObjectNode,
  objectOf,
  textOf,
} from '../positioned-json.ts';
import type { Report } from '../report.ts';
import { official, rule, sources } from '../rule.ts';
import { replaceValue } from '../source.ts';
import { nearest } from '../spelling.ts';

/** In lower case: what the title of an independent publisher's connector ends with. */
const independentSuffix = '(independent publisher)';

/** A missing title or host is told under the structure's rule. */
type GroupReport = Report<keyof typeof textRules | 'RequiredPropertyMissing'>;

const { strings, submission, independent, standards, faq } = sources;

export const textRules = {
  SpecificationVersionIncorrect: official(
    'error',
    '"swagger" is "2.0".',
    'Write "swagger": "2.0". A definition of OpenAPI 3 has to be converted.',
  ),
  HostNameNotValid: official(
    'error',
    'host is a host name, with a port at most.',
    'Remove scheme, path and placeholders; where the host varies use the policy dynamichosturl.',
    {
      variants: {
        variable: {
          severity: ['info', 'error', 'error'],
          when: 'an expression such as an environment variable; certification refuses it, a connector of one’s own may have it',
        },
      },
    },
  ),
  BasePathNotValid: official('error', 'basePath begins with "/".', 'Put "/" in front.'),
  SchemesArrayEmpty: official('error', 'schemes names at least one scheme.', 'Write "schemes": ["https"].'),
  SchemeNotValid: official('error', 'schemes contains http and https.', 'Write "https".'),
  SchemeNotSupported: official('error', 'schemes contains no WebSocket scheme.', 'Write "https".'),
  SchemeHttp: rule(
    ['warning', 'error', 'error'],
    'The service is called by https.',
    'Write "schemes": ["https"].',
    submission,
  ),
  HostLooksTemporary: rule(
    'warning',
    'host is a host for production.',
    'Write the production host, or set it with the policy dynamichosturl.',
    submission,
  ),
  UrlNotValid: official(
    'warning',
    'A url is an absolute address.',
    'Write the whole address with https://.',
    {
      variants: {
        metadata: {
          severity: ['info', 'warning', 'warning'],
          when: 'the addresses in x-ms-connector-metadata',
        },
      },
    },
  ),
  ContactEmailNotValid: official(
    'warning',
    'The contact’s email is an e-mail address.',
    'Correct the address.',
  ),
  ConnectorMetadataPropertiesMissing: official(
    ['info', 'error', 'error'],
    'x-ms-connector-metadata has Website, Privacy policy and Categories.',
    'Add the entry; the names are written exactly so.',
    {
      variants: { privacy: { severity: ['info', 'warning', 'warning'], when: 'Privacy policy and Website' } },
    },
  ),
  InvalidConnectorCategory: official(
    ['warning', 'error', 'error'],
    'The categories are of the published list.',
    'Choose from the list that is named.',
  ),
  TooManyConnectorCategories: official(
    ['warning', 'error', 'error'],
    'A connector has at most two categories.',
    'Choose two.',
  ),
  FieldLengthExceeded: official(
    ['warning', 'error', 'error'],
    'The title has at most 30 characters.',
    'Shorten it.',
    {
      variants: {
        label: {
          severity: ['info', 'warning', 'warning'],
          when: 'an x-ms-summary of more than 80 characters',
        },
      },
    },
  ),
  FieldLengthNotInRange: official(
    ['info', 'error', 'error'],
    'The description has 30 to 500 characters.',
    'Shorten or lengthen it.',
  ),
  ValueContainsRestrictedWords: official(
    ['warning', 'error', 'error'],
    'Title and description hold none of the words that are reserved.',
    'Leave the word out.',
    {
      variants: {
        description: { severity: ['info', 'error', 'error'], when: 'a product name in the description' },
      },
    },
  ),
  ValueMustBeInEnglish: official(
    ['warning', 'error', 'error'],
    'Title and description are in English.',
    'Translate them; localised texts are no part of the definition.',
  ),
  ValueMustEndWithAlphanumeric: official(
    ['warning', 'error', 'error'],
    'The title ends with a letter or a digit.',
    'Remove the last character.',
  ),
  RequiredValueEmpty: official('warning', 'Texts that must be there are not empty.', 'Write the text.'),
  IndependentTitle: rule(
    ['off', 'off', 'warning'],
    'The title of an independent publisher’s connector ends with "(Independent Publisher)".',
    'Add it.',
    independent,
  ),
  OperationSummaryMissing: rule(
    'error',
    'A visible operation has a summary.',
    'Add a summary of a few words.',
    strings,
  ),
  OperationDescriptionMissing: rule(
    'error',
    'A visible operation has a description.',
    'Add a description, a sentence.',
    strings,
  ),
  OperationSummaryTooLong: official('error', 'A summary has at most 80 characters.', 'Shorten it.', {
    variants: { long: { severity: ['warning', 'error', 'error'], when: '81 to 119 characters' } },
  }),
  RestrictedCharactersInSummary: official(
    ['info', 'error', 'warning'],
    'A summary contains none of / \\ < > * % & ?.',
    'Write words instead.',
    { variants: { slash: { severity: 'error', when: '"/"' } } },
  ),
  SummaryEndsWithPunctuation: rule(
    ['warning', 'error', 'warning'],
    'A summary does not end with punctuation other than ")".',
    'Remove the last character.',
    strings,
  ),
  SummaryHasOtherCharacters: rule(
    'info',
    'A summary consists of letters, digits, blanks and parentheses.',
    'Write it without the other characters.',
    strings,
  ),
  SummaryEqualsDescription: rule(
    'info',
    'The description of an operation says more than its summary.',
    'Write a sentence that says what the operation does.',
    strings,
  ),
  TriggerSummaryWithoutWhen: rule(
    'info',
    'The summary of a trigger begins with "When".',
    'Write "When a …".',
    strings,
  ),
  DescriptionNotSentence: rule(
    'off',
    'A description is a sentence.',
    'Begin with a capital and end with a full stop.',
    standards,
  ),
  ParameterSummaryMissing: rule(
    ['info', 'error', 'error'],
    'A parameter in path, query or header of a visible operation has x-ms-summary.',
    'Add x-ms-summary, in title case.',
    strings,
  ),
  ParameterDescriptionMissing: rule(
    ['info', 'error', 'error'],
    'A parameter in path, query or header of a visible operation has a description.',
    'Add a description.',
    strings,
  ),
  PropertyTextMissing: rule('off', 'A visible value has x-ms-summary and description.', 'Add them.', strings),
  ThrottlingNotDeclared: rule(
    'off',
    'A visible operation declares 429 with Retry-After.',
    'Declare what a caller has to be prepared for.',
    faq,
  ),
} as const;

export const categories: ReadonlySet<string> = new Set([
  'AI',
  'Business Management',
  'Business Intelligence',
  'Collaboration',
  'Commerce',
  'Communication',
  'Content and Files',
  'Finance',
  'Data',
  'Human Resources',
  'Internet of Things',
  'IT Operations',
  'Lifestyle and Entertainment',
  'Marketing',
  'Productivity',
  'Sales and CRM',
  'Security',
  'Social Media',
  'Website',
]);

const products = /\b(?:Power ?(?:Apps|Automate|Platform|BI)|Logic Apps|Microsoft Flow|Copilot Studio)\b/i;
const titleWords = /\b(?:API|Connector)\b/i;
const isEnglish = (text: string): boolean =>
  !/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Greek}\p{Script=Devanagari}]/u.test(
    text,
  );
const quote = (text: string): string => (text.length > 60 ? `"${text.slice(0, 57)}…"` : `"${text}"`);

const checkInfo = (definition: Definition, report: GroupReport): void => {
  const info = objectOf(member(definition.root, 'info'));
  if (info === undefined) return;
  const title = member(info, 'title');
  if (title?.type === 'string') {
    const text = title.value.trim();
    const place = { node: title };
    const own = text.toLowerCase().endsWith(independentSuffix)
      ? text.slice(0, -independentSuffix.length).trimEnd()
      : text;
    if (text === '') report('RequiredValueEmpty', place, 'The title is empty.');
    else {
      if (own.length > 30)
        report(
          'FieldLengthExceeded',
          place,
          `The title ${quote(own)} has ${own.length} characters; 30 are allowed.`,
        );
      const word = titleWords.exec(own)?.[0] ?? products.exec(own)?.[0];
      if (word) report('ValueContainsRestrictedWords', place, `The title ${quote(text)} contains "${word}".`);
      if (!/[\p{L}\p{N}]$/u.test(own))
        report(
          'ValueMustEndWithAlphanumeric',
          place,
          `The title ${quote(text)} ends with "${own.at(-1) ?? ''}".`,
        );
      if (!isEnglish(text)) report('ValueMustBeInEnglish', place, `The title ${quote(text)} is not English.`);
      if (own === text)
        report(
          'IndependentTitle',
          place,
          `The title ${quote(text)} does not end with "(Independent Publisher)".`,
        );
    }
  }
  const description = member(info, 'description');
  if (description?.type === 'string') {
    const text = description.value;
    const place = { node: description };
    if (text.trim() === '') report('RequiredValueEmpty', place, 'The description is empty.');
    else if (text.length < 30 || text.length > 500)
      report(
        'FieldLengthNotInRange',
        place,
        `The description has ${text.length} characters; 30 to 500 are allowed.`,
      );
    const word = products.exec(text)?.[0];
    if (word)
      report('ValueContainsRestrictedWords', place, `The description contains "${word}".`, {
        variant: 'description',
      });
    if (!isEnglish(text)) report('ValueMustBeInEnglish', place, 'The description is not English.');
  }
  checkContact(info, report);
};

const checkContact = (info: ObjectNode, report: GroupReport): void => {
  const contact = member(info, 'contact');
  if (contact === undefined)
    report('RequiredPropertyMissing', { node: info }, 'The key "contact" is missing.', {
      variant: 'contact',
    });
  else if (contact.type === 'object') {
    for (const key of ['name', 'url', 'email'])
      if (!contact.members.has(key))
        report('RequiredPropertyMissing', { node: contact }, `The key "${key}" is missing.`, {
          variant: 'contactPart',
        });
    const email = member(contact, 'email');
    if (email?.type === 'string' && !/^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(email.value))
      report('ContactEmailNotValid', { node: email }, `${quote(email.value)} is not an e-mail address.`);
    checkUrl(member(contact, 'url'), report);
  }
  checkUrl(member(member(info, 'license'), 'url'), report);
};

const isAbsolute = (url: string): boolean =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(url.trim()) && URL.canParse(url.trim());

const checkUrl = (node: JsonNode | undefined, report: GroupReport, variant?: string): void => {
  if (node?.type === 'string' && !isAbsolute(node.value))
    report(
      'UrlNotValid',
      { node },
      `${quote(node.value)} is not an absolute address.`,
      variant ? { variant } : {},
    );
};

const checkMetadata = (definition: Definition, report: GroupReport): void => {
  const metadata = member(definition.root, 'x-ms-connector-metadata');
  if (metadata === undefined) {
    report(
      'ConnectorMetadataPropertiesMissing',
      { node: definition.root },
      'x-ms-connector-metadata is missing.',
    );
    return;
  }
  const values = new Map(
    itemsOf(metadata).map((item) => [
      textOf(member(item, 'propertyName')) ?? '',
      member(item, 'propertyValue'),
    ]),
  );
  for (const name of ['Website', 'Privacy policy', 'Categories'])
    if (!values.has(name))
      report(
        'ConnectorMetadataPropertiesMissing',
        { node: metadata },
        `"${name}" is missing.`,
        name === 'Categories' ? {} : { variant: 'privacy' },
      );
  for (const name of ['Website', 'Privacy policy']) checkUrl(values.get(name), report, 'metadata');
  const chosen = values.get('Categories');
  if (chosen?.type !== 'string') return;
  const names = chosen.value
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  for (const name of names)
    if (!categories.has(name))
      report(
        'InvalidConnectorCategory',
        { node: chosen },
        `"${name}" is not one of ${[...categories].join(', ')}.`,
      );
  if (names.length > 2)
    report(
      'TooManyConnectorCategories',
      { node: chosen },
      `There are ${names.length} categories: ${names.join(', ')}.`,
    );
};

const temporary =
  /(^|\.)(localhost|example\.(com|org|net)|ngrok(-free)?\.(io|app|dev)|trycloudflare\.com|loca\.lt)$|^(localhost|127\.\d+\.\d+\.\d+|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|0\.0\.0\.0)$|(^|[.-])(dev|test|staging|stage|sandbox|uat|qa)[.-]|(^|\.)(your|my)[-_]?(host|domain|server|company|instance|tenant|subdomain)/i;

const checkAddress = ({ definition, policies }: Connector, report: GroupReport): void => {
  if (definition === undefined) return;
  const { root } = definition;
  const swagger = member(root, 'swagger');
  if (swagger && textOf(swagger) !== '2.0')
    report(
      'SpecificationVersionIncorrect',
      { node: swagger },
      `"swagger" is ${JSON.stringify('value' in swagger ? swagger.value : swagger.type)}.`,
      swagger.type === 'number' && swagger.value === 2 ? { fix: [replaceValue(swagger, '2.0')] } : {},
    );
  if (swagger === undefined && root.members.has('openapi'))
    report(
      'SpecificationVersionIncorrect',
      { node: member(root, 'openapi') ?? root, key: true },
      'This is a definition of OpenAPI 3.',
    );
  const host = member(root, 'host');
  if (host?.type === 'string') {
    const name = host.value.replace(/:\d+$/, '');
    if (host.value.includes('@'))
      report('HostNameNotValid', { node: host }, `${quote(host.value)} is an expression.`, {
        variant: 'variable',
      });
    else if (!/^[^{}/ :\\@?#]+$/.test(name) || host.value === '')
      report('HostNameNotValid', { node: host }, `${quote(host.value)} is not a host name.`);
    else if (temporary.test(name) && !setsHost(policies))
      report(
        'HostLooksTemporary',
        { node: host },
        `${quote(host.value)} looks like a host for tests or a placeholder.`,
      );
  }
  const basePath = member(root, 'basePath');
  if (basePath?.type === 'string' && !basePath.value.startsWith('/'))
    report(
      'BasePathNotValid',
      { node: basePath },
      `basePath ${quote(basePath.value)} does not begin with "/".`,
    );
  for (const holder of [root, ...definition.operations.map(({ node }) => node)])
    checkSchemes(member(holder, 'schemes'), report);
  checkUrl(member(member(root, 'externalDocs'), 'url'), report);
};

/** Whether a policy replaces the host for every operation. */
const setsHost = (policies: readonly ObjectNode[]): boolean =>
  policies.some((policy) => {
    const id = textOf(member(policy, 'templateId'))?.toLowerCase();
    const named = member(member(policy, 'parameters'), 'x-ms-apimTemplate-operationName');
    return (id === 'dynamichosturl' || id === 'dynamicsubdomain') && itemsOf(named).length === 0;
  });

const checkSchemes = (schemes: JsonNode | undefined, report: GroupReport): void => {
  if (schemes?.type !== 'array') return;
  if (schemes.items.length === 0) report('SchemesArrayEmpty', { node: schemes }, 'schemes is empty.');
  for (const item of schemes.items) {
    const scheme = textOf(item);
    if (scheme === 'ws' || scheme === 'wss')
      report('SchemeNotSupported', { node: item }, `"${scheme}" is not supported.`);
    else if (scheme === 'http') report('SchemeHttp', { node: item }, 'The definition names http.');
    else if (scheme !== undefined && scheme !== 'https')
      report('SchemeNotValid', { node: item }, `"${scheme}" is not a scheme.`);
  }
};

const checkOperationTexts = (definition: Definition, report: GroupReport): void => {
  for (const { node, name, internal, trigger, responses } of definition.operations) {
    const [summary, description] = [member(node, 'summary'), member(node, 'description')];
    const [short, long] = [textOf(summary), textOf(description)];
    if (!internal) {
      if (short === undefined || short.trim() === '')
        report('OperationSummaryMissing', { node: summary ?? node }, `${name} has no summary.`);
      if (long === undefined || long.trim() === '')
        report('OperationDescriptionMissing', { node: description ?? node }, `${name} has no description.`);
      const throttled = responses.find(({ status }) => status === '429');
      if (!member(throttled?.node, 'headers') || !member(member(throttled?.node, 'headers'), 'Retry-After'))
        report(
          'ThrottlingNotDeclared',
          { node: member(node, 'responses') ?? node },
          `${name} does not declare 429 with Retry-After.`,
        );
    }
    if (long && description && !/^[A-Z].*[.!?)]$/s.test(long.trim()))
      report(
        'DescriptionNotSentence',
        { node: description },
        `The description of ${name} is not a sentence.`,
      );
    if (!summary || short === undefined || short.trim() === '') continue;
    const place = { node: summary };
    if (short.length > 80)
      report(
        'OperationSummaryTooLong',
        place,
        `The summary of ${name} has ${short.length} characters; 80 are allowed.`,
        short.length < 120 ? { variant: 'long' } : {},
      );
    const restricted = [...new Set(short.match(/[/\\<>*%&?]/g) ?? [])];
    if (restricted.length > 0)
      report(
        'RestrictedCharactersInSummary',
        place,
        `The summary ${quote(short)} contains ${restricted.join(' ')}.`,
        restricted.includes('/') ? { variant: 'slash' } : {},
      );
    else if (/[.,;:!?]$/.test(short.trim()))
      report(
        'SummaryEndsWithPunctuation',
        place,
        `The summary ${quote(short)} ends with "${short.trim().at(-1)}".`,
      );
    else if (/[^\p{L}\p{N} ()]/u.test(short))
      report(
        'SummaryHasOtherCharacters',
        place,
        `The summary ${quote(short)} contains "${/[^\p{L}\p{N} ()]/u.exec(short)?.[0]}".`,
      );
    if (!internal && long !== undefined && short.trim() === long.trim())
      report(
        'SummaryEqualsDescription',
        { node: description ?? node },
        `The description of ${name} repeats its summary.`,
      );
    if (!internal && trigger !== undefined && !/^when\b/i.test(short.trim()))
      report('TriggerSummaryWithoutWhen', place, `The summary of the trigger ${name} is ${quote(short)}.`);
  }
};

const hasNearly = (node: ObjectNode, key: string): boolean =>
  [...node.members.keys()].some((other) => nearest(other.toLowerCase(), [key], 3) !== undefined);

const checkParameterTexts = (definition: Definition, report: GroupReport): void => {
  const shown = new Set(
    definition.operations
      .filter(({ internal }) => !internal)
      .flatMap(({ parameters }) => parameters.map(({ node }) => node)),
  );
  for (const { node, location } of definition.parameters) {
    const place = textOf(member(node, 'in'));
    if (!shown.has(node) || location === 'bodyParameter' || place === 'formData' || isInternal(node))
      continue;
    const name = textOf(member(node, 'name')) ?? '';
    for (const [key, id] of [
      ['x-ms-summary', 'ParameterSummaryMissing'],
      ['description', 'ParameterDescriptionMissing'],
    ] as const) {
      const text = member(node, key);
      // ExtensionMisspelt says it where the key is only misspelt.
      if (text === undefined ? !hasNearly(node, key) : textOf(text)?.trim() === '')
        report(id, { node: text ?? node }, `The parameter "${name}" has no ${key}.`);
    }
  }
  for (const { node } of definition.uses('x-ms-summary')) {
    const length = textOf(node)?.length ?? 0;
    if (length > 80)
      report('FieldLengthExceeded', { node }, `The x-ms-summary has ${length} characters; 80 are allowed.`, {
        variant: 'label',
      });
  }
  for (const { node } of definition.schemas) {
    const properties = objectOf(member(node, 'properties'));
    if (properties === undefined || isTrue(member(node, 'readOnly'))) continue;
    for (const declared of properties.members.values()) {
      const property = definition.schema(declared);
      if (
        property &&
        !isInternal(property) &&
        !(textOf(member(property, 'x-ms-summary')) && textOf(member(property, 'description')))
      )
        report(
          'PropertyTextMissing',
          { node: declared },
          `"${declared.key}" lacks x-ms-summary or description.`,
        );
    }
  }
};

export const checkTexts = (connector: Connector, report: GroupReport): void => {
  const { definition } = connector;
  if (definition === undefined) return;
  checkAddress(connector, report);
  checkInfo(definition, report);
  checkMetadata(definition, report);
  checkOperationTexts(definition, report);
  checkParameterTexts(definition, report);
  for (const tag of itemsOf(member(definition.root, 'tags')))
    checkUrl(member(member(tag, 'externalDocs'), 'url'), report);
  for (const { node } of definition.uses('x-ms-docs'))
    for (const item of itemsOf(node)) checkUrl(member(item, 'url'), report);
};
