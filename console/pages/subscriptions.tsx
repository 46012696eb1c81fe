import { useState } from 'preact/hooks';
import type { Answer } from '../api.ts';
import { home } from '../page-settings.ts';
import { useShared } from '../parts/context.ts';
import { Loaded, useLive } from '../parts/live.tsx';
import type { Texts } from '../texts/en.ts';

type Row = Answer<'ConsoleSearchSubscriptions'>['value'][number];
export type State = Row['state'];

export const stateTone: Readonly<Record<State, string>> = { active: 'good', paused: 'warn', ended: 'bad' };

const deliveryTone: Readonly<Record<string, string>> = {
  delivered: 'good',
  pending: 'warn',
  dead: 'bad',
  dropped: 'quiet',
};

export const triggerName = (texts: Texts, trigger: string): string =>
  (texts.destinations.triggers as Readonly<Record<string, { readonly name: string } | undefined>>)[trigger]
    ?.name ?? trigger;

const RowView = ({ row }: { readonly row: Row }) => {
  const { texts, formats } = useShared();
  const words = texts.subscriptions;
  return (
    <tr>
      <th scope="row" data-name={words.trigger}>
        <a href={`${home}/subscriptions/${row.subscriptionId}`}>{triggerName(texts, row.trigger)}</a>
      </th>
      <td data-name={words.subject}>{row.subject ?? words.anySubject}</td>
      <td data-name={words.condition}>{row.condition}</td>
      <td data-name={words.instance}>{row.instanceName ?? row.instanceId}</td>
      <td data-name={words.state}>
        <span class={`state ${stateTone[row.state]}`}>{words.states[row.state]}</span>
      </td>
      <td data-name={words.lastEvent}>
        {row.lastEventAt === null ? texts.none : formats.time(row.lastEventAt)}
        {row.lastDelivery !== null && (
          <>
            {' '}
            <span class={deliveryTone[row.lastDelivery] ?? ''}>
              {words.deliveries[row.lastDelivery as keyof typeof words.deliveries] ?? row.lastDelivery}
            </span>
          </>
        )}
      </td>
      <td data-name={words.owner}>{row.isOwn ? words.you : row.ownerId}</td>
    </tr>
  );
};

/** The subscriptions that the person may see, in pages of the server. */
export const Subscriptions = () => {
  const { api, texts } = useShared();
  const words = texts.subscriptions;
  const [search, setSearch] = useState('');
  const [sent, send] = useState('');
  const [state, setState] = useState<State | ''>('');
  /** Where each page begins, up to the one that is shown. */
  const [begins, setBegins] = useState<readonly string[]>([]);
  const after = begins.at(-1);
  const found = useLive(
    () =>
      api.call('ConsoleSearchSubscriptions', {
        query: {
          ...(sent !== '' && { search: sent }),
          ...(state !== '' && { state }),
          ...(after !== undefined && { after }),
        },
      }),
    `subscriptions ${sent} ${state} ${after ?? ''}`,
  );
  const anew = () => setBegins([]);
  return (
    <>
      <h1>{texts.pages.subscriptions}</h1>
      <form
        class="filters"
        onSubmit={(event) => {
          event.preventDefault();
          anew();
          send(search.trim());
        }}
      >
        <label>
          {words.search}{' '}
          <input
            type="search"
            value={search}
            maxLength={200}
            onInput={({ currentTarget }) => setSearch(currentTarget.value)}
          />
        </label>
        <label>
          {words.state}{' '}
          <select
            value={state}
            onChange={({ currentTarget }) => {
              anew();
              setState(currentTarget.value as State | '');
            }}
          >
            <option value="">{words.allStates}</option>
            {Object.entries(words.states).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit">{words.find}</button>
      </form>
      <Loaded live={found}>
        {({ value, next }) => (
          <>
            {value.length === 0 ? (
              <p>{next === null ? words.noneFound : words.noneOnPage}</p>
            ) : (
              <table>
                <caption class="hidden">{texts.pages.subscriptions}</caption>
                <thead>
                  <tr>
                    {[
                      words.trigger,
                      words.subject,
                      words.condition,
                      words.instance,
                      words.state,
                      words.lastEvent,
                      words.owner,
                    ].map((name) => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {value.map((row) => (
                    <RowView key={row.subscriptionId} row={row} />
                  ))}
                </tbody>
              </table>
            )}
            <p class="pager">
              <button
                type="button"
                disabled={begins.length === 0}
                onClick={() => setBegins(begins.slice(0, -1))}
              >
                {words.previousPage}
              </button>{' '}
              <button
                type="button"
                disabled={next === null}
                onClick={() => next !== null && setBegins([...begins, next])}
              >
                {words.nextPage}
              </button>
            </p>
          </>
        )}
      </Loaded>
    </>
  );
};
