/** The subscriptions that a caller may see, in pages of few reads however many there are. */

import type { FunctionSettings } from '../../config/schema.ts';
import type { CallContext } from '../http/implementations.ts';
import { isOperator } from '../http/operator.ts';
import { acrossPeople } from '../runtime/ids.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import type { Count } from '../runtime/metrics.ts';
import type { PauseStore } from '../store/agenda.ts';
import {
  instanceList,
  type ListStore,
  type Membership,
  type MembershipSubject,
  principalList,
  type SubscriptionList,
} from '../store/lists.ts';
import { unlessUnreadable } from '../store/record-store.ts';
import type { Subscription, SubscriptionStore } from '../store/subscriptions.ts';
import { instanceNameOf } from '../triggers/instance.ts';
import { isOwner } from './ownership.ts';

/** Rows of a page. */
export const pageSize = 20;

/**
 * Subscriptions that a page looks at, at most: each is one read, and one more for its last delivery when it is a row. With
 * the reads of the lists a page makes at most 60 of the table.
 */
const mostExamined = 25;

/** Lists that a page reads, at most: a query each, of about 4,000 memberships. */
const mostLists = 8;

/** A list by a name that stays when instances come and go; pages go through the lists in the order of their names. */
interface NamedList {
  readonly name: string;
  readonly list: SubscriptionList;
}

/** Behind all instances, whose ids are GUIDs. */
const [ofAll, own] = ['~all', '~own'];

const byName = (a: NamedList, b: NamedList): number => (a.name < b.name ? -1 : 1);

/** Where a page begins: behind this membership of this list. */
interface Position {
  /** Of the list, which need not be there. */
  readonly name: string;
  /** Epoch ms; undefined: behind all of the list. */
  readonly addedAt?: number;
  readonly subscriptionId?: string;
}

const positionText = ({ name, addedAt, subscriptionId }: Position): string =>
  addedAt === undefined ? name : `${name}.${addedAt}.${subscriptionId}`;

/** @throws ConnectorError RequestInvalid, also for a place by the number of its list, as before */
const readPosition = (text: string | undefined): Position | undefined => {
  if (text === undefined) return undefined;
  const [, name, addedAt, subscriptionId] =
    /^([0-9a-f-]{36}|~all|~own)(?:\.(\d{1,15})\.([\w-]{1,64}))?$/i.exec(text) ?? [];
  if (name === undefined)
    throw requestInvalid([
      {
        parameter: 'after',
        problem: 'is not a place of a list',
        allowed: 'the "next" of the page before, or none to begin again',
      },
    ]);
  return {
    name,
    ...(addedAt !== undefined &&
      subscriptionId !== undefined && { addedAt: Number(addedAt), subscriptionId }),
  };
};

/** The newest first. */
const inOrder = (a: Membership, b: Membership): number =>
  b.addedAt - a.addedAt || (a.subscriptionId < b.subscriptionId ? -1 : 1);

const isBehind = ({ addedAt, subscriptionId }: Membership, position: Position | undefined): boolean =>
  position?.addedAt === undefined ||
  addedAt < position.addedAt ||
  (addedAt === position.addedAt && subscriptionId > (position.subscriptionId ?? ''));

/** Whether all the words are in what a subscription is to. */
const matches = (
  subscriptionId: string,
  { instanceId, trigger, subject, threshold, names = {} }: MembershipSubject,
  words: readonly string[],
  nameOf: (instanceId: string) => string,
): boolean => {
  const text = [
    subscriptionId,
    trigger,
    subject ?? '',
    names.subject ?? '',
    names.flow ?? '',
    threshold ?? '',
    nameOf(instanceId),
  ]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
};

export interface SubscriptionPagePorts {
  readonly settings: Pick<FunctionSettings, 'instances'>;
  readonly lists: Pick<ListStore, 'of'>;
  readonly store: Pick<SubscriptionStore, 'find'>;
  readonly pauses: Pick<PauseStore, 'all'>;
  readonly count: Count;
}

export interface SubscriptionPageQuery {
  /** Words that all must be in what a subscription is to. */
  readonly search?: string;
  readonly state?: Subscription['status']['state'];
  /** `next` of the page before. */
  readonly after?: string;
}

export interface SubscriptionPage {
  readonly rows: readonly Subscription[];
  /** Null at the end. */
  readonly next: string | null;
}

/** @throws ConnectorError RequestInvalid */
export const subscriptionPage = async (
  ports: SubscriptionPagePorts,
  query: SubscriptionPageQuery,
  context: CallContext,
): Promise<SubscriptionPage> => {
  const { settings, lists, store, count } = ports;
  const operator = isOperator(context);
  const searched: readonly NamedList[] = operator
    ? [
        ...settings.instances.map(({ id }) => ({ name: id, list: instanceList(id) })),
        { name: ofAll, list: instanceList(acrossPeople) },
      ].sort(byName)
    : [{ name: own, list: principalList(context.caller) }];
  const words = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = (id: string, about: MembershipSubject) =>
    matches(id, about, words, (instanceId) => instanceNameOf(settings.instances, instanceId) ?? instanceId);
  const paused = query.state === 'paused' ? await ports.pauses.all() : undefined;
  const mayBe = (place: Membership): boolean =>
    (place.about === undefined || wanted(place.subscriptionId, place.about)) &&
    (query.state === undefined || (query.state === 'ended') === place.ended) &&
    (paused === undefined || paused.has(place.subscriptionId));
  const found = async (place: Membership): Promise<Subscription | undefined> => {
    const find = () => store.find(place.subscriptionId);
    const stored = await unlessUnreadable({ log: context.log, count }, place.subscriptionId, find, undefined);
    if (!stored || !wanted(place.subscriptionId, stored.body)) return undefined;
    if (query.state !== undefined && stored.body.status.state !== query.state) return undefined;
    return operator || isOwner(stored.body, context) ? stored.body : undefined;
  };

  const rows: Subscription[] = [];
  const after = readPosition(query.after);
  const from = searched.filter(
    ({ name }) =>
      after === undefined || name > after.name || (name === after.name && after.addedAt !== undefined),
  );
  /** Behind the last list that was read whole. */
  let next: string | null = null;
  let examined = 0;
  for (const [at, { name, list }] of from.entries()) {
    if (at >= mostLists || rows.length >= pageSize || examined >= mostExamined) return { rows, next };
    const places: Membership[] = [];
    for await (const place of lists.of(list)) places.push(place);
    const begin = name === after?.name ? after : undefined;
    const behind = places.filter((place) => mayBe(place) && isBehind(place, begin)).sort(inOrder);
    const looked = behind.slice(0, Math.min(mostExamined - examined, pageSize - rows.length));
    examined += looked.length;
    rows.push(...(await Promise.all(looked.map(found))).filter((one) => one !== undefined));
    const last = looked.at(-1);
    if (last && looked.length < behind.length)
      return {
        rows,
        next: positionText({ name, addedAt: last.addedAt, subscriptionId: last.subscriptionId }),
      };
    next = positionText({ name });
  }
  return { rows, next: null };
};
