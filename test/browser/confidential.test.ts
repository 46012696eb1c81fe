/**
 * No callback URL, key or row of customer data is in any page or log: after the visit of each page its text, its
 * attributes, the values of its controls and everything the page has received are searched for them, and at the end
 * the log of the run. What is searched for is what this run uses.
 */
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { apiSecret, connectorSecret } from '../../local/system.ts';
import { firstInstance } from '../e2e/test-system.ts';
import { maker, operator } from './browse.ts';
import { type EveryPage, pageNames, useEveryPage } from './every-page.ts';

let all: EveryPage;
let secrets: ReadonlyMap<string, string>;

type Row = Readonly<Record<string, unknown>>;

/** Values by which a person can be told from others: texts that one row has, and the key of the row. */
const distinctValues = (rows: readonly Row[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const value of rows.flatMap((row) => Object.values(row)))
    if (typeof value === 'string' && value.length >= 8) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].filter(([, count]) => count === 1).map(([value]) => value);
};

useEveryPage(async (console) => {
  all = console;
  const { system, runKey, signatures } = console;
  const { id, world } = firstInstance(system);
  // The connector reads rows, so that a log could have them.
  const { status, body } = await system.client.call('GetItems', { dataset: id, table: 'Customer' });
  expect(status).toBe(200);
  const values = distinctValues((body as unknown as { readonly value: readonly Row[] }).value);
  expect(values.length).toBeGreaterThan(100);
  expect(signatures.length).toBe(system.flowHost.flows.length);
  const { primary, secondary } = world.subscriptionKeys;
  secrets = new Map([
    ...values.map((value) => [value, 'a row of customer data'] as const),
    ...signatures.map((value) => [value, 'the signature of a callback URL'] as const),
    [runKey, 'the key of the run'],
    [apiSecret, 'the secret of the API'],
    [connectorSecret, 'the secret of the connector'],
    [primary, 'the primary subscription key'],
    [secondary, 'the secondary subscription key'],
  ]);
});

/** Any callback URL, also one that this run has not made. */
const callbackUrl = /\/workflows\/[^\s"']+\/run\b|[?&]sig=/;

/** What is found of what must not be there, with where. */
const leaksIn = (where: string, text: string): readonly string[] => [
  ...[...secrets].filter(([value]) => text.includes(value)).map(([, kind]) => `${where}: ${kind}`),
  ...(callbackUrl.test(text) ? [`${where}: a callback URL`] : []),
];

/** Text of the document, attributes of its elements, and values of its controls. */
const shownBy = (page: Page): Promise<string> =>
  page.evaluate(() =>
    [
      document.documentElement.textContent,
      ...[...document.querySelectorAll('*')].flatMap((one) => [
        ...[...one.attributes].map(({ name, value }) => `${name}=${value}`),
        ...('value' in one ? [String(one.value)] : []),
      ]),
      location.href,
    ].join('\n'),
  );

/** Everything that a page receives from now on: each call awaits the answers to what the page has asked by then. */
const listenTo = (page: Page): (() => Promise<readonly (readonly [where: string, text: string])[]>) => {
  const answers: Promise<readonly [string, string]>[] = [];
  page.on('request', (request) => {
    answers.push(
      (async () => {
        const { pathname } = new URL(request.url());
        const response = await request.response();
        if (response === null) return [pathname, ''] as const;
        const headers = JSON.stringify(await response.allHeaders());
        // The browser gives no body of these, which have none.
        const hasBody = response.status() !== 204 && Math.floor(response.status() / 100) !== 3;
        return [pathname, `${headers}\n${hasBody ? await response.text() : ''}`] as const;
      })(),
    );
  });
  return () => Promise.all(answers.splice(0));
};

const logText = (): string => all.system.lines.map(({ text }) => text).join('\n');

describe.each([
  ['the owner', maker],
  ['an operator', operator],
])('for %s', (_, as) => {
  it('no page has a callback URL, a key or a row, and none receives one', async () => {
    const { page } = await all.visit({ as });
    const answers = listenTo(page);
    // What was loaded before anybody listened is loaded again: the files of the console, and its first page in the loop.
    await page.evaluate(() =>
      Promise.all(
        performance
          .getEntriesByType('resource')
          .filter((one) =>
            ['script', 'link', 'css'].includes((one as PerformanceResourceTiming).initiatorType),
          )
          .map(({ name }) => name)
          .concat('/console')
          .map(async (url) => (await fetch(url)).text()),
      ),
    );
    await all.open(page, 'limits');
    for (const name of pageNames) {
      await all.open(page, name);
      const received = await answers();
      expect(received.length).toBeGreaterThan(0);
      expect([name, received.flatMap(([where, text]) => leaksIn(where, text))]).toEqual([name, []]);
      const shown = await shownBy(page);
      expect(shown.length).toBeGreaterThan(500);
      expect([name, leaksIn('page', shown)]).toEqual([name, []]);
    }
  });
});

it('no line of the log has one', () => {
  expect(all.system.lines.length).toBeGreaterThan(20);
  expect(leaksIn('log', logText())).toEqual([]);
});

describe('the search', () => {
  it('finds each secret in the text, an attribute, a control, an answer and a header', async () => {
    const { page } = await all.visit({ as: maker });
    const answers = listenTo(page);
    const [row = ''] = secrets.keys();
    const [signature = ''] = all.signatures;
    const planted = { text: all.runKey, attribute: signature, control: row };
    await page.evaluate(({ text, attribute, control }) => {
      const host = document.createElement('p');
      host.textContent = text;
      host.dataset.url = attribute;
      const input = document.createElement('input');
      input.value = control;
      document.body.append(host, input);
    }, planted);
    expect(leaksIn('page', await shownBy(page))).toEqual(
      expect.arrayContaining([
        'page: the key of the run',
        'page: the signature of a callback URL',
        'page: a row of customer data',
      ]),
    );
    await page.route('**/v1/console/limits', (route) =>
      route.fulfill({
        headers: { 'content-type': 'application/json', 'x-planted': apiSecret },
        body: JSON.stringify({ value: [], planted: `https://flows.example/x?sig=${signature}` }),
      }),
    );
    await page.evaluate(() => fetch('/v1/console/limits'));
    expect((await answers()).flatMap(([where, text]) => leaksIn(where, text))).toEqual(
      expect.arrayContaining([
        '/v1/console/limits: the secret of the API',
        '/v1/console/limits: the signature of a callback URL',
        '/v1/console/limits: a callback URL',
      ]),
    );
  });

  it('finds each kind in a log', () => {
    for (const [value, kind] of secrets) expect(leaksIn('log', `{"x":"${value}"}`)).toContain(`log: ${kind}`);
  });
});
