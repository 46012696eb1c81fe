/** Sends past events to the flow of a subscription again. */
import { useState } from 'preact/hooks';
import type { Answer, Values } from '../api.ts';
import { type Actions, Dialog } from '../parts/action.tsx';
import { useShared } from '../parts/context.ts';
import { Table } from '../parts/table.tsx';

/** Hours. */
const periods = { hour: 1, day: 24, week: 168, month: 720 } as const;
type Period = keyof typeof periods;

/** A replay as it was shown, and as it is sent. */
interface ReplayPlan {
  readonly body: NonNullable<Values<'ConsoleReplay'>['body']>;
  readonly preview: Answer<'ConsoleReplay'>;
}

/** Sends past events again: what would be sent is shown first. */
export const Replay = ({
  subscriptionId,
  actions,
  onChanged,
}: {
  readonly subscriptionId: string;
  readonly actions: Actions;
  readonly onChanged: () => void;
}) => {
  const { api, texts, formats } = useShared();
  const words = texts.subscription;
  const [period, setPeriod] = useState<Period>('day');
  const [onlyMissed, setOnlyMissed] = useState(true);
  const [plan, setPlan] = useState<ReplayPlan>();
  const path = { subscriptionId };
  const show = () =>
    actions.act(async () => {
      const body = {
        name: `console ${crypto.randomUUID()}`,
        hours: periods[period],
        onlyMissed,
      };
      const preview = await api.call('ConsoleReplay', { path, body: { ...body, dryRun: true } });
      setPlan({ body: { ...body, dryRun: false }, preview });
      return undefined;
    });
  const send = ({ body }: ReplayPlan) =>
    actions.act(async () => {
      const { sent } = await api.call('ConsoleReplay', { path, body });
      onChanged();
      return words.replayed(formats.number(sent));
    });
  return (
    <details>
      <summary>{words.replay}</summary>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          void show();
        }}
      >
        <label>
          {words.replaySince}
          <select value={period} onChange={({ currentTarget }) => setPeriod(currentTarget.value as Period)}>
            {Object.entries(words.periods).map(([id, name]) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="choice">
          <span>
            <input
              type="checkbox"
              checked={onlyMissed}
              onChange={({ currentTarget }) => setOnlyMissed(currentTarget.checked)}
            />{' '}
            {words.onlyMissed}
          </span>
        </label>
        <button type="submit" aria-disabled={actions.busy}>
          {words.replayShow}
        </button>
      </form>
      {plan && (
        <Dialog
          title={words.replay}
          onClose={() => setPlan(undefined)}
          confirm={plan.preview.sent === 0 ? undefined : { name: words.replay, run: () => void send(plan) }}
        >
          <p>{words.replayWill(formats.number(plan.preview.sent), formats.number(plan.preview.leftOut))}</p>
          <Table
            caption={words.replay}
            columns={[
              { name: words.at, cell: ({ at }) => formats.time(at) },
              { name: words.history, cell: ({ history }) => words.histories[history] },
              { name: words.isSent, cell: ({ send: isSent }) => (isSent ? texts.yes : texts.no) },
            ]}
            rows={plan.preview.events.slice(-mostShown)}
            keyOf={({ eventId }) => eventId}
          />
        </Dialog>
      )}
    </details>
  );
};

/** Events of a replay that are shown: the newest. */
const mostShown = 50;
