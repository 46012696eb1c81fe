import { dayMs, daySeconds } from '../../../lambda/runtime/time.ts';
import { below, fraction, mix, pick } from '../random.ts';
import { keySpace } from './key-space.ts';
import { cities, firstNames, lastNames } from './names.ts';
import { permutation } from './permutation.ts';
import { attribute, type Row, type RowSource } from './row.ts';

export const contactKey = 'eCommerce_eCommerceContacts_ContactId';
export const loyaltyKey = 'Loyalty_loyCustomers_LoyaltyId';

export const customerAttributes = [
  attribute('CustomerId', 'Edm.String'),
  attribute('FullName', 'Edm.String', 'PersonFullName'),
  attribute('FirstName', 'Edm.String', 'PersonFirstName'),
  attribute('LastName', 'Edm.String', 'PersonLastName'),
  attribute('EMail', 'Edm.String', 'IdentityServiceEmail'),
  attribute('Telephone', 'Edm.String', 'IdentityServicePhone'),
  attribute('City', 'Edm.String', 'LocationCity'),
  attribute('Country', 'Edm.String', 'LocationCountry'),
  attribute('BirthDate', 'Edm.Date', 'PersonBirthDate'),
  attribute('NewsletterOptIn', 'Edm.Boolean'),
  attribute('LoyaltyPoints', 'Edm.Int32'),
  attribute('LifetimeValue', 'Edm.Decimal'),
  attribute('SatisfactionScore', 'Edm.Double'),
  attribute('CreatedOn', 'Edm.DateTimeOffset', 'CalendarDate'),
  attribute(contactKey, 'Edm.String'),
  attribute(loyaltyKey, 'Edm.String'),
] as const;

export interface Customers extends RowSource {
  id(index: number): string;
  indexOf(customerId: string): number;
  hasLoyalty(index: number): boolean;
  /** The customer behind a key of a source table; -1 when there is none. */
  indexOfSourceKey(sourceKey: string): number;
  /** Customers in the order of their e-commerce contact ids. */
  readonly contacts: Permutation;
  /** Customers in the order of their loyalty ids; those without a card are in it too. */
  readonly cards: Permutation;
  contactId(index: number): string;
  loyaltyId(index: number): string;
}
type Permutation = ReturnType<typeof permutation>;

const padded = (prefix: string, number: number): string => prefix + String(number).padStart(6, '0');
const ascii = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();

/** Unified profiles. Dates are in the years before `startAt` (ms). */
export const customers = (size: number, seed: number, startAt: number): Customers => {
  const keys = keySpace(size, mix(seed, 1));
  const contacts = permutation(size, mix(seed, 2));
  const cards = permutation(size, mix(seed, 3));
  const made: Row[] = new Array(size);
  const hasLoyalty = (index: number): boolean => fraction(seed, index, 4) < 0.7;
  const contactId = (index: number): string => padded('CNTID_', contacts.indexOf(index));
  const loyaltyId = (index: number): string => padded('LOYID_', cards.indexOf(index));
  const day = (ms: number): string => new Date(ms).toISOString();

  const make = (index: number): Row => {
    const first = pick(firstNames, seed, index, 5);
    const last = pick(lastNames, seed, index, 6);
    const [city, country] = pick(cities, seed, index, 7);
    const loyal = hasLoyalty(index);
    const born = Date.UTC(1945, 0, 1) + below(22_000, seed, index, 12) * dayMs;
    return {
      CustomerId: keys.key(index),
      FullName: `${first} ${last}`,
      FirstName: first,
      LastName: last,
      EMail:
        fraction(seed, index, 8) < 0.04 ? null : `${ascii(first)}.${ascii(last)}${index}@contoso.example`,
      Telephone: fraction(seed, index, 9) < 0.1 ? null : `+1-555-${padded('', below(1e6, seed, index, 10))}`,
      City: city,
      Country: country,
      BirthDate: fraction(seed, index, 11) < 0.08 ? null : day(born).slice(0, 10),
      NewsletterOptIn: fraction(seed, index, 13) < 0.45,
      LoyaltyPoints: loyal ? below(12_000, seed, index, 14) : null,
      LifetimeValue: below(900_000, seed, index, 15) / 100,
      SatisfactionScore: fraction(seed, index, 16) < 0.3 ? null : below(401, seed, index, 17) / 100 + 1,
      CreatedOn: day(startAt - dayMs - below(1_500 * daySeconds, seed, index, 18) * 1000),
      [contactKey]: contactId(index),
      [loyaltyKey]: loyal ? loyaltyId(index) : null,
    };
  };
  const at = (index: number): Row => {
    const known = made[index];
    if (known !== undefined) return known;
    if (index < 0 || index >= size) throw new RangeError(`customer ${index} of ${size}`);
    const row = make(index);
    made[index] = row;
    return row;
  };
  const indexOfSourceKey = (sourceKey: string): number => {
    const match = /^(CNTID|LOYID)_(\d{6})$/.exec(sourceKey);
    const number = Number(match?.[2] ?? Number.NaN);
    if (!(number < size)) return -1;
    if (match?.[1] === 'CNTID') return contacts.at(number);
    const holder = cards.at(number);
    return hasLoyalty(holder) ? holder : -1;
  };
  const found = (index: number): readonly number[] => (index < 0 ? [] : [index]);
  return {
    size,
    at,
    find: (field, value) => {
      if (field === 'CustomerId') return found(keys.indexOf(value));
      const prefix = field === contactKey ? 'CNTID_' : field === loyaltyKey ? 'LOYID_' : undefined;
      if (prefix === undefined) return undefined;
      return value.startsWith(prefix) ? found(indexOfSourceKey(value)) : [];
    },
    id: keys.key,
    indexOf: keys.indexOf,
    hasLoyalty,
    indexOfSourceKey,
    contacts,
    cards,
    contactId,
    loyaltyId,
  };
};
