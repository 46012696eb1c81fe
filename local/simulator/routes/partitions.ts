import { createHmac, timingSafeEqual } from 'node:crypto';
import { hourMs } from '../../../lambda/runtime/time.ts';
import type { Attribute, Cell, Row } from '../data/row.ts';
import { iso, type Reply } from '../http/reply.ts';
import type { Instance } from '../world/instance.ts';
import type { Table } from '../world/tables.ts';

const rowsPerPartition = 2_500;
const validMs = hourMs;
/** The header a partition request must repeat, in the manner of Azure Storage. */
const requiredHeaders = { 'x-ms-version': '2020-08-04' } as const;

export interface PartitionRequest {
  readonly uri: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** File names of a table's partitions; none for an empty table. */
export const partitionNames = (table: Table): readonly string[] =>
  Array.from({ length: Math.ceil(table.rows().size / rowsPerPartition) }, (_, index) => `part-${index}.csv`);

/** Signed addresses of a table's partitions (3.6). Their query is a credential. */
export const partitionRequests = (
  instance: Instance,
  table: Table,
  origin: string,
  now: number,
): readonly PartitionRequest[] => {
  const expiry = iso(now + validMs);
  return partitionNames(table).map((name) => {
    const path = `/partitions/${instance.id}/${encodeURIComponent(table.qualifiedName)}/${name}`;
    const query = new URLSearchParams({
      sv: '2020-08-04',
      se: expiry,
      sp: 'r',
      sig: signature(instance, path, expiry),
    });
    return { uri: `${origin}${path}?${query}`, headers: requiredHeaders };
  });
};

export interface PartitionFetch {
  readonly path: string;
  /** Path segments after `/partitions`. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * CSV without a header row, but for segments if so configured. 403 as a storage service answers a bad
 * signature.
 */
export const partitionFile = (instances: readonly Instance[], fetch: PartitionFetch, now: number): Reply => {
  const [instanceId, tableName, file] = fetch.parts;
  const instance = instances.find(({ id }) => id === instanceId);
  const table = instance?.table(tableName ?? '');
  const index = Number(/^part-(\d+)\.csv$/.exec(file ?? '')?.[1] ?? Number.NaN);
  if (instance === undefined || !isSigned(instance, fetch, now)) return { status: 403 };
  if (table === undefined || !(index < partitionNames(table).length)) return { status: 404 };
  const missing = Object.entries(requiredHeaders).some(([name, value]) => fetch.headers[name] !== value);
  if (missing) return { status: 400 };
  const withHeader = table.segment !== undefined && instance.behaviours.segmentPartitionHeader;
  return {
    status: 200,
    text: csv(table, index, withHeader),
    headers: { 'Content-Type': 'text/csv; charset=utf-8' },
  };
};

const isSigned = (instance: Instance, { path, query }: PartitionFetch, now: number): boolean => {
  const expiry = query.get('se') ?? '';
  const given = Buffer.from(query.get('sig') ?? '');
  const expected = Buffer.from(signature(instance, path, expiry));
  const genuine = given.length === expected.length && timingSafeEqual(given, expected);
  return genuine && now < Date.parse(expiry);
};

const signature = (instance: Instance, path: string, expiry: string): string =>
  createHmac('sha256', `${instance.seed}`).update(`${path}\n${expiry}`).digest('base64url');

const csv = (table: Table, partition: number, withHeader: boolean): string => {
  const rows = table.rows();
  const end = Math.min(rows.size, (partition + 1) * rowsPerPartition);
  const lines = withHeader && partition === 0 ? [table.attributes.map(({ name }) => name).join(',')] : [];
  for (let index = partition * rowsPerPartition; index < end; index += 1)
    lines.push(line(rows.at(index), table.attributes));
  return `${lines.join('\r\n')}\r\n`;
};

const line = (row: Row, attributes: readonly Attribute[]): string =>
  attributes.map(({ name }) => field(row[name] ?? null)).join(',');

/** RFC 4180: quotes around a field that holds a comma, a quote or a line break; null is an empty field. */
const field = (cell: Cell): string => {
  const text = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
