/**
 * What flow definitions are written with. Names of operations, parameters and outputs are those of the contract, or the definition
 * does not compile. Texts are tokens until a package is written, because packages spell settings and connectors differently.
 */
import type { OperationById, OperationId, TriggerId } from '../../connector/contract/index.ts';
import type { NotificationOf, RequestOf, ResponseOf } from '../../connector/contract/operation.ts';
import type { Value, ValueObject } from '../expressions/values.ts';

/** What a token is in a definition. */
export type Rendered =
  /** An expression, without its `@`. */
  | { readonly as: 'expression'; readonly code: string }
  | { readonly as: 'value'; readonly value: string | number | boolean }
  /** A text with expressions in it, ready. */
  | { readonly as: 'text'; readonly text: string };

export interface Token {
  readonly render: (target: SettingTarget) => Rendered;
}

/** Where a value that each organisation sets comes from: an environment variable, a literal, an ARM parameter. */
export interface SettingTarget {
  readonly setting: (setting: Setting) => Rendered;
}

/** A value that each organisation sets. */
export interface Setting {
  /** Letters and digits; part of the schema name of an environment variable. */
  readonly key: string;
  readonly type: 'string' | 'number';
  readonly displayName: string;
  readonly description: string;
  /** An invented value of the right form: without any a flow could not be turned on. */
  readonly example: string | number;
}

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

const isToken = (value: unknown): value is Token =>
  typeof value === 'object' && value !== null && 'render' in value && typeof value.render === 'function';

/** A value within a definition: plain JSON with tokens in it. */
export type Draft =
  | null
  | string
  | number
  | boolean
  | Token
  | readonly Draft[]
  | { readonly [key: string]: Draft };

/** "@" begins an expression, so a text that is none has it twice. */
const escaped = (text: string): string => text.replace(/^@/, '@@').replaceAll('@{', '@@{');

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A token as an argument of a function. */
const argument = (value: Token | string | number | boolean | null, target: SettingTarget): string => {
  if (!isToken(value)) return typeof value === 'string' ? quoted(value) : String(value);
  const rendered = value.render(target);
  switch (rendered.as) {
    case 'expression':
      return rendered.code;
    case 'value':
      return typeof rendered.value === 'string' ? quoted(rendered.value) : String(rendered.value);
    case 'text':
      throw new Error('A text with expressions in it cannot be an argument; use call("concat", …).');
  }
};

const fromCode = (code: (target: SettingTarget) => string): Token => ({
  render: (target) => ({ as: 'expression', code: code(target) }),
});

/** A call of a function of the language. */
export const call = (name: string, ...args: readonly (Token | string | number | boolean | null)[]): Token =>
  fromCode((target) => `${name}(${args.map((one) => argument(one, target)).join(', ')})`);

/** A property that may be missing. */
export const property = (token: Token, name: string): Token =>
  fromCode((target) => `${argument(token, target)}?[${quoted(name)}]`);

export const setting = (declared: Setting): Token => ({ render: (target) => target.setting(declared) });

/** A text with tokens in it: text`The segment ${event('segmentName')} has grown.` */
export const text = (strings: TemplateStringsArray, ...tokens: readonly Token[]): Token => ({
  render: (target) => {
    const parts = strings.map((plain, index) => {
      const token = tokens[index];
      const before = index === 0 ? escaped(plain) : plain.replaceAll('@{', '@@{');
      if (token === undefined) return before;
      const rendered = token.render(target);
      return (
        before +
        (rendered.as === 'expression'
          ? `@{${rendered.code}}`
          : rendered.as === 'text'
            ? rendered.text
            : String(rendered.value).replaceAll('@{', '@@{'))
      );
    });
    return { as: 'text', text: parts.join('') };
  },
});

/** For a text in HTML: what comes from the source cannot become markup; nothing becomes an empty text. */
export const html = (token: Token): Token =>
  call('replace', call('replace', call('string', token), '&', '&amp;'), '<', '&lt;');

/** A draft as it stands in a definition. */
export const rendered = (draft: Draft, target: SettingTarget): Value => {
  if (isToken(draft)) {
    const value = draft.render(target);
    if (value.as === 'expression') return `@${value.code}`;
    if (value.as === 'text') return value.text;
    return typeof value.value === 'string' ? escaped(value.value) : value.value;
  }
  if (Array.isArray(draft)) return (draft as readonly Draft[]).map((item) => rendered(item, target));
  if (typeof draft === 'object' && draft !== null)
    return Object.fromEntries(
      Object.entries(draft as { readonly [key: string]: Draft }).map(([key, item]) => [
        key,
        rendered(item, target),
      ]),
    );
  return draft as Value;
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

/** The workflow definition of a flow for a package. */
export const definitionFor = (source: FlowSource, target: PackageTarget): ValueObject => ({
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
});
