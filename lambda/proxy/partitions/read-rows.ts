/** Rows of a partition, as many as fit one answer. */
import { maximumAnswerBytes } from '../../customer-insights/index.ts';
import { ConnectorError } from '../../runtime/errors.ts';
import { renderJson } from '../../runtime/json.ts';
import { typedValue } from '../column-types.ts';
import type { Column } from '../entity-facts.ts';
import { onEntity } from '../on-instance.ts';
import { linkTo } from '../page.ts';
import { CsvProblem, csvRecords, type Field } from './csv.ts';
import { openPartitionFile } from './file.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows of an answer unless the caller asks for another number. */
const standardPageRows = 1_000;

/** Lambda counts an answer as a JSON text in a JSON text. */
const sentBytes = (row: Row): number => Buffer.byteLength(JSON.stringify(renderJson(row)));

const unreadable = (entity: string, problem: string): ConnectorError<'UpstreamUnreadable'> =>
  new ConnectorError(
    'UpstreamUnreadable',
    `The partition of the entity ${entity} ${problem}. Its columns may have changed in the meantime: retrieve the partitions again in some minutes, or use "Get items from an entity".`,
  );

/**
 * The first record of a segment's file may be the names of the columns: it is when one of them is CustomerId.
 */
const isHeader = (fields: readonly Field[], columns: readonly Column[], entity: string): boolean => {
  if (!fields.includes('CustomerId')) return false;
  if (fields.length !== columns.length || fields.some((field, at) => field !== columns[at]?.name))
    throw unreadable(entity, 'names other columns than the metadata');
  return true;
};

const rowOf = (fields: readonly Field[], columns: readonly Column[], entity: string): Row => {
  if (fields.length !== columns.length)
    throw unreadable(
      entity,
      `has a row of ${fields.length} fields, where the metadata has ${columns.length} columns`,
    );
  return Object.fromEntries(
    columns.map(({ name, dataType }, at) => {
      const field = fields[at] ?? null;
      return [name, field === null ? null : typedValue(field, dataType)];
    }),
  );
};

interface Page {
  readonly rows: Row[];
  /** Bytes that the rows take, from where the reading began; undefined when nothing is left behind them. */
  readonly readTo: number | undefined;
}

/** @param atBeginning whether the bytes are those of the file's beginning, where a header may be */
const pageFrom = async (
  bytes: AsyncIterable<Uint8Array>,
  columns: readonly Column[],
  wanted: { readonly entity: string; readonly rows: number; readonly atBeginning: boolean },
): Promise<Page> => {
  const { entity } = wanted;
  const rows: Row[] = [];
  let [size, readTo, first] = [0, 0, wanted.atBeginning];
  try {
    for await (const { fields, end } of csvRecords(bytes)) {
      const skipped = first && isHeader(fields, columns, entity);
      first = false;
      if (!skipped) {
        if (rows.length === wanted.rows) return { rows, readTo };
        const row = rowOf(fields, columns, entity);
        size += sentBytes(row);
        if (size > maximumAnswerBytes) {
          if (rows.length > 0) return { rows, readTo };
          throw new ConnectorError(
            'AnswerTooLarge',
            `A single row of the entity ${entity} is larger than 5 MB, the most that can be sent. Use "Get items from an entity" with $select.`,
          );
        }
        rows.push(row);
      }
      readTo = end;
    }
  } catch (error) {
    if (error instanceof CsvProblem) throw unreadable(entity, `is not CSV: ${error.message}`);
    throw error;
  }
  return { rows, readTo: undefined };
};

export const retrieveDataFromPartition = onEntity<'RetrieveDataFromPartition'>(
  async ({ path, query }, context, { settings, facts, handles, fetch }) => {
    const { instance, client, entity, caller, deadline } = context;
    const { tenantId, objectId } = caller;
    const binding = { tenantId, objectId, instanceId: instance.id, entity };
    const position = await handles.open(query.partition, binding);
    // Asked with each page: storage does not know who the caller is, nor that a role was taken away since.
    const { columns } = await facts.shapeAsked(client, instance.id, entity);
    const { bytes, etag, compressed } = await openPartitionFile(position, deadline, fetch);
    const { rows, readTo } = await pageFrom(bytes, columns, {
      entity,
      rows: query.pageSize ?? standardPageRows,
      atBeginning: position.offset === 0,
    });
    if (readTo === undefined) return { body: { value: rows } };
    const next = await handles.seal(
      {
        uri: position.uri,
        headers: position.headers,
        expiresAt: position.expiresAt,
        offset: position.offset + readTo,
        ...(etag !== undefined && { etag }),
        ...(compressed && { compressed }),
      },
      binding,
    );
    return {
      body: {
        value: rows,
        next,
        '@odata.nextLink': linkTo(
          settings.connector.host ?? context.requestHost,
          ['datasets', path.dataset, 'tables', entity, 'partitions', 'data'],
          { partition: next, pageSize: query.pageSize },
        ),
      },
    };
  },
);
