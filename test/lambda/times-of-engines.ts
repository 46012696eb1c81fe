/**
 * Times for tests that also run on engines which delete what has expired, as DynamoDB does and the embedded engines do
 * not: far enough ahead that nothing expires while the project is maintained.
 */

/** Epoch ms. The limiter takes times up to 2057. */
export const futureStart = Date.UTC(2050, 0, 1);

/** Epoch seconds. */
export const futureExpiry = Date.UTC(2090, 0, 1) / 1_000;
