/**
 * A small simulation of Power Automate: flows that begin with a trigger of the connector. It registers as the
 * platform does and answers callbacks with the statuses that the platform's runtime gives (see the table in
 * docs/triggers.md).
 */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { ConnectorClient } from '../../flows/runner/connectors/connector-api.ts';
import {
  type ConnectorOperation,
  callbackProperty,
  DefinitionUnusable,
  type Json,
} from '../../flows/runner/connectors/connector-definition.ts';
import type { Clock } from '../clock.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { type PayloadCheck, payloadCheck } from './payload-check.ts';

export interface Callback {
  readonly flow: string;
  /** Epoch ms of the host's clock. */
  readonly receivedAt: number;
  readonly payload: { readonly [key: string]: Json };
  /** As it was posted: numbers have digits here that the payload's doubles do not. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What the host answered. */
  readonly status: number;
}

/** What the host answers instead of accepting, for tests. */
export interface CallbackFault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
  /** Real time before the answer, ms; none when absent. */
  readonly delayMs?: number;
  /** How many callbacks meet it; then the flow accepts again. */
  readonly times: number;
}

export interface Flow {
  readonly name: string;
  readonly workflowId: string;
  readonly state: 'on' | 'off' | 'deleted';
  /** Registers again and then deletes the old registration, as the platform does on every save. */
  save(inputs?: Readonly<Record<string, unknown>>): Promise<void>;
  /** Deletes the registration; callbacks are answered with WorkflowTriggerIsNotEnabled. */
  switchOff(options?: { readonly unsubscribe: boolean }): Promise<void>;
  switchOn(): Promise<void>;
  delete(options?: { readonly unsubscribe: boolean }): Promise<void>;
  /** Address of the current registration, from its Location header. */
  readonly location: string | undefined;
  answerWith(fault: CallbackFault): void;
}

export interface FlowHost {
  readonly url: string;
  readonly callbacks: readonly Callback[];
  /** In the order in which they were made, deleted ones included. */
  readonly flows: readonly Flow[];
  /** Called at each callback that was accepted. */
  onCallback(listener: (callback: Callback) => void): void;
  /**
   * Makes a flow and saves it.
   * @param inputs parameter name → value; the properties of the body are on the same level as the others
   * @throws RegistrationFailed
   */
  create(name: string, operationId: string, inputs: Readonly<Record<string, unknown>>): Promise<Flow>;
  close(): Promise<void>;
}

/** The connector did not answer a registration with 201 and a Location. */
export class RegistrationFailed extends Error {
  override readonly name = 'RegistrationFailed';
  readonly status: number;

  constructor(operationId: string, status: number, body: Json) {
    super(`${operationId} was answered ${status}: ${JSON.stringify(body)}`);
    this.status = status;
  }
}

interface FlowState {
  name: string;
  workflowId: string;
  operation: ConnectorOperation;
  check: PayloadCheck;
  state: Flow['state'];
  inputs: Readonly<Record<string, unknown>>;
  version: number;
  signature: string;
  location: string | undefined;
  faults: CallbackFault[];
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

const refusal = (code: string, message: string): Json => ({ error: { code, message } });

/** Puts the values into the request: by name where a parameter has it, else into the body. */
const requestOf = (
  operation: ConnectorOperation,
  inputs: Readonly<Record<string, unknown>>,
  callbackUrl: string,
): Readonly<Record<string, unknown>> => {
  const body = operation.parameters.find((parameter) => parameter.in === 'body');
  const path = callbackProperty(operation);
  if (!body || !path)
    throw new DefinitionUnusable(`${operation.operationId} has no property for the callback URL.`);
  const named = new Set(operation.parameters.map(({ name }) => name));
  const values = Object.fromEntries(Object.entries(inputs).filter(([name]) => named.has(name)));
  const content: Record<string, unknown> = Object.fromEntries(
    Object.entries(inputs).filter(([name]) => !named.has(name)),
  );
  const last = path.at(-1) ?? '';
  let at = content;
  for (const name of path.slice(0, -1)) {
    at[name] = { ...(at[name] as object | undefined) };
    at = at[name] as Record<string, unknown>;
  }
  at[last] = callbackUrl;
  return { ...values, [body.name]: content };
};

export const startFlowHost = async (options: {
  readonly clock: Clock;
  readonly client: ConnectorClient;
  readonly port?: number;
  /** An unguessable text of this number of bytes, for ids of flows and signatures; random by default. */
  readonly newText?: ((bytes: number) => string) | undefined;
}): Promise<FlowHost> => {
  const { clock, client, newText = (bytes) => randomBytes(bytes).toString('hex') } = options;
  const flows = new Map<string, FlowState>();
  const callbacks: Callback[] = [];
  const made: Flow[] = [];
  const listeners: ((callback: Callback) => void)[] = [];

  const decide = (flow: FlowState | undefined, signature: string | null, body: string) => {
    if (!flow) return { status: 404, body: refusal('WorkflowNotFound', 'The workflow could not be found.') };
    if (signature !== flow.signature)
      return {
        status: 401,
        body: refusal('DirectApiInvalidAuthorizationScheme', 'The signature is not valid.'),
      };
    if (flow.state !== 'on')
      return {
        status: 400,
        body: refusal(
          'WorkflowTriggerIsNotEnabled',
          `The workflow is in state ${flow.state === 'deleted' ? 'Deleted' : 'Disabled'}.`,
        ),
      };
    const [fault] = flow.faults;
    if (fault) {
      flow.faults =
        fault.times > 1
          ? [{ ...fault, times: fault.times - 1 }, ...flow.faults.slice(1)]
          : flow.faults.slice(1);
      return {
        status: fault.status,
        body: fault.body ?? null,
        headers: fault.headers,
        delayMs: fault.delayMs,
      };
    }
    let payload: unknown;
    try {
      payload = JSON.parse(body);
    } catch {
      return { status: 400, body: refusal('InvalidRequestContent', 'The request content is not JSON.') };
    }
    const wrong = flow.check(payload);
    if (wrong !== undefined) return { status: 400, body: refusal('TriggerInputSchemaMismatch', wrong) };
    return { status: 202, body: null };
  };

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const match = /^\/workflows\/([^/]+)\/triggers\/[^/]+\/versions\/[^/]+\/run$/.exec(url.pathname);
    const body = await readBody(request);
    const flow = flows.get(match?.[1] ?? '');
    const answer: {
      status: number;
      body: Json;
      headers?: Readonly<Record<string, string>> | undefined;
      delayMs?: number | undefined;
    } =
      request.method === 'POST' && match
        ? decide(flow, url.searchParams.get('sig'), body)
        : { status: 404, body: refusal('NotFound', 'This host takes callbacks of flows only.') };
    if (answer.delayMs !== undefined) await new Promise((passed) => setTimeout(passed, answer.delayMs));
    response.writeHead(answer.status, {
      ...(answer.body !== null && { 'Content-Type': 'application/json' }),
      ...answer.headers,
    });
    response.end(answer.body === null ? undefined : JSON.stringify(answer.body));
    if (!flow) return;
    const callback: Callback = {
      flow: flow.name,
      receivedAt: clock.now(),
      payload: safely(body),
      body,
      headers: Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ),
      status: answer.status,
    };
    callbacks.push(callback);
    if (answer.status === 202) for (const listener of listeners) listener(callback);
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(refusal('FlowHostFailed', String(error))));
    });
  });
  const url = await listenOnLoopback(server, options.port);

  const unsubscribe = async (location: string | undefined) => {
    if (location !== undefined) await client.unsubscribe(location);
  };

  const registerFlow = async (flow: FlowState) => {
    flow.version += 1;
    const previous = flow.location;
    const callbackUrl = `${url}/workflows/${flow.workflowId}/triggers/${flow.operation.operationId}/versions/${flow.version}/run?api-version=2016-06-01&sp=%2Ftriggers%2Frun&sv=1.0&sig=${flow.signature}`;
    const answer = await client.call(
      flow.operation.operationId,
      requestOf(flow.operation, flow.inputs, callbackUrl),
    );
    const { location } = answer.headers;
    if (answer.status !== 201 || location === undefined)
      throw new RegistrationFailed(flow.operation.operationId, answer.status, answer.body);
    flow.location = location;
    flow.state = 'on';
    await unsubscribe(previous);
  };

  const flowOf = (state: FlowState): Flow => ({
    name: state.name,
    workflowId: state.workflowId,
    get state() {
      return state.state;
    },
    get location() {
      return state.location;
    },
    async save(inputs) {
      if (inputs) state.inputs = inputs;
      await registerFlow(state);
    },
    async switchOff({ unsubscribe: tell } = { unsubscribe: true }) {
      state.state = 'off';
      if (tell) await unsubscribe(state.location);
      state.location = undefined;
    },
    switchOn: () => registerFlow(state),
    async delete({ unsubscribe: tell } = { unsubscribe: true }) {
      state.state = 'deleted';
      if (tell) await unsubscribe(state.location);
      state.location = undefined;
    },
    answerWith(fault) {
      state.faults.push(fault);
    },
  });

  return {
    url,
    callbacks,
    flows: made,
    onCallback: (listener) => {
      listeners.push(listener);
    },
    async create(name, operationId, inputs) {
      const operation = client.operations.get(operationId);
      if (!operation?.isTrigger || operation.notification === undefined)
        throw new DefinitionUnusable(`${operationId} is not a webhook trigger of the definition.`);
      const state: FlowState = {
        name,
        workflowId: newText(16),
        operation,
        check: payloadCheck(operation.notification, 'refused'),
        state: 'off',
        inputs,
        version: 0,
        signature: newText(24),
        location: undefined,
        faults: [],
      };
      flows.set(state.workflowId, state);
      await registerFlow(state);
      const flow = flowOf(state);
      made.push(flow);
      return flow;
    },
    close: () => closeServer(server),
  };
};

/** The payload of a callback for the record, also of one that was refused as no JSON. */
const safely = (body: string): { readonly [key: string]: Json } => {
  try {
    return JSON.parse(body) as { readonly [key: string]: Json };
  } catch {
    return { unreadable: body };
  }
};
