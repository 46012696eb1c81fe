/**
 * How exact the limiter is and what it writes, next to rate-limiter-flexible's DynamoDB backend on the same
 * arrivals.
 *   npm run bench:limiter               one million calls in memory, 20,000 on each embedded engine
 *   npm run bench:limiter -- --smoke    a small run
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { RateLimiterDynamo, RateLimiterRes } from 'rate-limiter-flexible';
import { scriptOptions } from '../bin/commands/run.ts';
import { dynamoDbLimiterStore, memoryLimiterStore } from '../lambda/limiter/index.ts';
import { minuteMs } from '../lambda/runtime/time.ts';
import { arrivalPatterns } from '../test/lambda/limiter/arrivals.ts';
import { limiterEngines } from '../test/lambda/limiter/engine-tables.ts';
import { seeded } from '../test/lambda/limiter/random.ts';
import {
  type Contender,
  limiterContender,
  type Scenario,
  type ScenarioResult,
  simulate,
  slowTravel,
} from '../test/lambda/limiter/simulation.ts';
import { evidence, nothingDurable } from './evidence/evidence.ts';

const smoke = scriptOptions(
  {
    name: 'npm run bench:limiter --',
    summary: 'How exact the limiter is and what it writes',
    options: [
      {
        flags: '--smoke',
        description: 'A small run that shows that the benchmark works; its figures are not valid',
      },
    ],
  },
  (values) => values.smoke === true,
);
const policy = { limit: 100, windowMs: minuteMs };

/** What the peer asks of its client: the one operation it counts with. */
interface PeerClient {
  updateItem(input: PeerUpdate): Promise<unknown>;
}

interface PeerUpdate {
  readonly TableName: string;
  readonly Key: { readonly key: { readonly S: string } };
  readonly UpdateExpression: string;
  readonly ExpressionAttributeValues: Readonly<Record<string, { readonly N: string }>>;
}

/** The peer reads Date.now itself; within a simulated call that is the calling process's clock. */
const simulatedClock = new AsyncLocalStorage<() => number>();
const realNow = Date.now;
Date.now = () => simulatedClock.getStore()?.() ?? realNow();

const peerContender = (client: PeerClient, tableName: string): Contender => {
  let all = 0;
  const counting: PeerClient = {
    updateItem(input) {
      all += 1;
      return client.updateItem(input);
    },
  };
  return {
    // Its first write fails whenever a window is open: it is part of how it counts, so none are called lost.
    writes: () => ({ all, lost: 0 }),
    start({ now, trueTimeOf, audit, connection }) {
      const limiter = new RateLimiterDynamo({
        storeClient: counting,
        tableName,
        tableCreated: true,
        ttlSet: true,
        keyPrefix: connection,
        points: policy.limit,
        duration: policy.windowMs / 1_000,
        // Its own means against writes for repeated refusals.
        inMemoryBlockOnConsumed: policy.limit,
      });
      return () =>
        simulatedClock.run(now, async () => {
          const clockTime = now();
          const trueTime = trueTimeOf(clockTime);
          try {
            await limiter.consume('caller');
            audit.admitted({ clockTime, trueTime });
            return true;
          } catch (reason) {
            if (reason instanceof RateLimiterRes) return false;
            throw reason;
          }
        });
    },
  };
};

/** The peer's three statements on a map, as slow as our memory store's simulated way. */
const peerMemoryClient = (): PeerClient => {
  const items = new Map<string, { points: number; expire: number }>();
  return {
    async updateItem({ Key, UpdateExpression, ExpressionAttributeValues }) {
      await Promise.resolve();
      const value = (name: string) => Number(ExpressionAttributeValues[name]?.N);
      const key = Key.key.S;
      const item = items.get(key);
      const opens = UpdateExpression.startsWith('SET points = :new_points');
      const holds = opens
        ? item === undefined || item.expire <= value(':where_expire')
        : (item?.expire ?? 0) > value(':where_expire');
      if (!holds) throw new Error('ConditionalCheckFailedException');
      const next = opens
        ? { points: value(':new_points'), expire: value(':new_expire') }
        : { points: (item?.points ?? 0) + value(':new_points'), expire: item?.expire ?? 0 };
      items.set(key, next);
      return {
        Attributes: {
          key: { S: key },
          points: { N: String(next.points) },
          expire: { N: String(next.expire) },
        },
      };
    },
  };
};

/**
 * Every pattern from 1 to 64 callers, each in its own process or four to a process, at each skew; `calls` in
 * all.
 */
const scenarios = (
  calls: number,
  skews: readonly number[],
  callerCounts: readonly number[],
): readonly Scenario[] => {
  const kinds = skews.flatMap((skewMs) =>
    callerCounts.flatMap((callers) =>
      arrivalPatterns.map((pattern, index) => ({
        pattern,
        callers,
        processes: index % 2 === 0 ? callers : Math.ceil(callers / 4),
        skewMs,
        ...policy,
      })),
    ),
  );
  return kinds.map((kind, seed) => ({ ...kind, seed, calls: Math.ceil(calls / kinds.length) }));
};

interface Row {
  readonly where: string;
  readonly who: string;
  readonly skewMs: number;
  readonly results: readonly ScenarioResult[];
}

const run = async (
  where: string,
  who: string,
  contender: Contender,
  all: readonly Scenario[],
): Promise<readonly Row[]> => {
  const rows = new Map<number, ScenarioResult[]>();
  for (const scenario of all) {
    const results = rows.get(scenario.skewMs) ?? [];
    results.push(await simulate(scenario, contender));
    rows.set(scenario.skewMs, results);
  }
  return [...rows].map(([skewMs, results]) => ({ where, who, skewMs, results }));
};

const print = (rows: readonly Row[]): void => {
  const table = rows.map(({ where, who, skewMs, results }) => {
    const sum = (of: (result: ScenarioResult) => number) =>
      results.reduce((total, result) => total + of(result), 0);
    const worst = (of: (result: ScenarioResult) => number) =>
      results.reduce((most, result) => Math.max(most, of(result)), 0);
    const admitted = sum((result) => result.admitted);
    const falselyRefused = sum((result) => result.falselyRefused);
    return {
      store: where,
      limiter: who,
      'skew ms': skewMs,
      calls: sum((result) => result.calls),
      admitted,
      'over limit by its clock': sum((result) => result.overAdmittedByClock),
      'over limit in true time': sum((result) => result.overAdmitted),
      'window short by ms': worst((result) => result.windowShortfallMs),
      'falsely refused': falselyRefused,
      'refused late by ms': worst((result) => result.refusalExcessMs),
      'writes / admitted': (sum((result) => result.writes.all) / admitted).toFixed(3),
      'of these lost': (sum((result) => result.writes.lost) / admitted).toFixed(3),
    };
  });
  console.log(
    evidence({
      durable: nothingDurable,
      peers: [
        'rate-limiter-flexible with its DynamoDB backend and its own means against writes for repeated refusals',
      ],
    }),
  );
  console.table(table);
};

const started = realNow();
const memoryScenarios = smoke
  ? scenarios(20_000, [0, 500], [1, 8, 64])
  : scenarios(1_000_000, [0, 50, 500], [1, 4, 16, 64]);
// Below some 150 calls a scenario does not reach the limit.
const engineScenarios = smoke ? scenarios(640, [0], [8]) : scenarios(20_000, [0, 500], [1, 8, 64]);

const rows: Row[] = [];
rows.push(
  ...(await run(
    'memory',
    'ours',
    limiterContender(memoryLimiterStore(), slowTravel(seeded(1))),
    memoryScenarios,
  )),
);
rows.push(
  ...(await run(
    'memory',
    'rate-limiter-flexible',
    peerContender(peerMemoryClient(), 'peer'),
    memoryScenarios,
  )),
);

for (const engine of limiterEngines) {
  const table = await engine.start();
  try {
    const ours = limiterContender(dynamoDbLimiterStore(table.client, table.tableName));
    rows.push(...(await run(engine.name, 'ours', ours, engineScenarios)));
    const peerTable = await table.createTable('key');
    const client = new DynamoDB(table.place);
    const peer = peerContender(
      { updateItem: (input) => client.updateItem({ ...input, ReturnValues: 'ALL_NEW' }) },
      peerTable,
    );
    rows.push(...(await run(engine.name, 'rate-limiter-flexible', peer, engineScenarios)));
    client.destroy();
  } finally {
    await table.stop();
  }
}

print(rows);
console.log(`"Window short by": how much less than 60 s the shortest span with 101 calls was. "Refused late by": how much more than 60 s one had
to look back from the worst false refusal to find 100 calls; Infinity: there never were so many. ${Math.round((realNow() - started) / 1000)} s.`);

const broken = rows.filter(
  ({ who, skewMs, results }) =>
    who === 'ours' &&
    results.some(
      (result) =>
        result.overAdmittedByClock > 0 ||
        result.falselyRefusedByClock > 0 ||
        result.windowShortfallMs > skewMs ||
        result.refusalExcessMs > skewMs,
    ),
);
if (broken.length > 0) {
  console.error(`The guarantee of docs/limiter.md does not hold: ${JSON.stringify(broken, undefined, 1)}`);
  process.exitCode = 1;
}
