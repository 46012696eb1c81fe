/** What lies in the watch queue: instances to look at. */
export interface WatchMessage {
  readonly v: 1;
  readonly instanceIds: readonly string[];
  /** A job was running at the last look: look again soon. */
  readonly busy: boolean;
}

export const readWatchMessage = (body: string): WatchMessage => {
  const parsed = JSON.parse(body) as WatchMessage;
  if (parsed.v !== 1)
    throw new Error(`A watch message has schema version ${String(parsed.v)}; this program knows 1.`);
  return parsed;
};
