/** Rules about what makers read (coding standards, connector-string-guidance, certification-submission). */
import { operationsIn, plainParameters, type Rule, schemasOf } from './walk.ts';

const products = /Power (Automate|Apps|Platform|BI)|Logic Apps|Copilot Studio/i;

export const titleIsAdmissible: Rule = ({ definition: { info } }) => [
  ...(info.title.length > 30 ? [`the title has ${info.title.length} characters`] : []),
  ...(/\b(API|Connector)\b/i.test(info.title) || products.test(info.title)
    ? ['the title has a restricted word']
    : []),
  ...(/[A-Za-z0-9]$/.test(info.title) ? [] : ['the title does not end with a letter or digit']),
];

export const descriptionIsAdmissible: Rule = ({ definition: { info } }) => [
  ...(info.description.length < 30 || info.description.length > 500
    ? [`the description has ${info.description.length} characters`]
    : []),
  ...(products.test(info.description) ? ['the description names a product'] : []),
];

export const summariesAreShortAndUnpunctuated: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation: { operationId, summary } }) => [
    ...(summary.length > 80 || summary.length === 0 ? [`${operationId}: ${summary.length} characters`] : []),
    ...(/^[A-Z][A-Za-z0-9 ()]*$/.test(summary) ? [] : [`${operationId}: "${summary}" has other characters`]),
  ]);

export const triggerSummariesBeginWithWhen: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation }) =>
    operation['x-ms-trigger'] && !operation.summary.startsWith('When a')
      ? [`${operation.operationId}: "${operation.summary}"`]
      : [],
  );

export const descriptionsAreSentencesOfTheirOwn: Rule = ({ definition }) =>
  operationsIn(definition).flatMap(({ operation: { operationId, summary, description } }) =>
    description !== summary && /^[A-Z].*\.$/.test(description) ? [] : [`${operationId}: "${description}"`],
  );

export const visibleValuesHaveTexts: Rule = ({ definition }) =>
  operationsIn(definition).flatMap((found) => {
    if (found.operation['x-ms-visibility'] === 'internal') return [];
    const { operationId } = found.operation;
    return [
      ...plainParameters(found.operation).map((schema) => ({
        place: `${operationId} ${schema.name}`,
        schema,
      })),
      // The root of a body or response has no label of its own.
      ...schemasOf(definition, found).filter(({ place }) => place.includes('.')),
    ]
      .filter(({ place, schema }) => {
        const label = schema['x-ms-summary'] ?? '';
        // The items of a list are called by the list.
        if (place.endsWith('[]')) return false;
        return label === '' || label.length > 80 || !/^[A-Z]/.test(label) || !schema.description;
      })
      .map(({ place }) => place);
  });
