import { type Item, type Key, StoreUnavailable, type Table, type Version } from '../../lambda/store/table.ts';
import type { Host, Surroundings } from './host.ts';

/** Told of a write at the moment it takes effect. */
export type OnWrite = (host: Host, item: Item) => void;

const nameOf = ({ pk, sk }: Key) => `${pk}/${sk}`;

/** True while the whole table is away. */
export type Away = () => boolean;

/** The state table as a host reaches it over the network. */
export const tableFrom = (
  host: Host,
  table: Table,
  { chance, rates, trace, scheduler, onFault }: Surroundings,
  away: Away,
  onWrite: OnWrite,
): Table => {
  const call = <Result>(what: string, key: string, effect: () => Promise<Result>): Promise<Result> =>
    host.call({
      port: 'table',
      what: `${what} ${key}`,
      effect: async () => {
        if (away()) {
          trace.count('table away');
          onFault({
            at: scheduler.now(),
            host: host.name,
            port: 'table',
            what: `${what} ${key}`,
            fate: 'fails before',
          });
          throw new StoreUnavailable('The state table is away.');
        }
        return effect();
      },
      failure: () => new StoreUnavailable('The state table did not answer.'),
    });
  return {
    ...(table.onUnreadable && { onUnreadable: table.onUnreadable }),
    get: (key) => call('get', nameOf(key), () => table.get(key)),
    swap(next, expected) {
      const item = { ...next, version: next.version ?? (host.unguessable() as Version) };
      return call('swap', nameOf(item), async () => {
        if (Buffer.byteLength(item.body) > 400 * 1024)
          throw new StoreUnavailable('ValidationException: an item has at most 400 KB.');
        const written = await table.swap(item, expected);
        if (!written) return undefined;
        onWrite(host, item);
        if (!chance.happens(rates().failAfter)) return written;
        // The client repeats a write whose answer was lost. Until then another process may have written.
        trace.count('table swap repeated by the client');
        await new Promise<void>((repeat) => scheduler.after(chance.within(20, 200), repeat));
        return table.swap(item, expected);
      });
    },
    remove: (key, expected) => call('remove', nameOf(key), () => table.remove(key, expected)),
    last: (pk, from, to, most) => call('last', `${pk}/${to}`, () => table.last(pk, from, to, most)),
    async *range(pk, from, to) {
      let next: string | undefined = from;
      while (next !== undefined) {
        const start: string = next;
        const page = await call('range', `${pk}/${start}`, async () => {
          const items: Item[] = [];
          const most = chance.whole(1, 6);
          for await (const item of table.range(pk, start, to)) {
            items.push(item);
            if (items.length === most) break;
          }
          return { items, more: items.length === most };
        });
        yield* page.items;
        // The next page begins behind the last key, which is the key itself and the smallest character.
        const last = page.items.at(-1);
        next = page.more && last ? `${last.sk}\u0000` : undefined;
        if (next !== undefined && next > to) next = undefined;
      }
    },
  };
};
