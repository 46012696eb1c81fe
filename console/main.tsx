/** The entry of the pages. */
import { render } from 'preact';
import { App } from './app.tsx';
import { readSettings } from './page-settings.ts';
import { openSession, type Session, SignInRefused } from './session.ts';
import './style.css';

const settings = readSettings();
const { clientId } = settings;

/** Nobody can sign in. */
const closed: Session = {
  isSignedIn: false,
  token: () => Promise.reject(new SignInRefused('The console is not set up.')),
  expired: () => undefined,
  signIn: () => Promise.reject(new SignInRefused('The console is not set up.')),
  signOut: () => undefined,
};

const start = async () => {
  const root = document.getElementById('app');
  if (root === null) throw new Error('The page has no place for the app. Load it again.');
  if (clientId === null) {
    render(<App settings={settings} session={closed} problem={undefined} />, root);
    return;
  }
  try {
    const session = await openSession({ ...settings, clientId });
    render(<App settings={settings} session={session} problem={undefined} />, root);
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    const session = await openSession({ ...settings, clientId });
    render(<App settings={settings} session={session} problem={error.message} />, root);
  }
};

void start();
