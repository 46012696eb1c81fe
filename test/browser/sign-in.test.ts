import { describe, expect, it } from 'vitest';
import { hourMs, minuteMs } from '../../lambda/runtime/time.ts';
import type { TestSystem } from '../e2e/test-system.ts';
import { maker, operator, useConsole, type Visit, type VisitOptions } from './browse.ts';

let system: TestSystem;
let visit: (options: VisitOptions) => Promise<Visit>;
useConsole((console) => {
  ({ system, visit } = console);
});

describe('the sign-in', () => {
  it('comes back to the address that was asked for', async () => {
    const { page } = await visit({ as: maker, path: '/console/destinations/power-automate' });
    await page.getByRole('heading', { level: 1, name: 'Configure Power Automate' }).waitFor();
    expect(new URL(page.url()).search).toBe('');
    await page.getByText(`Signed in as ${maker}`).waitFor();
  });

  it('keeps tokens in memory only', async () => {
    const { page } = await visit({ as: operator });
    await page.getByText('Operator', { exact: true }).waitFor();
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(stored).not.toMatch(/eyJ|token/i);
    await page.reload();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('goes on with a new token when the one in use has expired', async () => {
    const { page, complaints } = await visit({ as: maker });
    await page.getByText('Not in use yet').waitFor();
    await system.clock.advance(hourMs + minuteMs);
    await system.client.call('ListInstances', {});
    await page.getByText('In use', { exact: true }).waitFor();
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('asks again when the refresh token has ended, too', async () => {
    const { page } = await visit({ as: maker });
    await page.getByText(`Signed in as ${maker}`).waitFor();
    system.issuer.faults.inject(
      { endpoint: 'token', grant: 'refresh_token' },
      { kind: 'refusal', code: 70008 },
    );
    await system.clock.advance(hourMs + minuteMs);
    await page.getByRole('heading', { name: 'Pick an account' }).waitFor();
  });
});
