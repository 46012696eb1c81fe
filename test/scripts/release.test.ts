import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changelogSection } from '../../scripts/changelog.ts';
import { noticesText } from '../../scripts/notices.ts';
import { importedPackages, relativeImports } from '../../scripts/package-imports.ts';
import { type Bom, packageBom } from '../../scripts/sbom.ts';

describe('the changelog', () => {
  const text =
    '# Changelog\n\n## [Unreleased]\n\n- next\n\n## [1.1.0] - 2026-11-28\n\n- this\n\n## [1.0.0]\n\n- first\n';

  it.each([
    ['1.1.0', { date: '2026-11-28', text: '- this' }],
    ['1.0.0', { date: undefined, text: '- first' }],
    ['1.1', undefined],
    ['2.0.0', undefined],
  ])('has for %s', (version, section) => {
    expect(changelogSection(text, version)).toEqual(section);
  });
});

describe('imports of a compiled module', () => {
  const source = `import { a } from 'one';
import {
  b,
} from '@scope/two/sub.js';
import './side-effect.js';
export { c } from "./other.js";
export { d } from './third.js';
const e = await import('three');
const f = createRequire(import.meta.url)('four/data.json');
const g = createRequire(import.meta.url).resolve('five/package.json');
const h = require('#package.json');
import { i } from 'node:fs';
const text = "from 'nowhere'";
`;

  it('are found in every form', () => {
    expect([...importedPackages(source)].sort()).toEqual(['@scope/two', 'five', 'four', 'one', 'three']);
    expect([...relativeImports(source)].sort()).toEqual(['./side-effect.js', './third.js']);
  });
});

describe('the bill of materials', () => {
  const component = (name: string, development: boolean) => ({
    'bom-ref': `${name}@1`,
    name,
    properties: development ? [{ name: 'cdx:npm:package:development', value: 'true' }] : [],
  });
  const clone: Bom = {
    serialNumber: 'urn:uuid:drawn-at-random',
    metadata: { timestamp: 'now', component: { 'bom-ref': 'own@1', name: 'folder' } },
    components: [
      component('installed', false),
      component('below', false),
      component('bundled', true),
      component('tool', true),
      component('binary', false),
    ],
    dependencies: [
      { ref: 'own@1', dependsOn: ['installed@1', 'bundled@1', 'tool@1', 'binary@1'] },
      { ref: 'installed@1', dependsOn: ['below@1'] },
      { ref: 'tool@1', dependsOn: ['below@1'] },
    ],
  };
  const parts = {
    name: 'own',
    installed: ['installed'],
    bundled: ['bundled'],
    timestamp: '2026-11-28T00:00:00.000Z',
  };

  it('holds what is installed, all below it, and what is bundled; nothing of the clone alone', () => {
    const bom = packageBom(clone, parts);
    expect(bom.components.map(({ name }) => name)).toEqual(['installed', 'below', 'bundled']);
    expect(bom.components.at(-1)?.properties).toEqual([
      { name: 'insights-connector:bundled', value: 'true' },
    ]);
    expect(bom.dependencies).toEqual([
      { ref: 'own@1', dependsOn: ['installed@1', 'bundled@1'] },
      { ref: 'installed@1', dependsOn: ['below@1'] },
    ]);
    expect(bom.metadata).toEqual({
      timestamp: parts.timestamp,
      component: { 'bom-ref': 'own@1', name: 'own' },
    });
  });

  it('has a serial number that only other components change', () => {
    const one = packageBom(clone, parts).serialNumber;
    expect(one).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(packageBom({ ...clone, serialNumber: 'urn:uuid:other' }, parts).serialNumber).toBe(one);
    expect(packageBom(clone, { ...parts, bundled: [] }).serialNumber).not.toBe(one);
  });
});

describe('third-party notices', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'notices-'));
    const add = (name: string, files: Readonly<Record<string, string>>) => {
      mkdirSync(join(folder, name));
      writeFileSync(
        join(folder, name, 'package.json'),
        JSON.stringify({ name, version: '1.0.0', license: 'MIT' }),
      );
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, name, file), text);
    };
    add('a', { LICENSE: 'The text\r\n' });
    add('b', { 'LICENCE.md': 'The text', NOTICE: 'Also this' });
    add('c', { 'license.txt': 'The text\n' });
    add('d', {});
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('have every text once, with the packages under it', () => {
    const text = noticesText(
      'Heading',
      ['d', 'c', 'b', 'a', 'not-installed'].map((name) => join(folder, name)),
    );
    expect(text.startsWith('Heading\n\n')).toBe(true);
    expect(text).toContain('a@1.0.0 (MIT)\nc@1.0.0 (MIT)\n');
    expect(text).toContain('The text\n\nAlso this\n');
    expect(text).toContain('The package contains no licence text.');
    expect(text).not.toContain('not-installed');
  });
});
