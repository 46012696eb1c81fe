/** The simulated connectors of a flow on this machine. They send nothing to the network. */
import type { Value, ValueObject } from '../../expressions/values.ts';
import type { ConnectionReference } from '../workflow-definition.ts';

/**
 * A call as Power Automate describes it (operation and flat parameters) or Logic Apps does (method and path).
 */
export type ConnectorCall =
  | { readonly by: 'operation'; readonly operationId: string; readonly parameters: ValueObject }
  | {
      readonly by: 'path';
      readonly method: string;
      readonly path: string;
      readonly queries: ValueObject;
      readonly headers: ValueObject;
      readonly body: Value | undefined;
    };

export interface ConnectorAnswer {
  readonly statusCode: number;
  /** Lower-case names. */
  readonly headers: ValueObject;
  readonly body: Value;
}

export interface OperationParameter {
  /** As written in `inputs.parameters`: bare, or `<body parameter>/<property>`. */
  readonly name: string;
  readonly required: boolean;
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | undefined;
  /** Values that are taken; letter case matters. */
  readonly values?: readonly string[] | undefined;
}

export interface OperationDescription {
  readonly operationId: string;
  readonly isTrigger: boolean;
  readonly parameters: readonly OperationParameter[];
  /**
   * A parameter that begins with one of these is taken although it is not listed: its schema is known at run
   * time only.
   */
  readonly open?: readonly string[];
  /** Which parameters belong together cannot be told from the list alone. */
  readonly check?: (given: ValueObject) => readonly string[];
}

export interface Connector {
  /** For messages: "Microsoft Teams". */
  readonly title: string;
  serves(reference: ConnectionReference): boolean;
  /**
   * Whether it has no other operations than these: so of a connector whose definition is at hand, not of
   * Microsoft's own.
   */
  readonly isComplete: boolean;
  /** @returns undefined when none of that id is known */
  operation(operationId: string): OperationDescription | undefined;
  readonly operationIds: readonly string[];
  /** @throws CallRefused when it cannot be answered here */
  call(call: ConnectorCall, now: number): Promise<ConnectorAnswer>;
}

/** A call that cannot be answered on this machine. The message says what to do. */
export class CallRefused extends Error {
  override readonly name = 'CallRefused';
}

const kindMatches = (type: OperationParameter['type'], value: Value): boolean => {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'object';
    case 'integer':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    default:
      return true;
  }
};

/** A text with an expression in it has its value at run time only. */
const isKnown = (value: Value): boolean => !(typeof value === 'string' && value.includes('@'));

/**
 * What is wrong with the parameters of an action, as the platform would refuse it when the flow is saved,
 * but all at once.
 * @param given values, or the templates that give them
 * @param evaluated whether templates have been evaluated
 */
export const parameterProblems = (
  operation: OperationDescription,
  given: ValueObject,
  evaluated: boolean,
): readonly string[] => {
  const problems: string[] = [];
  const known = new Map(operation.parameters.map((parameter) => [parameter.name, parameter]));
  const isOpen = (name: string) =>
    operation.open?.some((prefix) => name === prefix || name.startsWith(`${prefix}/`));
  for (const [name, value] of Object.entries(given)) {
    const parameter = known.get(name);
    if (parameter === undefined) {
      if (!isOpen(name))
        problems.push(
          `${operation.operationId} has no parameter '${name}'. It has: ${[...known.keys()].join(', ')}.`,
        );
    } else if (value !== null && (evaluated || isKnown(value))) {
      if (!kindMatches(parameter.type, value))
        problems.push(
          `The parameter '${name}' of ${operation.operationId} takes a value of type ${parameter.type}.`,
        );
      else if (parameter.values && typeof value === 'string' && !parameter.values.includes(value))
        problems.push(
          `The parameter '${name}' of ${operation.operationId} takes ${parameter.values.map((one) => `'${one}'`).join(', ')}, not '${value}'.`,
        );
    }
  }
  for (const { name, required } of operation.parameters) {
    const value = given[name];
    // The whole body may be given by one expression.
    const whole = Object.hasOwn(given, name.split('/')[0] ?? '') && name.includes('/');
    if (required && !whole && (value === undefined || value === null || (evaluated && value === '')))
      problems.push(`${operation.operationId} needs the parameter '${name}'.`);
  }
  return [...problems, ...(operation.check?.(given) ?? [])];
};
