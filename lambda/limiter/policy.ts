/** How many calls a connection may make in any window of this length. Both numbers are configuration. */
export interface LimitPolicy {
  /** Calls, 1 to {@link maximumLimit}. */
  readonly limit: number;
  /** Milliseconds, at least 1. */
  readonly windowMs: number;
}

/*
 * A connection's item has to stay under 1,024 bytes, or a call costs two write units.
 * Sizes by https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
const writeUnitBytes = 1024;
const idBytes = 'id'.length + 32;
const listBytes = 't'.length + 3;
const expiryBytes = 'expiresAt'.length + 6;
/*
 * A time has at most 12 digits until the year 2057: one byte for two digits, one for the number, one for its
 * slot in the list, and one to spare because AWS calls its own rule approximate.
 */
const slotBytes = 6 + 1 + 1 + 1;

/** The highest limit whose item still costs one write unit a call. */
export const maximumLimit = Math.floor((writeUnitBytes - 1 - idBytes - listBytes - expiryBytes) / slotBytes);

/**
 * @throws RangeError that says which value to change, when the limiter could not keep its promise under this
 * policy.
 */
export const checkLimitPolicy = (policy: LimitPolicy): void => {
  const { limit, windowMs } = policy;
  if (!Number.isInteger(limit) || limit < 1 || limit > maximumLimit)
    throw new RangeError(
      `The limit is ${limit} calls; set a whole number from 1 to ${maximumLimit}. More would not fit the ${writeUnitBytes} bytes that one write unit pays for.`,
    );
  if (!Number.isInteger(windowMs) || windowMs < 1)
    throw new RangeError(`The window is ${windowMs} ms; set a whole number of milliseconds, at least 1.`);
};
