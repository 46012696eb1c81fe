import { acrossPeople, isAcrossInstances } from '../runtime/ids.ts';
import { iso } from '../runtime/time.ts';

export interface WatchedInstance {
  readonly id: string;
  readonly name: string;
  /** `customerInsights.linkBase` of the configuration; without it events have no link. */
  readonly linkBase?: string;
}

/**
 * The name of the instance that a subscription is about, or of what takes its place; undefined when it was removed
 * from the configuration.
 */
export const instanceNameOf = (
  instances: readonly { readonly id: string; readonly name: string }[],
  instanceId: string,
): string | undefined => {
  if (instanceId === acrossPeople) return 'all instances and people';
  return isAcrossInstances(instanceId)
    ? 'all instances'
    : instances.find(({ id }) => id === instanceId)?.name;
};

/** A key with an instant, absent where it is not known. */
export const instantOf = <Key extends string>(
  key: Key,
  at: number | undefined,
): { readonly [Name in Key]?: string } =>
  at === undefined ? {} : ({ [key]: iso(at) } as { readonly [Name in Key]?: string });
