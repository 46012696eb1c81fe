import type { Answer } from '../api.ts';
import { home } from '../page-settings.ts';
import { useShared } from '../parts/context.ts';
import { useListSearch } from '../parts/filters.tsx';
import { useLive } from '../parts/live.tsx';
import { PagedTable } from '../parts/pages.tsx';
import type { Column } from '../parts/table.tsx';
import { triggerName } from '../texts/languages.ts';

type Row = Answer<'ConsoleSearchSubscriptions'>['value'][number];
export type State = Row['state'];

export const stateTone: Readonly<Record<State, string>> = { active: 'good', paused: 'warn', ended: 'bad' };

export const deliveryTone: Readonly<Record<string, string>> = {
  delivered: 'good',
  pending: 'warn',
  dead: 'bad',
  dropped: 'quiet',
};

/** The subscriptions that the person may see, in pages of the server. */
export const Subscriptions = () => {
  const { api, texts, formats } = useShared();
  const words = texts.subscriptions;
  const { query, key, pages, form } = useListSearch(words.states);
  const found = useLive(() => api.call('ConsoleSearchSubscriptions', { query }), key);
  const columns: readonly Column<Row>[] = [
    {
      name: words.trigger,
      cell: ({ subscriptionId, trigger }) => (
        <a href={`${home}/subscriptions/${subscriptionId}`}>{triggerName(texts, trigger)}</a>
      ),
    },
    { name: words.flow, cell: ({ flowName }) => flowName ?? texts.none },
    {
      name: words.subject,
      cell: ({ subject, subjectDisplayName }) => subjectDisplayName ?? subject ?? words.anySubject,
    },
    { name: words.condition, cell: ({ condition }) => condition },
    { name: words.instance, cell: ({ instanceId, instanceName }) => instanceName ?? instanceId },
    {
      name: words.state,
      cell: ({ state: one, reason }) => (
        <>
          <span class={`state ${stateTone[one]}`}>{words.states[one]}</span>{' '}
          {one !== 'active' && <span class="quiet">{reason}</span>}
        </>
      ),
    },
    {
      name: words.lastEvent,
      cell: ({ lastEventAt, lastDelivery }) => (
        <>
          {lastEventAt === null ? texts.none : formats.time(lastEventAt)}{' '}
          {lastDelivery !== null && (
            <span class={deliveryTone[lastDelivery] ?? ''}>
              {words.deliveries[lastDelivery as keyof typeof words.deliveries] ?? lastDelivery}
            </span>
          )}
        </>
      ),
    },
    { name: words.owner, cell: ({ isOwn, ownerId }) => (isOwn ? words.you : ownerId) },
  ];
  return (
    <>
      <h1>{texts.pages.subscriptions}</h1>
      {form}
      <PagedTable
        live={found}
        pages={pages}
        none={words.noneFound}
        caption={texts.pages.subscriptions}
        columns={columns}
        keyOf={(row) => row.subscriptionId}
      />
    </>
  );
};
