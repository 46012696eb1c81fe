export interface Reply {
  readonly status: number;
  /** Sent as JSON; absent = no body. */
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const ok = (json: unknown): Reply => ({ status: 200, json });
export const iso = (ms: number): string => new Date(ms).toISOString();
export const isoOrUndefined = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : iso(ms);
