/** The instances that a deployment serves, as a process knows them. */
import { createCache } from '../runtime/cache.ts';
import type { CoveredUp } from '../runtime/covered-up.ts';
import { hourMs, secondMs } from '../runtime/time.ts';
import { type InstanceList, type InstanceRow, instanceStore, servedInstances } from './instances.ts';
import type { Table } from './table.ts';

/**
 * A process looks for changes after this long, ms. A change reaches a process that works within this time, and the
 * others with their next call.
 */
export const instancesFreshMs = 30 * secondMs;

/** While the table cannot be read, ms: what was read at most this long ago is used, and the read not repeated. */
const [usableMs, pauseAfterFailureMs] = [hourMs, 5 * secondMs];

export interface InstanceRegistry<Settings> {
  /**
   * Before each call of a function. Reads one item every {@link instancesFreshMs}, and rows where some have changed.
   * @throws StoreUnavailable while nothing was read yet
   */
  refresh(): Promise<void>;
  /** Those of the configuration, with the instances that are served now: the same list until they change. */
  readonly settings: Settings & { readonly instances: readonly InstanceRow[] };
}

export const instanceRegistry = <Settings extends object>(
  table: Table,
  settings: Settings,
  options: {
    /** See {@link instanceStore}. */
    readonly newVersion: () => string;
    /** Epoch ms. */
    readonly now: () => number;
    readonly covered: CoveredUp;
  },
): InstanceRegistry<Settings> => {
  const { now, covered } = options;
  const store = instanceStore(table, options.newVersion);
  const key = 'instances';
  const cache = createCache<{
    readonly list: InstanceList | undefined;
    readonly served: readonly InstanceRow[];
  }>({
    now,
    capacity: 1,
    freshMs: instancesFreshMs,
    usableMs,
    pauseAfterFailureMs,
    onStale: (error) => covered('the instances are used as they were read before', error),
  });
  return {
    refresh: async () => {
      await cache.get(key, async () => {
        const held = cache.held(key);
        const list = await store.list(held?.list);
        return held !== undefined && held.list === list ? held : { list, served: servedInstances(list) };
      });
    },
    settings: {
      ...settings,
      get instances() {
        return cache.held(key)?.served ?? [];
      },
    },
  };
};
