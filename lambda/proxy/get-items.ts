import { entityUnknown, notFoundAs } from '../customer-insights/not-found.ts';
import { hasCode } from '../runtime/errors.ts';
import { onEntity } from './on-instance.ts';
import { nextLink, rowsOfPage, windowAfter } from './page.ts';
import { checkColumns, checkFilterable, readRowOptions, renderRowOptions } from './row-query.ts';

export const getItems = onEntity<'GetItems'>(async ({ path, query }, context, { settings, facts }) => {
  const { instance, client, entity } = context;
  const { $top: top, $skip: skip = 0, ...written } = query;
  const window = { top, skip };
  const read = readRowOptions(entity, written);
  const filter = await checkFilterable(entity, read.filter, () => facts.indexedFields(client, instance.id));
  const options = await checkColumns({ ...read, filter }, () =>
    facts.shapeOf(client, instance.id, entity).then(
      ({ columns }) => columns.map(({ name }) => name),
      (error: unknown) => {
        if (hasCode(error, 'UpstreamForbidden')) return undefined;
        throw error;
      },
    ),
  );
  const key = (await facts.keyOf(client, instance.id, entity)).map(({ name }) => name);

  const page = await client
    .readPage(instance.id, entity, {
      ...renderRowOptions(options, key),
      $top: rowsOfPage(window),
      $skip: skip,
    })
    .catch(notFoundAs(() => entityUnknown(entity)));
  const next = windowAfter(window, page.count);
  return {
    body: {
      value: page.rows,
      ...(next && {
        '@odata.nextLink': nextLink(
          settings.connector.host ?? context.requestHost,
          ['datasets', path.dataset, 'tables', entity, 'items'],
          { ...written },
          next,
        ),
      }),
    },
  };
});
