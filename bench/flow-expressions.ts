/**
 * How fast flows are run on one core: at least 200,000 expressions a second, and 1,000 runs of the Teams flow in less
 * than 10 s, or this ends with 1.
 *
 *     npm run bench:flows
 */

import { teamsOnRefreshFailed } from '../flows/definitions/teams-on-refresh-failed.ts';
import { compileText } from '../flows/expressions/compile.ts';
import { bareContext } from '../flows/expressions/context.ts';
import { flowDefinitionOf } from '../flows/packages/check-sources.ts';
import { ownConnector } from '../flows/packages/own-connector.ts';
import { virtualClock } from '../flows/runner/clock.ts';
import { noMocks } from '../flows/runner/connectors/mocks.ts';
import { teamsInbox } from '../flows/runner/connectors/teams.ts';
import { prepareFlow } from '../flows/runner/flow.ts';

const wantedPerSecond = 200_000;
const roundMs = 1_000;

/** What flows are made of: the functions that definitions use most. */
const expressions = [
  "@triggerBody()?['dataSourceName']",
  "@{triggerOutputs()?['body/instanceName']}: refresh failed",
  "@concat('The refresh of ', triggerBody()?['dataSourceName'], ' failed: ', coalesce(triggerBody()?['errorMessage'], 'no reason given'))",
  "@if(equals(triggerBody()?['status'], 'failed'), length(triggerBody()?['stages']), 0)",
  "@and(greater(triggerBody()?['value'], 10), not(empty(triggerBody()?['stages'])))",
  "@formatDateTime(triggerBody()?['endedAt'], 'yyyy-MM-dd HH:mm')",
  "@first(split(triggerBody()?['dataSourceName'], ' '))",
  "@add(mul(triggerBody()?['value'], 3), div(7, 2))",
];

const context = bareContext({
  now: () => Date.UTC(2026, 0, 15),
  trigger: () => trigger,
});
const trigger = {
  outputs: {
    body: {
      instanceName: 'Contoso Retail',
      dataSourceName: 'E-commerce shop',
      status: 'failed',
      errorMessage: null,
      value: 12,
      endedAt: '2026-01-15T10:30:00.000Z',
      stages: [{ name: 'one' }, { name: 'two' }],
    },
  },
};

const compiled = expressions.map((text) => ({ text, evaluate: compileText(text) }));

const rate = (evaluate: () => void): number => {
  let count = 0;
  const startedAt = performance.now();
  let passed = 0;
  while (passed < roundMs) {
    for (let index = 0; index < 1_000; index += 1) evaluate();
    count += 1_000;
    passed = performance.now() - startedAt;
  }
  return (count * 1_000) / passed;
};

const format = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
for (const { text, evaluate } of compiled)
  console.log(`${format.format(rate(() => evaluate(context))).padStart(12)} /s  ${text}`);

let next = 0;
const mixed = rate(() => {
  compiled[next]?.evaluate(context);
  next = (next + 1) % compiled.length;
});
console.log(
  `${format.format(mixed).padStart(12)} /s  all of them in turn; wanted: ${format.format(wantedPerSecond)}`,
);
if (mixed < wantedPerSecond) {
  console.error(`Slower than ${format.format(wantedPerSecond)} a second.`);
  process.exitCode = 1;
}

/** Runs of the flow that posts a failed refresh to Teams, from the event to the message in the inbox. */
const runs = 1_000;
const wantedSeconds = 10;
const teams = teamsInbox();
const prepared = prepareFlow(flowDefinitionOf(teamsOnRefreshFailed));
const parts = {
  workflowId: 'bench',
  clock: virtualClock(Date.UTC(2026, 0, 15)),
  newGuid: () => '00000000-0000-4000-8000-000000000000',
  random: () => 0.5,
  connectors: [ownConnector(), teams],
  mocks: noMocks,
};
const startedAt = performance.now();
for (let index = 0; index < runs; index += 1)
  await prepared.fire(
    { ...trigger.outputs.body, eventId: `e${index}`, occurredAt: '2026-01-15T10:30:00.000Z', jobId: 'job' },
    parts,
  );
const seconds = (performance.now() - startedAt) / 1_000;
if (teams.messages.length !== runs)
  throw new Error(`${runs} events made ${teams.messages.length} messages in Teams.`);
console.log(
  `${seconds.toFixed(2).padStart(12)} s   ${format.format(runs)} runs of the Teams flow; wanted: less than ${wantedSeconds}`,
);
if (seconds >= wantedSeconds) {
  console.error(`${format.format(runs)} runs of the Teams flow took longer than ${wantedSeconds} s.`);
  process.exitCode = 1;
}
