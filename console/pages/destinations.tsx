import { useState } from 'preact/hooks';
import { home } from '../page-settings.ts';
import { useShared } from '../parts/context.ts';
import { Loaded, useLive } from '../parts/live.tsx';
import type { Texts } from '../texts/en.ts';

type TriggerId = keyof Texts['destinations']['triggers'];

/** The tile with its state. */
export const Destinations = () => {
  const { api, texts, formats } = useShared();
  const words = texts.destinations;
  const overview = useLive(() => api.call('ConsoleGetOverview'), 'overview');
  return (
    <>
      <h1>{texts.pages.destinations}</h1>
      <p>{words.intro}</p>
      <Loaded live={overview}>
        {({ connectorSeenAt, connectorVersion, registered, ended, version }) => (
          <ul class="tiles">
            <li class="tile">
              <h2>{words.powerAutomate}</h2>
              <p>
                <span class={connectorSeenAt === null ? 'state quiet' : 'state good'}>
                  {connectorSeenAt === null ? words.notInUse : words.inUse}
                </span>
              </p>
              <p>{words.powerAutomateText}</p>
              <ul class="facts">
                <li>
                  {connectorSeenAt === null ? words.noCall : words.lastCall(formats.time(connectorSeenAt))}
                </li>
                {connectorVersion !== null && <li>{words.connectorVersion(connectorVersion)}</li>}
                <li>{words.deploymentVersion(version)}</li>
                <li>{words.registered(formats.number(registered))}</li>
                {ended > 0 && <li>{words.ended(formats.number(ended))}</li>}
              </ul>
              <a class="button" href={`${home}/destinations/power-automate`}>
                {words.configure}
              </a>
            </li>
          </ul>
        )}
      </Loaded>
    </>
  );
};

const commands =
  'npx insights-connector build --outputs cdk-outputs.json\nnpx insights-connector flows --outputs cdk-outputs.json';

const ImportSteps = () => {
  const { texts } = useShared();
  const words = texts.destinations;
  return (
    <section aria-labelledby="import">
      <p>{words.notImported}</p>
      <h2 id="import">{words.importSteps}</h2>
      <ol>
        <li>
          {words.step1}
          <pre>
            <code>{commands}</code>
          </pre>
        </li>
        <li>{words.step2}</li>
        <li>{words.step3}</li>
      </ol>
    </section>
  );
};

/** From the tile to the connector, and to a trigger. */
export const Configure = () => {
  const { settings, texts } = useShared();
  const words = texts.destinations;
  const [chosen, choose] = useState<TriggerId>('OnDataSourceRefreshFailed');
  const ids = Object.keys(words.triggers) as TriggerId[];
  return (
    <>
      <h1>{words.configureTitle}</h1>
      {settings.connectorUrl === null ? (
        <ImportSteps />
      ) : (
        <p>
          <a class="button" href={settings.connectorUrl} target="_blank" rel="noreferrer">
            {words.openConnector} <span class="hidden">({texts.opensNewTab})</span>
          </a>{' '}
          {words.openConnectorText}
        </p>
      )}
      <section aria-labelledby="triggers">
        <h2 id="triggers">{words.chooseTrigger}</h2>
        <div class="columns">
          <fieldset>
            <legend class="hidden">{words.chooseTrigger}</legend>
            {ids.map((id) => (
              <label key={id} class="choice">
                <input type="radio" name="trigger" checked={id === chosen} onChange={() => choose(id)} />{' '}
                {words.triggers[id].name}
              </label>
            ))}
          </fieldset>
          <div class="panel" aria-live="polite">
            <h3>{words.promise}</h3>
            <p>{words.triggers[chosen].promise}</p>
            <p>
              <a class="button" href="https://make.powerautomate.com/create" target="_blank" rel="noreferrer">
                {words.newFlow} <span class="hidden">({texts.opensNewTab})</span>
              </a>
            </p>
          </div>
        </div>
      </section>
    </>
  );
};
