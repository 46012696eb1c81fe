import { isPathSegment } from '../customer-insights/index.ts';
import { servedInstance } from '../customer-insights/served-instance.ts';
import type { Implementation } from '../http/implementations.ts';
import { ConnectorError, hasCode } from '../runtime/errors.ts';
import { entityUnknown } from './entity-facts.ts';
import { nextLink, rowsOfPage, windowAfter } from './page.ts';
import type { ProxyPorts } from './ports.ts';
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

export const getItems =
  ({ settings, access, facts }: ProxyPorts): Implementation<'GetItems'> =>
  async ({ path, query }, context) => {
    const { id: instanceId } = servedInstance(settings, path.dataset);
    const entity = path.table;
    if (!isPathSegment(entity)) throw entityUnknown(entity);
    const { $top: top, $skip: skip = 0, ...written } = query;
    const window = { top, skip };
    checkCount('$top', top ?? 1);
    checkCount('$skip', skip);
    const options = readRowOptions(entity, written);

    const client = access.forUser(context.caller, context.deadline);
    await checkFilterable(entity, options.filter, () => facts.indexedFields(client, instanceId));
    const key = (await facts.keyOf(client, instanceId, entity)).map(({ name }) => name);

    const limit = rowsOfPage(window);
    const page = await client
      .readPage(instanceId, entity, { ...renderRowOptions(options, key), $top: limit, $skip: skip })
      .catch((error: unknown) => {
        throw hasCode(error, 'UpstreamNotFound') ? entityUnknown(entity) : error;
      });
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
  };
