import { useState } from 'preact/hooks';
import type { Answer } from '../api.ts';
import { home } from '../page-settings.ts';
import { Said, useActions } from '../parts/action.tsx';
import { useShared } from '../parts/context.ts';
import { Loaded, Problem, useLive } from '../parts/live.tsx';
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

type Downloads = Answer<'ConsoleListDownloads'>['value'];

/** Hands a file to the browser, as a link to a file would. */
const saveAs = (name: string, base64: string): void => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const href = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
  Object.assign(document.createElement('a'), { href, download: name }).click();
  URL.revokeObjectURL(href);
};

/** Files to import, each made when it is asked for. */
const Files = ({ files, nameOf }: { files: Downloads; nameOf: (file: Downloads[number]) => string }) => {
  const { api, texts } = useShared();
  const actions = useActions();
  return (
    <>
      <p class="row">
        {files.map((file) => (
          <button
            key={file.name}
            type="button"
            aria-disabled={actions.busy}
            onClick={() =>
              actions.act(async () => {
                const { name, content } = await api.call('ConsoleGetDownload', { path: { name: file.name } });
                saveAs(name, content);
                return texts.destinations.downloaded(name);
              })
            }
          >
            {nameOf(file)}
          </button>
        ))}
      </p>
      <Said actions={actions} />
    </>
  );
};

const ImportSteps = ({ files }: { readonly files: Downloads }) => {
  const { texts } = useShared();
  const words = texts.destinations;
  const ofKind = (kind: Downloads[number]['kind']) => files.filter((file) => file.kind === kind);
  const solutionName = ({ title }: Downloads[number]) =>
    words.solutions[title as keyof typeof words.solutions] ?? title;
  return (
    <section aria-labelledby="import">
      <p>{words.notImported}</p>
      <h2 id="import">{words.importSteps}</h2>
      <ol>
        <li>
          {words.step1}
          <Files files={ofKind('connector')} nameOf={() => words.connectorFiles} />
          <Files files={ofKind('solution')} nameOf={solutionName} />
        </li>
        <li>{words.step2}</li>
        <li>{words.step3}</li>
      </ol>
    </section>
  );
};

/** The portal's page for new flows, in the environment of the connector where its address names one. */
export const newFlowUrl = (connectorUrl: string | null): string => {
  const [, portal = 'https://make.powerautomate.com', environment] =
    /^(https:\/\/[^/]+)(?:\/environments\/([^/?#]+))?/.exec(connectorUrl ?? '') ?? [];
  return environment === undefined
    ? 'https://make.powerautomate.com/create'
    : `${portal}/environments/${environment}/create`;
};

/** From the tile to the connector, and to a trigger. */
export const Configure = () => {
  const { api, settings, texts } = useShared();
  const words = texts.destinations;
  const [chosen, choose] = useState<TriggerId>('OnDataSourceRefreshFailed');
  const downloads = useLive(() => api.call('ConsoleListDownloads'), 'downloads');
  const ids = Object.keys(words.triggers) as TriggerId[];
  const files = downloads.value?.value ?? [];
  return (
    <>
      <h1>{words.configureTitle}</h1>
      {settings.connectorUrl === null ? (
        <ImportSteps files={files} />
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
              <a class="button" href={newFlowUrl(settings.connectorUrl)} target="_blank" rel="noreferrer">
                {words.newFlow} <span class="hidden">({texts.opensNewTab})</span>
              </a>
            </p>
            <h3>{words.readyFlow}</h3>
            <p>{words.readyFlowText}</p>
            <Files
              key={chosen}
              files={files.filter(({ trigger }) => trigger === chosen)}
              nameOf={({ title }) => title}
            />
          </div>
        </div>
        {downloads.error && <Problem error={downloads.error} />}
      </section>
    </>
  );
};
