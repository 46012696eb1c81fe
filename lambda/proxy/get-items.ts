import { entityUnknown, notFoundAs } from '../customer-insights/not-found.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { onEntity } from './on-instance.ts';
import { nextLink, rowsOfPage, windowAfter } from './page.ts';
import { checkFilterable, readRowOptions, renderRowOptions } from './row-query.ts';

/** Largest `$skip` and `$top` passed on: OData counts with 32 bits. */
const maximumCount = 2 ** 31 - 1;

const checkCount = (option: '$top' | '$skip', value: number): void => {
  if (value <= maximumCount) return;
  const allowed = `at most ${maximumCount}`;
  throw new ConnectorError('QueryOptionInvalid', `${option} is too large. Allowed: ${allowed}.`, {
    details: [{ parameter: option, problem: 'is too large', allowed }],
  });
};

export const getItems = onEntity<'GetItems'>(async ({ path, query }, context, { settings, facts }) => {
  const { instance, client, entity } = context;
  const { $top: top, $skip: skip = 0, ...written } = query;
  const window = { top, skip };
  checkCount('$top', top ?? 1);
  checkCount('$skip', skip);
  const options = readRowOptions(entity, written);

  await checkFilterable(entity, options.filter, () => facts.indexedFields(client, instance.id));
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
