/** The console of a whole local system, in a real browser. */
import { randomBytes } from 'node:crypto';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openRunControl } from '../../local/control/run-control.ts';
import type { LocalSystemOptions } from '../../local/system.ts';
import { startTestSystem, type TestSystem } from '../e2e/test-system.ts';
import { chromiumPath } from './chromium.ts';

export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page logged as an error or a warning, violations of the policy included. */
  readonly complaints: string[];
}

export interface VisitOptions {
  /** The user name to sign in with; nobody signs in when left out. */
  readonly as?: string;
  readonly path?: string;
  readonly locale?: string;
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
}

export const maker = 'maya.maker@contoso.example';
export const operator = 'omar.operator@contoso.example';

export const launch = (): Promise<Browser> =>
  // Tests run as root in containers, where the sandbox of Chromium does not start.
  chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--force-color-profile=srgb'] });

/** Opens the console as a person would: the sign-in is the page of the issuer. */
export const visitConsole = async (
  browser: Browser,
  apiUrl: string,
  { as, path = '/console', locale = 'en-GB', theme = 'light', width = 1_280 }: VisitOptions,
): Promise<Visit> => {
  const context = await browser.newContext({
    locale,
    timezoneId: 'Europe/Oslo',
    colorScheme: theme,
    reducedMotion: 'reduce',
    viewport: { width, height: 900 },
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
  await page.goto(`${apiUrl}${path}`);
  if (as !== undefined) {
    await page.locator('main button.primary').click();
    await page.locator(`a[href*="${encodeURIComponent(as)}"]`).click();
    await page.locator('header nav').waitFor();
  }
  return { page, context, complaints };
};

export interface RunningConsole {
  readonly system: TestSystem;
  readonly visit: (options: VisitOptions) => Promise<Visit>;
  /** Of the run: opens its control. */
  readonly runKey: string;
  /** What the flow host has signed callback URLs with, so far. */
  readonly signatures: readonly string[];
}

/** Bytes of a signature; ids of flows are shorter, and no secret. */
const signatureBytes = 24;

/** Starts system and browser for the tests of a file, and ends both after them. */
export const useConsole = (
  started: (console: RunningConsole) => Promise<void> | void,
  /** Of the start, ms; that of all hooks when left out. */
  startLimitMs?: number,
  options: Pick<LocalSystemOptions, 'enforceAccess'> = {},
): void => {
  let system: TestSystem | undefined;
  let browser: Browser | undefined;
  let closeControl: (() => Promise<void>) | undefined;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    const control = await openRunControl();
    closeControl = control.close;
    const signatures: string[] = [];
    const newText = (bytes: number): string => {
      const text = randomBytes(bytes).toString('hex');
      if (bytes === signatureBytes) signatures.push(text);
      return text;
    };
    const [opened, running] = await Promise.all([
      launch(),
      startTestSystem({ localRunUrl: control.url, newText, ...options }),
    ]);
    control.serve(running);
    browser = opened;
    system = running;
    await started({
      system: running,
      runKey: control.key,
      signatures,
      visit: async (options) => {
        const visited = await visitConsole(opened, running.deployment.apiUrl, options);
        contexts.push(visited.context);
        return visited;
      },
    });
  }, startLimitMs);
  afterAll(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    await browser?.close();
    await system?.close();
    await closeControl?.();
  });
};
