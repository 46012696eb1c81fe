/** Actions that call something outside the flow: connectors, HTTP, other flows. */
import { STATUS_CODES } from 'node:http';
import type { Evaluate } from '../../expressions/compile.ts';
import { isObject, jsonText, type Value, type ValueObject, written } from '../../expressions/values.ts';
import { instantText } from '../clock.ts';
import { CallRefused, type ConnectorAnswer, type ConnectorCall } from '../connectors/hosted-connector.ts';
import { error, failed, type Outcome, succeeded } from '../outcome.ts';
import type { Attempt } from '../record.ts';
import { isRetried, type RetryPolicy, retryPolicy } from '../retry.ts';
import type { RunState } from '../run-state.ts';
import type { ActionNode, ConnectionReference } from '../workflow-definition.ts';
import { inputsOf, type Preparation, type Prepare } from './action.ts';

/**
 * A run met something that this machine cannot answer. It is stopped, not failed, because the
 * outcome is unknown.
 */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly exitCode = 1;
  readonly place: string;

  constructor(place: string, problem: string) {
    super(`${place}: ${problem}`);
    this.place = place;
  }
}

/** "NotFound" for 404, as the platform's records have it. */
const statusName = (statusCode: number): string =>
  (STATUS_CODES[statusCode] ?? String(statusCode)).replace(/[^A-Za-z0-9]/g, '') || String(statusCode);

const outcomeOf = (answer: ConnectorAnswer, inputs: Value, retryHistory: readonly Attempt[]): Outcome => {
  const given = {
    inputs,
    outputs: { statusCode: answer.statusCode, headers: answer.headers, body: answer.body },
    ...(retryHistory.length > 0 && { retryHistory }),
  };
  const code = statusName(answer.statusCode);
  if (answer.statusCode < 400) return { ...succeeded(given), code };
  const { error: told } = isObject(answer.body) ? answer.body : {};
  const message =
    told !== undefined && isObject(told) && typeof told.message === 'string' ? told.message : undefined;
  // The platform's record has the status alone; the message is what people look for.
  return message === undefined
    ? { status: 'Failed', code, ...given }
    : failed(code, error(code, message), given);
};

const secondsOf = (value: Value | undefined): number | undefined => {
  const seconds = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
};

const longestAsking = 1_000;

/** Calls until an answer is final: repeats what the policy repeats, and asks again where 202 says where. */
const finalAnswer = async (
  call: () => Promise<ConnectorAnswer>,
  policy: RetryPolicy,
  asynchronous: boolean,
  { host: { clock } }: RunState,
): Promise<{ readonly answer: ConnectorAnswer; readonly retryHistory: readonly Attempt[] }> => {
  const retryHistory: Attempt[] = [];
  for (let asked = 0; ; ) {
    const startTime = instantText(clock.now());
    const answer = await call();
    const after = secondsOf(answer.headers['retry-after']);
    if (isRetried(answer.statusCode) && retryHistory.length < policy.count) {
      await clock.wait(Math.max(policy.wait(retryHistory.length), (after ?? 0) * 1_000));
      retryHistory.push({ startTime, code: statusName(answer.statusCode) });
    } else if (
      asynchronous &&
      answer.statusCode === 202 &&
      answer.headers.location !== undefined &&
      asked < longestAsking
    ) {
      asked += 1;
      await clock.wait((after ?? 20) * 1_000);
    } else return { answer, retryHistory };
  }
};

interface Called {
  /** For the mock file: `shared_teams/PostMessageToConversation`. */
  readonly operation: string;
  readonly connection: ConnectionReference | undefined;
  /** Of the evaluated inputs. */
  readonly call: (inputs: ValueObject) => ConnectorCall | undefined;
  /** Why nothing but a mock can answer. */
  readonly needsMock?: string;
}

const withoutSettings = ({ authentication, retryPolicy: _retry, ...shown }: ValueObject): ValueObject =>
  shown;

const isAsynchronous = (node: ActionNode): boolean =>
  !written(node.raw.operationOptions ?? '')
    .toLowerCase()
    .includes('disableasyncpattern');

/** Executes a call by the mock that names it, else by the connector that serves it. */
const calling = (node: ActionNode, preparation: Preparation, called: Called) => {
  const inputs = inputsOf(node, preparation);
  const evaluated: Evaluate = preparation.compile(withoutSettings(inputs), 'inputs');
  const policy = retryPolicy(inputs.retryPolicy, preparation.dialect);
  if (typeof policy === 'string') preparation.report(policy, 'inputs/retryPolicy');
  return async ({ state, evaluation }: Parameters<ReturnType<Prepare>>[0]): Promise<Outcome> => {
    const values = evaluated(evaluation);
    const given = isObject(values) ? values : {};
    const { host } = state;
    const once = async (): Promise<ConnectorAnswer> => {
      const mocked = host.mocks.answer(node.name, called.operation);
      if (mocked !== undefined) return mocked;
      const { connection } = called;
      const connector = connection && host.connectors.find((one) => one.serves(connection));
      const call = called.call(given);
      if (called.needsMock !== undefined || connector === undefined || call === undefined)
        throw new RunStopped(
          node.place,
          `'${node.name}' calls ${called.operation}, ${called.needsMock ?? 'which this machine does not simulate'}. Give its answer in a mock file: {"actions": {"${node.name}": {"statusCode": 200, "body": …}}}.`,
        );
      try {
        return await connector.call(call, host.clock.now());
      } catch (problem) {
        if (problem instanceof CallRefused) throw new RunStopped(node.place, problem.message);
        throw problem;
      }
    };
    const { answer, retryHistory } = await finalAnswer(
      once,
      typeof policy === 'string' ? { count: 0, wait: () => 0 } : policy,
      isAsynchronous(node),
      state,
    );
    return outcomeOf(answer, given, retryHistory);
  };
};

const asObject = (value: Value | undefined): ValueObject =>
  value !== undefined && isObject(value) ? value : {};

/** The key of a connection in `host`, in any of its spellings. */
export const connectionKey = (host: ValueObject): string | undefined => {
  const { connectionName, connectionReferenceName, connection } = host;
  for (const key of [connectionName, connectionReferenceName]) if (typeof key === 'string') return key;
  const name = asObject(connection).name;
  const match = typeof name === 'string' ? /\$connections'\)\['([^']+)'\]/.exec(name) : null;
  return match?.[1];
};

/** An action on a connector of Power Automate. */
export const openApiConnection =
  (connections: ReadonlyMap<string, ConnectionReference>): Prepare =>
  (node, preparation) => {
    const host = asObject(inputsOf(node, preparation).host);
    const key = connectionKey(host);
    const connection = key === undefined ? undefined : connections.get(key);
    if (connection === undefined)
      preparation.report(
        `names the connection ${jsonText(key ?? null)}, which is not among the connection references.`,
        'inputs/host',
      );
    const operationId = typeof host.operationId === 'string' ? host.operationId : '';
    if (operationId === '') preparation.report('names no operation.', 'inputs/host/operationId');
    return calling(node, preparation, {
      operation: `${connection?.apiName ?? key ?? ''}/${operationId}`,
      connection,
      call: ({ parameters }) => ({ by: 'operation', operationId, parameters: asObject(parameters) }),
      ...(node.type === 'OpenApiConnectionWebhook' && { needsMock: 'which waits for the answer of a user' }),
    });
  };

/** An action on a connector of Logic Apps. */
export const apiConnection =
  (connections: ReadonlyMap<string, ConnectionReference>): Prepare =>
  (node, preparation) => {
    const { host, method = 'get', path } = inputsOf(node, preparation);
    const key = connectionKey(asObject(host));
    const connection = key === undefined ? undefined : connections.get(key);
    if (connection === undefined)
      preparation.report(
        `names the connection ${jsonText(key ?? null)}, which is not among $connections.`,
        'inputs/host',
      );
    if (typeof path !== 'string') preparation.report('has no path.', 'inputs/path');
    return calling(node, preparation, {
      operation: `${connection?.apiName ?? key ?? ''}/${written(method)} ${written(path)}`,
      connection,
      call: (inputs) => ({
        by: 'path',
        method: written(inputs.method ?? 'get'),
        path: written(inputs.path ?? ''),
        queries: asObject(inputs.queries),
        headers: asObject(inputs.headers),
        body: inputs.body,
      }),
      ...(node.type === 'ApiConnectionWebhook' && { needsMock: 'which waits for the answer of a user' }),
    });
  };

/** What leaves the machine: answered by a mock or not at all. */
export const outside =
  (what: string): Prepare =>
  (node, preparation) =>
    calling(node, preparation, {
      operation: what,
      connection: undefined,
      call: () => undefined,
      needsMock: what === 'Http' ? 'and nothing leaves this machine' : 'and other flows are not run here',
    });
