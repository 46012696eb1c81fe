/**
 * Writes the expected values of the pins that have none yet: `node --import tsx test/pins/record.ts`. What is there stays as it is,
 * for a value that follows the program pins nothing.
 */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { connectorFiles } from '../../connector/emit/files.ts';
import { currentNames } from './names.ts';
import { pinnedConfiguration, pinsDirectory } from './pinned.ts';
import { currentTemplateNames } from './template-names.ts';
import { startPinnedDeployment } from './upgrade/deployment.ts';
import { formsOf } from './upgrade/forms.ts';
import { playStory, type Snapshot } from './upgrade/story.ts';

const keep = async (file: string, make: () => Promise<string | Uint8Array> | string | Uint8Array) => {
  const path = join(pinsDirectory, file);
  if (existsSync(path)) {
    console.log(`${file} is there and stays as it is.`);
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, await make());
  console.log(`${file} written.`);
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

await keep('template.json', () => json(currentTemplateNames()));
await keep('names.json', () => json(currentNames()));
// The texts for people are not compared.
for (const { name, content } of await connectorFiles({ configuration: pinnedConfiguration }))
  if (!name.endsWith('.md')) await keep(`connector/${name}`, () => content);

/** A line for each item and message, so that a difference can be read. */
const snapshotJson = (snapshot: Snapshot): string =>
  `${JSON.stringify(snapshot, null, 1).replace(/\n {3,}/g, ' ')}\n`;

const keyMaterial = randomBytes(32);
const deployment = await startPinnedDeployment(keyMaterial);
try {
  const snapshot = await playStory(deployment, keyMaterial);
  await keep('upgrade.json', () => snapshotJson(snapshot));
  await keep('forms.json', () => json(formsOf(snapshot, deployment.lines)));
} finally {
  await deployment.close();
}
