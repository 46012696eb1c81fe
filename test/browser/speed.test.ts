/**
 * How fast the console is, printed: figures of this machine, which no assertion depends on. The state table holds 10,000
 * subscriptions of one instance; the operator searches them and goes through their pages. What must hold anywhere is
 * asserted: each page has its rows, and all of them are different. test/lambda/console/search.test.ts holds the reads.
 */
import pMap from 'p-map';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { instanceList, listStore } from '../../lambda/store/lists.ts';
import { subscriptionStore } from '../../lambda/store/subscriptions.ts';
import { consoleCallers } from '../e2e/console-callers.ts';
import { firstInstance, stateTableOf, type TestSystem } from '../e2e/test-system.ts';
import { segmentSubscription } from '../lambda/store/example-subscription.ts';
import { operator, useConsole, type Visit, type VisitOptions } from './browse.ts';

const subscriptions = 10_000;
const measured = 40;

let system: TestSystem;
let visit: (options: VisitOptions) => Promise<Visit>;

const fill = async (): Promise<void> => {
  const table = stateTableOf(system);
  const [lists, store] = [listStore(table), subscriptionStore(table)];
  const { id: instanceId } = firstInstance(system);
  await pMap(
    Array.from({ length: subscriptions }, (_, at) => at),
    async (at) => {
      const id = `s${String(at).padStart(5, '0')}` as SubscriptionId;
      // Found by its words, and never called: its threshold is out of reach.
      const subscription = segmentSubscription(id, { instanceId, subject: `Segment${at % 100}` });
      await lists.add(instanceList(instanceId), id, at, subscription);
      await store.save(subscription, undefined);
    },
    { concurrency: 40 },
  );
};

useConsole(
  async (console) => {
    ({ system, visit } = console);
    await fill();
  },
  200_000,
  // What is measured is the console, not the evaluation of policies.
  { enforceAccess: false },
);

const p95 = (times: readonly number[]): string =>
  `${(times.toSorted((a, b) => a - b)[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN).toFixed(0)} ms`;

const timed = async <Result>(work: () => Promise<Result>): Promise<readonly [ms: number, Result]> => {
  const startedAt = performance.now();
  const result = await work();
  return [performance.now() - startedAt, result];
};

interface Found {
  readonly value: readonly { readonly subscriptionId: string }[];
  readonly next: string | null;
}

it('searches and turns pages at the API', async () => {
  const ask = consoleCallers(system);
  const times: Record<'search' | 'next page', number[]> = { search: [], 'next page': [] };
  const ids = new Set<string>();
  for (let at = 0; at < measured; at += 1) {
    const path = `/subscriptions?search=segment${at}`;
    const [searchMs, first] = await timed(() => ask('operator', path));
    const { value, next } = first.body as Found;
    const [nextMs, second] = await timed(() => ask('operator', `${path}&after=${next}`));
    times.search.push(searchMs);
    times['next page'].push(nextMs);
    const rows = [...value, ...(second.body as Found).value];
    expect(rows).toHaveLength(40);
    for (const { subscriptionId } of rows) ids.add(subscriptionId);
    // The budget of the console counts by the clock of the run, which stands still.
    if (at % 40 === 39) await system.clock.advance(minuteMs);
  }
  // "segment1" is in "segment10", too.
  expect(ids.size).toBeGreaterThan(20 * measured);
  process.stdout.write(
    `console, ${subscriptions} subscriptions: p95 of ${measured}: search ${p95(times.search)}, next page ${p95(times['next page'])}\n`,
  );
});

/** Times of tasks of the page that took 50 ms or more, ms. */
const longTasks = (page: Page): Promise<readonly number[]> =>
  page.evaluate(
    () =>
      new Promise<readonly number[]>((done) => {
        const observer = new PerformanceObserver((list) => {
          observer.disconnect();
          done(list.getEntries().map(({ duration }) => duration));
        });
        observer.observe({ type: 'longtask', buffered: true });
        setTimeout(() => done([]), 200);
      }),
  );

it('shows the list in the browser', async () => {
  const [loadMs, { page }] = await timed(() => visit({}));
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  const interactive = await page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).domInteractive,
  );
  const { page: list } = await visit({ as: operator, path: '/console/subscriptions' });
  await list.locator('tbody tr').first().waitFor();
  const first = await list.locator('tbody th').first().innerText();
  await list.getByLabel('Search').fill('segment42');
  const [searchMs] = await timed(async () => {
    await list.getByRole('button', { name: 'Find' }).click();
    await list.getByText('Segment42').first().waitFor();
  });
  const [nextMs] = await timed(async () => {
    await list.getByRole('button', { name: 'Next page' }).click();
    await list.getByRole('button', { name: 'Previous page' }).and(list.locator(':enabled')).waitFor();
    await list.locator('tbody tr').first().waitFor();
  });
  expect(first).not.toBe('');
  const tasks = await longTasks(list);
  process.stdout.write(
    `console in the browser: loaded ${loadMs.toFixed(0)} ms, interactive ${interactive.toFixed(0)} ms; search ${searchMs.toFixed(0)} ms, next page ${nextMs.toFixed(0)} ms; tasks of 50 ms or more: ${tasks.length === 0 ? 'none' : tasks.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}\n`,
  );
});
