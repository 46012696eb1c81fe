import type { Activities, ActivityKind } from './activities.ts';
import type { Customers } from './customers.ts';
import { cities } from './names.ts';
import { type Attribute, attribute, type Row, type RowSource, rowSource } from './row.ts';

/** One ingested table of a data source. */
export interface SourceTable {
  /** Name within its data source; `/data` uses `<data source>_<table>`. */
  readonly name: string;
  readonly source: SourceName;
  readonly semanticType: string;
  readonly attributes: readonly Attribute[];
  readonly key: string;
  /** Set for tables set up as activities: which, and the columns that hold customer, time and amount. */
  readonly activity?: { readonly kind: ActivityKind; readonly customer: string; readonly time: string };
  rows(people: Customers, timeline: Activities): RowSource;
}
export type SourceName = 'eCommerce' | 'Loyalty' | 'PoS';

const profile = ['FirstName', 'LastName', 'FullName', 'EMail', 'Telephone', 'City', 'Country'] as const;
const profileAttributes = profile.map((name) => attribute(name, 'Edm.String'));

const profileOf = (row: Row): Row => Object.fromEntries(profile.map((name) => [name, row[name] ?? null]));

/** One row for each activity of a kind. */
const activityRows =
  (
    kind: ActivityKind,
    rowOf: (people: Customers, timeline: Activities, index: number) => Row,
  ): SourceTable['rows'] =>
  (people, timeline) => {
    const indices = timeline.ofKind(kind);
    return {
      size: indices.length,
      at: (position) => {
        const index = indices[position];
        if (index === undefined) throw new RangeError(`row ${position} of ${indices.length}`);
        return rowOf(people, timeline, index);
      },
    };
  };

const purchases = (kind: ActivityKind, key: string, customer: string): SourceTable['rows'] =>
  activityRows(kind, (people, timeline, index) => {
    const buyer = timeline.customerOf(index);
    return {
      [key]: timeline.sourceId(index),
      [customer]: kind === 0 ? people.contactId(buyer) : people.loyaltyId(buyer),
      PurchasedOn: timeline.timeOf(index),
      TotalPrice: timeline.amountOf(index),
      ActivityTypeDisplay: kind === 0 ? 'Web purchase' : 'Store purchase',
    };
  });

export const allSourceTables: readonly SourceTable[] = [
  {
    name: 'eCommerceContacts',
    source: 'eCommerce',
    semanticType: 'Contact',
    key: 'ContactId',
    attributes: [
      attribute('ContactId', 'Edm.String'),
      ...profileAttributes,
      attribute('CreatedOn', 'Edm.DateTimeOffset'),
    ],
    rows: (people) => ({
      size: people.size,
      at: (position) => {
        const person = people.at(people.contacts.at(position));
        const contact = { ContactId: people.contactId(people.contacts.at(position)) };
        return { ...contact, ...profileOf(person), CreatedOn: person.CreatedOn ?? null };
      },
    }),
  },
  {
    name: 'eCommercePurchases',
    source: 'eCommerce',
    semanticType: 'SalesOrder',
    key: 'PurchaseId',
    attributes: [
      attribute('PurchaseId', 'Edm.String'),
      attribute('ContactId', 'Edm.String'),
      attribute('PurchasedOn', 'Edm.DateTimeOffset'),
      attribute('TotalPrice', 'Edm.Decimal'),
      attribute('ActivityTypeDisplay', 'Edm.String'),
    ],
    activity: { kind: 0, customer: 'ContactId', time: 'PurchasedOn' },
    rows: purchases(0, 'PurchaseId', 'ContactId'),
  },
  {
    name: 'loyCustomers',
    source: 'Loyalty',
    semanticType: 'Contact',
    key: 'LoyaltyId',
    attributes: [
      attribute('LoyaltyId', 'Edm.String'),
      ...profileAttributes,
      attribute('RewardPoints', 'Edm.Int32'),
    ],
    rows: (people) => {
      const holders = Array.from({ length: people.size }, (_, card) => people.cards.at(card)).filter(
        (index) => people.hasLoyalty(index),
      );
      return {
        size: holders.length,
        at: (position) => {
          const index = holders[position] ?? -1;
          const person = people.at(index);
          const points = person.LoyaltyPoints ?? null;
          return { LoyaltyId: people.loyaltyId(index), ...profileOf(person), RewardPoints: points };
        },
      };
    },
  },
  {
    name: 'loyRedemptions',
    source: 'Loyalty',
    semanticType: 'Product',
    key: 'RedemptionId',
    attributes: [
      attribute('RedemptionId', 'Edm.String'),
      attribute('LoyaltyId', 'Edm.String'),
      attribute('RedeemedOn', 'Edm.DateTimeOffset'),
      attribute('Points', 'Edm.Int32'),
    ],
    activity: { kind: 1, customer: 'LoyaltyId', time: 'RedeemedOn' },
    rows: activityRows(1, (people, timeline, index) => ({
      RedemptionId: timeline.sourceId(index),
      LoyaltyId: people.loyaltyId(timeline.customerOf(index)),
      RedeemedOn: timeline.timeOf(index),
      Points: Math.round(timeline.amountOf(index)) * 10,
    })),
  },
  {
    name: 'posPurchases',
    source: 'PoS',
    semanticType: 'SalesOrder',
    key: 'PurchaseId',
    attributes: [
      attribute('PurchaseId', 'Edm.String'),
      attribute('LoyaltyId', 'Edm.String'),
      attribute('PurchasedOn', 'Edm.DateTimeOffset'),
      attribute('TotalPrice', 'Edm.Decimal'),
      attribute('ActivityTypeDisplay', 'Edm.String'),
    ],
    activity: { kind: 2, customer: 'LoyaltyId', time: 'PurchasedOn' },
    rows: purchases(2, 'PurchaseId', 'LoyaltyId'),
  },
  {
    name: 'posStores',
    source: 'PoS',
    semanticType: 'Account',
    key: 'StoreId',
    attributes: [
      attribute('StoreId', 'Edm.String'),
      attribute('City', 'Edm.String'),
      attribute('Country', 'Edm.String'),
    ],
    rows: () =>
      rowSource(
        cities.map(([City, Country], index) => ({
          StoreId: `STORE_${String(index).padStart(3, '0')}`,
          City,
          Country,
        })),
      ),
  },
];
