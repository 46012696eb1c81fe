/** The scenario of `npm start`. A step that fails ends the run with an error that names the step. */
import type { FlowSource } from '../flows/definitions/authoring.ts';
import * as settings from '../flows/definitions/flow-settings.ts';
import { mailOnSegmentThreshold } from '../flows/definitions/mail-on-segment-threshold.ts';
import { teamsOnRefreshFailed } from '../flows/definitions/teams-on-refresh-failed.ts';
import type { ConnectorAnswer } from '../flows/runner/connectors/connector-api.ts';
import type { Json } from '../flows/runner/connectors/connector-definition.ts';
import type { Inbox, Message } from '../flows/runner/connectors/inbox.ts';
import { messageText } from '../flows/runner/message-text.ts';
import { runText } from '../flows/runner/run-text.ts';
import { minuteMs } from '../lambda/runtime/time.ts';
import type { Callback } from './flow-host/flow-host.ts';
import type { HostedFlow } from './flow-host/hosted-flow.ts';
import type { LocalSystem } from './system.ts';

/** A step of the scenario failed. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  readonly exitCode = 1;
}

export interface Narrator {
  /** A heading: the next step. */
  step(text: string): void;
  /** A result. */
  line(text: string): void;
  payload(value: Json): void;
  /** Lines of a text that a user would read elsewhere. */
  text(lines: readonly string[]): void;
}

/** How far the clock is moved at a time, and how long a step may take, in ms of the run's clock. */
const strideMs = 5_000;
const patienceMs = 5 * minuteMs;

/** The public part of a Location, for display. */
const withoutSecret = (location: string) => location.replace(/\/[^/]+$/, '/…');

/** Moves the clock until the flow has been called. */
const untilCalled = async ({ flowHost, clock }: LocalSystem, flow: string): Promise<Callback> => {
  const before = flowHost.callbacks.length;
  for (let passed = 0; passed < patienceMs; passed += strideMs) {
    await clock.advance(strideMs);
    const called = flowHost.callbacks
      .slice(before)
      .find((callback) => callback.flow === flow && callback.status === 202);
    if (called) return called;
  }
  throw new StepFailed(
    `The flow "${flow}" was not called within ${patienceMs / minuteMs} minutes of the run's clock.`,
  );
};

const expected = (answer: ConnectorAnswer, status: number, what: string): ConnectorAnswer => {
  if (answer.status !== status)
    throw new StepFailed(
      `${what} was answered ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`,
    );
  return answer;
};

/** The two flows that write to the channel and the mailbox of this machine. */
interface Flows {
  readonly onFailure: HostedFlow;
  readonly onCrossing: HostedFlow;
}

const registerFlows = async (
  { client, readyFlows, deployment }: LocalSystem,
  say: Narrator,
  dataset: string,
  watched: Segment,
): Promise<Flows> => {
  const hosted = (source: FlowSource) =>
    readyFlows.host(
      source,
      {
        [settings.instance.key]: dataset,
        [settings.segment.key]: watched.name,
        [settings.segmentThreshold.key]: watched.threshold,
      },
      (error) => {
        say.line(`"${source.name}" was stopped: ${error instanceof Error ? error.message : String(error)}`);
      },
    );
  const onFailure = await hosted(teamsOnRefreshFailed);
  const onCrossing = await hosted(mailOnSegmentThreshold);
  for (const { flow } of [onFailure, onCrossing])
    say.line(`"${flow.name}" registered; Location ${withoutSecret(flow.location ?? '')}`);
  say.line(
    `${new URL(client.publicUrl).host} is the public host of the deployment; this run answers at ${deployment.apiUrl}`,
  );
  return { onFailure, onCrossing };
};

/** What a flow has sent, as text; it ends the run when it has sent nothing. */
const sent = async ({ flow, runs, settled }: HostedFlow, { title, messages }: Inbox): Promise<Message> => {
  await settled();
  const [message] = messages;
  if (message !== undefined) return message;
  const [run] = runs;
  throw new StepFailed(
    `The flow "${flow.name}" has sent nothing to ${title}${run === undefined ? '.' : `:\n${runText(run)}`}`,
  );
};

const showMessages = async (
  { readyFlows: { teams, outlook } }: LocalSystem,
  { onFailure, onCrossing }: Flows,
  say: Narrator,
): Promise<void> => {
  const { parameters: card } = await sent(onFailure, teams);
  say.line(`Microsoft Teams, the channel ${String(card['body/recipient/channelId'])}:`);
  say.text(messageText(String(card['body/messageBody'])));
  const { parameters: mail } = await sent(onCrossing, outlook);
  say.line(`E-mail to ${String(mail['emailMessage/To'])}: ${String(mail['emailMessage/Subject'])}`);
  say.text(messageText(String(mail['emailMessage/Body'])));
};

interface Segment {
  readonly name: string;
  readonly threshold: number;
}

const readPage = async ({ client }: LocalSystem, say: Narrator, dataset: string) => {
  const answer = expected(
    await client.call('GetItems', {
      dataset,
      table: 'Customer',
      $top: 3,
      $skip: 200,
      $select: 'CustomerId,FullName,City,LoyaltyPoints',
    }),
    200,
    'GetItems',
  );
  const { value } = answer.body as { readonly value: readonly Json[] };
  if (value.length !== 3) throw new StepFailed(`GetItems gave ${value.length} items instead of 3.`);
  say.line(`GetItems Customer $top=3 $skip=200 → ${value.length} items; ${answer.headers.ratelimit ?? ''}`);
  for (const item of value) say.payload(item);
};

/** Uses up what the limit leaves and shows the refusal. */
const meetTheLimit = async (
  { client, configuration }: LocalSystem,
  say: Narrator,
  dataset: string,
  used: number,
) => {
  const { calls, windowSeconds } = configuration.limit;
  for (let call = used + 1; call <= calls; call += 1)
    expected(await client.call('ListDataSources', { dataset }), 200, `Call ${call} of ${calls}`);
  say.line(`${calls} calls within ${windowSeconds} s were admitted`);
  const refused = expected(await client.call('ListDataSources', { dataset }), 429, `Call ${calls + 1}`);
  const seconds = Number(refused.headers['retry-after']);
  if (!(seconds >= 1 && seconds <= windowSeconds))
    throw new StepFailed(
      `Retry-After is "${refused.headers['retry-after']}", not 1 to ${windowSeconds} seconds.`,
    );
  say.line(`call ${calls + 1}: 429, Retry-After: ${seconds}`);
  say.payload(refused.body);
};

/**
 * Plays the scenario once.
 * @param onFirstCallback called when the first callback has arrived
 * @throws StepFailed at the first step that fails
 */
export const play = async (
  system: LocalSystem,
  say: Narrator,
  onFirstCallback: () => void,
): Promise<void> => {
  const { simulator, configuration, clock } = system;
  const [instance] = configuration.instances;
  if (!instance) throw new StepFailed('The configuration lists no instance.');
  const world = simulator.world.instance(instance.id);
  const [segment] = world.segments.filter(({ name }) => name === 'HighValueCustomers');
  const [source] = world.dataSources;
  if (!segment || !source)
    throw new StepFailed('The simulator has no data source or no segment HighValueCustomers.');
  const count = Number(segment.count);
  const threshold = count + 25;

  say.step('1  Two flows register through the generated definition');
  const flows = await registerFlows(system, say, instance.id, { name: segment.name, threshold });

  say.step(`2  The data source "${source.friendlyName}" fails to refresh`);
  world.refreshDataSource(source.name, { outcome: 'fail', durationMs: 20_000 });
  const failure = await untilCalled(system, flows.onFailure.flow.name);
  onFirstCallback();
  say.payload(failure.payload);

  say.step(
    `3  The segment ${segment.name} grows from ${count} to ${count + 40} members; the threshold is ${threshold}`,
  );
  world.refreshSegment(segment.name, { count: count + 40, durationMs: 20_000 });
  const crossing = await untilCalled(system, flows.onCrossing.flow.name);
  say.payload(crossing.payload);

  say.step('4  A page of items through the proxy, then one call too many');
  await clock.advance(configuration.limit.windowSeconds * 1000);
  await readPage(system, say, instance.id);
  await meetTheLimit(system, say, instance.id, 1);

  say.step('5  What the flows made of the failure and of the crossing');
  await showMessages(system, flows, say);
};
