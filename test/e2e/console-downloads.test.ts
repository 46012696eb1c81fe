/** The files to import, as the console makes them for a deployment. */
import { expect, it } from 'vitest';
import { operations } from '../../connector/contract/index.ts';
import { unzipped } from '../../flows/packages/archive.ts';
import type { Download } from '../../flows/packages/downloads.ts';
import { type Ask, consoleCallers } from './console-callers.ts';
import { type TestSystem, useTestSystem } from './test-system.ts';

let system: TestSystem;
let ask: Ask;
useTestSystem((started) => {
  [system, ask] = [started, consoleCallers(started)];
});

const list = async () => ((await ask('owner', '/downloads')).body as { value: readonly Download[] }).value;

it('are the connector, two solutions, and a ready flow for each trigger', async () => {
  const files = await list();
  expect(files.filter(({ kind }) => kind !== 'flow').map(({ name }) => name)).toEqual([
    'connector.zip',
    'CustomerInsightsConnector.zip',
    'CustomerInsightsFlows.zip',
  ]);
  const triggers = operations.filter(({ kind }) => kind === 'trigger').map(({ operationId }) => operationId);
  expect([...new Set(files.flatMap(({ trigger }) => trigger ?? []))].sort()).toEqual([...triggers].sort());
});

it('are zips with the host of the deployment', async () => {
  const host = String(system.deployment.outputs.ConnectorHost);
  for (const { name, kind } of await list()) {
    const { status, body } = await ask('owner', `/downloads/${encodeURIComponent(name)}`);
    expect([name, status]).toEqual([name, 200]);
    const files = unzipped(Buffer.from((body as { content: string }).content, 'base64'));
    expect(files.size).toBeGreaterThan(1);
    const texts = [...files].map(([, content]) => Buffer.from(content).toString('utf8'));
    if (kind !== 'flow' && name !== 'CustomerInsightsFlows.zip')
      expect([name, texts.some((text) => text.includes(host))]).toEqual([name, true]);
    if (kind === 'connector')
      expect([...files.keys()]).toEqual(expect.arrayContaining(['apiDefinition.swagger.json', 'icon.png']));
  }
});

it('are 404 for a name that no file has', async () => {
  expect(await ask('owner', '/downloads/settings.json')).toMatchObject({
    status: 404,
    body: { error: { code: 'DownloadUnknown' } },
  });
});
