/**
 * What flow definitions are written with. Names of operations, parameters and outputs are those of the
 * contract, or the definition does not compile. Texts are tokens until a package is written, because
 * packages spell settings and connectors differently.
 */
import type { OperationById, OperationId, TriggerId } from '../../connector/contract/index.ts';
import type { NotificationOf, RequestOf, ResponseOf } from '../../connector/contract/operation.ts';
import type { Language } from '../../connector/texts/language.ts';
import type { Value, ValueObject } from '../expressions/values.ts';
import {
  type Draft,
  fromCode,
  quoted,
  rendered,
  type Setting,
  type SettingTarget,
  settingInLanguage,
  type Token,
} from './tokens.ts';

export {
  call,
  type Draft,
  html,
  property,
  type Setting,
  setting,
  shownNumber,
  shownTime,
  statusWord,
  type Token,
  text,
  wordFor,
  words,
} from './tokens.ts';

/** What a parameter may be given: a value of its type, a token, or a text made with {@link text}. */
type Input<T> = T | Token;

type BodyOf<Op> = RequestOf<Op>['body'];

/** The parameters of an operation as definitions name them: bare, and `body/…`. */
export type ParametersOf<Id extends OperationId> = {
  readonly [Key in keyof RequestOf<OperationById<Id>>['path']]: Input<
    RequestOf<OperationById<Id>>['path'][Key]
  >;
} & {
  readonly [Key in keyof RequestOf<OperationById<Id>>['query']]: Input<
    RequestOf<OperationById<Id>>['query'][Key]
  >;
} & {
  // The callback URL is the platform's to fill in.
  readonly [Key in keyof BodyOf<OperationById<Id>> as Key extends 'callbackUrl'
    ? never
    : `body/${Key & string}`]: Input<BodyOf<OperationById<Id>>[Key]>;
};

/** Connectors that our flows use. */
export type Api = 'customerInsights' | 'teams' | 'outlook';

/** An action or a trigger on a connector, before it is spelt for a package. */
export interface ConnectorUse {
  readonly api: Api;
  readonly operationId: string;
  readonly parameters: { readonly [key: string]: Draft };
}

export interface Step {
  /** Unique in the flow; underscores for blanks. */
  readonly name: string;
  readonly kind:
    | { readonly use: ConnectorUse }
    /** Of the language itself; `inputs` and whatever else the type has. */
    | { readonly type: string; readonly more: { readonly [key: string]: Draft } }
    | {
        readonly type: 'If';
        readonly expression: Draft;
        readonly yes: readonly Step[];
        readonly no: readonly Step[];
      }
    | {
        readonly type: 'Until';
        readonly expression: Token;
        readonly limit: { readonly count: number; readonly timeout: string };
        readonly steps: readonly Step[];
      };
  /** After what it runs; the step before, succeeded, where nothing is said. */
  readonly runAfter?: { readonly [name: string]: readonly string[] };
}

const outputOf = (name: string, key: string): Token =>
  fromCode(() => `body(${quoted(name)})?[${quoted(key)}]`);

export interface ConnectorStep<Id extends OperationId> extends Step {
  /** An output of the action. */
  readonly output: (key: keyof ResponseOf<OperationById<Id>> & string) => Token;
}

/** An action of our connector. */
export const action = <Id extends OperationId>(
  name: string,
  operationId: Id,
  parameters: ParametersOf<Id>,
): ConnectorStep<Id> => ({
  name,
  kind: {
    use: {
      api: 'customerInsights',
      operationId,
      parameters: parameters as { readonly [key: string]: Draft },
    },
  },
  output: (key) => outputOf(name, key),
});

/** An action of the language: Compose, Query, Table, Wait … */
export const dataAction = (
  name: string,
  type: string,
  inputs: Draft,
  more: { readonly [key: string]: Draft } = {},
): Step & { readonly body: Token } => ({
  name,
  kind: { type, more: { inputs, ...more } },
  body: fromCode(() => `body(${quoted(name)})`),
});

export const item = (key: string): Token => fromCode(() => `item()?[${quoted(key)}]`);

/** A message in a channel of Teams. */
export const postToChannel = (
  name: string,
  to: { readonly team: Token; readonly channel: Token },
  message: Token,
): Step => ({
  name,
  kind: {
    use: {
      api: 'teams',
      operationId: 'PostMessageToConversation',
      parameters: {
        poster: 'Flow bot',
        location: 'Channel',
        'body/recipient/groupId': to.team,
        'body/recipient/channelId': to.channel,
        'body/messageBody': message,
      },
    },
  },
});

/** An e-mail in HTML. */
export const sendMail = (
  name: string,
  mail: {
    readonly to: Token;
    readonly subject: Token;
    readonly body: Token;
    readonly importance?: 'Low' | 'Normal' | 'High';
  },
): Step => ({
  name,
  kind: {
    use: {
      api: 'outlook',
      operationId: 'SendEmailV2',
      parameters: {
        'emailMessage/To': mail.to,
        'emailMessage/Subject': mail.subject,
        'emailMessage/Body': mail.body,
        'emailMessage/Importance': mail.importance ?? 'Normal',
      },
    },
  },
});

/** What the payload of a trigger holds. */
export type EventOf<Id extends TriggerId> = (key: keyof NotificationOf<OperationById<Id>> & string) => Token;

const event = (key: string): Token => fromCode(() => `triggerBody()?[${quoted(key)}]`);

export interface FlowSource {
  /** File and command line: `teams-on-refresh-failed`. */
  readonly id: string;
  /** As makers see it. */
  readonly name: string;
  /** A sentence: what the flow does. */
  readonly description: string;
  readonly settings: readonly Setting[];
  readonly trigger: ConnectorUse & { readonly name: string };
  readonly steps: readonly Step[];
  /** English when absent; see {@link inLanguage}. */
  readonly language?: Language;
}

/** A flow that begins with a trigger of our connector. */
export const flow = <Id extends TriggerId>(declared: {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly settings: readonly Setting[];
  readonly trigger: {
    readonly name: string;
    readonly operationId: Id;
    readonly parameters: ParametersOf<Id>;
  };
  readonly steps: (event: EventOf<Id>) => readonly Step[];
}): FlowSource => ({
  ...declared,
  trigger: {
    api: 'customerInsights',
    name: declared.trigger.name,
    operationId: declared.trigger.operationId,
    parameters: declared.trigger.parameters as { readonly [key: string]: Draft },
  },
  steps: declared.steps(event),
});

/** How a package spells what differs between packages. */
export interface PackageTarget extends SettingTarget {
  readonly action: (use: ConnectorUse, parameters: ValueObject) => ValueObject;
  readonly trigger: (use: ConnectorUse, parameters: ValueObject) => ValueObject;
  /** The `parameters` of the definition, beside those that the target itself declares. */
  readonly parameters: (settings: readonly Setting[]) => ValueObject;
}

const node = (step: Step, target: PackageTarget): ValueObject => {
  const { kind } = step;
  if ('use' in kind) return target.action(kind.use, rendered(kind.use.parameters, target) as ValueObject);
  if ('yes' in kind)
    return {
      type: 'If',
      expression: rendered(kind.expression, target),
      actions: nodes(kind.yes, target),
      else: { actions: nodes(kind.no, target) },
    };
  if ('steps' in kind)
    return {
      type: 'Until',
      expression: rendered(kind.expression, target),
      limit: { ...kind.limit },
      actions: nodes(kind.steps, target),
    };
  return { type: kind.type, ...(rendered(kind.more, target) as ValueObject) };
};

const nodes = (steps: readonly Step[], target: PackageTarget): ValueObject =>
  Object.fromEntries(
    steps.map((step, index): [string, Value] => {
      const before = steps[index - 1];
      const runAfter = step.runAfter ?? (before === undefined ? {} : { [before.name]: ['Succeeded'] });
      const { type = null, ...rest } = node(step, target);
      return [step.name, { type, runAfter: rendered(runAfter, target), ...rest }];
    }),
  );

const schema =
  'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#';

/**
 * The same flow in another language: ids and names of actions stay, so that an import updates it.
 * @throws MissingText for its names; for the texts of its messages when its definition is made
 */
export const inLanguage = (source: FlowSource, language: Language): FlowSource => ({
  ...source,
  name: language.text(source.name),
  description: language.text(source.description),
  settings: source.settings.map((declared) => settingInLanguage(declared, language)),
  language,
});

/** The workflow definition of a flow for a package. @throws MissingText */
export const definitionFor = (source: FlowSource, packageTarget: PackageTarget): ValueObject => {
  const target = { ...packageTarget, ...(source.language && { language: source.language }) };
  return {
    $schema: schema,
    contentVersion: '1.0.0.0',
    parameters: target.parameters(source.settings),
    triggers: {
      [source.trigger.name]: target.trigger(
        source.trigger,
        rendered(source.trigger.parameters, target) as ValueObject,
      ),
    },
    actions: nodes(source.steps, target),
    outputs: {},
  };
};
