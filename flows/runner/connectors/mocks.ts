/** Responses from a file, for services that do not exist on this machine. */
import { Ajv } from 'ajv';
import type { Value, ValueObject } from '../../expressions/values.ts';
import type { ConnectorAnswer } from './hosted-connector.ts';

/** One answer; 200 and no body where nothing is said. */
interface MockAnswer {
  readonly statusCode?: number;
  readonly headers?: ValueObject;
  readonly body?: Value;
}

interface MockFile {
  /** By name of the action. A list answers one call after the other, its last from then on. */
  readonly actions?: Readonly<Record<string, MockAnswer | readonly MockAnswer[]>>;
  /** By `<api>/<operation id>`, for actions that are not named above. */
  readonly operations?: Readonly<Record<string, MockAnswer | readonly MockAnswer[]>>;
}

export interface Mocks {
  /** @returns undefined when the file says nothing of it */
  answer(action: string, operation: string): ConnectorAnswer | undefined;
  /** Names of actions in the file that no call asked for. */
  unused(): readonly string[];
}

export const noMocks: Mocks = { answer: () => undefined, unused: () => [] };

/** The file is none of mocks. */
export class MocksUnreadable extends Error {
  override readonly name = 'MocksUnreadable';
  readonly exitCode = 1;
}

const answerSchema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    statusCode: { type: 'integer', minimum: 100, maximum: 599 },
    headers: { type: 'object', additionalProperties: { type: 'string' } },
    body: {},
  },
};
const answersSchema = { anyOf: [answerSchema, { type: 'array', minItems: 1, items: answerSchema }] };
const schema = {
  type: 'object',
  additionalProperties: false,
  properties: {
    actions: { type: 'object', additionalProperties: answersSchema },
    operations: { type: 'object', additionalProperties: answersSchema },
  },
};

const isMockFile = (value: unknown, ajv: Ajv): value is MockFile => ajv.validate(schema, value);

/**
 * @throws MocksUnreadable when it does not have the form `{actions?: {name: {statusCode?, headers?, body?}},
 * operations?: …}`
 */
export const readMocks = (value: unknown, file: string): Mocks => {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  if (!isMockFile(value, ajv))
    throw new MocksUnreadable(
      `${file} is not a file of mocks: ${ajv.errorsText(ajv.errors, { dataVar: 'it' })}. Its form: {"actions": {"<name of the action>": {"statusCode": 200, "headers": {}, "body": {}}}, "operations": {"<api>/<operation>": {…}}}.`,
    );
  const { actions = {}, operations = {} } = value;
  const asked = new Map<string, number>();
  const next = (key: string, given: MockAnswer | readonly MockAnswer[]): ConnectorAnswer => {
    const list = Array.isArray(given) ? (given as readonly MockAnswer[]) : [given as MockAnswer];
    const count = asked.get(key) ?? 0;
    asked.set(key, count + 1);
    const { statusCode = 200, headers = {}, body = null } = list[Math.min(count, list.length - 1)] ?? {};
    return {
      statusCode,
      headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text])),
      body,
    };
  };
  return {
    answer: (action, operation) => {
      const byAction = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (byAction !== undefined) return next(`action ${action}`, byAction);
      const byOperation = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      return byOperation === undefined ? undefined : next(`operation ${operation}`, byOperation);
    },
    unused: () => Object.keys(actions).filter((action) => !asked.has(`action ${action}`)),
  };
};
