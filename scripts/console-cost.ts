/** What the console costs: in a month in which no user opens it, and in an hour in which one page is open. */
import { type FunctionName, functionFacts } from '../lambda/functions.ts';
import { alarmDefinitions, ofPages } from '../lib/alarms.ts';
import { prices } from '../lib/prices.ts';
import { usage } from './proxy-cost.ts';

/** The most that an idle month may cost, USD. */
export const idleTarget = 0.01;

const gigabyte = 1024 ** 3;

/** What one call of an open page uses, at most. */
const call = {
  /** Of a function of 512 MB, ms: the reads of the table follow each other in three steps. */
  milliseconds: 60,
  /** Of the table; test/lambda/console/search.test.ts holds it. */
  reads: 60,
  /** The count of the call. */
  writes: 1,
  logBytes: Object.values(usage.logBytes).reduce((sum, bytes) => sum + bytes, 0),
} as const;

/** A page that is visible asks for the person, and at most for two lists. */
const callsEachTime = 3;
const secondsBetween = 5;

const hourOfCalls = (3_600 / secondsBetween) * callsEachTime;

/** What is paid for the functions although nothing calls them, USD a month. */
export const idleMonth = (): number => {
  const ofConsole = (name: FunctionName): boolean => ofPages.includes(name);
  const metrics = alarmDefinitions(100).flatMap(({ metrics: all }) =>
    all.filter((metric) => ('lambda' in metric || 'own' in metric) && ofConsole(metric.of)),
  ).length;
  const called = ofPages.filter((name) => {
    const { uses, ...facts } = functionFacts[name];
    return 'schedule' in facts || uses.some((use) => 'consume' in use);
  }).length;
  // Code and empty log groups are free.
  return metrics * prices.alarmMetricMonth + called * 43_200 * prices.lambdaRequest;
};

/** USD. */
export const openHour = (): number => {
  const memory = functionFacts.console.memoryMegabytes / 1024;
  const each =
    prices.httpApiRequest +
    prices.lambdaRequest +
    (call.milliseconds / 1_000) * memory * prices.lambdaGigabyteSecond +
    call.reads * prices.dynamoDbReadUnit +
    call.writes * prices.dynamoDbWriteUnit +
    (call.logBytes / gigabyte) * prices.logGigabyte;
  return hourOfCalls * each;
};

/** For docs/console.md. */
export const consoleCost = (): string =>
  [
    '| | USD |',
    '|---|---|',
    `| a month in which no user opens it; target: at most ${idleTarget} | ${idleMonth().toFixed(2)} |`,
    `| an hour with one page open: ${hourOfCalls.toLocaleString('en')} calls of at most ${call.reads} reads and ${call.milliseconds} ms each | ${openHour().toFixed(3)} |`,
  ].join('\n');
