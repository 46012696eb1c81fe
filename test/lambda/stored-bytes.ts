import type { Item } from '../../lambda/store/table.ts';

const version = '01234567-89ab-cdef-0123-456789abcdef';
/** The name and a number of ten digits. */
const expiryBytes = 'expiresAt'.length + 6;

/**
 * Bytes of an item of the state table, names and values:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const storedBytes = ({
  pk,
  sk,
  body,
  expiresAt,
}: Pick<Item, 'pk' | 'sk' | 'body'> & { readonly expiresAt?: number }): number =>
  Buffer.byteLength(`pk${pk}sk${sk}body${body}version${version}`) +
  (expiresAt === undefined ? 0 : expiryBytes);

/** What DynamoDB adds to each item that it stores. */
export const itemOverheadBytes = 100;
