/** The targets of docs/cost.md; that the tables add up; that the model follows what it is made from. */
import { describe, expect, it } from 'vitest';
import { functionFacts } from '../../../lambda/functions.ts';
import { alarmDefinitions } from '../../../lib/alarms.ts';
import { prices } from '../../../lib/prices.ts';
import { decryptionsPerDelivery, sealing } from '../../../scripts/cost/data-keys.ts';
import { longestOf } from '../../../scripts/cost/longest-of.ts';
import {
  delivery,
  deliveryBatchMs,
  fixedMonth,
  idleInstance,
  idleInstances,
  proxiedCall,
} from '../../../scripts/cost/model.ts';
import { month } from '../../../scripts/cost/month.ts';
import { quotaTable, quotaUses } from '../../../scripts/cost/quotas.ts';
import { sizeNames, sizes } from '../../../scripts/cost/sizes.ts';
import {
  costBySize,
  costOfCalls,
  costOfConsole,
  costOfFixed,
  costOfFixedMonth,
  costOfIdleConsole,
  costOfIdleInstance,
  costOfMillionCalls,
  costOfMillionDeliveries,
  costOfOpenHour,
  targets,
} from '../../../scripts/cost/tables.ts';
import { monthMs, plus, usdOf } from '../../../scripts/cost/units.ts';

it.each([
  ['a million calls', costOfMillionCalls, targets.millionCalls],
  ['a million deliveries', costOfMillionDeliveries, targets.millionDeliveries],
  ['a month of an idle instance', costOfIdleInstance, targets.idleInstanceMonth],
  ['the fixed part of a month', costOfFixedMonth, targets.fixedMonth],
  ['the console in a month in which no user opens it', costOfIdleConsole, targets.idleConsoleMonth],
  ['an hour of the console', costOfOpenHour, 0.05],
] as const)('%s costs at most its target', (_, cost, target) => {
  expect(cost()).toBeGreaterThanOrEqual(0);
  expect(cost()).toBeLessThanOrEqual(target);
});

it('an idle instance stays below its target beside many others, whose secrets more processes read', () => {
  expect(usdOf(idleInstance(sizes.large.instances))).toBeLessThanOrEqual(targets.idleInstanceMonth);
});

const lastNumbers = (text: string, pattern: RegExp): readonly number[] =>
  [...text.matchAll(pattern)].map(([, number = '']) => Number(number.replaceAll(',', '')));

describe('a table adds up to its sum', () => {
  it.each([
    ['calls', costOfCalls(), /^\| (?!\*|Egress)[^|]+\|[^|]+\| ([\d.]+) \|$/gm],
    ['the fixed part', costOfFixed(), /^\| (?!\*)[^|]+\| ([\d.]+) \|$/gm],
  ])('of %s', (_, table, parts) => {
    const sum = lastNumbers(table, /\*\*([\d.]+)\*\* \|$/gm);
    expect(sum).toHaveLength(1);
    expect(lastNumbers(table, parts).length).toBeGreaterThan(5);
    expect(lastNumbers(table, parts).reduce((total, usd) => total + usd, 0)).toBeCloseTo(
      sum[0] ?? Number.NaN,
      1,
    );
  });

  it('by component and by what it is for, of each size', () => {
    const [byComponent = '', byPurpose = ''] = costBySize().split('The same by what it is for');
    for (const [index, name] of sizeNames.entries()) {
      const column = new RegExp(`^\\| (?!\\*)[^|]+(?:\\|[^|]+){${index}}\\| ([\\d.,e-]+) \\|`, 'gm');
      const sum = usdOf(plus(...Object.values(month(sizes[name]))));
      for (const table of [byComponent, byPurpose])
        expect(lastNumbers(table, column).reduce((total, usd) => total + usd, 0) / sum).toBeCloseTo(1, 2);
    }
  });

  it('and the console has the cost of its hour', () => {
    expect(costOfConsole()).toContain(costOfOpenHour().toFixed(3));
  });
});

describe('the model follows', () => {
  it('the memory of a function', () => {
    expect(proxiedCall().lambdaGigabyteSecond).toBeCloseTo(
      (0.152 * functionFacts.proxy.memoryMegabytes) / 1024,
      9,
    );
  });

  it('the metrics of the alarms', () => {
    const metrics = alarmDefinitions(100).flatMap((alarm) => alarm.metrics).length;
    expect(usdOf(fixedMonth().Alarms ?? {})).toBeCloseTo(metrics * prices.alarmMetricMonth, 9);
  });

  it('how many deliveries share an invocation', () => {
    expect(delivery(1).sqsRequest).toBeCloseTo(10 * (delivery(10).sqsRequest ?? 0), 9);
    expect(usdOf(delivery(1))).toBeGreaterThan(2 * usdOf(delivery(10)));
  });

  it('how often a process meets a data key that it has', () => {
    const of = (subscriptions: number, deliveriesPerFlow: number, registrationsPerFlow = 1) =>
      decryptionsPerDelivery({ subscriptions, deliveriesPerFlow, registrationsPerFlow, together: 1 });
    expect(of(10, 0)).toBe(0);
    // One flow every two hours, in a process that lives as long.
    expect(of(1, 360)).toBeCloseTo(1 - Math.exp(-1), 2);
    expect(of(1, 360_000)).toBeLessThan(0.002);
    // A process cannot meet more keys than there were weeks.
    const deliveries = 1_000_000 * 1_000;
    const processes = (deliveries * deliveryBatchMs(1)) / monthMs;
    const lives = (processes * 30 * 24) / 2;
    expect(of(1_000_000, 1_000, 0) * deliveries).toBeLessThan(lives * (40 * 52));
    expect(of(1_000_000, 1_000, 0)).toBeGreaterThan(3 * of(1_000_000, 1_000, 1));
    // Flows that are saved often have the newest key, or that of the last week.
    expect(of(1_000_000, 1_000, 1_000) * deliveries).toBeCloseTo(lives, -3);
  });

  it('how often a process that registers reads its key', () => {
    const of = (subscriptions: number) =>
      sealing({ subscriptions, deliveriesPerFlow: 1, registrationsPerFlow: 1, together: 1 });
    expect(of(0)).toEqual({});
    expect(of(1).kmsRequest).toBeCloseTo(2, 1);
    // Few processes are used more than once, then all of them.
    expect(of(10).dynamoDbReadUnit).toBeCloseTo(10, 0);
    expect(of(100_000).dynamoDbReadUnit).toBeCloseTo(360, 0);
  });

  it('the number of instances: up to four have messages of their own, forty share four', () => {
    const requests = (instances: number) => Math.round(idleInstances(instances).lambdaRequest ?? 0);
    expect([0, 1, 4, 40, 50, 10_000].map(requests)).toEqual([
      0, 43_200, 172_800, 172_800, 216_000, 43_200_000,
    ]);
  });
});

describe('the longest of several calls', () => {
  const source = { median: 300, slow: 3_000 };

  it('has the mean of a log-normal distribution where there is one', () => {
    const deviation = Math.log(10) / 2.326_347_87;
    expect(longestOf(1, source)).toBeCloseTo(300 * Math.exp(deviation ** 2 / 2), 0);
  });

  it('is as long as any of them where all take the same time', () => {
    expect(longestOf(10, { median: 300, slow: 300.000_001 })).toBeCloseTo(300, 3);
  });

  it('grows with their number', () => {
    const means = [1, 2, 10, 100].map((calls) => longestOf(calls, source));
    expect(means).toEqual([...means].sort((a, b) => a - b));
    expect(means[2]).toBeGreaterThan(3 * 300);
  });
});

describe('the quotas', () => {
  const uses = quotaUses(165);

  it('are in the order in which they break, at the largest size', () => {
    const largest = uses.map(({ shares }) => shares.at(-1) ?? Number.NaN);
    expect(largest).toEqual([...largest].sort((a, b) => b - a));
    for (const { what, shares } of uses) for (const share of shares) expect(share, what).toBeGreaterThan(0);
  });

  it('are kept at every size, but that of a new account', () => {
    const broken = uses.filter(({ shares }) => shares.some((share) => share > 1)).map(({ what }) => what);
    expect(broken).toEqual(['concurrent functions of a new account']);
  });

  it('are all in the table, with the share of each size', () => {
    const rows = quotaTable(165).split('\n').slice(2);
    expect(rows).toHaveLength(uses.length);
    for (const row of rows) expect(row.match(/\([\d.]+ %\)/g)).toHaveLength(sizeNames.length);
  });
});
