/** Bytes of the shared memory that holds a clock's time. */
export const clockBytes: number;

/** Writes a clock that follows real time plus `offsetMs`. */
export function writeLive(shared: SharedArrayBuffer, offsetMs: number): void;

/** Writes a clock that is stopped at `timeMs`. */
export function writeFrozen(shared: SharedArrayBuffer, timeMs: number): void;

/** Reads the time, in milliseconds since the Unix epoch. `realNow` gives the machine's time. */
export function readClock(shared: SharedArrayBuffer, realNow: () => number): number;

/**
 * Replaces the global `Date` of this thread by one that reads the shared clock: `new Date()`, `Date()` and
 * `Date.now()` follow it; `new Date(value)`, `Date.parse`, `Date.UTC` and `instanceof Date` work as before.
 * Call it before the code that is to follow the clock loads.
 */
export function installClock(shared: SharedArrayBuffer): void;
