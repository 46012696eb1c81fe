/** The cost of a million proxy calls, computed from unit prices. */
import { functionFacts } from '../lambda/functions.ts';
import { priceDate, priceRegion, prices } from '../lib/prices.ts';

/** The most that a million calls may cost without egress, USD. */
export const costTarget = 3.6;

const million = 1_000_000;
const gigabyte = 1024 ** 3;

/** The resources that one call uses. */
export const usage = {
  /**
   * Customer Insights and the network to it, ms: an assumption, because it cannot be measured here. Each
   * further 10 ms cost 0.07.
   */
  upstreamMs: 140,
  /**
   * Ours, ms: the limiter's write, 2 to 6 ms in one region, and what `npm run bench:proxy` shows as overhead
   * with one caller, at the function's share of a core.
   */
  ownMs: 10,
  memoryGigabytes: functionFacts.proxy.memoryMegabytes / 1024,
  /** Conditional writes of at most 1,024 bytes: one for each call. */
  writeUnits: 1,
  /** Bytes of log a call. */
  logBytes: {
    /** With the tracking headers that the platform sends along. */
    ourLine: 780,
    /** START, END and REPORT of Lambda. */
    lambdaLines: 90 + 60 + 170,
    /** The API's access line, without errors. */
    accessLine: 330,
    /** Bytes that CloudWatch adds to each of the five. */
    perLine: 5 * 26,
  },
  /** Months that a log is kept: logRetentionDays of the configuration. */
  logMonths: 1,
} as const;

/** Body and headers of some answers, bytes. */
const answers = { 'a drop-down': 2 * 1024, 'a page of 100 rows': 32 * 1024 } as const;

interface Item {
  readonly what: string;
  readonly arithmetic: string;
  /** Per million calls. */
  readonly usd: number;
}

const items = (): readonly Item[] => {
  const billedMs = usage.upstreamMs + usage.ownMs;
  const logBytes = Object.values(usage.logBytes).reduce((sum, bytes) => sum + bytes, 0);
  const logGigabytes = (logBytes * million) / gigabyte;
  const seconds = ((billedMs * million) / 1_000).toLocaleString('en');
  return [
    {
      what: 'API Gateway, HTTP API',
      arithmetic: `1,000,000 requests × ${prices.httpApiRequest * million} per million`,
      usd: prices.httpApiRequest * million,
    },
    {
      what: 'Lambda, requests',
      arithmetic: `1,000,000 × ${prices.lambdaRequest * million} per million`,
      usd: prices.lambdaRequest * million,
    },
    {
      what: `Lambda arm64, ${functionFacts.proxy.memoryMegabytes} MB`,
      arithmetic: `${usage.upstreamMs} ms of waiting + ${usage.ownMs} ms of our own = ${seconds} s × ${usage.memoryGigabytes} GB × ${prices.lambdaGigabyteSecond}`,
      usd: (billedMs / 1_000) * million * usage.memoryGigabytes * prices.lambdaGigabyteSecond,
    },
    {
      what: 'DynamoDB, limit per connection',
      arithmetic: `${usage.writeUnits} write unit × ${prices.dynamoDbWriteUnit * million} per million; no read`,
      usd: usage.writeUnits * million * prices.dynamoDbWriteUnit,
    },
    {
      what: 'CloudWatch Logs, taken in',
      arithmetic: `${logBytes.toLocaleString('en')} bytes a call = ${logGigabytes.toFixed(2)} GB × ${prices.logGigabyte}`,
      usd: logGigabytes * prices.logGigabyte,
    },
    {
      what: 'CloudWatch Logs, kept',
      arithmetic: `${logGigabytes.toFixed(2)} GB × ${prices.logCompression} compressed × ${usage.logMonths} month × ${prices.logGigabyteMonth}`,
      usd: logGigabytes * prices.logCompression * usage.logMonths * prices.logGigabyteMonth,
    },
  ];
};

/** USD, without egress. */
export const costOfMillionCalls = (): number => items().reduce((sum, { usd }) => sum + usd, 0);

const rowOf = (...cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** The arithmetic as a table in Markdown; the same text for the same prices. */
export const costTable = (): string => {
  const egress = Object.entries(answers).map(([what, bytes]) => {
    const gigabytes = (bytes * million) / gigabyte;
    return rowOf(
      `Egress, apart: ${what}`,
      `${bytes / 1024} KB = ${gigabytes.toFixed(2)} GB × ${prices.egressGigabyte}`,
      (gigabytes * prices.egressGigabyte).toFixed(2),
    );
  });
  return [
    `A million calls, in USD, at the list prices of ${priceRegion}, ${priceDate}`,
    '(`lib/prices.ts`), without free tiers:',
    '',
    rowOf('', 'arithmetic', 'USD'),
    '|---|---|---|',
    ...items().map(({ what, arithmetic, usd }) => rowOf(what, arithmetic, usd.toFixed(2))),
    rowOf(
      '**All but egress**',
      `target: at most ${costTarget.toFixed(2)}`,
      `**${costOfMillionCalls().toFixed(2)}**`,
    ),
    ...egress,
    '',
  ].join('\n');
};
