/**
 * A flow of ours that the local flow host calls: registered through its trigger, then run with what each
 * callback brings.
 */

import type { FlowSource } from '../../flows/definitions/authoring.ts';
import { compileValue } from '../../flows/expressions/compile.ts';
import { bareContext } from '../../flows/expressions/context.ts';
import { EvaluationError } from '../../flows/expressions/evaluation-errors.ts';
import { isObject, parseJsonValue, type Value, type ValueObject } from '../../flows/expressions/values.ts';
import { flowDefinitionOf } from '../../flows/packages/check-sources.ts';
import { ownConnector } from '../../flows/packages/own-connector.ts';
import { parameterKeyOf } from '../../flows/packages/package-names.ts';
import type { FlowClock } from '../../flows/runner/clock.ts';
import type { ConnectorClient } from '../../flows/runner/connectors/connector-api.ts';
import type { Inbox } from '../../flows/runner/connectors/inbox.ts';
import { noMocks } from '../../flows/runner/connectors/mocks.ts';
import { prepareFlow } from '../../flows/runner/flow.ts';
import type { RunRecord } from '../../flows/runner/record.ts';
import type { Flow, FlowHost } from './flow-host.ts';

export interface HostedFlow {
  readonly flow: Flow;
  readonly runs: readonly RunRecord[];
  /** Ends when every run that has begun has ended. @throws what stopped a run */
  settled(): Promise<void>;
}

export interface HostedFlowOptions {
  readonly flowHost: FlowHost;
  readonly client: ConnectorClient;
  readonly clock: FlowClock;
  readonly source: FlowSource;
  /** Values of its settings, by key; the examples where nothing is said. */
  readonly values?: Readonly<Record<string, string | number>>;
  /** Channels and mailboxes of this machine. */
  readonly inboxes: readonly Inbox[];
  /** Told when a run was stopped: it met something that this machine cannot answer. */
  readonly onStopped: (error: unknown) => void;
  readonly newGuid?: () => string;
  /** From 0 to 1, without 1. */
  readonly random?: () => number;
}

/** Trigger parameters as the flow host takes them: the properties of the body beside the others. */
const triggerInputs = (
  raw: ValueObject,
  parameters: ReadonlyMap<string, Value>,
): Readonly<Record<string, unknown>> => {
  const inputs = raw.inputs !== undefined && isObject(raw.inputs) ? raw.inputs : {};
  const context = bareContext({
    parameter: (name) => {
      const value = parameters.get(name);
      if (value === undefined) throw new EvaluationError(`The workflow parameter '${name}' is not found.`);
      return value;
    },
  });
  const values = compileValue(inputs.parameters ?? {})(context);
  return Object.fromEntries(
    Object.entries(isObject(values) ? values : {}).map(([name, value]) => [
      name.replace(/^body\//, ''),
      value,
    ]),
  );
};

/** @throws RegistrationFailed */
export const hostFlow = async (options: HostedFlowOptions): Promise<HostedFlow> => {
  const { flowHost, client, clock, source, values = {}, inboxes, onStopped } = options;
  const { newGuid = () => crypto.randomUUID(), random = Math.random } = options;
  const definition = flowDefinitionOf(source);
  const prepared = prepareFlow(definition);
  const given = Object.fromEntries(
    source.settings.map((setting) => [parameterKeyOf(setting), values[setting.key] ?? setting.example]),
  );
  const flow = await flowHost.create(
    source.name,
    source.trigger.operationId,
    triggerInputs(definition.trigger.raw, new Map(Object.entries(given))),
  );
  const runs: RunRecord[] = [];
  const begun: Promise<void>[] = [];
  flowHost.onCallback((callback) => {
    if (callback.flow !== source.name) return;
    const run = prepared
      .fire(
        parseJsonValue(callback.body),
        {
          workflowId: flow.workflowId,
          clock,
          newGuid,
          random,
          connectors: [ownConnector(client), ...inboxes],
          mocks: noMocks,
        },
        { headers: { ...callback.headers }, parameters: given },
      )
      .then((result) => {
        if (result.fired) runs.push(...result.runs);
      });
    run.catch(onStopped);
    begun.push(run);
  });
  return {
    flow,
    runs,
    settled: async () => {
      await Promise.all(begun);
    },
  };
};
