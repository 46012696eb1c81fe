/**
 * A workflow definition, read once and whole: everything that is not understood is named with its place,
 * before anything runs.
 * https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language
 */
import { isArray, isObject, jsonText, type Value, type ValueObject } from '../expressions/values.ts';

/** What an action may have ended as. */
export type Status = 'Succeeded' | 'Failed' | 'Skipped' | 'TimedOut' | 'Cancelled';

const statuses = [
  'Succeeded',
  'Failed',
  'Skipped',
  'TimedOut',
  'Cancelled',
] as const satisfies readonly Status[];

/** The action types that flows were found to use. */
export const actionTypes = [
  'OpenApiConnection',
  'OpenApiConnectionWebhook',
  'ApiConnection',
  'ApiConnectionWebhook',
  'Http',
  'Workflow',
  'InitializeVariable',
  'SetVariable',
  'IncrementVariable',
  'DecrementVariable',
  'AppendToArrayVariable',
  'AppendToStringVariable',
  'If',
  'Switch',
  'Foreach',
  'Until',
  'Scope',
  'Terminate',
  'Compose',
  'ParseJson',
  'Query',
  'Select',
  'Join',
  'Table',
  'Expression',
  'Response',
  'Wait',
] as const;

export type ActionType = (typeof actionTypes)[number];

export const triggerTypes = [
  'Recurrence',
  'Request',
  'OpenApiConnection',
  'OpenApiConnectionWebhook',
  'OpenApiConnectionNotification',
  'ApiConnection',
  'ApiConnectionWebhook',
  'ApiConnectionNotification',
] as const;

export type TriggerType = (typeof triggerTypes)[number];

export interface Block {
  /** `else`, `case`, `default`, or `actions` for what is simply inside. */
  readonly kind: 'actions' | 'else' | 'case' | 'default';
  /** Value of a case. */
  readonly caseValue?: Value;
  readonly actions: readonly ActionNode[];
}

export interface ActionNode {
  readonly name: string;
  readonly type: ActionType;
  /** Where it stands, for messages: `actions/Scope/actions/Send`. */
  readonly place: string;
  /** The actions before it, with the statuses after which it runs. */
  readonly runAfter: ReadonlyMap<string, readonly Status[]>;
  /** Everything else, as it was written. */
  readonly raw: ValueObject;
  readonly blocks: readonly Block[];
}

export interface TriggerNode {
  readonly name: string;
  readonly type: TriggerType;
  readonly place: string;
  readonly raw: ValueObject;
}

export interface ParameterDefinition {
  readonly type: string;
  readonly defaultValue: Value | undefined;
}

/** The connector behind a key that actions name in their host. */
export interface ConnectionReference {
  /** `shared_teams`, or the internal id of a custom connector. */
  readonly apiName: string;
  /** Name of a custom connector in Dataverse, where the format has it. */
  readonly logicalName?: string;
}

/** Power Automate walks `?['a/b']` and names operations; Logic Apps names methods and paths. */
export type Dialect = 'power-automate' | 'logic-apps';

export interface FlowDefinition {
  readonly name: string;
  readonly dialect: Dialect;
  readonly parameters: ReadonlyMap<string, ParameterDefinition>;
  readonly trigger: TriggerNode;
  readonly actions: readonly ActionNode[];
  readonly connections: ReadonlyMap<string, ConnectionReference>;
  readonly staticResults: ValueObject;
}

export interface Problem {
  readonly place: string;
  readonly problem: string;
}

/** A definition that cannot be run. Holds every problem, each with its place. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
  readonly exitCode = 1;
  readonly problems: readonly Problem[];

  constructor(flow: string, problems: readonly Problem[]) {
    super(
      `The flow "${flow}" cannot be run:\n${problems.map(({ place, problem }) => `  ${place}: ${problem}`).join('\n')}`,
    );
    this.problems = problems;
  }
}

const record = (value: Value | undefined): ValueObject =>
  value !== undefined && isObject(value) ? value : {};

const named = <Name extends string>(names: readonly Name[], value: Value | undefined): Name | undefined =>
  typeof value === 'string' ? names.find((name) => name.toLowerCase() === value.toLowerCase()) : undefined;

type Report = (place: string, problem: string) => void;

const readRunAfter = (raw: ValueObject, place: string, report: Report): ActionNode['runAfter'] => {
  const runAfter = new Map<string, readonly Status[]>();
  for (const [name, list] of Object.entries(record(raw.runAfter))) {
    const read = (isArray(list) ? list : []).map((status) => named(statuses, status));
    if (!isArray(list) || read.includes(undefined))
      report(`${place}/runAfter/${name}`, `is not a list of statuses: ${statuses.join(', ')}.`);
    runAfter.set(
      name,
      read.filter((status) => status !== undefined),
    );
  }
  return runAfter;
};

const readBlocks = (type: ActionType, raw: ValueObject, place: string, report: Report): readonly Block[] => {
  const actions = (value: Value | undefined, below: string) =>
    readActions(record(value), `${place}/${below}`, report);
  switch (type) {
    case 'If':
      return [
        { kind: 'actions', actions: actions(raw.actions, 'actions') },
        { kind: 'else', actions: actions(record(raw.else).actions, 'else/actions') },
      ];
    case 'Switch':
      return [
        ...Object.entries(record(raw.cases)).map(([name, one]): Block => {
          const { case: caseValue = null, actions: inside } = record(one);
          return { kind: 'case', caseValue, actions: actions(inside, `cases/${name}/actions`) };
        }),
        { kind: 'default', actions: actions(record(raw.default).actions, 'default/actions') },
      ];
    case 'Foreach':
    case 'Until':
    case 'Scope':
      return [{ kind: 'actions', actions: actions(raw.actions, 'actions') }];
    default:
      return [];
  }
};

const readActions = (raw: ValueObject, place: string, report: Report): readonly ActionNode[] => {
  const nodes: ActionNode[] = [];
  for (const [name, value] of Object.entries(raw)) {
    const at = `${place}/${name}`;
    const node = record(value);
    const type = named(actionTypes, node.type);
    if (type === undefined) {
      report(
        at,
        `is of the type ${jsonText(node.type ?? null)}, which is not run here. Types that are: ${actionTypes.join(', ')}.`,
      );
      continue;
    }
    nodes.push({
      name,
      type,
      place: at,
      runAfter: readRunAfter(node, at, report),
      raw: node,
      blocks: readBlocks(type, node, at, report),
    });
  }
  return nodes;
};

/** Every action, those inside others too. */
export const allActions = (actions: readonly ActionNode[]): readonly ActionNode[] =>
  actions.flatMap((action) => [action, ...action.blocks.flatMap((block) => allActions(block.actions))]);

export interface ReadDefinitionOptions {
  readonly name: string;
  readonly dialect?: Dialect;
  readonly connections?: ReadonlyMap<string, ConnectionReference>;
}

/**
 * @param value the object with `triggers` and `actions`
 * @throws DefinitionError with everything that is not understood
 */
export const readDefinition = (value: Value, options: ReadDefinitionOptions): FlowDefinition => {
  const problems: Problem[] = [];
  const report: Report = (place, problem) => problems.push({ place, problem });
  const raw = record(value);
  const triggers = Object.entries(record(raw.triggers));
  const [first] = triggers;
  if (triggers.length !== 1)
    report(
      'triggers',
      triggers.length === 0 ? 'are missing a trigger.' : 'contain more than one; one is run here.',
    );
  const [triggerName, triggerValue] = first ?? ['', null];
  const triggerNode = record(triggerValue);
  const triggerType = named(triggerTypes, triggerNode.type);
  const triggerPlace = `triggers/${triggerName}`;
  if (first !== undefined && triggerType === undefined)
    report(
      triggerPlace,
      `is of the type ${jsonText(triggerNode.type ?? null)}, which is not run here. Types that are: ${triggerTypes.join(', ')}.`,
    );
  const actions = readActions(record(raw.actions), 'actions', report);
  if (problems.length > 0) throw new DefinitionError(options.name, problems);
  const parameters = new Map(
    Object.entries(record(raw.parameters)).map(([name, definition]): [string, ParameterDefinition] => {
      const { type, defaultValue } = record(definition);
      return [name, { type: typeof type === 'string' ? type : 'Object', defaultValue }];
    }),
  );
  return {
    name: options.name,
    dialect: options.dialect ?? 'power-automate',
    parameters,
    trigger: {
      name: triggerName,
      type: triggerType ?? 'Request',
      place: triggerPlace,
      raw: triggerNode,
    },
    actions,
    connections: options.connections ?? new Map(),
    staticResults: record(raw.staticResults),
  };
};
