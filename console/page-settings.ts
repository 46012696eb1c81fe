/** What the server told the page; see lambda/console/pages.ts. */
import type { PageFiles, PageSettings } from '../lambda/console/pages.ts';

export type Settings = PageSettings & Pick<PageFiles, 'version'>;

/** @throws Error when the page is not the one that the server made */
export const readSettings = (): Settings => {
  const content = document.querySelector('meta[name="console-settings"]')?.getAttribute('content');
  if (!content) throw new Error('The page has no settings. Load it again.');
  return JSON.parse(content) as Settings;
};

/** Where the pages are. */
export const home = '/console';
