/** Deliveries on their way and past, and dead letters. */
import { useShared } from '../parts/context.ts';
import { AnswerOf, type Delivery, Payload, Whose } from '../parts/delivery.tsx';
import { useListSearch } from '../parts/filters.tsx';
import { useLive } from '../parts/live.tsx';
import { PagedTable } from '../parts/pages.tsx';
import type { Column } from '../parts/table.tsx';
import { DeadLetters } from './dead-letters.tsx';
import { deliveryTone } from './subscriptions.tsx';

const Recent = () => {
  const { api, texts, formats } = useShared();
  const words = texts.deliveries;
  const { query, key, pages, form } = useListSearch(texts.subscriptions.deliveries);
  const found = useLive(() => api.call('ConsoleListRecentDeliveries', { query }), key);
  const columns: readonly Column<Delivery>[] = [
    { name: words.event, cell: ({ occurredAt }) => formats.time(occurredAt) },
    { name: words.flow, cell: (row) => <Whose row={row} /> },
    {
      name: words.state,
      cell: ({ state: one, note }) => (
        <>
          <span class={`state ${deliveryTone[one] ?? ''}`}>{texts.subscriptions.deliveries[one]}</span> {note}
        </>
      ),
    },
    { name: words.answer, cell: ({ attempts }) => <AnswerOf attempt={attempts.at(-1)} /> },
    {
      name: words.nextAttempt,
      cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? texts.none : formats.time(nextAttemptAt)),
    },
    {
      name: words.payload,
      cell: ({ isOwn, subscriptionId, deliveryId, occurredAt }) => (
        <Payload
          isOwn={isOwn}
          load={async () =>
            (
              await api.call('ConsoleGetDeliveryPayload', {
                path: { subscriptionId, deliveryId },
                query: { occurredAt },
              })
            ).payload
          }
        />
      ),
    },
  ];
  return (
    <section aria-labelledby="recent">
      <h2 id="recent">{words.recent}</h2>
      {form}
      <PagedTable
        live={found}
        pages={pages}
        none={words.noDeliveries}
        caption={words.recent}
        columns={columns}
        keyOf={(row) => row.deliveryId}
      />
    </section>
  );
};

export const Deliveries = () => {
  const { texts } = useShared();
  return (
    <>
      <h1>{texts.pages.deliveries}</h1>
      <DeadLetters />
      <Recent />
    </>
  );
};
