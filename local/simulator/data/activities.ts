import { daySeconds } from '../../../lambda/runtime/time.ts';
import { below, fraction, mix } from '../random.ts';
import type { Customers } from './customers.ts';
import { keySpace } from './key-space.ts';
import { attribute, type Row, type RowSource } from './row.ts';

export const activityAttributes = [
  attribute('ActivityId', 'Edm.String'),
  attribute('CustomerId', 'Edm.String'),
  attribute('ActivityType', 'Edm.String'),
  attribute('ActivityTypeDisplay', 'Edm.String'),
  attribute('ActivityTime', 'Edm.DateTimeOffset'),
  attribute('Title', 'Edm.String'),
  attribute('Description', 'Edm.String'),
  attribute('URL', 'Edm.String'),
  attribute('SourceTableName', 'Edm.String'),
  attribute('SourceActivityId', 'Edm.String'),
] as const;

/** The source tables that activities come from, in the order of `kindOf`. */
export const activityKinds = [
  {
    table: 'eCommerce_eCommercePurchases',
    prefix: 'ECP_',
    type: 'eCommercePurchase',
    display: 'Web purchase',
  },
  { table: 'Loyalty_loyRedemptions', prefix: 'LOR_', type: 'LoyaltyRedemption', display: 'Reward redeemed' },
  { table: 'PoS_posPurchases', prefix: 'POS_', type: 'posPurchase', display: 'Store purchase' },
] as const;
export type ActivityKind = 0 | 1 | 2;

export interface Activities extends RowSource {
  customerOf(index: number): number;
  kindOf(index: number): ActivityKind;
  timeOf(index: number): string;
  amountOf(index: number): number;
  sourceId(index: number): string;
  /** Indices of all activities of one kind, ascending. */
  ofKind(kind: ActivityKind): readonly number[];
}

/** The timeline: `size` activities within the two years before `startAt` (ms). */
export const activities = (size: number, seed: number, startAt: number, people: Customers): Activities => {
  const keys = keySpace(size, mix(seed, 21));
  const customerOf = (index: number): number => below(people.size, seed, index, 22);
  const kindOf = (index: number): ActivityKind => {
    const draw = fraction(seed, index, 23);
    if (draw < 0.3 || !people.hasLoyalty(customerOf(index))) return 0;
    return draw < 0.55 ? 1 : 2;
  };
  const timeOf = (index: number): string =>
    new Date(
      Math.floor(startAt / 1000) * 1000 - (daySeconds + below(729 * daySeconds, seed, index, 24)) * 1000,
    ).toISOString();
  const amountOf = (index: number): number => (below(25_000, seed, index, 25) + 100) / 100;
  const sourceId = (index: number): string =>
    activityKinds[kindOf(index)].prefix + String(index).padStart(7, '0');

  const made: Row[] = new Array(size);
  const at = (index: number): Row => {
    const known = made[index];
    if (known !== undefined) return known;
    if (index < 0 || index >= size) throw new RangeError(`activity ${index} of ${size}`);
    const row = make(index);
    made[index] = row;
    return row;
  };
  const make = (index: number): Row => {
    const number = kindOf(index);
    const kind = activityKinds[number];
    const customer = people.at(customerOf(index));
    const source = kind.prefix + String(index).padStart(7, '0');
    return {
      ActivityId: keys.key(index),
      CustomerId: customer.CustomerId ?? null,
      ActivityType: kind.type,
      ActivityTypeDisplay: kind.display,
      ActivityTime: timeOf(index),
      Title: `${kind.display} ${amountOf(index).toFixed(2)}`,
      Description: fraction(seed, index, 26) < 0.2 ? null : `${kind.display} of ${customer.City}`,
      URL: number === 0 ? `https://shop.contoso.example/orders/${source}` : null,
      SourceTableName: kind.table,
      SourceActivityId: source,
    };
  };
  const indexOfSource = (value: string): number => {
    const index = Number(/^[A-Z]{3}_(\d{7})$/.exec(value)?.[1] ?? Number.NaN);
    return index < size && sourceId(index) === value ? index : -1;
  };

  let byCustomer: readonly number[][] | undefined;
  const groupByCustomer = (): readonly number[][] => {
    const groups: number[][] = Array.from({ length: people.size }, () => []);
    for (let index = 0; index < size; index += 1) groups[customerOf(index)]?.push(index);
    return groups;
  };
  let byKind: readonly (readonly number[])[] | undefined;
  const groupByKind = (): readonly (readonly number[])[] => {
    const groups: [number[], number[], number[]] = [[], [], []];
    for (let index = 0; index < size; index += 1) groups[kindOf(index)].push(index);
    return groups;
  };
  return {
    size,
    at,
    find: (field, value) => {
      if (field === 'ActivityId' || field === 'SourceActivityId') {
        const index = field === 'ActivityId' ? keys.indexOf(value) : indexOfSource(value);
        return index < 0 ? [] : [index];
      }
      if (field !== 'CustomerId') return undefined;
      byCustomer ??= groupByCustomer();
      return byCustomer[people.indexOf(value)] ?? [];
    },
    customerOf,
    kindOf,
    timeOf,
    amountOf,
    sourceId,
    ofKind: (kind) => {
      byKind ??= groupByKind();
      return byKind[kind] ?? [];
    },
  };
};
