import { describe, expect, it } from 'vitest';
import { canonicalConnector } from '../../connector/canonical/connector.ts';
import { operations } from '../../connector/contract/index.ts';
import type { Operation } from '../../connector/contract/operation.ts';
import { designerViews } from '../../connector/reference/designer.ts';
import { designerText } from '../../connector/reference/designer-text.ts';
import { exchangeText, type ShownExchange, shown } from '../../connector/reference/exchange.ts';
import { ExchangeMissing, operationReference } from '../../connector/reference/operation-reference.ts';
import { operationTableText } from '../../connector/reference/operation-table.ts';
import { examples } from '../../local/exchanges/examples.ts';
import { loaded, ourFiles, smallConnector } from './diff-changes.ts';

const exchange = (operationId: string): ShownExchange => ({
  operationId,
  request: { method: 'GET', target: '/v1/x', body: null },
  response: { status: 200, headers: {}, body: null },
  callback: null,
});

describe('the designer’s view', () => {
  const views = designerViews(canonicalConnector(loaded(smallConnector())));
  const view = (operationId: string) => {
    const found = views.find((candidate) => candidate.operationId === operationId);
    if (!found) throw new Error(`There is no view of ${operationId}.`);
    return found;
  };

  it('leaves out what makers never see: internal operations, the callback URL, the link to the next page', () => {
    expect(views.map(({ operationId }) => operationId)).toEqual(['ListOrders', 'OnOrderShipped']);
    expect(views.map(designerText).join('\n')).not.toMatch(/callback|next/i);
  });

  it('tells fields in their order, drop-downs with their source, and what is advanced', () => {
    expect(view('ListOrders')).toMatchObject({
      kind: 'action',
      fields: [
        { label: 'Shop', required: true, control: 'drop-down, from "List shops"' },
        { label: 'State', required: false, control: 'drop-down: open, shipped, cancelled' },
      ],
      advanced: [{ label: 'Top Count', required: false, control: 'whole number' }],
    });
  });

  it('offers the event of a trigger to later steps, and what a list holds inside it', () => {
    expect(view('OnOrderShipped').tokens.map(({ label, type }) => [label, type])).toEqual([
      ['Order Id', 'text'],
      ['Shipped At', 'date and time'],
      ['Carrier', 'text'],
    ]);
    expect(view('ListOrders').tokens.map(({ label, depth }) => [label, depth])).toEqual([
      ['Orders', 0],
      ['Order Id', 1],
      ['Total', 1],
      ['Note', 1],
    ]);
  });

  it('marks columns that are known only once the maker has chosen', () => {
    const files = smallConnector();
    files.definition.definitions.Order = {
      type: 'object',
      'x-ms-summary': 'Order',
      'x-ms-dynamic-schema': {
        operationId: 'ListShops',
        parameters: { shop: { parameter: 'shop' } },
        'value-path': 'x',
      },
    };
    const [list] = designerViews(canonicalConnector(loaded(files)));
    expect(list?.tokens).toMatchObject([
      { label: 'Orders', dynamic: false },
      { label: 'one per column of Order, from "List shops", once Shop is chosen', dynamic: true, depth: 1 },
    ]);
    expect(list && designerText(list)).toContain('⚡ one per column of Order');
  });

  it('has lines of one width', () => {
    for (const one of designerViews(canonicalConnector(loaded(ourFiles()))))
      expect(
        new Set(
          designerText(one)
            .split('\n')
            .map((line) => [...line].length),
        ),
      ).toEqual(new Set([100]));
  });
});

describe('an exchange', () => {
  it('shows no callback URL, no delete secret, no handle and no port', () => {
    const handle = 'aB3-'.repeat(30);
    const text = exchangeText(
      {
        operationId: 'X',
        request: {
          method: 'POST',
          target: `/v1/partitions/data?partition=${handle}`,
          body: { callbackUrl: 'http://127.0.0.1:4711/workflows/1/run?sp=1&sig=secret' },
        },
        response: {
          status: 201,
          headers: {
            location: `https://example.com/v1/subscriptions/abc/${'secretX_'.repeat(4)}`,
            'x-other': 'no',
          },
          body: { handle, url: 'http://127.0.0.1:4711/v1', sample: `sample-${'random12'.repeat(4)}` },
        },
        callback: { payload: { deliveryId: 'random', eventId: 'event' } },
      },
      ['Location'],
    ).join('\n');
    expect(text).not.toMatch(/secret[^>]|sig=|aB3-|4711|x-other|random[^>]/);
    expect(text).toContain('Location: https://example.com/v1/subscriptions/abc/<secret>');
    expect(text).toContain('"callbackUrl": "<callback URL of the flow>"');
    expect(text).toContain('"eventId": "event"');
  });

  it('keeps the last word of an address that is no secret', () => {
    const target = '/v1/subscriptions/abc/explanation';
    expect(
      exchangeText({ ...exchange('X'), request: { method: 'GET', target, body: null } }, []).join(),
    ).toContain(target);
  });

  it('is shortened to a readable length, with a note', () => {
    const { value, notes } = shown({ rows: [1, 2, 3, 4], text: 'x '.repeat(300), nothing: null });
    expect(value).toMatchObject({ rows: [1, 2], nothing: null });
    expect(notes).toEqual(['`rows`: the first 2 of 4 entries', '`text`: the first 200 of 600 characters']);
  });
});

describe('the operation reference', () => {
  const all = operations as readonly Operation[];
  const exchanges = new Map(all.map(({ operationId }) => [operationId, exchange(operationId)]));

  it('has a section for every operation, and a row with a link to it', () => {
    const text = operationReference(all, exchanges);
    for (const { operationId, summary } of all) {
      expect(text).toContain(`\n### ${summary}\n`);
      expect(text).toContain(`| \`${operationId}\` | [${summary}](#`);
    }
    expect(text).not.toMatch(/undefined|\[object/);
  });

  it('cannot be made while an operation has not been played', () => {
    const [first] = all;
    const missing = new Map([...exchanges].filter(([operationId]) => operationId !== first?.operationId));
    expect(() => operationReference(all, missing)).toThrow(ExchangeMissing);
  });

  it('prints the table in columns', () => {
    const lines = operationTableText(all).split('\n');
    expect(lines).toHaveLength(all.length + 1);
    expect(lines[0]).toMatch(/^operation +name +kind +call +function +counted$/);
  });
});

describe('examples', () => {
  it('that take a value from another operation name one that exists', () => {
    for (const [operationId, { from }] of examples)
      for (const source of Object.values(from))
        expect(examples.has(source.operationId), operationId).toBe(true);
  });
});
