import { acrossPeople, isAcrossInstances } from '../runtime/ids.ts';
import { iso } from '../runtime/time.ts';

export interface WatchedInstance {
  readonly id: string;
  readonly name: string;
  /** `customerInsights.linkBase` of the configuration; without it events have no link. */
  readonly linkBase?: string;
  /** RFC 3339; while an operator keeps the watch from looking at it. */
  readonly pausedAt?: string;
}

type Instances<Instance> = readonly Instance[];

/** By lists, which do not change: a deployment may have thousands of instances. */
const indexes = new WeakMap<Instances<unknown>, ReadonlyMap<string, unknown>>();

/** The instance of this id, in any casing. */
export const instanceWith = <Instance extends { readonly id: string }>(
  instances: Instances<Instance>,
  instanceId: string,
): Instance | undefined => {
  const index = indexes.get(instances) ?? new Map(instances.map((one) => [one.id.toLowerCase(), one]));
  indexes.set(instances, index);
  return index.get(instanceId.toLowerCase()) as Instance | undefined;
};

/**
 * The name of the instance that a subscription is about, or of what takes its place; undefined when it was removed.
 */
export const instanceNameOf = (
  instances: readonly { readonly id: string; readonly name: string }[],
  instanceId: string,
): string | undefined => {
  if (instanceId === acrossPeople) return 'all instances and people';
  return isAcrossInstances(instanceId) ? 'all instances' : instanceWith(instances, instanceId)?.name;
};

/** A key with an instant, absent where it is not known. */
export const instantOf = <Key extends string>(
  key: Key,
  at: number | undefined,
): { readonly [Name in Key]?: string } =>
  at === undefined ? {} : ({ [key]: iso(at) } as { readonly [Name in Key]?: string });
