export interface WatchedInstance {
  readonly id: string;
  readonly name: string;
  /** `customerInsights.linkBase` of the configuration; without it events have no link. */
  readonly linkBase?: string;
}

export const iso = (at: number): string => new Date(at).toISOString();

/** A key with an instant, absent where it is not known. */
export const instantOf = <Key extends string>(
  key: Key,
  at: number | undefined,
): { readonly [Name in Key]?: string } =>
  at === undefined ? {} : ({ [key]: iso(at) } as { readonly [Name in Key]?: string });
