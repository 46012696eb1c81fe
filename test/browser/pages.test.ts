/**
 * Every page of the console, as people see it: live, in three languages, in both themes and at two widths, without
 * complaints of the browser, and without serious findings of axe. The screenshots are kept in dist/screenshots.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { packageDirectory } from '../../config/this-package.ts';
import type { OperationById } from '../../connector/contract/index.ts';
import type { ResponseOf } from '../../connector/contract/operation.ts';
import { minuteMs } from '../../lambda/runtime/time.ts';
import type { Flow } from '../../local/flow-host/flow-host.ts';
import { firstInstance, type TestSystem } from '../e2e/test-system.ts';
import { maker, operator } from './browse.ts';
import { type EveryPage, pageNames, threshold, useEveryPage } from './every-page.ts';

let system: TestSystem;
let visit: EveryPage['visit'];
let open: EveryPage['open'];
let deaf: Flow;
useEveryPage((console) => {
  ({ system, visit, open, deaf } = console);
});

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings, one line each. */
const findings = async (page: Page): Promise<readonly string[]> => {
  // The debugger's own evaluation: the policy of the page admits no script from elsewhere.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
};

const screenshots = join(packageDirectory, 'dist/screenshots');

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each([1_280, 360])('every page is readable and accessible at %i px', async (width) => {
    mkdirSync(screenshots, { recursive: true });
    const { page, complaints } = await visit({ as: maker, theme, width });
    for (const name of pageNames) {
      await open(page, name);
      const image = await page.screenshot({ fullPage: true });
      writeFileSync(join(screenshots, `${name}-${theme}-${width}.png`), image);
      expect([name, await findings(page)]).toEqual([name, []]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([name, overflow]).toEqual([name, 0]);
    }
    expect(complaints).toEqual([]);
  });
});

describe('the languages', () => {
  it.each([
    ['en-GB', 'en', 'Subscriptions', '2,505'],
    ['nb-NO', 'nb', 'Abonnementer', 'Kjørte'],
    ['de-DE', 'de', 'Abonnements', 'Lief nicht'],
  ])('%s is %s', async (locale, language, heading, text) => {
    const { page } = await visit({ as: maker, locale });
    // The page says it right after it has appeared.
    await page.locator(`html[lang="${language}"]`).waitFor();
    await open(page, 'subscriptions');
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
    await open(page, 'subscription');
    await page.getByText(text).first().waitFor();
  });
});

/** What a page is answered next, by an operation whose path ends so. */
const answerTo = async <Id extends 'PreviewThreshold' | 'ExplainSubscription'>(page: Page, end: string) => {
  const response = await page.waitForResponse(
    (one) => new URL(one.url()).pathname.endsWith(end) && one.status() === 200,
  );
  return (await response.json()) as ResponseOf<OperationById<Id>>;
};

/** The first two cells of the rows with a state. */
const rowsOf = async (page: Page, state: string): Promise<readonly (readonly string[])[]> => {
  const rows = page.locator('main tbody tr', { has: page.locator('.state', { hasText: state }) });
  return rows.evaluateAll((all) =>
    all.map((row) => [...row.children].slice(0, 2).map(({ textContent }) => textContent ?? '')),
  );
};

describe('the pages', () => {
  it('show a crossing while they are open, with the keyboard alone', async () => {
    const { page } = await visit({ as: maker });
    const link = page.getByRole('link', { name: 'Subscriptions' });
    for (let at = 0; at < 20 && !(await link.evaluate((one) => one === document.activeElement)); at += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('tbody tr').first().waitFor();
    await open(page, 'subscription');
    const ran = page.locator('td .state', { hasText: 'Ran' });
    await ran.first().waitFor();
    const before = await ran.count();
    const { world } = firstInstance(system);
    for (const count of [2_400, 2_600]) {
      world.refreshSegment('HighValueCustomers', { count, durationMs: 5_000 });
      await system.clock.advance(3 * minuteMs);
    }
    await expect.poll(() => ran.count(), { timeout: 15_000 }).toBe(before + 1);
  });

  it('lead from the tile to the card in the inbox', async () => {
    const { page, complaints } = await visit({ as: maker });
    await page.getByRole('link', { name: 'Configure' }).click();
    await page.getByRole('heading', { name: 'Configure Power Automate' }).waitFor();
    await page.getByLabel('When a data source fails to refresh').check();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Files of the connector' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('connector.zip');
    await page.getByRole('link', { name: 'Local run' }).click();
    await page.getByLabel('A ready flow').selectOption('teams-on-refresh-failed');
    await page.getByRole('button', { name: 'Add the ready flow' }).click();
    await page.getByRole('rowheader', { name: /Teams/ }).waitFor();
    await page.getByRole('button', { name: 'Let its refresh fail' }).click();
    await page.getByText('It has begun.').waitFor();
    await page.getByRole('button', { name: '1 hour ahead' }).click();
    await page.getByText('The clock has moved.').waitFor();
    const channel = page.getByRole('region', { name: 'Microsoft Teams' });
    await channel.locator('li pre').first().waitFor();
    expect(await channel.locator('li pre').first().innerText()).toMatch(
      /^E-commerce shop could not be refreshed/,
    );
    // The hour has ended the token, which the browser says where a call met it; the page goes on with a new one.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('show a refusal of the run, and its levers', async () => {
    const { page } = await visit({ as: maker });
    await open(page, 'local-run');
    await page.getByRole('button', { name: 'Outage: answer 503' }).click();
    await page.getByRole('button', { name: 'Answer as usual again (1)' }).click();
    await page.getByText('Customer Insights answers as usual again.').waitFor();
    expect(system.simulator.world.faults.active).toEqual([]);
  });

  it('try a threshold, and tell the same as what the flow did', async () => {
    const { page } = await visit({ as: maker });
    await open(page, 'threshold');
    await page.getByLabel('Segment or measure').selectOption('segment:HighValueCustomers');
    await page.getByLabel('Threshold', { exact: true }).fill(String(threshold));
    const [tried] = await Promise.all([
      answerTo<'PreviewThreshold'>(page, '/threshold-preview'),
      page.getByRole('button', { name: 'Try it' }).click(),
    ]);
    await page.getByRole('heading', { name: /would have run/ }).waitFor();
    const shown = await rowsOf(page, 'Yes');
    const [explained] = await Promise.all([
      answerTo<'ExplainSubscription'>(page, '/explanation'),
      open(page, 'subscription'),
    ]);
    // To the millisecond and the digit: what would have run, what the flow got, and what its history tells.
    const would = tried.evaluations.filter(({ fires }) => fires);
    const points = would.map(({ evaluatedAt, value }) => [Date.parse(evaluatedAt), value]);
    expect(points.length).toBeGreaterThan(1);
    const got = system.flowHost.callbacks
      .filter(({ flow, status }) => flow === 'Big segment' && status === 202)
      .map(({ payload }) => [Date.parse(String(payload.occurredAt)), payload.currentValue]);
    expect(got).toEqual(points);
    const ran = explained.decisions
      .filter(({ outcome }) => outcome === 'fired')
      .map(({ at, currentValue }) => [Date.parse(at), currentValue]);
    expect(ran.toReversed()).toEqual(points);
    // And what did not run, of the values since the flow was saved.
    const values = explained.decisions.flatMap(({ outcome, currentValue }) =>
      currentValue === null ? [] : [[currentValue, outcome === 'fired']],
    );
    expect(values.some(([, fired]) => !fired)).toBe(true);
    expect(values.toReversed()).toEqual(
      tried.evaluations.slice(-values.length).map(({ value, fires }) => [value, fires]),
    );
    // As people read it, the newest first.
    const time = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'Europe/Oslo',
    });
    expect(shown).toEqual(
      would
        .toReversed()
        .map(({ evaluatedAt, value }) => [
          time.format(new Date(evaluatedAt)),
          new Intl.NumberFormat('en-GB').format(Number(value)),
        ]),
    );
    const told = await rowsOf(page, 'Ran');
    expect(told.map(([at]) => at)).toEqual(shown.map(([at]) => at));
  });

  it('show a payload to its owner, and say to an operator that it is not for them', async () => {
    const { page } = await visit({ as: maker });
    await open(page, 'deliveries');
    await page.getByRole('button', { name: 'Show' }).first().click();
    await page.getByRole('dialog', { name: 'Payload' }).getByText('OnDataSourceRefreshFailed').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { page: ofOperator } = await visit({ as: operator });
    await open(ofOperator, 'deliveries');
    await ofOperator.getByText('for its owner only').first().waitFor();
    expect(await ofOperator.getByRole('button', { name: 'Show' }).count()).toBe(0);
  });

  it('send a dead letter again, after they have said what will happen', async () => {
    const { page, complaints } = await visit({ as: operator });
    await open(page, 'deliveries');
    await page.locator('section tbody input').check();
    await page.getByRole('button', { name: 'Send the chosen ones again (1)' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send again' });
    await dialog.getByText('1 go to their flows, 0 are removed').waitFor();
    const accepted = () =>
      system.flowHost.callbacks.filter(({ flow, status }) => flow === deaf.name && status === 202).length;
    const before = accepted();
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await page.getByText('1 are on their way').waitFor();
    await system.clock.advance(2 * minuteMs);
    expect(accepted()).toBe(before + 1);
    await page.getByText('There are no dead letters.').waitFor();
    expect(complaints).toEqual([]);
  });

  it('send past events again, after they have shown which', async () => {
    const { page } = await visit({ as: maker });
    await open(page, 'subscription');
    const ran = () =>
      system.flowHost.callbacks.filter(({ flow, status }) => flow === 'Big segment' && status === 202).length;
    const before = ran();
    await page.getByText('Send past events again').click();
    await page.getByLabel('Events of the last').selectOption('month');
    await page.getByLabel('Only events that the flow has not accepted').uncheck();
    await page.getByRole('button', { name: 'Show what would be sent' }).click();
    const dialog = page.getByRole('dialog', { name: 'Send past events again' });
    await dialog.getByText('accepted before').first().waitFor();
    await dialog.getByRole('button', { name: 'Send past events again' }).click();
    await page.getByText('are on their way to the flow').waitFor();
    await system.clock.advance(2 * minuteMs);
    expect(ran()).toBeGreaterThan(before);
  });

  it('load with at most 100 KB', async () => {
    const { page } = await visit({});
    const bytes = await page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce(
        (sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize,
        0,
      ),
    );
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThan(100_000);
  });
});
