import { useMemo, useRef, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import type { Answer } from '../api.ts';
import { home } from '../page-settings.ts';
import { Chart } from '../parts/chart.tsx';
import { useShared } from '../parts/context.ts';
import { Loaded, Problem, useLive } from '../parts/live.tsx';
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
    <table>
      <caption class="hidden">{words.why}</caption>
      <thead>
        <tr>
          <th scope="col">{words.at}</th>
          <th scope="col">{words.outcome}</th>
          <th scope="col">{words.reason}</th>
        </tr>
      </thead>
      <tbody>
        {decisions.map((decision) => (
          <tr key={`${decision.at} ${decision.eventId} ${decision.sentence}`}>
            <th scope="row" data-name={words.at}>
              {formats.time(decision.at)}
            </th>
            <td data-name={words.outcome}>
              <span class={`state ${outcomeTone[decision.outcome] ?? ''}`}>
                {words.outcomes[decision.outcome]}
              </span>
            </td>
            <td data-name={words.reason}>
              {decision.sentence}
              {decision.attempts.length > 0 && (
                <ul>
                  {decision.attempts.map(({ at, status, meaning }) => (
                    <li key={at}>
                      {words.attempt(formats.time(at), status === null ? '–' : String(status), meaning)}
                    </li>
                  ))}
                </ul>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Actions = ({
  subscriptionId,
  onChanged,
}: {
  readonly subscriptionId: string;
  readonly onChanged: () => void;
}) => {
  const { api, texts } = useShared();
  const words = texts.subscription;
  const [said, say] = useState('');
  const [problem, setProblem] = useState<Error>();
  const dialog = useRef<HTMLDialogElement>(null);
  const act = async (work: () => Promise<string>) => {
    setProblem(undefined);
    try {
      say(await work());
      onChanged();
    } catch (error) {
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
  };
  const path = { subscriptionId };
  return (
    <section aria-label={words.actions}>
      <p>
        <button
          type="button"
          onClick={() =>
            act(async () => {
              const { eventId } = await api.call('ConsoleSendSampleEvent', { path });
              return words.sampleSent(eventId);
            })
          }
        >
          {words.sendSample}
        </button>{' '}
        <button type="button" onClick={() => dialog.current?.showModal()}>
          {words.remove}
        </button>
      </p>
      <p role="status">{said}</p>
      {problem && <Problem error={problem} />}
      <dialog ref={dialog} aria-labelledby="remove-title">
        <h2 id="remove-title">{words.remove}</h2>
        <p>{words.removeText}</p>
        <form method="dialog">
          <button
            type="submit"
            class="primary"
            onClick={() =>
              act(async () => {
                await api.call('ConsoleRemoveSubscription', { path });
                return words.removed;
              })
            }
          >
            {words.remove}
          </button>{' '}
          <button type="submit">{texts.cancel}</button>
        </form>
      </dialog>
    </section>
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
  return (
    <>
      <p>
        <a href={`${home}/subscriptions`}>{texts.pages.subscriptions}</a>
      </p>
      <h1>{words.title}</h1>
      <Loaded live={explained}>
        {({ state, summary, decisions }) => (
          <>
            <p>
              <span class={`state ${stateTone[state]}`}>{texts.subscriptions.states[state]}</span> {summary}
            </p>
            <History
              decisions={decisions}
              threshold={found.value?.value[0]?.threshold ?? null}
              rearmLevel={found.value?.value[0]?.rearmLevel ?? null}
            />
            <Actions subscriptionId={subscriptionId} onChanged={explained.reload} />
            <h2>{words.why}</h2>
            <Decisions decisions={decisions} />
          </>
        )}
      </Loaded>
    </>
  );
};
