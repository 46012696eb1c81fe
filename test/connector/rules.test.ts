import { describe, expect, it } from 'vitest';
import { emitted } from './emitted.ts';
import { type RuleName, rules } from './rules/index.ts';

/**
 * One damage per rule, applied to our own output, that the rule must notice: without it a rule that finds nothing
 * would prove nothing. Reached by keys, because the damaged thing no longer has the type of the good one.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Damaged = any;

const paths = '/datasets/{dataset}';
const trigger = `${paths}/subscriptions/segment-threshold-crossed`;
const failed = `${paths}/subscriptions/data-source-refresh-failed`;
const items = `${paths}/tables/{table}/items`;

const post = ({ definition }: Damaged) => definition.paths[trigger].post;
const body = (connector: Damaged) => post(connector).parameters.at(-1).schema;
const get = ({ definition }: Damaged) => definition.paths[items].get;
const policy = ({ properties }: Damaged, id: string) =>
  properties.policyTemplateInstances.find(({ templateId }: Damaged) => templateId === id);

const damages: Readonly<Record<RuleName, (connector: Damaged) => void>> = {
  titleIsAdmissible: ({ definition }) => {
    definition.info.title = 'Customer Insights Connector';
  },
  descriptionIsAdmissible: ({ definition }) => {
    definition.info.description = 'Short.';
  },
  summariesAreShortAndUnpunctuated: (connector) => {
    get(connector).summary += '.';
  },
  triggerSummariesBeginWithWhen: (connector) => {
    post(connector).summary = 'Segment threshold crossed';
  },
  descriptionsAreSentencesOfTheirOwn: (connector) => {
    get(connector).description = get(connector).summary;
  },
  visibleValuesHaveTexts: ({ definition }) => {
    delete definition.definitions.SegmentThresholdCrossed.properties.threshold.description;
  },
  operationIdsArePascalCaseAndUnique: (connector) => {
    get(connector).operationId = 'get_items';
  },
  pathParametersAreDeclaredRequiredAndEncoded: (connector) => {
    delete get(connector).parameters[0]['x-ms-url-encoding'];
  },
  queryParametersAreNotEncoded: (connector) => {
    get(connector).parameters[2]['x-ms-url-encoding'] = 'single';
  },
  parametersAreDistinct: (connector) => {
    get(connector).parameters.push(get(connector).parameters[0]);
  },
  readsAndDeletesCarryNoBody: (connector) => {
    get(connector).parameters.push(post(connector).parameters.at(-1));
  },
  pathsAreDistinct: ({ definition }) => {
    definition.paths['/Datasets/{instance}/tables/{table}/items'] = definition.paths[items];
  },
  visibleOperationsAnswerWithASchema: (connector) => {
    delete get(connector).responses[200].schema;
  },
  onlySuccessHasASchema: (connector) => {
    get(connector).responses.default.schema = { type: 'object' };
  },
  throttlingIsDeclared: (connector) => {
    delete get(connector).responses[429].headers;
  },
  referencesResolveAndStandAlone: (connector) => {
    get(connector).responses[200].schema.description = 'beside a reference';
  },
  definitionsAreUsed: ({ definition }) => {
    definition.definitions.Forgotten = { type: 'object' };
  },
  keywordsAreSupported: (connector) => {
    body(connector).properties.threshold.type = ['number', 'null'];
  },
  extensionsAreKnown: (connector) => {
    body(connector).properties.threshold['x-ms-visbility'] = 'advanced';
  },
  formatsAreKnown: (connector) => {
    body(connector).properties.threshold.format = 'decimal';
  },
  requiredNamesExist: (connector) => {
    body(connector).required.push('absent');
  },
  listsHaveItems: ({ definition }) => {
    delete definition.definitions.ItemPage.properties.value.items;
  },
  wordsAndDefaultsFitTheirType: (connector) => {
    body(connector).properties.threshold.default = '1';
  },
  addressIsPlain: ({ definition }) => {
    definition.host = 'https://example.com';
  },
  contentIsJson: ({ definition }) => {
    definition.consumes = ['text/html'];
  },
  securityIsDefined: ({ definition }) => {
    definition.security = [{ oauth2_auth: ['another'] }];
  },
  metadataIsComplete: ({ definition }) => {
    definition['x-ms-connector-metadata'].pop();
  },
  sizesAreWithinLimits: ({ definition }) => {
    definition.info.description = 'x'.repeat(500_001);
  },
  dynamicReferencesResolve: (connector) => {
    body(connector).properties.segment['x-ms-dynamic-values']['value-title'] = 'absent';
  },
  bodyReferencesHaveTheNewerNotation: (connector) => {
    body(connector).properties.segment['x-ms-dynamic-values'].parameters.dataset = { parameter: 'threshold' };
  },
  webhookChainIsComplete: ({ definition }) => {
    delete definition.paths[failed]['x-ms-notification-content'];
  },
  internalInputsCanBeSent: (connector) => {
    body(connector).properties.threshold['x-ms-visibility'] = 'internal';
  },
  pagesGoThroughTheConnector: (connector) => {
    policy(connector, 'updatenextlink').parameters['x-ms-apimTemplate-operationName'] = [];
  },
  connectionTestNeedsNothing: ({ definition }) => {
    definition['x-ms-capabilities'] = { testConnection: { operationId: 'GetItems', parameters: {} } };
  },
  policiesNameOperationsThatExist: (connector) => {
    policy(connector, 'updatenextlink').parameters['x-ms-apimTemplate-operationName'] = ['GetNothing'];
  },
  policiesHaveTheKeysOfTheirTemplate: (connector) => {
    delete policy(connector, 'setheader').parameters['x-ms-apimTemplateParameter.value'];
  },
  disconnectingNeedsAConnectionTest: ({ definition }) => {
    delete definition['x-ms-capabilities'];
  },
  brandColourIsAdmissible: ({ properties }) => {
    properties.iconBrandColor = '#007ee5';
  },
  noSecretIsWritten: ({ properties }) => {
    properties.connectionParameters.token.oAuthSettings.clientSecret = 'invented';
  },
  signInIsAsReviewersWantIt: ({ properties }) => {
    properties.connectionParameters.token.oAuthSettings.redirectMode = 'Global';
  },
};

describe.each(Object.entries(rules))('%s', (name, rule) => {
  it('holds for our connector', () => {
    expect(rule(emitted())).toEqual([]);
  });

  it('notices a connector that breaks it', () => {
    const connector = emitted();
    damages[name as RuleName](connector);
    expect(rule(connector)).not.toEqual([]);
  });
});
