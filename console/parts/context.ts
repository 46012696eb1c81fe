/** What every part of the pages uses: the API, the settings, the texts of the language, and the ways of writing. */
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Api } from '../api.ts';
import type { Settings } from '../page-settings.ts';
import type { Session } from '../session.ts';
import type { Texts } from '../texts/en.ts';
import type { Formats } from '../texts/languages.ts';

export interface Shared {
  readonly api: Api;
  readonly session: Session;
  readonly settings: Settings;
  readonly texts: Texts;
  readonly formats: Formats;
}

export const SharedContext = createContext<Shared | undefined>(undefined);

/** @throws Error outside of the app */
export const useShared = (): Shared => {
  const shared = useContext(SharedContext);
  if (shared === undefined) throw new Error('A part of the pages is shown outside of the app.');
  return shared;
};
