/** Changes in the operations: their list, and the inputs and outputs of each. */

import {
  type CanonicalConnector,
  type CanonicalOperation,
  isSuccess,
  mainAnswer,
} from '../canonical/connector.ts';
import {
  breaking,
  type Change,
  compatible,
  cosmetic,
  type Finding,
  keywordChanges,
  present,
  textChange,
} from './change.ts';
import { compareInputs } from './compare-inputs.ts';
import { compareShapes } from './compare-shapes.ts';
import { rootLocation } from './value-location.ts';

const answerLocation = rootLocation('output', 'The output', 'The answer');
const eventLocation = rootLocation('output', 'The output of the event', 'The event');

const kindOf = ({ trigger }: CanonicalOperation): string =>
  trigger === null
    ? 'an action'
    : trigger === 'batch'
      ? 'a trigger for lists'
      : 'a trigger for single events';

const compareKind = (before: CanonicalOperation, after: CanonicalOperation): Finding | null =>
  before.trigger === after.trigger
    ? null
    : breaking(
        'trigger-kind',
        `It is now ${kindOf(after)}; it was ${kindOf(before)}. Flows that start with it or use it can no longer be saved.`,
      );

const comparePath = (before: CanonicalOperation, after: CanonicalOperation): Finding | null => {
  if (before.route === after.route) return null;
  return breaking(
    'path',
    `It is now called at ${after.method} ${after.path}; it was called at ${before.method} ${before.path}.`,
  );
};

const comparePaging = (before: CanonicalOperation, after: CanonicalOperation): Finding | null => {
  if (before.nextLink === after.nextLink) return null;
  if (after.nextLink === null)
    return breaking(
      'paging',
      'It can no longer be paged. Flows with paging switched on get the first page only.',
    );
  return compatible(
    'paging',
    before.nextLink === null
      ? 'It can be paged now.'
      : `The link to the next page is now in ${after.nextLink}; it was in ${before.nextLink}.`,
  );
};

const compareVisibility = (before: CanonicalOperation, after: CanonicalOperation): Finding | null => {
  if (before.shown === after.shown) return null;
  if (after.shown === 'internal')
    return compatible('operation-hidden', 'Makers no longer find it; flows that use it continue to work.');
  if (before.shown === 'internal') return compatible('operation-shown', 'Makers now find it; it was hidden.');
  return cosmetic('operation-visibility', `It is now shown as ${after.shown}; it was ${before.shown}.`);
};

const compareNotification = (before: CanonicalOperation, after: CanonicalOperation): readonly Finding[] => {
  if (before.notification && after.notification)
    return compareShapes(before.notification, after.notification, eventLocation);
  // If an operation is no longer a trigger, the change of its kind already reports the loss of its event.
  if (before.trigger !== after.trigger) return [];
  return present(
    before.notification &&
      breaking('event-removed', 'The event is no longer described; later steps lose its values.'),
    after.notification && compatible('event-added', 'The event is now described.'),
  );
};

const compareAnswers = (before: CanonicalOperation, after: CanonicalOperation): readonly Finding[] => {
  const [old, young] = [mainAnswer(before), mainAnswer(after)];
  const statuses = (operation: CanonicalOperation) =>
    [...operation.answers.values()].filter(isSuccess).map(({ status }) => status);
  const lost = statuses(before).filter((status) => !statuses(after).includes(status));
  const gained = statuses(after).filter((status) => !statuses(before).includes(status));
  const errors = [...new Set([...before.answers.keys(), ...after.answers.keys()])].filter(
    (status) => !status.startsWith('2'),
  );
  return [
    ...present(
      lost.length > 0 &&
        breaking(
          'status',
          `It no longer answers ${lost.join(', ')}${gained.length > 0 ? `, but ${gained.join(', ')}` : ''}.`,
        ),
      lost.length === 0 &&
        gained.length > 0 &&
        compatible('status', `It may answer ${gained.join(', ')} too.`),
      old?.schema &&
        !young?.schema &&
        breaking('output-removed', 'The response is no longer described; later steps lose its values.'),
      !old?.schema && young?.schema && compatible('output-added', 'The response is now described.'),
      old &&
        young &&
        textChange('answer-description', 'The description of the answer', old.description, young.description),
      old &&
        young &&
        old.headers !== young.headers &&
        compatible('headers', 'Other headers of the answer are described.'),
    ),
    ...(old?.schema && young?.schema ? compareShapes(old.schema, young.schema, answerLocation) : []),
    ...errors.flatMap((status) => {
      const [earlier, later] = [before.answers.get(status), after.answers.get(status)];
      if (earlier === old && later === young && earlier !== undefined) return [];
      const what = status === 'default' ? 'any other response' : `the error ${status}`;
      const [was, is] = [earlier?.schema, later?.schema];
      const described = present(
        earlier === undefined && cosmetic('error-described', `A description of ${what} was added.`),
        later === undefined && cosmetic('error-described', `The description of ${what} was removed.`),
        earlier &&
          later &&
          textChange('error-described', `The description of ${what}`, earlier.description, later.description),
        was &&
          !is &&
          breaking(
            'error-schema',
            `The body of ${what} is no longer described; steps that handle it lose its values.`,
          ),
        !was && is && compatible('error-schema', `The body of ${what} is now described.`),
        earlier &&
          later &&
          earlier.headers !== later.headers &&
          compatible('headers', `Other headers of ${what} are described.`),
      );
      return was && is
        ? [...described, ...compareShapes(was, is, rootLocation('output', `The output of ${what}`, what))]
        : described;
    }),
  ];
};

const compareMediaTypes = (before: CanonicalOperation, after: CanonicalOperation): readonly Finding[] =>
  (['consumes', 'produces'] as const).flatMap((key) => {
    const [old, young] = [before.mediaTypes[key], after.mediaTypes[key]];
    if (old.join() === young.join()) return [];
    const text = `It now ${key === 'consumes' ? 'takes' : 'gives'} ${young.join(', ')}; before, ${old.join(', ')}.`;
    // Flows send and read JSON; no flow uses any other type that both sides know.
    const speaksJson = old.includes('application/json') && young.includes('application/json');
    return [
      speaksJson || old.every((type) => young.includes(type))
        ? compatible('media-type', text)
        : breaking('media-type', text),
    ];
  });

const compareOperation = (before: CanonicalOperation, after: CanonicalOperation): readonly Finding[] => [
  ...present(
    compareKind(before, after),
    comparePath(before, after),
    comparePaging(before, after),
    before.security !== after.security && breaking('operation-sign-in', 'It now requires another sign-in.'),
    !before.deprecated && after.deprecated && compatible('deprecated', 'It is marked as deprecated now.'),
    before.deprecated && !after.deprecated && compatible('deprecated', 'It is no longer deprecated.'),
  ),
  ...compareInputs(before, after),
  ...compareNotification(before, after),
  ...compareAnswers(before, after),
  ...compareMediaTypes(before, after),
  ...keywordChanges('operation-keyword', '', before.others, after.others),
  ...present(
    compareVisibility(before, after),
    textChange('operation-summary', 'The name', before.summary, after.summary),
    textChange('operation-description', 'The description', before.description, after.description),
    textChange('operation-hint', 'The hint', before.hint, after.hint),
  ),
];

const ofOperation =
  ({ operationId, summary }: CanonicalOperation) =>
  (found: Finding): Change => ({ ...found, operation: { operationId, summary } });

export const compareOperations = (
  before: CanonicalConnector,
  after: CanonicalConnector,
): readonly Change[] => {
  const lost = [...before.operations.values()].filter(
    ({ operationId }) => !after.operations.has(operationId),
  );
  const gained = [...after.operations.values()].filter(
    ({ operationId }) => !before.operations.has(operationId),
  );
  const renames = new Map(
    lost.flatMap((old) => {
      const young = gained.find(({ route }) => route === old.route);
      return young ? [[old, young] as const] : [];
    }),
  );
  const renamedTo = new Set(renames.values());
  return [
    ...lost
      .filter((old) => !renames.has(old))
      .map((old) =>
        ofOperation(old)(breaking('operation-removed', 'It was removed. Flows that use it fail.')),
      ),
    ...[...renames].flatMap(([old, young]) =>
      [
        breaking(
          'operation-renamed',
          `Its operation id is now ${young.operationId}; it was ${old.operationId}. Existing flows use the old one.`,
        ),
        ...compareOperation(old, young),
      ].map(ofOperation(old)),
    ),
    ...[...before.operations.values()].flatMap((old) => {
      const young = after.operations.get(old.operationId);
      return young ? compareOperation(old, young).map(ofOperation(old)) : [];
    }),
    ...gained
      .filter((young) => !renamedTo.has(young))
      .map((young) => ofOperation(young)(compatible('operation-added', 'It is new.'))),
  ];
};
