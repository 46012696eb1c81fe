/** Of a local run only: its inboxes, flows, levers, clock and stories. A newcomer learns the system here. */
import { useMemo, useState } from 'preact/hooks';
import { createLocalRun, type LocalRun as Run, type RunState } from '../local-run-client.ts';
import { type Actions, Said, useActions } from '../parts/action.tsx';
import { useShared } from '../parts/context.ts';
import { Loaded, useLive } from '../parts/live.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Levers, Part, type PartProps, Stories } from './local-run-levers.tsx';

const minuteMs = 60_000;
const advances = { minute: minuteMs, hour: 60 * minuteMs, day: 24 * 60 * minuteMs } as const;

/** Answers of a flow's address that can be chosen. */
const answers = ['404', '410', '400', '429', '500', 'slow'] as const;

const Clock = ({ state, run, busy }: PartProps) => {
  const { texts, formats } = useShared();
  const words = texts.localRun;
  return (
    <Part id="clock" title={words.clock}>
      <p>
        {words.now(formats.time(state.now))}{' '}
        {state.aheadMs > minuteMs && words.ahead(formats.ago(state.aheadMs))}
      </p>
      <p class="row">
        {Object.entries(advances).map(([id, ms]) => (
          <button
            key={id}
            type="button"
            aria-disabled={busy}
            onClick={() =>
              run('clock/advance', { ms }, ({ callbacks }: { callbacks: readonly unknown[] }) =>
                words.advanced(formats.number(callbacks.length)),
              )
            }
          >
            {words.advances[id as keyof typeof advances]}
          </button>
        ))}
      </p>
    </Part>
  );
};

const Inboxes = ({ state: { inboxes, stopped } }: PartProps) => {
  const { texts, formats } = useShared();
  const words = texts.localRun;
  return (
    <Part id="inboxes" title={words.inboxes}>
      <p>{words.inboxesText}</p>
      <div class="columns">
        {inboxes.map(({ title, messages }) => (
          <section key={title} class="panel" aria-label={title}>
            <h3>{title}</h3>
            {messages.length === 0 ? (
              <p class="quiet">{words.noMessages}</p>
            ) : (
              <ol class="messages">
                {messages.map(({ at, to, subject, lines }, index) => (
                  <li key={messages.length - index}>
                    <p class="quiet">
                      {formats.time(at)}, {words.to(to)}
                    </p>
                    {subject !== null && <p>{subject}</p>}
                    <pre>{lines.join('\n')}</pre>
                  </li>
                ))}
              </ol>
            )}
          </section>
        ))}
      </div>
      {stopped.length > 0 && (
        <ul class="bad">
          {stopped.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </Part>
  );
};

interface NextAnswerProps extends Omit<PartProps, 'state'> {
  /** Of the flow. */
  readonly name: string;
  readonly isOn: boolean;
}

/** A button sets the answer: the arrow keys choose in the list, and each key would set one. */
const NextAnswer = ({ name, isOn, run, busy }: NextAnswerProps) => {
  const words = useShared().texts.localRun;
  const [answer, choose] = useState('');
  return (
    <form
      class="row"
      onSubmit={(event) => {
        event.preventDefault();
        run('flows/answer', { name, answer }, () => words.willAnswer(name, answer));
        choose('');
      }}
    >
      <select
        required
        aria-label={words.answerOf(name)}
        disabled={!isOn}
        value={answer}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      >
        <option value="">{words.answer}</option>
        {answers.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </select>
      <button type="submit" disabled={!isOn} aria-disabled={busy}>
        {words.setAnswer}
      </button>
    </form>
  );
};

const Flows = ({ state, run, busy }: PartProps) => {
  const { texts, formats } = useShared();
  const words = texts.localRun;
  const [ready, setReady] = useState('');
  const [trigger, setTrigger] = useState('');
  const flows = state.flows.filter((flow) => flow.state !== 'deleted');
  const there = new Set(flows.map(({ name }) => name));
  const toHost = state.readyFlows.filter(({ name }) => !there.has(name));
  type FlowRow = RunState['flows'][number];
  const columns: readonly Column<FlowRow>[] = [
    { name: words.flow, cell: ({ name }) => name },
    {
      name: words.state,
      cell: ({ state: one }) => (
        <span class={one === 'on' ? 'state good' : 'state quiet'}>{one === 'on' ? words.on : words.off}</span>
      ),
    },
    { name: words.accepted, cell: ({ accepted }) => formats.number(accepted) },
    { name: words.refused, cell: ({ refused }) => formats.number(refused) },
    {
      name: words.act,
      cell: ({ name, state: one }) => (
        <span class="row">
          <button
            type="button"
            aria-disabled={busy}
            onClick={() => run(one === 'on' ? 'flows/off' : 'flows/on', { name })}
          >
            {one === 'on' ? words.switchOff : words.switchOn}
          </button>
          <button type="button" aria-disabled={busy} onClick={() => run('flows/delete', { name })}>
            {words.delete}
          </button>
          <NextAnswer name={name} isOn={one === 'on'} run={run} busy={busy} />
        </span>
      ),
    },
  ];
  return (
    <Part id="flows" title={words.flows}>
      {flows.length === 0 ? (
        <p>{words.noFlows}</p>
      ) : (
        <Table caption={words.flows} columns={columns} rows={flows} keyOf={({ name }) => name} />
      )}
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          run('flows/host', { flow: ready });
          setReady('');
        }}
      >
        <label>
          {words.readyFlow}
          <select required value={ready} onChange={({ currentTarget }) => setReady(currentTarget.value)}>
            <option value="">{words.choose}</option>
            {toHost.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" aria-disabled={busy}>
          {words.addReady}
        </button>
      </form>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          run('flows/add', { trigger });
          setTrigger('');
        }}
      >
        <label>
          {words.trigger}
          <select required value={trigger} onChange={({ currentTarget }) => setTrigger(currentTarget.value)}>
            <option value="">{words.choose}</option>
            {state.triggers.map(({ operationId, summary }) => (
              <option key={operationId} value={operationId}>
                {summary}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" aria-disabled={busy}>
          {words.addEmpty}
        </button>
      </form>
    </Part>
  );
};

const partsOf = (run: Run, actions: Actions, reload: () => void): Omit<PartProps, 'state'> => ({
  busy: actions.busy,
  run: (action, body, say) =>
    void actions.act(async () => {
      const answer = await run.post<never>(action, body);
      reload();
      return say?.(answer);
    }),
});

const OfRun = ({ url }: { readonly url: string }) => {
  const { session, texts } = useShared();
  const words = texts.localRun;
  const run = useMemo(() => createLocalRun(url, session), [url, session]);
  const live = useLive(() => run.state(), url);
  const actions = useActions();
  const parts = partsOf(run, actions, live.reload);
  return (
    <>
      <h1>{texts.pages.localRun}</h1>
      <p>{words.intro}</p>
      <Loaded live={live}>
        {(state) => (
          <>
            <Clock state={state} {...parts} />
            <div class="said">
              <Said actions={actions} />
            </div>
            <Inboxes state={state} {...parts} />
            <Levers state={state} {...parts} />
            <Flows state={state} {...parts} />
            <Stories state={state} {...parts} />
          </>
        )}
      </Loaded>
    </>
  );
};

export const LocalRun = () => {
  const { settings, texts } = useShared();
  return settings.localRun === null ? <h1>{texts.pageNotFound}</h1> : <OfRun url={settings.localRun} />;
};
