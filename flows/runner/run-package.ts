/** Runs a flow of a file on this machine, as `insights-connector flows run` does. */
import { createHash } from 'node:crypto';
import { connectorsOf } from '../checks/check-package.ts';
import { isObject, jsonText, type Value, written } from '../expressions/values.ts';
import { guidOf } from '../packages/package-names.ts';
import type { FlowInPackage, ReadPackage } from '../packages/read-parts.ts';
import { schemaCheck } from './actions/data.ts';
import { virtualClock } from './clock.ts';
import type { Mocks } from './connectors/mocks.ts';
import { outlookInbox } from './connectors/outlook.ts';
import type { SwaggerConnector } from './connectors/swagger-connector.ts';
import { teamsInbox } from './connectors/teams.ts';
import { prepareFlow } from './flow.ts';
import type { TriggerResult } from './record.ts';
import { type FlowDefinition, readDefinition } from './workflow-definition.ts';

/** Which of several flows is meant is not said, or there is none of the name. */
export class FlowNotChosen extends Error {
  override readonly name = 'FlowNotChosen';
  readonly exitCode = 1;
}

/** @throws FlowNotChosen */
export const chooseFlow = (read: ReadPackage, name: string | undefined): FlowInPackage => {
  const names = read.flows.map((flow) => `"${flow.name}"`).join(', ');
  const wanted = name?.toLowerCase();
  const found =
    wanted === undefined
      ? read.flows
      : read.flows.filter(
          (flow) =>
            flow.name.toLowerCase() === wanted ||
            flow.place.toLowerCase().includes(wanted) ||
            // The id of one of our flows; its file is called by the GUID made of it.
            flow.place.toLowerCase().includes(guidOf('flow', wanted)),
        );
  const [flow, ...others] = found;
  if (flow === undefined || others.length > 0)
    throw new FlowNotChosen(
      read.flows.length === 0
        ? 'The file contains no flow.'
        : name === undefined
          ? `The file contains several flows: ${names}. Choose one with --flow.`
          : `${found.length === 0 ? 'No flow' : 'More than one flow'} is called "${name}"; there are ${names}.`,
    );
  return flow;
};

/** Deterministic: the same file, payload and time give the same ids. */
const seededGuids = (seed: string): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    const digest = createHash('sha256').update(`${seed}:${count}`).digest('hex');
    return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  };
};

const seededRandom = (seed: string): (() => number) => {
  let count = 0;
  return () => {
    count += 1;
    return createHash('sha256').update(`${seed}#${count}`).digest().readUInt32BE(0) / 2 ** 32;
  };
};

export interface RunPackageOptions {
  readonly flow: FlowInPackage;
  readonly read: ReadPackage;
  /** Body of the callback; undefined for a trigger without one. */
  readonly body: Value | undefined;
  readonly mocks: Mocks;
  /** Start of the run's clock, epoch ms. */
  readonly at: number;
  /** Our connector, where the package does not bring it. */
  readonly own: SwaggerConnector;
}

const triggerOperation = ({ raw }: FlowDefinition['trigger']): string => {
  const { inputs } = raw;
  const host = inputs !== undefined && isObject(inputs) ? inputs.host : undefined;
  return host !== undefined && isObject(host) ? written(host.operationId ?? '') : '';
};

/**
 * What is wrong with an event, by what the connector says of it; undefined when it fits or nothing is known
 * of it. The platform refuses such an event with TriggerInputSchemaMismatch.
 */
export const eventProblem = ({ flow, read, body, own }: RunPackageOptions): string | undefined => {
  const definition = readDefinition(flow.definition, { ...flow });
  const operationId = triggerOperation(definition.trigger);
  const schema = [...connectorsOf(read, () => undefined), own]
    .find((one) => one.operation(operationId)?.isTrigger)
    ?.operation(operationId)?.output;
  return schema === undefined ? undefined : schemaCheck(schema as unknown as Value)(body ?? null);
};

/** @throws DefinitionError, RunStopped, EvaluationError */
export const runPackage = async ({
  flow,
  read,
  body,
  mocks,
  at,
  own,
}: RunPackageOptions): Promise<TriggerResult> => {
  const definition = readDefinition(flow.definition, {
    name: flow.name,
    connections: flow.connections,
    dialect: flow.dialect,
  });
  const seed = `${flow.name}:${at}:${jsonText(body ?? null)}`;
  return prepareFlow(definition).fire(body, {
    workflowId: seededGuids(`workflow:${flow.name}`)(),
    clock: virtualClock(at),
    newGuid: seededGuids(seed),
    random: seededRandom(seed),
    connectors: [...connectorsOf(read, () => undefined), own, teamsInbox(), outlookInbox()],
    mocks,
  });
};
