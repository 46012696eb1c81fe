/**
 * Every page with the keyboard alone: Tab reaches each control, shows where it is, and comes out again; the main action
 * of each page works with Enter, Space and the arrow keys. No test here uses the mouse.
 */
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { minuteMs } from '../../lambda/runtime/time.ts';
import { maker, operator } from './browse.ts';
import { type EveryPage, type PageName, pageNames, useEveryPage } from './every-page.ts';

let all: EveryPage;
let page: Page;
useEveryPage((console) => {
  all = console;
});
beforeEach(async () => {
  // A person's calls are counted by the clock of the run, which stands still otherwise.
  await all.system.clock.advance(minuteMs);
  ({ page } = await all.visit({ as: maker }));
});

/** More controls than any page has. */
const longestWay = 200;
/** What a page takes to answer, at most, on a busy machine. */
const patience = { timeout: 15_000 };

/** What is wrong with the focus; nothing when a person sees where it is. */
const fault = (): Promise<string | null> =>
  page.evaluate(() => {
    const focused = document.activeElement;
    if (focused === null || focused === document.body) return 'lost';
    // The page itself, after it has changed: it begins with its heading.
    if (focused.matches('main')) return null;
    const { outlineStyle, outlineWidth, opacity } = getComputedStyle(focused);
    const { left, right, top, bottom } = focused.getBoundingClientRect();
    const seen = right > 0 && left < innerWidth && bottom > 0 && top < innerHeight;
    const marked = outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2 && opacity !== '0';
    return seen && marked ? null : `not to be seen: ${focused.outerHTML.slice(0, 200)}`;
  });

const isFocused = (target: Locator): Promise<boolean> =>
  target.evaluate((one) => one === document.activeElement);

const press = (key: string) => page.keyboard.press(key);

/** Presses Tab until the control has the focus. */
const tabTo = async (target: Locator): Promise<void> => {
  await target.waitFor();
  for (let at = 0; at < longestWay; at += 1) {
    if (await isFocused(target)) {
      expect(await fault()).toBeNull();
      return;
    }
    await press('Tab');
  }
  throw new Error(`Tab does not reach ${target}.`);
};

const operate = async (target: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> => {
  await tabTo(target);
  await press(key);
};

/** Chooses in a list with the arrow keys. */
const choose = async (list: Locator, value: string): Promise<void> => {
  await tabTo(list);
  for (let at = 0; at < longestWay && (await list.inputValue()) !== value; at += 1) await press('ArrowDown');
  expect(await list.inputValue()).toBe(value);
};

const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
  within.getByRole('button', { name, exact: typeof name === 'string' }).first();

const links: Readonly<Record<PageName, readonly string[]>> = {
  destinations: ['Limits', 'Export destinations'],
  configure: ['Configure'],
  subscriptions: ['Subscriptions'],
  subscription: ['Subscriptions', 'When a segment crosses a threshold'],
  deliveries: ['Deliveries'],
  threshold: ['Try a threshold'],
  instances: ['Instances'],
  limits: ['Limits'],
  'local-run': ['Local run'],
};

/** Follows the links to a page. The focus is then on the page, before its first control. */
const goTo = async (name: PageName): Promise<void> => {
  for (const link of links[name]) {
    await operate(page.getByRole('link', { name: link }).first());
    await expect.poll(() => isFocused(page.locator('main')), patience).toBe(true);
  }
  await all.arrived(page, name);
};

describe('every page', () => {
  it.each(pageNames)('%s: Tab reaches all controls in view, and goes around', async (name) => {
    await goTo(name);
    /** Marks what has the focus; whether it had it before. */
    const mark = () =>
      page.evaluate(() => {
        const focused = document.activeElement as HTMLElement;
        const again = focused.dataset.reached !== undefined;
        focused.dataset.reached = '';
        return again;
      });
    let lost = 0;
    let around = false;
    for (let at = 0; at < longestWay && !around; at += 1) {
      await press('Tab');
      const problem = await fault();
      // Between the last control and the first the focus is on the browser's own.
      lost = problem === 'lost' ? lost + 1 : 0;
      expect(lost).toBeLessThanOrEqual(1);
      if (lost > 0) continue;
      expect(problem).toBeNull();
      around = await mark();
    }
    expect(around).toBe(true);
    const missed = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('a[href], button, input, select, summary')]
        .filter((one) => one.checkVisibility() && !one.matches(':disabled, [type="radio"]:not(:checked)'))
        .filter(({ dataset }) => dataset.reached === undefined)
        .map(({ outerHTML }) => outerHTML.slice(0, 200)),
    );
    expect(missed).toEqual([]);
  });
});

describe('the main actions', () => {
  it('skip the navigation', async () => {
    await operate(page.getByRole('link', { name: /skip/i }));
    await press('Tab');
    expect(await page.evaluate(() => document.activeElement?.closest('main') !== null)).toBe(true);
  });

  it('configure: choose a trigger, and take the files', async () => {
    await goTo('configure');
    await tabTo(page.getByLabel('When a data source fails to refresh'));
    await press('ArrowDown');
    expect(await page.locator('input[type="radio"]:checked').evaluate((one) => one.matches(':focus'))).toBe(
      true,
    );
    await tabTo(button('Files of the connector').or(page.locator('.panel button').first()).first());
    const [download] = await Promise.all([page.waitForEvent('download'), press('Enter')]);
    expect(download.suggestedFilename()).toMatch(/\.zip$/);
    // The button was busy meanwhile, and kept the focus.
    expect(await fault()).toBeNull();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BUTTON');
  });

  it('subscriptions: search, filter, and open one', async () => {
    await goTo('subscriptions');
    await tabTo(page.getByLabel('Search'));
    await page.keyboard.type('2505');
    await press('Enter');
    await expect.poll(() => page.locator('tbody tr').count(), patience).toBe(1);
    expect(await fault()).toBeNull();
    await choose(page.getByLabel('State'), 'active');
    await operate(page.getByRole('link', { name: 'When a segment crosses a threshold' }));
    await all.arrived(page, 'subscription');
  });

  it('subscription: a sample, a replay and a removal that are thought over', async () => {
    await goTo('subscription');
    const sample = button(/sample/i);
    await operate(sample, 'Space');
    await expect.poll(() => page.locator('main [role="status"]').innerText(), patience).not.toBe('');
    expect(await isFocused(sample)).toBe(true);
    const remove = button('Remove the subscription');
    await operate(remove);
    await page.getByRole('dialog').waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await isFocused(remove)).toBe(true);
    await operate(page.locator('summary'), 'Space');
    await choose(page.getByLabel('Events of the last'), 'month');
    await operate(page.getByLabel('Only events that the flow has not accepted'), 'Space');
    const show = button('Show what would be sent');
    await operate(show);
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await operate(button('Cancel', dialog));
    await dialog.waitFor({ state: 'detached' });
    expect(await isFocused(show)).toBe(true);
  });

  it('deliveries: a payload, and back to where it was asked for', async () => {
    await goTo('deliveries');
    const show = button('Show');
    await operate(show);
    const dialog = page.getByRole('dialog', { name: 'Payload' });
    await dialog.waitFor();
    await operate(button('Close', dialog));
    await dialog.waitFor({ state: 'detached' });
    expect(await isFocused(show)).toBe(true);
  });

  it('deliveries: a dead letter is sent again; its row goes, the focus stays near', async () => {
    ({ page } = await all.visit({ as: operator }));
    await goTo('deliveries');
    await operate(page.locator('section tbody input').first(), 'Space');
    await operate(button('Send the chosen ones again (1)'));
    const dialog = page.getByRole('dialog', { name: 'Send again' });
    await dialog.waitFor();
    await operate(button('Send again', dialog));
    await page.getByText('1 are on their way').waitFor();
    // The button that asked is disabled now: none is chosen.
    await expect.poll(fault, patience).toBeNull();
    await all.system.clock.advance(2 * minuteMs);
    await page.getByText('There are no dead letters.').waitFor();
    await expect.poll(fault, patience).toBeNull();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-labelledby'))).toBe('dead');
  });

  it('threshold: try one', async () => {
    await goTo('threshold');
    await choose(page.getByLabel('Segment or measure'), 'segment:HighValueCustomers');
    await tabTo(page.getByLabel('Threshold', { exact: true }));
    await page.keyboard.type('2505');
    await choose(page.getByLabel('Direction'), 'below');
    await operate(button('Try it'));
    await page.getByRole('heading', { name: /would have run/ }).waitFor();
    expect(await isFocused(button('Try it'))).toBe(true);
  });

  it('instances and limits: read from the top to the end', async () => {
    await page.setViewportSize({ width: 360, height: 300 });
    for (const name of ['instances', 'limits'] as const) {
      await goTo(name);
      await press('Control+End');
      const rest = () =>
        page.evaluate(() => document.documentElement.scrollHeight - innerHeight - Math.ceil(scrollY));
      await expect.poll(rest, patience).toBeLessThanOrEqual(1);
    }
  });

  it('local run: clock, levers, and any answer of a flow', async () => {
    await goTo('local-run');
    await operate(button('1 minute ahead'), 'Space');
    await page.getByText('The clock has moved.').waitFor();
    expect(await isFocused(button('1 minute ahead'))).toBe(true);
    await operate(button('Outage: answer 503'));
    await operate(button('Answer as usual again (1)'));
    await page.getByText('Customer Insights answers as usual again.').waitFor();
    // That button is disabled now.
    await expect.poll(fault, patience).toBeNull();
    await choose(page.getByLabel('The next answer of Failures'), '429');
    await press('Tab');
    await press('Enter');
    await page.getByText('Failures answers its next call with 429.').waitFor();
    expect(await fault()).toBeNull();
    await operate(page.getByRole('row', { name: 'Failures' }).getByRole('button', { name: 'Delete' }));
    await page.getByRole('row', { name: 'Failures' }).waitFor({ state: 'detached' });
    await expect.poll(fault, patience).toBeNull();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-labelledby'))).toBe('flows');
  });
});
