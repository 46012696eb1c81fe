/** Connectors that keep what is sent: a channel and a mailbox on this machine. */
import type { Value, ValueObject } from '../../expressions/values.ts';
import {
  CallRefused,
  type Connector,
  type ConnectorAnswer,
  type ConnectorCall,
  type OperationDescription,
  parameterProblems,
} from './hosted-connector.ts';

export interface Message {
  readonly operationId: string;
  readonly parameters: ValueObject;
  /** Epoch ms of the run's clock. */
  readonly sentAt: number;
}

export interface Inbox extends Connector {
  readonly messages: readonly Message[];
  onMessage(listener: (message: Message) => void): void;
  /** Answers the next calls with these instead, the last one from then on; none accepts again. */
  answerWith(answers: readonly ConnectorAnswer[]): void;
}

const refused = (problems: readonly string[]): ConnectorAnswer => ({
  statusCode: 400,
  headers: { 'content-type': 'application/json' },
  body: { error: { code: 'InvalidOpenApiFlow', message: problems.join(' ') } },
});

export interface InboxOptions {
  readonly title: string;
  /** `shared_teams`. */
  readonly apiName: string;
  readonly operations: readonly OperationDescription[];
  /** A call by method and path as one by operation; undefined when there is no such path. */
  readonly byPath: (
    call: Extract<ConnectorCall, { by: 'path' }>,
  ) => Extract<ConnectorCall, { by: 'operation' }> | undefined;
  readonly accepted: (operationId: string, count: number) => ConnectorAnswer;
}

export const inbox = ({ title, apiName, operations, byPath, accepted }: InboxOptions): Inbox => {
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]));
  const messages: Message[] = [];
  const listeners: ((message: Message) => void)[] = [];
  let faults: readonly ConnectorAnswer[] = [];
  return {
    title,
    isComplete: false,
    messages,
    operationIds: [...byId.keys()],
    serves: (reference) => reference.apiName === apiName,
    operation: (operationId) => byId.get(operationId),
    onMessage: (listener) => {
      listeners.push(listener);
    },
    answerWith: (answers) => {
      faults = answers;
    },
    async call(given, now) {
      const call = given.by === 'operation' ? given : byPath(given);
      const operation = call && byId.get(call.operationId);
      if (call === undefined || operation === undefined)
        throw new CallRefused(
          `${title} has no ${given.by === 'operation' ? `operation ${given.operationId}` : `operation at ${given.method} ${given.path}`} on this machine. It has: ${[...byId.keys()].join(', ')}. Answer the action in a mock file.`,
        );
      const [fault, ...others] = faults;
      if (fault !== undefined) {
        if (others.length > 0) faults = others;
        return fault;
      }
      const problems = parameterProblems(operation, call.parameters, true);
      if (problems.length > 0) return refused(problems);
      const message: Message = { operationId: call.operationId, parameters: call.parameters, sentAt: now };
      messages.push(message);
      for (const listener of listeners) listener(message);
      return accepted(call.operationId, messages.length);
    },
  };
};

/** Turns `{a: {b: 1}}` into `{'body/a/b': 1}`, as far as the operation names its parameters. */
export const flattened = (
  body: Value | undefined,
  prefix: string,
  operation: OperationDescription | undefined,
): ValueObject => {
  const names = new Set(operation?.parameters.map(({ name }) => name));
  const flat: Record<string, Value> = {};
  const visit = (value: Value, name: string) => {
    const isGroup = [...names].some((known) => known.startsWith(`${name}/`));
    if (!names.has(name) && isGroup && typeof value === 'object' && value !== null && !Array.isArray(value))
      for (const [key, inner] of Object.entries(value as ValueObject)) visit(inner, `${name}/${key}`);
    else flat[name] = value;
  };
  if (body !== undefined) visit(body, prefix);
  return flat;
};
