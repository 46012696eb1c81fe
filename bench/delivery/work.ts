/** What the parts that work off a burst are asked, and how they answer. */

export interface WorkQuestion {
  readonly events: number;
  /** Tells the events of this run from those of others. */
  readonly run: string;
}

export interface WorkAnswer {
  /** Epoch ms. */
  readonly begunAt: number;
  readonly seconds: number;
  /** Messages that went back to the queue. */
  readonly failed: number;
}

const epochMs = () => performance.timeOrigin + performance.now();

/** @param handle one piece of work; resolves to the messages that went back to the queue */
export const workOff = async <Piece>(
  pieces: readonly Piece[],
  atOnce: number,
  handle: (piece: Piece) => Promise<number>,
): Promise<WorkAnswer> => {
  const waiting = pieces.values();
  const begunAt = epochMs();
  let failed = 0;
  const work = async () => {
    for (const piece of waiting) failed += await handle(piece);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return { begunAt, seconds: (epochMs() - begunAt) / 1000, failed };
};
