/**
 * The instances that a deployment serves: `INSTANCES#<shard>` / `<id in lower case>`. A deployment writes rows for the
 * instances of its configuration that have none; operators add, remove, pause and resume them. The functions that serve
 * read these rows and may not write them.
 *
 * `INSTANCES` / `HEAD` has a mark for each shard with rows, which changes after each change of a row. A process that
 * knows the marks reads one item, however many instances there are, and only the shards that have changed.
 */
import { hash } from 'node:crypto';
import pMap, { pMapSkip } from 'p-map';
import type { Configuration } from '../../config/schema.ts';
import { recordStore, type Stored } from './record-store.ts';
import { StoreUnavailable, type Table, untilWritten } from './table.ts';

export type ConfiguredInstance = Configuration['instances'][number];

/** An instance as its row has it. */
export interface InstanceRow extends ConfiguredInstance {
  /** RFC 3339; present while an operator keeps the watch from looking at it. */
  readonly pausedAt?: string;
  /** RFC 3339; when it was resumed last. */
  readonly resumedAt?: string;
  /** RFC 3339; the row stays, so that no later deployment adds it again. */
  readonly removedAt?: string;
}

/** Epoch ms until which an instance was not looked at on purpose, which is not a delay. */
export const pauseEnd = ({ resumedAt }: Pick<InstanceRow, 'resumedAt'>): number =>
  resumedAt === undefined ? 0 : Date.parse(resumedAt);

/** What is spread over several partitions, by instance: a partition takes 1,000 writes and 3,000 reads a second. */
export const shardCount = 16;

const shardName = (number: number): string => String(number).padStart(2, '0');

export const shards: readonly string[] = Array.from({ length: shardCount }, (_, number) => shardName(number));

/** @returns two digits */
export const shardOf = (instanceId: string): string => {
  const [first = 0] = hash('sha256', instanceId.toLowerCase(), 'buffer');
  return shardName(first % shardCount);
};

/** Shard → a mark that changes with each change of a row in it. */
type Marks = Readonly<Record<string, string>>;

interface Head {
  readonly marks: Marks;
}

/** A deployment writes rows before its functions serve: the table is another one, or its rows were deleted. */
export class NoInstanceRows extends StoreUnavailable {
  constructor() {
    super(
      'The state table has no rows of instances. An operator has to change the name of an instance in the configuration and deploy again, which writes them.',
    );
  }
}

/** What a process has read; nothing in it changes. */
export interface InstanceList {
  readonly marks: Marks;
  readonly shards: ReadonlyMap<string, readonly InstanceRow[]>;
}

/** The rows of a list, those of removed instances too. */
export const rowsOf = ({ shards }: InstanceList): readonly InstanceRow[] => [...shards.values()].flat();

/**
 * The instances that are served, in the order of their ids.
 * @param list undefined throws NoInstanceRows
 */
export const servedInstances = (list: InstanceList | undefined): readonly InstanceRow[] => {
  if (list === undefined) throw new NoInstanceRows();
  return rowsOf(list)
    .filter(({ removedAt }) => removedAt === undefined)
    .sort((a, b) => (a.id < b.id ? -1 : 1));
};

export interface InstanceStore {
  /**
   * Reads one item, and the shards that differ from those of `before`.
   * @returns `before` itself where nothing has changed; undefined while the table has no rows
   */
  list(before?: InstanceList): Promise<InstanceList | undefined>;
  /** A row, of a removed instance too. */
  find(id: string): Promise<Stored<InstanceRow> | undefined>;
  /**
   * Reads each row, decides and writes it, and then tells the processes.
   * @param change undefined leaves a row as it is
   */
  change(
    ids: readonly string[],
    change: (row: InstanceRow | undefined, id: string) => InstanceRow | undefined,
  ): Promise<void>;
  /** Writes the rows that are absent. @returns their ids */
  addAbsent(instances: readonly ConfiguredInstance[]): Promise<readonly string[]>;
}

/** Rows that are written at a time. */
const atOnce = { concurrency: 25 };

const partition = (shard: string) => `INSTANCES#${shard}`;

const contention = 'Several commands are changing the instances at the same time. Repeat the command.';

/** @param newMark a text, new each time */
export const instanceStore = (table: Table, newMark: () => string): InstanceStore => {
  const rows = recordStore<string, InstanceRow>(table, {
    kind: 'instance',
    schemaVersion: 1,
    key: (id) => ({ pk: partition(shardOf(id)), sk: id.toLowerCase() }),
  });
  const heads = recordStore<'HEAD', Head>(table, {
    kind: 'head of the instances',
    schemaVersion: 1,
    key: (sk) => ({ pk: 'INSTANCES', sk }),
  });

  /** Behind the rows: a process that sees the marks sees the rows. */
  const mark = (ids: readonly string[]): Promise<true> =>
    untilWritten(async () => {
      const found = await heads.find('HEAD');
      const changed = Object.fromEntries(ids.map((id) => [shardOf(id), newMark()]));
      const next = { marks: { ...found?.body.marks, ...changed } };
      return (await heads.save('HEAD', next, found?.version ?? 'absent')) === undefined ? 'overtaken' : true;
    }, contention);

  const readShard = async (shard: string): Promise<readonly InstanceRow[]> => {
    const found: InstanceRow[] = [];
    for await (const { body } of rows.range(partition(shard), '0', '~')) found.push(body);
    return found;
  };

  return {
    async list(before) {
      const head = await heads.find('HEAD');
      if (head === undefined) return undefined;
      const { marks } = head.body;
      const changed = Object.keys(marks).filter((shard) => before?.marks[shard] !== marks[shard]);
      if (before !== undefined && changed.length === 0) return before;
      const read = await Promise.all(changed.map(async (shard) => [shard, await readShard(shard)] as const));
      return { marks, shards: new Map([...(before?.shards ?? []), ...read]) };
    },
    find: rows.find,
    async change(ids, change) {
      await pMap(
        ids,
        (id) =>
          untilWritten(async () => {
            const found = await rows.find(id);
            const next = change(found?.body, id);
            if (next === undefined) return undefined;
            return (await rows.save(id, next, found?.version ?? 'absent')) ? undefined : 'overtaken';
          }, contention),
        atOnce,
      );
      // Also where nothing was left to do: the command before may have died in front of this.
      await mark(ids);
    },
    async addAbsent(instances) {
      const added = await pMap(
        instances,
        async ({ id, name, secretName }) =>
          // Undefined: the row is there, perhaps of a removed instance.
          (await rows.save(id, { id, name, secretName }, 'absent')) ? id : pMapSkip,
        atOnce,
      );
      await mark(instances.map(({ id }) => id));
      return added;
    },
  };
};
