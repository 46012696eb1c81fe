/** The exchange of one operation for display: secrets and random values are placeholders. */

import type { Json } from '../canonical/canonical-json.ts';

export type { Json };

export interface ShownCall {
  readonly request: { readonly method: string; readonly target: string; readonly body: Json };
  readonly response: {
    readonly status: number;
    /** Lower-case names. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Json;
  };
}

export interface ShownExchange extends ShownCall {
  readonly operationId: string;
  /** What a trigger posted to its flow. */
  readonly callback: { readonly payload: Json } | null;
}

/** A callback URL carries its own key. */
const callbackUrl = /^https?:\/\/\S+[?&]sig=/;
/** Handles sealed by the service, tokens and the like: long, without blanks, different each time. */
const opaque = /[\w.~-]{60,}/g;
/** The last part of the address that ends a registration is its key: 24 random bytes. */
const deleteSecret = /(\/subscriptions\/[^/\s]+\/)[\w-]{32}$/;
/** Samples are numbered at random; events are not. */
const sampleId = /^sample-[\w-]{20,}$/;
const loopback = /\b127\.0\.0\.1:\d+/g;

const shownText = (text: string): string =>
  callbackUrl.test(text)
    ? '<callback URL of the flow>'
    : text
        .replace(deleteSecret, '$1<secret>')
        .replace(sampleId, 'sample-<random>')
        .replaceAll(opaque, '<opaque>')
        .replaceAll(loopback, '127.0.0.1:<port>');

/** Random values, by their key. */
const randomKeys: ReadonlyMap<string, string> = new Map([['deliveryId', '<delivery id>']]);

const longText = 400;
/** Entries shown of a list. */
const entries = 2;

interface Shortened {
  readonly value: Json;
  /** Describes the omitted parts. */
  readonly notes: readonly string[];
}

const shortenedText = (text: string, path: string): Shortened =>
  text.length > longText
    ? {
        value: `${text.slice(0, longText / 2)} …`,
        notes: [`\`${path.slice(1)}\`: the first ${longText / 2} of ${text.length} characters`],
      }
    : { value: text, notes: [] };

/** Secrets replaced, lists and texts cut to a readable length. */
export const shown = (value: Json, path = ''): Shortened => {
  if (typeof value === 'string') return shortenedText(shownText(value), path);
  if (Array.isArray(value)) {
    const kept = value.slice(0, entries).map((item, index) => shown(item, `${path}/${index}`));
    const cut =
      value.length > entries ? [`\`${path.slice(1)}\`: the first ${entries} of ${value.length} entries`] : [];
    return { value: kept.map((item) => item.value), notes: [...cut, ...kept.flatMap(({ notes }) => notes)] };
  }
  if (typeof value !== 'object' || value === null) return { value, notes: [] };
  const inner = Object.entries(value).map(
    ([key, item]) => [key, shown(randomKeys.get(key) ?? item, `${path}/${key}`)] as const,
  );
  return {
    value: Object.fromEntries(inner.map(([key, item]) => [key, item.value])),
    notes: inner.flatMap(([, { notes }]) => notes),
  };
};

const json = (value: Json): string => JSON.stringify(value, null, 2);

const block = (
  lines: readonly string[],
  body: Json,
): { readonly text: string; readonly notes: readonly string[] } => {
  const { value, notes } = shown(body);
  const content = body === null ? '' : `\n\n${json(value)}`;
  return { text: `\`\`\`http\n${lines.map(shownText).join('\n')}${content}\n\`\`\``, notes };
};

const noted = (title: string, { text, notes }: ReturnType<typeof block>): readonly string[] => [
  title,
  text,
  ...(notes.length > 0 ? [`Shortened here: ${notes.join('; ')}.`] : []),
];

/**
 * Paragraphs: the request, its answer, and what a trigger posts.
 * @param headers of the answer that the definition declares; others are left out
 */
export const exchangeText = (
  { request, response, callback }: ShownExchange,
  headers: readonly string[],
): readonly string[] => [
  ...noted('**Request**', block([`${request.method} ${request.target}`], request.body)),
  ...noted(
    '**Answer**',
    block(
      [
        String(response.status),
        ...headers.flatMap((name) => {
          const value = response.headers[name.toLowerCase()];
          return value === undefined ? [] : [`${name}: ${value}`];
        }),
      ],
      response.body,
    ),
  ),
  ...(callback
    ? noted('**What is posted to the flow**', block(['POST <callback URL of the flow>'], callback.payload))
    : []),
];
