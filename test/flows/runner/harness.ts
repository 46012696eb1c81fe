/** Runs small definitions: names, statuses and outputs are what the scenarios look at. */
import { parseJsonValue, type Value, type ValueObject } from '../../../flows/expressions/values.ts';
import { virtualClock } from '../../../flows/runner/clock.ts';
import type { Connector } from '../../../flows/runner/connectors/hosted-connector.ts';
import { noMocks, readMocks } from '../../../flows/runner/connectors/mocks.ts';
import { outlookInbox } from '../../../flows/runner/connectors/outlook.ts';
import { teamsInbox } from '../../../flows/runner/connectors/teams.ts';
import { prepareFlow } from '../../../flows/runner/flow.ts';
import type { FlowHostParts } from '../../../flows/runner/host.ts';
import type { ActionRecord, RunRecord, TriggerResult } from '../../../flows/runner/record.ts';
import {
  type ConnectionReference,
  type Dialect,
  readDefinition,
} from '../../../flows/runner/workflow-definition.ts';

export const startMs = Date.UTC(2026, 5, 1, 10);

/** The same GUIDs in the same order, run after run. */
export const countedGuids = (): (() => string) => {
  let count = 0;
  return () => {
    count += 1;
    return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`;
  };
};

const connections: ReadonlyMap<string, ConnectionReference> = new Map([
  ['shared_teams', { apiName: 'shared_teams' }],
  ['shared_office365', { apiName: 'shared_office365' }],
  ['shared_other', { apiName: 'shared_other' }],
]);

export interface Scenario {
  readonly actions: Value;
  readonly body?: Value;
  readonly trigger?: ValueObject;
  readonly parameters?: ValueObject;
  readonly mocks?: unknown;
  readonly connectors?: readonly Connector[];
  readonly staticResults?: ValueObject;
  readonly dialect?: Dialect;
}

const webhook: ValueObject = { type: 'Request', kind: 'Http' };

export const hostParts = ({
  mocks,
  connectors,
}: Pick<Scenario, 'mocks' | 'connectors'> = {}): FlowHostParts => ({
  workflowId: 'flow-1',
  clock: virtualClock(startMs),
  newGuid: countedGuids(),
  random: () => 0.5,
  connectors: connectors ?? [teamsInbox(), outlookInbox()],
  mocks: mocks === undefined ? noMocks : readMocks(mocks, 'the mocks of the test'),
});

export const prepared = ({ actions, trigger, parameters, staticResults, dialect }: Scenario) =>
  prepareFlow(
    readDefinition(
      {
        triggers: { manual: trigger ?? webhook },
        actions,
        ...(parameters && { parameters }),
        ...(staticResults && { staticResults }),
      },
      { name: 'Test', connections, ...(dialect && { dialect }) },
    ),
  );

export const fire = (scenario: Scenario, host = hostParts(scenario)): Promise<TriggerResult> =>
  prepared(scenario).fire(scenario.body, host);

export const runOnce = async (scenario: Scenario, host = hostParts(scenario)): Promise<RunRecord> => {
  const result = await fire(scenario, host);
  const [run] = result.fired ? result.runs : [];
  if (run === undefined) throw new Error(`There was no run: ${result.fired ? '' : result.reason}`);
  return run;
};

/** Every record, those inside others too; of loops those of each iteration. */
export const everyRecord = (records: readonly ActionRecord[]): readonly ActionRecord[] =>
  records.flatMap((record) => [
    record,
    ...everyRecord(record.actions ?? []),
    ...(record.iterations ?? []).flatMap(everyRecord),
  ]);

export const recordOf = (run: RunRecord, name: string): ActionRecord => {
  const found = everyRecord(run.actions).find((record) => record.name === name);
  if (found === undefined) throw new Error(`There is no record of ${name}.`);
  return found;
};

/** `Name:Status`, in the order of the record. */
export const statusesOf = (run: RunRecord): readonly string[] =>
  everyRecord(run.actions).map(({ name, status }) => `${name}:${status}`);

/** An action as short as can be. */
export const compose = (inputs: Value, after: ValueObject = {}): ValueObject => ({
  type: 'Compose',
  inputs,
  runAfter: after,
});

/** Runs after these have succeeded. */
export const runsAfter = (...names: readonly string[]): ValueObject =>
  Object.fromEntries(names.map((name) => [name, ['Succeeded']]));

export const on = (name: string, ...statuses: readonly string[]): ValueObject => ({ [name]: [...statuses] });

/** JSON with comments in mind: a definition written as text. */
export const json = (text: string): Value => parseJsonValue(text);
