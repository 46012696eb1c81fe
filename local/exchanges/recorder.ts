/**
 * Plays every operation of the generated definition against the running system, through a client that knows
 * only the definition and the policies, and keeps what went over the wire: for the operation reference, and
 * for the test that compares it with the definition.
 */

import { exampleInstanceId } from '../../connector/contract/example.ts';
import type { ConnectorOperation, Json } from '../../flows/runner/connectors/connector-definition.ts';
import { callbackProperty } from '../../flows/runner/connectors/connector-definition.ts';
import type { Send } from '../flow-host/connector-client.ts';
import type { Callback, Flow } from '../flow-host/flow-host.ts';
import type { LocalSystem } from '../system.ts';
import { type ExampleRequest, examples } from './examples.ts';
import { type Inputs, type Occurrence, occurrences } from './occurrences.ts';

export interface Sent {
  readonly request: {
    readonly method: string;
    /** Below the host, with the query. */
    readonly target: string;
    /** Lower-case names. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  };
}

export interface Exchange extends Sent {
  readonly operationId: string;
  /** What a trigger posted to its flow. */
  readonly callback: Callback | null;
}

/** An operation could not be played. The message says which step did not happen. */
export class ExchangeFailed extends Error {
  override readonly name = 'ExchangeFailed';
  readonly exitCode = 1;
}

export interface Wire {
  readonly send: Send;
  readonly sent: readonly Sent[];
}

const jsonOf = (text: string): Json => (text === '' ? null : (JSON.parse(text) as Json));

/** What the client sends and gets, kept. */
export const recordingWire = (): Wire => {
  const sent: Sent[] = [];
  return {
    sent,
    async send(url, init) {
      const response = await fetch(url, init);
      const { pathname, search } = new URL(url);
      sent.push({
        request: {
          method: init.method ?? 'GET',
          target: `${pathname}${search}`,
          headers: Object.fromEntries(new Headers(init.headers)),
          body: jsonOf(typeof init.body === 'string' ? init.body : ''),
        },
        response: {
          status: response.status,
          headers: Object.fromEntries(response.headers),
          body: jsonOf(await response.clone().text()),
        },
      });
      return response;
    },
  };
};

/** How far the clock is moved at a time and how long a callback may take, ms of the run's clock. */
const strideMs = 5_000;
const patienceMs = 30 * 60_000;
/** After what precedes an occurrence: by then it has ended and been seen, ms. */
const settledMs = 3 * 60_000;

const at = (value: Json, path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>(
    (found, step) =>
      typeof found === 'object' && found !== null
        ? (found as Readonly<Record<string | number, Json>>)[step]
        : undefined,
    value,
  );

export interface Recorder {
  /** In the order of the definition. */
  readonly operationIds: readonly string[];
  /**
   * Plays one operation; a second call gives the first one's exchange.
   * @throws ExchangeFailed when it has no example, is refused, or does not call back
   */
  record(operationId: string): Promise<Exchange>;
  /**
   * Ends what a trigger that was played has registered, as the platform does when its flow is deleted. Until
   * then its flow continues, so that there is something to list and to explain.
   * @throws ExchangeFailed when it was not played
   */
  unsubscribe(operationId: string): Promise<Sent>;
}

/**
 * @param system started with a clock that moves only when advanced, and with `wire.send`
 */
export const exchangeRecorder = (system: LocalSystem, wire: Wire): Recorder => {
  const { client, flowHost, clock, simulator } = system;
  const recorded = new Map<string, Promise<Exchange>>();
  const flows = new Map<string, Flow>();

  const lastSent = (operationId: string): Sent => {
    const last = wire.sent.at(-1);
    if (last === undefined) throw new ExchangeFailed(`${operationId} was not sent.`);
    return last;
  };

  const exampleOf = (operationId: string): ExampleRequest => {
    const example = examples.get(operationId);
    if (!example) throw new ExchangeFailed(`The contract has no example for ${operationId}.`);
    return example;
  };

  /** The example, with the values that only a running system has. */
  const valuesOf = async (operationId: string): Promise<Inputs> => {
    const { values, from } = exampleOf(operationId);
    const found = await Promise.all(
      Object.entries(from).map(async ([name, source]) => {
        const value = at((await record(source.operationId)).response.body, source.at);
        if (value === undefined)
          throw new ExchangeFailed(
            `${operationId} takes ${name} from the answer of ${source.operationId} at ${source.at.join('/')}, where there is nothing.`,
          );
        return [name, value] as const;
      }),
    );
    return { ...values, ...Object.fromEntries(found) };
  };

  const call = async ({ operationId }: ConnectorOperation): Promise<Exchange> => {
    const values = await valuesOf(operationId);
    const answer = await client.call(operationId, values);
    const sent = lastSent(operationId);
    if (answer.status >= 400)
      throw new ExchangeFailed(
        `${operationId} was answered ${answer.status} to its example: ${JSON.stringify(answer.body)}`,
      );
    return { operationId, ...sent, callback: null };
  };

  const untilCalled = async (flow: Flow, before: number): Promise<Callback> => {
    for (let passed = 0; passed < patienceMs; passed += strideMs) {
      await clock.advance(strideMs);
      const callback = flowHost.callbacks.slice(before).find(({ flow: name }) => name === flow.name);
      if (callback) return callback;
    }
    throw new ExchangeFailed(
      `${flow.name} did not call its flow within ${patienceMs / 60_000} minutes of the clock.`,
    );
  };

  const trigger = async (operation: ConnectorOperation): Promise<Exchange> => {
    const { operationId } = operation;
    const occurrence = (occurrences as Readonly<Record<string, Occurrence>>)[operationId];
    if (!occurrence)
      throw new ExchangeFailed(`Nothing in local/exchanges/occurrences.ts makes ${operationId} happen.`);
    const { body, ...parameters } = await valuesOf(operationId);
    const callbackName = callbackProperty(operation)?.[0] ?? '';
    const { [callbackName]: _, ...inputs } = (body ?? {}) as Inputs;
    const instance = simulator.world.instance(String(parameters.dataset ?? exampleInstanceId));
    await occurrence.precede?.(instance, inputs, flowHost);
    if (occurrence.precede) await clock.advance(settledMs);
    const flow = await flowHost.create(operationId, operationId, { ...parameters, ...inputs });
    const sent = lastSent(operationId);
    const before = flowHost.callbacks.length;
    occurrence.happen(instance, inputs);
    flows.set(operationId, flow);
    return { operationId, ...sent, callback: await untilCalled(flow, before) };
  };

  const unsubscribe = async (operationId: string): Promise<Sent> => {
    const flow = flows.get(operationId);
    if (!flow) throw new ExchangeFailed(`${operationId} was not played, so there is nothing to end.`);
    await flow.delete();
    return lastSent(operationId);
  };

  const play = (operationId: string): Promise<Exchange> => {
    const operation = client.operations.get(operationId);
    if (!operation) throw new ExchangeFailed(`The definition has no operation ${operationId}.`);
    return operation.isTrigger ? trigger(operation) : call(operation);
  };

  const record = (operationId: string): Promise<Exchange> => {
    const known = recorded.get(operationId);
    if (known) return known;
    const playing = play(operationId);
    recorded.set(operationId, playing);
    return playing;
  };

  return { operationIds: [...client.operations.keys()], record, unsubscribe };
};
