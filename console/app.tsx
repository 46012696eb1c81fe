import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { createApi } from './api.ts';
import { home, type Settings } from './page-settings.ts';
import { Deliveries } from './pages/deliveries.tsx';
import { Configure, Destinations } from './pages/destinations.tsx';
import { Instances, Limits } from './pages/instances.tsx';
import { LocalRun } from './pages/local-run.tsx';
import { Subscription } from './pages/subscription.tsx';
import { Subscriptions } from './pages/subscriptions.tsx';
import { TryThreshold } from './pages/threshold.tsx';
import { type Shared, SharedContext, useShared } from './parts/context.ts';
import { keepFocus } from './parts/keep-focus.ts';
import { useLive } from './parts/live.tsx';
import type { Session } from './session.ts';
import { formatsOf, type Language, languages, preferredLanguage } from './texts/languages.ts';

type Theme = 'system' | 'light' | 'dark';

/** A choice of this browser; tokens are never kept here. */
const kept = {
  read: (name: string): string | null => localStorage.getItem(`console-${name}`),
  write: (name: string, value: string) => localStorage.setItem(`console-${name}`, value),
};

const initialLanguage = (): Language => {
  const chosen = kept.read('language');
  return chosen !== null && Object.hasOwn(languages, chosen)
    ? (chosen as Language)
    : preferredLanguage(navigator.languages);
};

const initialTheme = (): Theme => {
  const chosen = kept.read('theme');
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
};

const NotFound = () => <h1>{useShared().texts.pageNotFound}</h1>;

const Navigation = () => {
  const { settings, texts } = useShared();
  const { path } = useLocation();
  const links: readonly (readonly [href: string, name: string])[] = [
    [home, texts.pages.destinations],
    [`${home}/subscriptions`, texts.pages.subscriptions],
    [`${home}/deliveries`, texts.pages.deliveries],
    [`${home}/threshold`, texts.pages.threshold],
    [`${home}/instances`, texts.pages.instances],
    [`${home}/limits`, texts.pages.limits],
    ...(settings.localRun === null ? [] : ([[`${home}/local-run`, texts.pages.localRun]] as const)),
  ];
  const current = links.findLast(([href]) => path === href || path.startsWith(`${href}/`))?.[0];
  return (
    <nav aria-label={texts.navigation}>
      <ul>
        {links.map(([href, name]) => (
          <li key={href}>
            <a href={href} aria-current={href === current ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
};

const Person = () => {
  const { api, session, texts } = useShared();
  const { value } = useLive(() => api.call('ConsoleGetOverview'), 'person');
  return (
    <>
      {value && (
        <span>
          {value.userName !== null && texts.signedInAs(value.userName)}{' '}
          {value.isOperator && <span class="state">{texts.operatorBadge}</span>}
        </span>
      )}
      <button type="button" onClick={() => session.signOut()}>
        {texts.signOut}
      </button>
    </>
  );
};

/** After each change of the page the focus is on its content, and its title is the title of the tab. */
const Content = ({ children }: { readonly children: ComponentChildren }) => {
  const { texts } = useShared();
  const { path } = useLocation();
  const content = useRef<HTMLElement>(null);
  useEffect(() => (content.current === null ? undefined : keepFocus(content.current)), []);
  useEffect(() => {
    const heading = document.querySelector('main h1');
    document.title = heading ? `${heading.textContent} – ${texts.title}` : texts.title;
  }, [path, texts]);
  return (
    <main id="content" ref={content} tabIndex={-1}>
      {children}
    </main>
  );
};

const focusContent = () => document.getElementById('content')?.focus();

const Pages = () => (
  <Content>
    <Router onRouteChange={focusContent}>
      <Route path={home} component={Destinations} />
      <Route path={`${home}/destinations/power-automate`} component={Configure} />
      <Route path={`${home}/subscriptions`} component={Subscriptions} />
      <Route path={`${home}/subscriptions/:id`} component={Subscription} />
      <Route path={`${home}/deliveries`} component={Deliveries} />
      <Route path={`${home}/threshold`} component={TryThreshold} />
      <Route path={`${home}/instances`} component={Instances} />
      <Route path={`${home}/limits`} component={Limits} />
      <Route path={`${home}/local-run`} component={LocalRun} />
      <Route default component={NotFound} />
    </Router>
  </Content>
);

const Welcome = ({ problem }: { readonly problem: string | undefined }) => {
  const { session, settings, texts } = useShared();
  return (
    <main id="content" tabIndex={-1}>
      <h1>{texts.title}</h1>
      {problem !== undefined && (
        <div class="problem" role="alert">
          <strong>{texts.signInRefused}</strong>
          <p>{problem}</p>
        </div>
      )}
      {settings.clientId === null ? (
        <>
          <h2>{texts.notSetUp}</h2>
          <p>{texts.notSetUpText}</p>
        </>
      ) : (
        <>
          <p>{texts.signInText}</p>
          <button type="button" class="primary" onClick={() => void session.signIn()}>
            {texts.signIn}
          </button>
        </>
      )}
    </main>
  );
};

export interface AppProps {
  readonly settings: Settings;
  readonly session: Session;
  /** Why the sign-in was refused. */
  readonly problem: string | undefined;
}

export const App = ({ settings, session, problem }: AppProps) => {
  const [language, setLanguage] = useState<Language>(initialLanguage);
  const [theme, setTheme] = useState<Theme>(initialTheme);
  const api = useMemo(() => createApi(settings.basePath, session), [settings, session]);
  const texts = languages[language];
  const shared: Shared = useMemo(
    () => ({ api, session, settings, texts, formats: formatsOf(language) }),
    [api, session, settings, texts, language],
  );
  useEffect(() => {
    document.documentElement.lang = language;
    kept.write('language', language);
  }, [language]);
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    kept.write('theme', theme);
  }, [theme]);
  return (
    <SharedContext.Provider value={shared}>
      <LocationProvider scope={home}>
        <a class="skip" href="#content">
          {texts.skip}
        </a>
        <header>
          <strong>{texts.title}</strong>
          {session.isSignedIn && <Navigation />}
          <div class="tools">
            <label>
              <span class="hidden">{texts.language}</span>
              <select
                value={language}
                onChange={({ currentTarget }) => setLanguage(currentTarget.value as Language)}
              >
                {Object.entries(languages).map(([id, { languageName }]) => (
                  <option key={id} value={id} lang={id}>
                    {languageName}
                  </option>
                ))}
              </select>
            </label>
            <label>
              <span class="hidden">{texts.theme}</span>
              <select value={theme} onChange={({ currentTarget }) => setTheme(currentTarget.value as Theme)}>
                {Object.entries(texts.themes).map(([id, name]) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
            {session.isSignedIn && <Person />}
          </div>
        </header>
        {session.isSignedIn ? <Pages /> : <Welcome problem={problem} />}
      </LocationProvider>
    </SharedContext.Provider>
  );
};
