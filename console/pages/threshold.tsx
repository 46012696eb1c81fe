import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Answer, Values } from '../api.ts';
import { Chart } from '../parts/chart.tsx';
import { useShared } from '../parts/context.ts';
import { Loaded, Problem, useLive } from '../parts/live.tsx';
import { Table } from '../parts/table.tsx';

type Preview = Answer<'ConsolePreviewThreshold'>;

const Result = ({
  preview,
  levels,
}: {
  readonly preview: Preview;
  readonly levels: readonly { name: string; value: number }[];
}) => {
  const { texts, formats } = useShared();
  const words = texts.threshold;
  const points = useMemo(
    () =>
      preview.evaluations.map(({ evaluatedAt, value, fires }) => ({
        at: Date.parse(evaluatedAt),
        value: Number(value),
        fires,
      })),
    [preview],
  );
  return (
    <section aria-labelledby="result">
      <h2 id="result">{words.result(formats.number(preview.firingCount), preview.displayName)}</h2>
      {points.length > 0 && (
        <Chart
          label={words.chart}
          points={points}
          levels={levels}
          timeName={words.at}
          valueName={words.value}
          firedName={words.fires}
        />
      )}
      <Table
        caption={words.evaluations}
        columns={[
          { name: words.at, cell: ({ evaluatedAt }) => formats.time(evaluatedAt) },
          { name: words.value, cell: ({ value }) => formats.number(Number(value)) },
          {
            name: words.wouldRun,
            cell: ({ fires }) => (
              <span class={fires ? 'state good' : 'quiet'}>{fires ? texts.yes : texts.no}</span>
            ),
          },
        ]}
        rows={preview.evaluations.toReversed()}
        keyOf={({ evaluatedAt }) => evaluatedAt}
      />
    </section>
  );
};

/** When a threshold would have started a flow in the last 30 days, before anybody saves one. */
export const TryThreshold = () => {
  const { api, texts } = useShared();
  const words = texts.threshold;
  const [dataset, setDataset] = useState('');
  const [subject, setSubject] = useState('');
  const [threshold, setThreshold] = useState('');
  const [direction, setDirection] = useState<'above' | 'below'>('above');
  const [rearm, setRearm] = useState('');
  const [preview, setPreview] = useState<Preview>();
  const [problem, setProblem] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const instances = useLive(() => api.call('ConsoleListInstances'), 'instances');
  const subjects = useLive(async () => {
    if (dataset === '') return { segments: [], measures: [] };
    const path = { dataset };
    const [segments, measures] = await Promise.all([
      api.call('ConsoleListSegments', { path }),
      api.call('ConsoleListScalarMeasures', { path }),
    ]);
    return { segments: segments.value, measures: measures.value };
  }, dataset);
  const [first] = instances.value?.value ?? [];
  useEffect(() => {
    if (dataset === '' && first !== undefined) setDataset(first.instanceId);
  }, [first, dataset]);
  const levels = useMemo(
    () => [
      ...(preview && threshold !== '' ? [{ name: words.threshold, value: Number(threshold) }] : []),
      ...(preview && rearm !== '' ? [{ name: words.rearmLevel, value: Number(rearm) }] : []),
    ],
    [preview, threshold, rearm, words],
  );
  const ask = async () => {
    if (busy) return;
    setBusy(true);
    setProblem(undefined);
    const [kind, name = ''] = subject.split(/:(.*)/s);
    const query: Record<string, string> = {
      [kind === 'measure' ? 'measure' : 'segment']: name,
      threshold,
      direction,
      ...(rearm !== '' && { rearmLevel: rearm }),
    };
    try {
      setPreview(
        await api.call('ConsolePreviewThreshold', {
          path: { dataset },
          // As digits: the API reads them exactly, whatever a double holds.
          query: query as unknown as NonNullable<Values<'ConsolePreviewThreshold'>['query']>,
        }),
      );
    } catch (error) {
      setPreview(undefined);
      setProblem(error instanceof Error ? error : new Error(String(error)));
    }
    setBusy(false);
  };
  return (
    <>
      <h1>{texts.pages.threshold}</h1>
      <p>{words.intro}</p>
      <Loaded live={instances}>
        {({ value }) => (
          <form
            class="panel fields"
            onSubmit={(event) => {
              event.preventDefault();
              void ask();
            }}
          >
            <label>
              {words.instance}
              <select
                value={dataset}
                onChange={({ currentTarget }) => {
                  setDataset(currentTarget.value);
                  setSubject('');
                }}
              >
                {value.map(({ instanceId, name }) => (
                  <option key={instanceId} value={instanceId}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            <label>
              {words.subject}
              <select
                required
                value={subject}
                onChange={({ currentTarget }) => setSubject(currentTarget.value)}
              >
                <option value="">{words.choose}</option>
                <optgroup label={words.segments}>
                  {subjects.value?.segments.map(({ name, displayName }) => (
                    <option key={name} value={`segment:${name}`}>
                      {displayName}
                    </option>
                  ))}
                </optgroup>
                <optgroup label={words.measures}>
                  {subjects.value?.measures.map(({ name, displayName }) => (
                    <option key={name} value={`measure:${name}`}>
                      {displayName}
                    </option>
                  ))}
                </optgroup>
              </select>
            </label>
            <label>
              {words.threshold}
              <input
                required
                inputMode="decimal"
                pattern="-?\d+(\.\d+)?"
                title={words.numberForm}
                value={threshold}
                onInput={({ currentTarget }) => setThreshold(currentTarget.value)}
              />
            </label>
            <label>
              {words.direction}
              <select
                value={direction}
                onChange={({ currentTarget }) => setDirection(currentTarget.value as 'above' | 'below')}
              >
                <option value="above">{words.above}</option>
                <option value="below">{words.below}</option>
              </select>
            </label>
            <label>
              {words.rearmLevel}
              <input
                inputMode="decimal"
                pattern="-?\d+(\.\d+)?"
                title={words.numberForm}
                value={rearm}
                onInput={({ currentTarget }) => setRearm(currentTarget.value)}
              />
            </label>
            <button type="submit" class="primary" aria-disabled={busy}>
              {words.tryIt}
            </button>
          </form>
        )}
      </Loaded>
      {subjects.error && <Problem error={subjects.error} />}
      {problem && <Problem error={problem} />}
      {preview && <Result preview={preview} levels={levels} />}
    </>
  );
};
