/**
 * How fast expressions are evaluated: at least 200,000 a second on one core, or this ends with 1.
 *
 *     npm run bench:flows
 */
import { compileText } from '../flows/expressions/compile.ts';
import { bareContext } from '../flows/expressions/context.ts';

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
