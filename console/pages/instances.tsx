import { useShared } from '../parts/context.ts';
import { Loaded, useLive } from '../parts/live.tsx';

/** When each instance is looked at, and what stands in the way. */
export const Instances = () => {
  const { api, texts, formats } = useShared();
  const words = texts.instances;
  const states = useLive(() => api.call('ConsoleListInstanceStates'), 'states');
  return (
    <>
      <h1>{texts.pages.instances}</h1>
      <Loaded live={states}>
        {({ value, others }) =>
          value.length === 0 ? (
            <p>{words.none}</p>
          ) : (
            <>
              {others > 0 && <p class="quiet">{words.others(formats.number(others))}</p>}
              <ul class="tiles">
                {value.map((one) => (
                  <li key={one.instanceId} class="tile">
                    <h2>{one.name}</h2>
                    <dl>
                      <dt>{words.lookedAt}</dt>
                      <dd>{one.lookedAt === null ? words.never : formats.time(one.lookedAt)}</dd>
                      <dt>{words.dueAt}</dt>
                      <dd>{one.dueAt === null ? words.notPlanned : formats.time(one.dueAt)}</dd>
                      <dt>{words.lag}</dt>
                      <dd class={one.lagSeconds > 120 ? 'bad' : ''}>
                        {words.seconds(formats.number(one.lagSeconds))}
                      </dd>
                      <dt>{words.runningJobs}</dt>
                      <dd>{formats.number(one.runningJobs)}</dd>
                      <dt>{words.upstream}</dt>
                      <dd
                        class={
                          one.failures > 0 || one.pausedUntil !== null || one.pausedAt !== null
                            ? 'bad'
                            : 'good'
                        }
                      >
                        {one.pausedAt !== null
                          ? words.pausedAt(formats.time(one.pausedAt))
                          : one.pausedUntil !== null
                            ? words.pausedUntil(formats.time(one.pausedUntil))
                            : one.failures > 0
                              ? words.failures(formats.number(one.failures))
                              : words.answers}
                      </dd>
                    </dl>
                    <h3>{words.notes}</h3>
                    {one.notes.length === 0 ? (
                      <p class="quiet">{words.noNotes}</p>
                    ) : (
                      <ul>
                        {one.notes.map(({ at, kind, from, reason }) => (
                          <li key={`${at} ${kind}`}>
                            {words.note(
                              words.kinds[kind],
                              from === null
                                ? formats.time(at)
                                : `${formats.time(from)} – ${formats.time(at)}`,
                            )}{' '}
                            {reason}
                          </li>
                        ))}
                      </ul>
                    )}
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
    </>
  );
};

/** What is used of each budget of the person. */
export const Limits = () => {
  const { api, texts, formats } = useShared();
  const words = texts.limits;
  const limits = useLive(() => api.call('ConsoleListLimits'), 'limits');
  return (
    <>
      <h1>{texts.pages.limits}</h1>
      <p>{words.intro}</p>
      <Loaded live={limits}>
        {({ value }) => (
          <ul class="tiles">
            {value.map(({ counted, limit, windowSeconds, used, refusedUntil }) => (
              <li key={counted} class="tile">
                <h2>{words.counted[counted]}</h2>
                <p>
                  <meter
                    min={0}
                    max={limit}
                    high={limit * 0.8}
                    value={used}
                    aria-label={words.counted[counted]}
                  />{' '}
                  {words.used(formats.number(used), formats.number(limit), formats.number(windowSeconds))}
                </p>
                <p class={refusedUntil === null ? 'good' : 'bad'}>
                  {refusedUntil === null ? words.admitted : words.refusedUntil(formats.time(refusedUntil))}
                </p>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
};
