// Plain JavaScript, because a worker that runs a bundled handler loads it without a TypeScript loader.

const live = 0n;
const frozen = 1n;

// Two 64-bit words: the mode, then the offset (live) or the time (frozen) in ms. Atomics have no float words.
export const clockBytes = 16;

function write(shared, mode, valueMs) {
  const words = new BigInt64Array(shared);
  Atomics.store(words, 1, BigInt(valueMs));
  Atomics.store(words, 0, mode);
}

export function writeLive(shared, offsetMs) {
  write(shared, live, offsetMs);
}

export function writeFrozen(shared, timeMs) {
  write(shared, frozen, timeMs);
}

export function readClock(shared, realNow) {
  const words = new BigInt64Array(shared);
  const value = Number(Atomics.load(words, 1));
  return Atomics.load(words, 0) === frozen ? value : realNow() + value;
}

export function installClock(shared) {
  const RealDate = globalThis.Date;
  const now = () => readClock(shared, RealDate.now);

  // A Proxy keeps prototype, `instanceof`, `length`, parse, UTC and subclasses as they are.
  globalThis.Date = new Proxy(RealDate, {
    apply: () => new RealDate(now()).toString(),
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    get: (target, property, receiver) => (property === 'now' ? now : Reflect.get(target, property, receiver)),
  });
  // `date.constructor` would otherwise lead back to the real Date.
  RealDate.prototype.constructor = globalThis.Date;
}
