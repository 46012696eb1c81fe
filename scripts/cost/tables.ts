/** The cost model as Markdown: the same text for the same prices and figures. */
import { instancesPerSecret } from '../../config/instance-keys.ts';
import { functionFacts } from '../../lambda/functions.ts';
import { priceDate, priceRegion, prices } from '../../lib/prices.ts';
import { canaryMonth } from './canary-month.ts';
import { decryptionsPerDelivery } from './data-keys.ts';
import { figure, figures } from './figures.ts';
import {
  defaultSettings,
  delivery,
  deliveryRecord,
  fixedMonth,
  idleConsole,
  idleInstance,
  pageCall,
  proxiedCall,
} from './model.ts';
import { month } from './month.ts';
import { flowMonth, type SizeName, sizeNames, sizes, sizeText } from './sizes.ts';
import { gigabyte, million, type PriceName, plus, times, type Units, usdOf } from './units.ts';

/** The most that these may cost, USD. */
export const targets = {
  millionCalls: 3.3,
  millionDeliveries: 1.7,
  idleInstanceMonth: 0.1,
  fixedMonth: 15,
  idleConsoleMonth: 0.01,
} as const;

/** USD, without egress. */
export const costOfMillionCalls = (): number => usdOf(times(million, proxiedCall()));

/** Deliveries of events for ten flows and more. */
export const deliveredTogether = 10;

const deliveryOf = (size: SizeName): Units =>
  plus(delivery(deliveredTogether), { kmsRequest: decryptionsPerDelivery(sizes[size]) });

/** At the largest size. USD, without the storage of the records, and egress. */
export const costOfMillionDeliveries = (): number => usdOf(times(million, deliveryOf('large')));

/** Beside as many as the medium size has. USD. */
export const costOfIdleInstance = (): number => usdOf(idleInstance(sizes.medium.instances));

/** USD. */
export const costOfFixedMonth = (): number => usdOf(plus(...Object.values(fixedMonth())));

/** USD. */
export const costOfIdleConsole = (): number => usdOf(idleConsole());

const row = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), `|${'---|'.repeat(head.length)}`, ...rows.map((cells) => row(...cells))].join('\n');

/** Two digits after the point, more where there would be none. */
const usd = (value: number): string =>
  value === 0
    ? '0'
    : Math.abs(value) < 0.01
      ? value.toPrecision(1)
      : value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const components: readonly (readonly [name: string, ...prices: readonly PriceName[]])[] = [
  ['API Gateway, HTTP API', 'httpApiRequest'],
  ['Lambda, requests', 'lambdaRequest'],
  ['Lambda, memory × time', 'lambdaGigabyteSecond'],
  ['DynamoDB, writes', 'dynamoDbWriteUnit'],
  ['DynamoDB, reads', 'dynamoDbReadUnit'],
  ['DynamoDB, storage', 'dynamoDbGigabyteMonth'],
  ['DynamoDB, point-in-time recovery', 'dynamoDbBackupGigabyteMonth'],
  ['SQS', 'sqsRequest'],
  ['KMS, key', 'kmsKeyMonth'],
  ['KMS, requests', 'kmsRequest'],
  ['Secrets Manager', 'secretMonth', 'secretRequest'],
  ['EventBridge Scheduler', 'schedulerInvocation'],
  ['CloudWatch Logs', 'logGigabyte', 'logGigabyteMonth'],
  ['CloudWatch alarms', 'alarmMetricMonth'],
  ['CloudWatch dashboard', 'dashboardMonth'],
  ['CloudWatch metrics', 'metricMonth'],
];

const usdBy = (units: Units, names: readonly PriceName[]): number =>
  usdOf(Object.fromEntries(names.map((name) => [name, units[name] ?? 0])));

/** What of the prices a thing uses, each with its quantity. */
const unitRows = (factor: number, units: Units): readonly (readonly string[])[] =>
  components.flatMap(([name, ...names]) => {
    const cost = usdBy(times(factor, units), names);
    const quantities = names.flatMap((each) => {
      const quantity = (units[each] ?? 0) * factor;
      return quantity === 0
        ? []
        : [
            `${quantity.toLocaleString('en', { maximumSignificantDigits: 4 })} × ${prices[each].toPrecision(3).replace(/e-(\d+)$/, ' · 10⁻$1')}`,
          ];
    });
    return cost === 0 ? [] : [[name, quantities.join(' + '), usd(cost)]];
  });

const egress = (what: string, bytes: number): readonly string[] => {
  const gigabytes = (bytes * million) / gigabyte;
  return [
    `Egress, apart: ${what}`,
    `${bytes / 1024} KB = ${gigabytes.toFixed(2)} GB × ${prices.egressGigabyte}`,
    usd(gigabytes * prices.egressGigabyte),
  ];
};

const at = `at the list prices of ${priceRegion}, ${priceDate}`;
const head = ['', 'quantity × price', 'USD'];

/** For docs/proxy.md and docs/cost.md. */
export const costOfCalls = (): string =>
  [
    `A million calls, in USD, ${at},`,
    'without free tiers (`lib/prices.ts`).',
    `A call is ${figure('proxyUpstreamMs')} ms of waiting and ${figure('proxyOwnMs')} ms of our own in`,
    `${functionFacts.proxy.memoryMegabytes} MB.`,
    '',
    table(head, [
      ...unitRows(million, proxiedCall()),
      [
        '**All but egress**',
        `target: at most ${usd(targets.millionCalls)}`,
        `**${usd(costOfMillionCalls())}**`,
      ],
      egress('a drop-down', figure('answerOfListBytes')),
      egress('a page of 100 rows', figure('answerOfPageBytes')),
    ]),
    '',
  ].join('\n');

const decrypted = (share: number) => usd(share * million * prices.kmsRequest);

export const costOfDeliveries = (): string =>
  [
    `A million deliveries of events for ${deliveredTogether} flows each, with ${sizeText(sizes.large)}, in USD:`,
    '',
    table(head, [
      ...unitRows(million, deliveryOf('large')),
      [
        '**Deliveries**',
        `target: at most ${usd(targets.millionDeliveries)}`,
        `**${usd(costOfMillionDeliveries())}**`,
      ],
      ['The same one by one, apart', 'an invocation for each', usd(usdOf(times(million, delivery(1))))],
      ...(['medium', 'small'] as const).map((name) => [
        `Data keys of ${sizeText(sizes[name])}, apart`,
        `${decryptionsPerDelivery(sizes[name]).toPrecision(2)} decryptions each`,
        decrypted(decryptionsPerDelivery(sizes[name])),
      ]),
      ['Data keys of flows saved with an earlier release, apart', 'at most a decryption each', decrypted(1)],
      [
        'Records, apart',
        `${figure('deliveryRecordBytes')} bytes each, kept for 30 days, with recovery`,
        usd(usdOf(times(million, deliveryRecord()))),
      ],
      egress('the call of a flow', figure('notificationBytes')),
    ]),
  ].join('\n');

export const costBySize = (): string => {
  const months = sizeNames.map((name) => month(sizes[name]));
  const sums = months.map((parts) => plus(...Object.values(parts)));
  const purposes = Object.keys(months[0] ?? {});
  const columns = sizeNames.map((name) => sizeText(sizes[name]));
  const total = ['**Month**', ...sums.map((units) => `**${usd(usdOf(units))}**`)];
  return [
    `A month of each flow: ${flowMonth.callsPerFlow} calls of actions, ${flowMonth.deliveriesPerFlow} events, saved once.`,
    `An event is for ${sizeNames.map((name) => sizes[name].together).join(', ')} flows at once.`,
    '',
    'By component, USD a month:',
    '',
    table(
      ['', ...columns],
      [
        ...components.map(([name, ...names]) => [name, ...sums.map((units) => usd(usdBy(units, names)))]),
        total,
      ],
    ),
    '',
    'The same by what it is for:',
    '',
    table(
      ['', ...columns],
      [
        ...purposes.map((purpose) => [purpose, ...months.map((parts) => usd(usdOf(parts[purpose] ?? {})))]),
        total,
      ],
    ),
  ].join('\n');
};

export const costOfFixed = (): string =>
  table(
    ['', 'USD a month'],
    [
      ...Object.entries(fixedMonth()).map(([name, units]) => [name, usd(usdOf(units))]),
      [`**Fixed part**; target: at most ${targets.fixedMonth}`, `**${usd(costOfFixedMonth())}**`],
    ],
  );

/** For docs/cost.md. */
export const costOfCanary = (): string =>
  table(
    ['', 'quantity × price', 'USD a month'],
    [...unitRows(1, canaryMonth()), ['**Canary**', '', `**${usd(usdOf(canaryMonth()))}**`]],
  );

export const costOfInstance = (): string => {
  const { instances } = sizes.medium;
  return [
    `One more instance in which nothing happens, beside ${instances}, with its keys in a secret that up to`,
    `${instancesPerSecret} instances share:`,
    '',
    table(
      ['', 'quantity × price', 'USD a month'],
      [
        ...unitRows(1, idleInstance(instances)),
        [
          '**Idle instance**',
          `target: at most ${usd(targets.idleInstanceMonth)}`,
          `**${usd(costOfIdleInstance())}**`,
        ],
        ['With a secret of its own, apart', `1 × ${prices.secretMonth}`, usd(prices.secretMonth)],
      ],
    ),
  ].join('\n');
};

export const costSavings = (): string => {
  const withAlarms = costOfFixedMonth();
  const without = (change: Partial<typeof defaultSettings>) =>
    withAlarms - usdOf(plus(...Object.values(fixedMonth({ ...defaultSettings, ...change }))));
  return table(
    ['setting', 'saves USD a month', 'and then'],
    [
      [
        '`"monitoring": { "alarms": false }`, or the preset dev',
        usd(without({ alarms: false })),
        'nothing tells you that events are late or lost',
      ],
      [
        '`"applications": { "api": { "credential": "federated" } }`',
        usd(without({ federated: true })),
        'there is no client secret to renew either',
      ],
      [
        'the same `secretName` for several instances',
        `${usd(prices.secretMonth)} an instance`,
        'the keys of these instances are read together',
      ],
      [
        '`"logs": { "level": "WARN" }`',
        `${usd(((figure('proxyLineBytes') + figure('lineOverheadBytes')) / gigabyte) * million * prices.logGigabyte)} a million calls`,
        'the log has only what failed',
      ],
    ],
  );
};

export const costFigures = (): string =>
  table(
    ['what', 'value', 'from'],
    Object.values(figures).map(({ what, value, unit, from }) => [
      what,
      `${value.toLocaleString('en')} ${unit}`,
      from === 'assumed' ? 'assumed' : `\`${from}\``,
    ]),
  );

/** A page that is visible asks for the person, and at most for two lists. */
const callsEachTime = 3;
const secondsBetween = 5;
const callsOfHour = (3_600 / secondsBetween) * callsEachTime;

/** USD. */
export const costOfOpenHour = (): number => usdOf(times(callsOfHour, pageCall()));

/** For docs/console.md. */
export const costOfConsole = (): string =>
  table(
    ['', 'USD'],
    [
      [
        `a month in which no user opens it; target: at most ${targets.idleConsoleMonth}`,
        costOfIdleConsole().toFixed(2),
      ],
      [
        `an hour with one page open: ${callsOfHour.toLocaleString('en')} calls of at most ${figure('pageCallReads')} reads and ${figure('pageCallMs')} ms each`,
        costOfOpenHour().toFixed(3),
      ],
    ],
  );
