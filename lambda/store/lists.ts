/**
 * Which subscriptions a principal, an instance and a flow's trigger have: `P#<tenant>#<principal>`,
 * `N#<instance>` or `F#<flow>` / `<subscription>`. The list of a flow has one subscription as a rule, and
 * several when several people have registered the flow. One that was registered by version 0.1.0 has the flow's
 * id as its own, so it is found without its place in that list.
 *
 * A membership is added before its subscription is written and removed after it is deleted, so every
 * subscription is in its lists. A membership without a subscription belongs to a registration in progress or
 * to one that failed: it counts until it is an hour old, and the process that finds it later removes it. A
 * membership is removed under the version that was read before the subscription was changed: a registration
 * in between has written it again, and keeps it.
 */

import { acrossCanary, type FlowId, flowOf, isAcrossInstances, type SubscriptionId } from '../runtime/ids.ts';
import { hourMs } from '../runtime/time.ts';
import { type Found, recordStore } from './record-store.ts';
import {
  type Principal,
  type Subscription,
  type SubscriptionNames,
  sameFlowAtOnce,
} from './subscriptions.ts';
import { type Table, untilWritten, type Version } from './table.ts';

declare const listBrand: unique symbol;
/** A list, by its partition. */
export type SubscriptionList = string & { readonly [listBrand]: true };

export const principalList = ({ tenantId, objectId }: Omit<Principal, 'clientAppId'>): SubscriptionList =>
  `P#${tenantId}#${objectId}` as SubscriptionList;

/** Those that are across instances have one list, whosever they are, but for that of the canary. */
export const instanceList = (instanceId: string): SubscriptionList =>
  `N#${isAcrossInstances(instanceId) && instanceId !== acrossCanary ? '@' : instanceId}` as SubscriptionList;

export const flowList = (id: SubscriptionId): SubscriptionList => `F#${flowOf(id)}` as SubscriptionList;

/** The lists in which the places of a subscription are counted. */
export const listsOf = ({
  principal,
  instanceId,
}: Pick<Subscription, 'principal' | 'instanceId'>): readonly [
  ofPrincipal: SubscriptionList,
  ofInstance: SubscriptionList,
] => [principalList(principal), instanceList(instanceId)];

/** All lists that a subscription belongs to. */
export const allListsOf = (subscription: Subscription): readonly SubscriptionList[] => [
  ...listsOf(subscription),
  flowList(subscription.subscriptionId),
];

export interface Membership {
  readonly list: SubscriptionList;
  readonly subscriptionId: SubscriptionId;
  readonly version: Version;
  /** Epoch ms of the last registration. */
  readonly addedAt: number;
  /** The subscription has ended: it stays visible for a while and does not count. */
  readonly ended: boolean;
  /** What the subscription is to; undefined in a membership of an earlier version. */
  readonly about?: MembershipSubject;
}

/** What a subscription is to, as far as lists are searched by it without reading each subscription. */
export type MembershipSubject = Pick<Subscription, 'instanceId' | 'trigger' | 'subject' | 'threshold'> & {
  /** What people call subject and flow; absent in a membership of an earlier version. */
  readonly names?: Pick<SubscriptionNames, 'subject' | 'flow'>;
};

const aboutOf = ({
  instanceId,
  trigger,
  subject,
  threshold,
  names: { subject: ofSubject, flow } = {},
}: MembershipSubject): MembershipSubject => {
  const names = {
    ...(ofSubject !== undefined && { subject: ofSubject }),
    ...(flow !== undefined && { flow }),
  };
  return { instanceId, trigger, subject, threshold, ...(Object.keys(names).length > 0 && { names }) };
};

/**
 * A membership whose registration never ended is removed when it is this old, ms. No call takes that long.
 */
export const abandonedAfterMs = hourMs;

export interface ListStore {
  /** Adds a membership or renews it; it stays until it is removed. */
  add(
    list: SubscriptionList,
    id: SubscriptionId,
    now: number,
    subscription?: MembershipSubject,
  ): Promise<Membership>;
  find(list: SubscriptionList, id: SubscriptionId): Promise<Membership | undefined>;
  /** Of the subscriptions of one flow's trigger: in the list of a person two at most. */
  ofFlow(list: SubscriptionList, flow: FlowId): Promise<readonly Membership[]>;
  /** Up to `most` of a list, in one read. */
  some(list: SubscriptionList, most: number): Promise<readonly Membership[]>;
  /** In the order of the subscription ids. */
  of(list: SubscriptionList): AsyncIterable<Membership>;
  /** Removes a membership, unless it was renewed since. */
  remove(membership: Membership): Promise<void>;
  /**
   * Lets a membership expire with its ended subscription, unless it was renewed since.
   * @param forgetAt epoch seconds
   */
  expire(membership: Membership, forgetAt: number): Promise<void>;
}

interface MembershipRecord {
  /** Epoch ms. */
  readonly at: number;
  readonly about?: MembershipSubject;
}

const membershipOf = ({ key, version, body, expiresAt }: Found<MembershipRecord>): Membership => ({
  list: key.pk as SubscriptionList,
  subscriptionId: key.sk as SubscriptionId,
  version,
  addedAt: body.at,
  ended: expiresAt !== undefined,
  ...(body.about && { about: body.about }),
});

export const listStore = (table: Table): ListStore => {
  const memberships = recordStore<Pick<Membership, 'list' | 'subscriptionId'>, MembershipRecord>(table, {
    kind: 'list membership',
    schemaVersion: 1,
    key: ({ list, subscriptionId }) => ({ pk: list, sk: subscriptionId }),
  });
  return {
    add: (list, subscriptionId, addedAt, subscription) =>
      untilWritten(async () => {
        const name = { list, subscriptionId };
        const about = subscription && { about: aboutOf(subscription) };
        const record = { at: addedAt, ...about };
        const version = await memberships.save(name, record, await memberships.versionOf(name));
        return version ? { ...name, version, addedAt, ended: false, ...about } : 'overtaken';
      }, sameFlowAtOnce),
    async find(list, subscriptionId) {
      const found = await memberships.find({ list, subscriptionId });
      return found && membershipOf(found);
    },
    async ofFlow(list, flow) {
      const places: Membership[] = [];
      for await (const found of memberships.range(list, flow, `${flow}~`)) places.push(membershipOf(found));
      return places;
    },
    some: async (list, most) => (await memberships.last(list, '-', '~', most)).map(membershipOf),
    async *of(list) {
      for await (const found of memberships.range(list, '-', '~')) yield membershipOf(found);
    },
    async remove(membership) {
      await memberships.remove(membership, membership.version);
    },
    async expire(membership, expiresAt) {
      const { addedAt, about, version } = membership;
      await memberships.save(membership, { at: addedAt, ...(about && { about }) }, version, { expiresAt });
    },
  };
};
