/** The levers of the simulator, and the stories of a local run. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { RunState } from '../local-run-client.ts';
import { useShared } from '../parts/context.ts';

/** What the parts of the page share. */
export interface PartProps {
  readonly state: RunState;
  /** Does something in the run, and says what became of it. */
  readonly run: (action: string, body: object, say?: (answer: never) => string) => void;
  readonly busy: boolean;
}

export const Part = ({ id, title, children }: { id: string; title: string; children: ComponentChildren }) => (
  <section aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {children}
  </section>
);

export const Levers = ({ state, run, busy }: PartProps) => {
  const { texts, formats } = useShared();
  const words = texts.localRun;
  const [dataSource, setDataSource] = useState(state.dataSources[0]?.name ?? '');
  const [segment, setSegment] = useState(state.segments[0]?.name ?? '');
  const [members, setMembers] = useState('');
  const lever = (name: string, body: object, said: string) =>
    run('levers', { lever: name, ...body }, () => said);
  const refresh = (outcome: 'fail' | 'succeed') =>
    lever('refreshDataSource', { dataSource, outcome, durationMs: 5_000 }, words.begun);
  return (
    <Part id="levers" title={words.levers}>
      <p>{words.leversText}</p>
      <div class="fields">
        <label>
          {words.dataSource}
          <select value={dataSource} onChange={({ currentTarget }) => setDataSource(currentTarget.value)}>
            {state.dataSources.map(({ name, friendlyName }) => (
              <option key={name} value={name}>
                {friendlyName}
              </option>
            ))}
          </select>
        </label>
        <button type="button" aria-disabled={busy} onClick={() => refresh('fail')}>
          {words.failRefresh}
        </button>
        <button type="button" aria-disabled={busy} onClick={() => refresh('succeed')}>
          {words.refresh}
        </button>
      </div>
      <form
        class="fields"
        onSubmit={(event) => {
          event.preventDefault();
          lever('refreshSegment', { segment, count: Number(members), durationMs: 5_000 }, words.begun);
        }}
      >
        <label>
          {words.segment}
          <select value={segment} onChange={({ currentTarget }) => setSegment(currentTarget.value)}>
            {state.segments.map(({ name, count }) => (
              <option key={name} value={name}>
                {words.segmentNow(name, formats.number(count))}
              </option>
            ))}
          </select>
        </label>
        <label>
          {words.members}
          <input
            required
            inputMode="numeric"
            pattern="\d{1,9}"
            title={texts.threshold.numberForm}
            value={members}
            onInput={({ currentTarget }) => setMembers(currentTarget.value)}
          />
        </label>
        <button type="submit" aria-disabled={busy}>
          {words.evaluate}
        </button>
      </form>
      <p class="row">
        <button
          type="button"
          aria-disabled={busy}
          onClick={() => lever('addFault', { kind: 'status', status: 503 }, words.outageBegun)}
        >
          {words.outage}
        </button>
        <button
          type="button"
          aria-disabled={busy}
          onClick={() =>
            lever('addFault', { kind: 'status', status: 429, retryAfterSeconds: 30 }, words.throttledBegun)
          }
        >
          {words.throttled}
        </button>
        <button
          type="button"
          disabled={state.faults === 0}
          aria-disabled={busy}
          onClick={() => lever('clearFaults', {}, words.faultsEnded)}
        >
          {words.endFaults(formats.number(state.faults))}
        </button>
      </p>
    </Part>
  );
};

export const Stories = ({ state, run, busy }: PartProps) => {
  const { texts } = useShared();
  const words = texts.localRun;
  return (
    <Part id="stories" title={words.stories}>
      <ul class="plain column">
        {state.stories.map(({ name, title }) => (
          <li key={name}>
            <button
              type="button"
              aria-disabled={busy}
              aria-label={`${words.play}: ${title}`}
              onClick={() =>
                run('stories', { name }, ({ lines }: { lines: readonly string[] }) => lines.join('\n'))
              }
            >
              {words.play}
            </button>{' '}
            {title}
          </li>
        ))}
      </ul>
    </Part>
  );
};
