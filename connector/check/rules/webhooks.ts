/** Triggers: the life cycle of webhooks, polling, paging. */
import type { Connector } from '../connector.ts';
import type { Definition, Operation } from '../definition-view.ts';
import { childSchemas, isInternal } from '../definition-view.ts';
import {
  isTrue,
  type JsonNode,
  member,
  membersOf,
  type ObjectNode,
  pointerOf,
  textOf,
  textsOf,
} from '../positioned-json.ts';
import type { Details, Report } from '../report.ts';
import { official, rule, sources } from '../rule.ts';

type GroupReport = Report<keyof typeof webhookRules>;

export const webhookRules = {
  NotificationUrlNotAllowedInThisPosition: official(
    'error',
    'The callback URL is a property of a body.',
    'Move x-ms-notification-url to a property of the body parameter.',
  ),
  NotificationUrlNotInternal: official(
    'error',
    'The callback URL, or an object around it, is internal.',
    'Write "x-ms-visibility": "internal" at the property.',
  ),
  NotificationUrlNotRequired: official(
    'error',
    'The callback URL is required, and so is every object around it.',
    'Name the property in "required" of the object that contains it.',
  ),
  NotificationUrlNotString: official(
    'error',
    'The callback URL is of type string.',
    'Write "type": "string".',
    { variants: { untyped: { severity: 'warning', when: 'no type at all' } } },
  ),
  OperationMustHaveNotificationContentExtension: official(
    'error',
    'An operation with a callback URL has x-ms-notification-content on its path item.',
    'Add x-ms-notification-content with the schema of what is sent to the callback URL.',
    { variants: { action: { severity: 'warning', when: 'an operation without x-ms-trigger' } } },
  ),
  WebhookOperationsMissingNotificationUrlProperty: official(
    ['warning', 'error'],
    'A trigger with x-ms-notification-content has a callback URL.',
    'Add a property of the body with "x-ms-notification-url": true.',
  ),
  NotificationExtensionSupportedForTriggerOnly: official(
    'warning',
    'x-ms-notification is on a trigger.',
    'Remove it, or add x-ms-trigger.',
  ),
  NotificationExtensionNotSupportedInWebhookOperation: official(
    'warning',
    'x-ms-notification is on a trigger that is not a webhook.',
    'Remove it.',
  ),
  NotificationOperationMustBeWebhook: official(
    'warning',
    'x-ms-notification names a webhook.',
    'Name an operation with a callback URL.',
  ),
  ParamtersWithSameNameMustHaveSameTypeAndVisibility: official(
    'warning',
    'Parameters of one name have the same type and visibility in the trigger and in the webhook it names.',
    'Declare them alike.',
  ),
  WebhookTriggerNotSingle: rule(
    'error',
    'A trigger with a callback URL is "single".',
    'Write "x-ms-trigger": "single": a callback carries one object.',
    sources.webhook,
  ),
  NotificationContentWithoutSchema: rule(
    'warning',
    'x-ms-notification-content has a schema that says something.',
    'Describe what is sent to the callback URL: these are the outputs of the trigger.',
    sources.webhook,
  ),
  WebhookWithoutDelete: rule(
    'info',
    'A definition with webhooks has an operation that deletes a subscription.',
    'Add an internal DELETE for the URL that the service returns in Location.',
    sources.webhook,
  ),
  WebhookDeleteVisible: rule(
    'info',
    'The operation that deletes a subscription is internal.',
    'Write "x-ms-visibility": "internal".',
    sources.webhook,
  ),
  WebhookNotCreated: rule(
    'info',
    'A registration answers with 201.',
    'Declare 201, and answer with it: the platform expects it.',
    sources.webhook,
  ),
  TriggerBatchWithoutArray: rule(
    'info',
    'A trigger that is "batch" answers with an array, or with an object that contains one.',
    'Correct the schema of the response, or write "single".',
    sources.extensions,
  ),
  WebhookWithoutLocation: rule(
    'info',
    'The registration declares the header Location.',
    'Declare it at the 201. The service has to send it in any case.',
    sources.webhook,
  ),
  TriggerSingleOnGet: rule(
    'info',
    'A polling trigger is "batch".',
    'Write "x-ms-trigger": "batch" where the response is a list.',
    sources.extensions,
  ),
  InvalidNextLinkNameValue: official(
    'error',
    'nextLinkName is "nextLink" or "@odata.nextLink".',
    'Let the service answer with one of the two names.',
  ),
  NextLinkPropertyMissing: rule(
    'warning',
    'The response of a pageable operation has the property that nextLinkName names.',
    'Add the property to the schema of the response.',
    sources.extensions,
  ),
} as const;

interface CallbackUrl {
  readonly node: ObjectNode;
  readonly declared: JsonNode;
  readonly internal: boolean;
  readonly required: boolean;
}

/** The callback URLs in a body, with what holds along the way to them. */
const callbackUrls = (definition: Definition, operation: Operation): readonly CallbackUrl[] => {
  const found: CallbackUrl[] = [];
  const seen = new Set<ObjectNode>();
  const root = operation.body && member(operation.body.node, 'schema');
  if (root === undefined || operation.body === undefined) return found;
  const waiting = [{ declared: root, internal: isInternal(operation.body.node), required: true }];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const node = definition.schema(at.declared);
    if (node === undefined || seen.has(node)) continue;
    seen.add(node);
    const internal = at.internal || isInternal(node) || isInternal(at.declared);
    if (isTrue(node.members.get('x-ms-notification-url')))
      found.push({ node, declared: at.declared, internal, required: at.required });
    const required = textsOf(node.members.get('required'));
    const properties = new Set(membersOf(node.members.get('properties')).values());
    for (const child of childSchemas(node))
      waiting.push({
        declared: child,
        internal,
        required: at.required && (!properties.has(child) || required.includes(child.key)),
      });
  }
  return found;
};

const isEmpty = (schema: ObjectNode): boolean =>
  ![
    'properties',
    'items',
    'allOf',
    'additionalProperties',
    'x-ms-dynamic-schema',
    'x-ms-dynamic-properties',
  ].some((key) => schema.members.has(key)) &&
  [undefined, 'object', 'array'].includes(textOf(schema.members.get('type')));

const checkCallbacks = (
  definition: Definition,
  report: GroupReport,
): ReadonlyMap<Operation, readonly CallbackUrl[]> => {
  const webhooks = new Map<Operation, readonly CallbackUrl[]>();
  const placed = new Set<ObjectNode>();
  const any = definition.uses('x-ms-notification-url').length > 0;
  const reported = new Set<string>();
  for (const operation of any ? definition.operations : []) {
    const urls = callbackUrls(definition, operation);
    if (urls.length === 0) continue;
    webhooks.set(operation, urls);
    for (const { node, declared, internal, required } of urls) {
      placed.add(node);
      const once = (
        id: 'NotificationUrlNotString' | 'NotificationUrlNotInternal' | 'NotificationUrlNotRequired',
        at: JsonNode,
        message: string,
        details: Details = {},
      ) => {
        // Several operations may share the schema.
        const key = `${id} ${pointerOf(at)}`;
        if (!reported.has(key)) report(id, { node: at }, message, details);
        reported.add(key);
      };
      const type = node.members.get('type');
      if (textOf(type) !== 'string')
        once(
          'NotificationUrlNotString',
          type ?? node,
          `"${declared.key}" of ${operation.name} is ${type ? `of type ${textOf(type) ?? type.type}` : 'without type'}.`,
          type ? {} : { variant: 'untyped' },
        );
      if (!internal)
        once('NotificationUrlNotInternal', declared, `"${declared.key}" of ${operation.name} is visible.`);
      if (!required)
        once(
          'NotificationUrlNotRequired',
          declared,
          `"${declared.key}" of ${operation.name}, or an object around it, is optional.`,
        );
    }
  }
  for (const { node, holder, location } of definition.uses('x-ms-notification-url'))
    if (
      isTrue(node) &&
      (location !== 'schema' || (!placed.has(holder) && isUsedElsewhere(definition, holder)))
    )
      report(
        'NotificationUrlNotAllowedInThisPosition',
        { node, key: true },
        'The callback URL is not in a body.',
      );
  return webhooks;
};

/** Whether a schema outside every body is used at all: an unused definition is not a mistake of the webhook. */
const isUsedElsewhere = (definition: Definition, holder: ObjectNode): boolean => {
  const roots = definition.operations.flatMap(({ responses, item }) => [
    ...responses.map(({ node }) => member(node, 'schema')),
    member(member(item, 'x-ms-notification-content'), 'schema'),
  ]);
  return definition.below(roots).has(holder);
};

const checkNotifications = (
  definition: Definition,
  webhooks: ReadonlyMap<Operation, readonly CallbackUrl[]>,
  report: GroupReport,
): void => {
  const contents = new Set<JsonNode>();
  for (const operation of definition.operations) {
    const { trigger, item, node } = operation;
    const urls = webhooks.get(operation);
    const content = member(item, 'x-ms-notification-content');
    const declared = member(node, 'x-ms-trigger');
    if (urls && content === undefined)
      report(
        'OperationMustHaveNotificationContentExtension',
        { node },
        `${operation.name} has ${urls.length === 1 ? 'a callback URL' : `${urls.length} callback URLs`} and its path no x-ms-notification-content.`,
        trigger === undefined ? { variant: 'action' } : {},
      );
    if (urls && trigger === 'batch' && declared)
      report(
        'WebhookTriggerNotSingle',
        { node: declared },
        `${operation.name} has a callback URL and is "batch".`,
      );
    if (
      !urls &&
      trigger !== undefined &&
      content &&
      !isOpenBody(definition, operation) &&
      !operation.parameters.some((parameter) => parameter.node.members.has('x-ms-notification-url')) &&
      !['get', 'delete'].includes(operation.method)
    )
      report(
        'WebhookOperationsMissingNotificationUrlProperty',
        { node },
        `${operation.name} is a trigger with x-ms-notification-content and has no callback URL.`,
      );
    if (content && !contents.has(content)) {
      contents.add(content);
      const schema = definition.schema(member(content, 'schema'));
      if (
        content.type === 'object' &&
        (member(content, 'schema') === undefined || (schema && isEmpty(schema)))
      )
        report(
          'NotificationContentWithoutSchema',
          { node: member(content, 'schema') ?? content },
          `What "${operation.path}" sends is not described.`,
        );
    }
    if (trigger === 'single' && operation.method === 'get' && declared)
      report('TriggerSingleOnGet', { node: declared }, `${operation.name} polls and is "single".`);
    if (
      urls &&
      trigger &&
      operation.responses.length > 0 &&
      !operation.responses.some(({ status }) => status === '201')
    )
      report(
        'WebhookNotCreated',
        { node: member(node, 'responses') ?? node },
        `${operation.name} declares ${operation.responses.map(({ status }) => status).join(', ')} and not 201.`,
      );
    if (!urls && trigger === 'batch' && declared && lacksArray(definition, operation))
      report(
        'TriggerBatchWithoutArray',
        { node: declared },
        `${operation.name} is "batch", and its response contains no array.`,
      );
    if (
      urls &&
      trigger &&
      !operation.responses.some((response) =>
        [...membersOf(member(response.node, 'headers')).keys()].some(
          (name) => name.toLowerCase() === 'location',
        ),
      )
    )
      report(
        'WebhookWithoutLocation',
        { node: member(node, 'responses') ?? node },
        `${operation.name} does not declare the header Location.`,
      );
  }
  checkFetches(definition, webhooks, report);
};

const lacksArray = (definition: Definition, operation: Operation): boolean => {
  const root = definition.schema(definition.success(operation));
  const properties = [...membersOf(root?.members.get('properties')).values()];
  return (
    textOf(root?.members.get('type')) === 'object' &&
    properties.length > 0 &&
    properties.every(
      (property) => !['array', undefined].includes(textOf(member(definition.schema(property), 'type'))),
    )
  );
};

/** A body whose schema does not say its properties may hold the callback URL. */
const isOpenBody = (definition: Definition, operation: Operation): boolean => {
  if (operation.body === undefined) return false;
  const schema = definition.schema(member(operation.body.node, 'schema'));
  return (
    schema === undefined ||
    schema.members.has('x-ms-dynamic-schema') ||
    schema.members.has('x-ms-dynamic-properties')
  );
};

const checkFetches = (
  definition: Definition,
  webhooks: ReadonlyMap<Operation, unknown>,
  report: GroupReport,
): void => {
  for (const { node, operation } of definition.uses('x-ms-notification')) {
    if (operation === undefined) continue;
    const id = member(node, 'operationId');
    if (operation.trigger === undefined)
      report(
        'NotificationExtensionSupportedForTriggerOnly',
        { node, key: true },
        `${operation.name} is not a trigger.`,
      );
    if (webhooks.has(operation))
      report(
        'NotificationExtensionNotSupportedInWebhookOperation',
        { node, key: true },
        `${operation.name} is a webhook itself.`,
      );
    const target = definition.byId.get(textOf(id) ?? '');
    if (target === undefined || id === undefined) continue;
    if (!webhooks.has(target))
      report('NotificationOperationMustBeWebhook', { node: id }, `${target.name} has no callback URL.`);
    for (const parameter of operation.parameters) {
      const other = target.parameters.find(
        (candidate) => candidate.name === parameter.name && candidate.in !== 'body',
      );
      const differs = (key: string) =>
        textOf(member(parameter.node, key)) !== textOf(member(other?.node, key));
      if (other && parameter.in !== 'body' && (differs('type') || differs('x-ms-visibility')))
        report(
          'ParamtersWithSameNameMustHaveSameTypeAndVisibility',
          { node: parameter.declared },
          `"${parameter.name}" differs in type or visibility between ${operation.name} and ${target.name}.`,
        );
    }
  }
};

const checkDeletes = (
  definition: Definition,
  webhooks: ReadonlyMap<Operation, unknown>,
  report: GroupReport,
): void => {
  const first = [...webhooks.keys()].find(({ trigger }) => trigger !== undefined);
  if (first === undefined) return;
  const deletes = definition.operations.filter(({ method }) => method === 'delete');
  if (deletes.length === 0)
    report(
      'WebhookWithoutDelete',
      { node: first.node },
      `${first.name} registers a webhook, and no operation is a DELETE.`,
    );
  const [only] = deletes;
  if (deletes.length === 1 && only && !only.internal)
    report('WebhookDeleteVisible', { node: only.node }, `${only.name} is visible to makers.`);
};

export const nextLinkNames: readonly string[] = ['nextLink', '@odata.nextLink'];

const checkPages = (definition: Definition, report: GroupReport): void => {
  for (const { node, operation } of definition.uses('x-ms-pageable')) {
    const name = member(node, 'nextLinkName');
    if (operation === undefined || name?.type !== 'string') continue;
    if (!nextLinkNames.includes(name.value))
      report(
        'InvalidNextLinkNameValue',
        { node: name },
        `"${name.value}" is neither "nextLink" nor "@odata.nextLink".`,
      );
    else if (definition.at(definition.success(operation), [name.value]) === 'missing')
      report(
        'NextLinkPropertyMissing',
        { node: name },
        `The response of ${operation.name} has no "${name.value}".`,
      );
  }
};

export const checkWebhooks = ({ definition }: Connector, report: GroupReport): void => {
  if (definition === undefined) return;
  const webhooks = checkCallbacks(definition, report);
  checkNotifications(definition, webhooks, report);
  checkDeletes(definition, webhooks, report);
  checkPages(definition, report);
};
