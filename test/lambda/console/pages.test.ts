/** The entry of the console: of a deployment it knows no controls of a local run, and may call none. */
import { expect, it } from 'vitest';
import { createPages } from '../../../lambda/console/pages.ts';

const entryOf = (localRun: string | null) => {
  const { body = '', headers } = createPages({
    settings: {
      authority: 'https://login.example/tenant/v2.0',
      clientId: 'c"<id>',
      scope: 'api://a/use_console offline_access',
      basePath: '/v1',
      connectorUrl: null,
      localRun,
    },
    files: { version: '1.0.0', script: 'main-A.js', style: 'main-A.css' },
    read: () => undefined,
  })({ routeKey: 'GET /console', rawPath: '/console', headers: {} });
  return { body, policy: String(headers?.['Content-Security-Policy']) };
};

it.each([
  [null, "connect-src 'self' https://login.example;"],
  ['http://127.0.0.1:4', "connect-src 'self' https://login.example http://127.0.0.1:4;"],
])('with controls at %s the pages may call %s', (localRun, allowed) => {
  const { body, policy } = entryOf(localRun);
  expect(policy).toContain(allowed);
  expect(body.includes('127.0.0.1')).toBe(localRun !== null);
  // Settings are an attribute: nothing in them ends it.
  expect(body).toContain('c\\&quot;&lt;id>');
});
