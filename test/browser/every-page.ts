/** A system in which every page of the console has something to show, and the way to each page. */
import type { Page } from 'playwright-core';
import { minuteMs } from '../../lambda/runtime/time.ts';
import type { Flow } from '../../local/flow-host/flow-host.ts';
import { failDataSource, firstInstance } from '../e2e/test-system.ts';
import { type RunningConsole, useConsole } from './browse.ts';

/** Of the flow "Big segment". */
export const threshold = 2_505;

/** Path and what is awaited before a page is looked at. */
const pages = {
  destinations: ['/console', '.tile'],
  configure: ['/console/destinations/power-automate', '.panel button'],
  subscriptions: ['/console/subscriptions', 'tbody tr'],
  subscription: ['/console/subscriptions/:id', '.chart canvas'],
  deliveries: ['/console/deliveries', 'section tbody input'],
  threshold: ['/console/threshold', 'form optgroup option'],
  instances: ['/console/instances', '.tile'],
  limits: ['/console/limits', 'meter'],
  'local-run': ['/console/local-run', '#stories'],
} as const;
export type PageName = keyof typeof pages;
export const pageNames = Object.keys(pages) as PageName[];

export interface EveryPage extends RunningConsole {
  /** Of "Big segment". */
  readonly subscriptionId: string;
  /** Has refused its first event, which is a dead letter. */
  readonly deaf: Flow;
  /** Waits until the page shows what it is for. */
  readonly arrived: (page: Page, name: PageName) => Promise<void>;
  /** Goes on within the page, so that the token stays. */
  readonly open: (page: Page, name: PageName) => Promise<void>;
}

/** Starts system and browser for the tests of a file, lets something happen, and ends both after the tests. */
export const useEveryPage = (started: (console: EveryPage) => Promise<void> | void): void =>
  useConsole(async (running) => {
    const { system } = running;
    const { id, world } = firstInstance(system);
    const flow = await system.flowHost.create('Big segment', 'OnSegmentThresholdCrossed', {
      dataset: id,
      segment: 'HighValueCustomers',
      threshold,
    });
    const [, subscriptionId = ''] = /\/subscriptions\/([^/]+)\//.exec(flow.location ?? '') ?? [];
    await system.flowHost.create('Failures', 'OnDataSourceRefreshFailed', { dataset: id });
    const deaf = await system.flowHost.create('Deaf', 'OnDataSourceRefreshFailed', { dataset: id });
    deaf.answerWith({
      status: 400,
      times: 1,
      body: { error: { code: 'TriggerInputSchemaMismatch', message: 'Another schema.' } },
    });
    await system.clock.advance(2 * minuteMs);
    await failDataSource(system, firstInstance(system));
    for (const count of [2_520, 2_490, 2_530]) {
      world.refreshSegment('HighValueCustomers', { count, durationMs: 5_000 });
      await system.clock.advance(3 * minuteMs);
    }
    const arrived = (page: Page, name: PageName) =>
      page.locator(`main ${pages[name][1]}`).first().waitFor({ state: 'attached' });
    await started({
      ...running,
      subscriptionId,
      deaf,
      arrived,
      async open(page, name) {
        await page.evaluate(
          (to) => {
            const link = Object.assign(document.createElement('a'), { href: to });
            document.body.append(link);
            link.click();
            link.remove();
          },
          pages[name][0].replace(':id', subscriptionId),
        );
        await arrived(page, name);
      },
    });
  });
