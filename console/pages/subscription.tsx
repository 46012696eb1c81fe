import { Fragment } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { Answer } from '../api.ts';
import { home } from '../page-settings.ts';
import { Dialog, Said, useActions } from '../parts/action.tsx';
import { Chart } from '../parts/chart.tsx';
import { useShared } from '../parts/context.ts';
import { Loaded, useLive } from '../parts/live.tsx';
import { Table } from '../parts/table.tsx';
import { triggerName } from '../texts/languages.ts';
import { Replay } from './replay.tsx';
import { stateTone } from './subscriptions.tsx';

type Explanation = Answer<'ConsoleExplainSubscription'>;

/** Before all that is kept: the API looks back as far as it can, 30 days, by its own clock. */
const since = '2000-01-01T00:00:00Z';

const outcomeTone: Readonly<Record<string, string>> = { fired: 'good', notFired: 'quiet', note: 'warn' };

interface HistoryProps {
  readonly decisions: Explanation['decisions'];
  readonly threshold: number | null;
  readonly rearmLevel: number | null;
}

const History = ({ decisions, threshold, rearmLevel }: HistoryProps) => {
  const { texts } = useShared();
  const words = texts.subscription;
  const points = useMemo(
    () =>
      decisions
        .flatMap(({ at, outcome, currentValue }) =>
          currentValue === null
            ? []
            : [{ at: Date.parse(at), value: Number(currentValue), fires: outcome === 'fired' }],
        )
        .reverse(),
    [decisions],
  );
  const levels = useMemo(
    () => [
      ...(threshold === null ? [] : [{ name: words.threshold, value: threshold }]),
      ...(rearmLevel === null ? [] : [{ name: words.rearmLevel, value: rearmLevel }]),
    ],
    [threshold, rearmLevel, words],
  );
  if (points.length === 0) return null;
  return (
    <Chart
      label={words.chart}
      points={points}
      levels={levels}
      timeName={words.at}
      valueName={words.value}
      firedName={words.outcomes.fired}
    />
  );
};

const Decisions = ({ decisions }: { readonly decisions: Explanation['decisions'] }) => {
  const { texts, formats } = useShared();
  const words = texts.subscription;
  if (decisions.length === 0) return <p>{words.noDecisions}</p>;
  return (
    <Table
      caption={words.why}
      columns={[
        { name: words.at, cell: ({ at }) => formats.time(at) },
        {
          name: words.outcome,
          cell: ({ outcome }) => (
            <span class={`state ${outcomeTone[outcome] ?? ''}`}>{words.outcomes[outcome]}</span>
          ),
        },
        {
          name: words.reason,
          cell: ({ sentence, attempts }) => (
            <>
              {sentence}
              {attempts.length > 0 && (
                <ul>
                  {attempts.map(({ at, status, meaning }) => (
                    <li key={at}>
                      {words.attempt(formats.time(at), status === null ? '–' : String(status), meaning)}
                    </li>
                  ))}
                </ul>
              )}
            </>
          ),
        },
      ]}
      rows={decisions}
      keyOf={({ at, eventId, sentence }) => `${at} ${eventId} ${sentence}`}
    />
  );
};

const SubscriptionActions = ({
  subscriptionId,
  onChanged,
}: {
  readonly subscriptionId: string;
  readonly onChanged: () => void;
}) => {
  const { api, texts } = useShared();
  const words = texts.subscription;
  const [removing, setRemoving] = useState(false);
  const actions = useActions();
  const path = { subscriptionId };
  return (
    <section aria-label={words.actions}>
      <p>
        <button
          type="button"
          aria-disabled={actions.busy}
          onClick={() =>
            actions.act(async () => {
              const { eventId } = await api.call('ConsoleSendSampleEvent', { path });
              onChanged();
              return words.sampleSent(eventId);
            })
          }
        >
          {words.sendSample}
        </button>{' '}
        <button type="button" aria-disabled={actions.busy} onClick={() => setRemoving(true)}>
          {words.remove}
        </button>
      </p>
      <Replay subscriptionId={subscriptionId} actions={actions} onChanged={onChanged} />
      <Said actions={actions} />
      {removing && (
        <Dialog
          title={words.remove}
          onClose={() => setRemoving(false)}
          confirm={{
            name: words.remove,
            run: () =>
              void actions.act(async () => {
                await api.call('ConsoleRemoveSubscription', { path });
                onChanged();
                return words.removed;
              }),
          }}
        >
          <p>{words.removeText}</p>
        </Dialog>
      )}
    </section>
  );
};

/** What the subscription is to, and whose it is. */
const Facts = ({ row }: { readonly row: Answer<'ConsoleSearchSubscriptions'>['value'][number] }) => {
  const { texts } = useShared();
  const words = texts.subscriptions;
  const facts = [
    [words.trigger, triggerName(texts, row.trigger)],
    [words.flow, row.flowName ?? texts.none],
    [words.subject, row.subjectDisplayName ?? row.subject ?? words.anySubject],
    [words.condition, row.condition],
    [words.instance, row.instanceName ?? row.instanceId],
    [words.owner, row.isOwn ? words.you : row.ownerId],
  ] as const;
  return (
    <dl>
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
};

/** One subscription: its value, its decisions with the reason of each, its deliveries. */
export const Subscription = () => {
  const { api, texts } = useShared();
  const { params } = useRoute();
  const subscriptionId = params.id ?? '';
  const words = texts.subscription;
  const explained = useLive(
    () => api.call('ConsoleExplainSubscription', { path: { subscriptionId }, query: { since } }),
    subscriptionId,
  );
  const found = useLive(
    () => api.call('ConsoleSearchSubscriptions', { query: { search: subscriptionId } }),
    `of ${subscriptionId}`,
  );
  const [row] = found.value?.value ?? [];
  return (
    <>
      <p>
        <a href={`${home}/subscriptions`}>{texts.pages.subscriptions}</a>
      </p>
      <h1>{words.title}</h1>
      {row && <Facts row={row} />}
      <Loaded live={explained}>
        {({ state, summary, decisions }) => (
          <>
            <p>
              <span class={`state ${stateTone[state]}`}>{texts.subscriptions.states[state]}</span> {summary}
            </p>
            <History
              decisions={decisions}
              threshold={row?.threshold ?? null}
              rearmLevel={row?.rearmLevel ?? null}
            />
            <SubscriptionActions subscriptionId={subscriptionId} onChanged={explained.reload} />
            <h2>{words.why}</h2>
            <Decisions decisions={decisions} />
          </>
        )}
      </Loaded>
    </>
  );
};
