import { describe, expect, it } from 'vitest';
import { checkConnector } from '../../../connector/check/check-connector.ts';
import { fixConnector } from '../../../connector/check/fix.ts';
import { jsonOfRun } from '../../../connector/check/formats/machine.ts';
import { BaselineUnreadable, withoutBaseline } from '../../../connector/check/summary.ts';
import { filesOf, type Loose, soundConnectors } from './sound.ts';

const [orders] = soundConnectors;
if (orders === undefined) throw new Error('no connector');

const text = (content: Uint8Array | undefined): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);

describe('--fix', () => {
  it('mends what is mechanical and keeps every other byte', () => {
    const parts = orders.make();
    const { properties } = parts.properties;
    const path = parts.definition.paths['/orders/{id}'].get.parameters[0];
    delete path['x-ms-url-encoding'];
    path.required = false;
    parts.definition.definitions.Item.properties.id['x-ms-visbility'] = 'Advanced';
    parts.definition.produces.push('application/json');
    properties.connectionParameters.region.type = 'String';
    properties.connectionParameters.region.uiDefinition.constraints.required = true;
    properties.policyTemplateInstances[2].parameters['x-ms-apimTemplate-operationName'] = ['listorders'];
    properties.policyTemplateInstances[9].parameters['x-ms-apimTemplateParameter.statusCode'] = '401';
    parts.rawDefinition = (json) => `\uFEFF${json.replaceAll('\n', '\r\n')}`;
    parts.rawProperties = (json) => json.replace(/\n\}$/, ',\n}');
    const files = filesOf(parts, 4);
    const { files: changed, count } = fixConnector(files);
    const mended = files.map((file) => ({
      ...file,
      content: changed.find(({ name }) => name === file.name)?.after ?? file.content,
    }));
    expect(checkConnector(mended).filter(({ fix }) => fix)).toEqual([]);
    expect(checkConnector(mended).filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(count).toBe(11);

    const definition = text(mended[0]?.content);
    expect(definition.startsWith('{\r\n    "swagger"')).toBe(true);
    expect(definition.replaceAll('\r\n', '')).not.toContain('\n');
    expect(definition).toContain('"x-ms-visibility": "advanced"');
    expect(definition).toMatch(/"description": "The order.",\r\n {24}"x-ms-url-encoding": "single"/);
    const expected = orders.make();
    const ordered = (value: Loose): Loose => JSON.parse(JSON.stringify(value));
    expected.definition.definitions.Item.properties.id['x-ms-visibility'] = 'advanced';
    expect(JSON.parse(definition)).toEqual(ordered(expected.definition));
    expect(JSON.parse(text(mended[1]?.content))).toEqual(ordered(expected.properties));
  });

  it('leaves files alone that are not UTF-8', () => {
    const parts = orders.make();
    parts.definition.schemes.push('https');
    parts.rawDefinition = (json) =>
      new Uint8Array(
        [...new TextEncoder().encode(json.replace('Contoso', 'Conto@so'))].map((byte) =>
          byte === 0x40 ? 0xff : byte,
        ),
      );
    expect(fixConnector(filesOf(parts, 2)).files).toEqual([]);
  });

  it('changes nothing in a sound connector', () => {
    for (const { make, indent } of soundConnectors)
      expect(fixConnector(filesOf(make(), indent))).toEqual({ files: [], count: 0 });
  });
});

describe('a baseline', () => {
  const report = (host: string, indent: number) => {
    const parts = orders.make();
    parts.definition.host = host;
    parts.definition.basePath = 'v1';
    return checkConnector(filesOf(parts, indent));
  };

  it('leaves out what it holds, although lines have moved, and counts what is gone', () => {
    const old = report('http://x', 4);
    const text = jsonOfRun({ findings: old, profile: 'import', version: '1' });
    expect(withoutBaseline(report('http://x', 0), text)).toEqual({ fresh: [], known: old.length, gone: 0 });
    const { fresh, gone } = withoutBaseline(report('http://y', 4), text);
    expect(fresh.map(({ rule }) => rule)).toEqual(['HostNameNotValid']);
    expect(gone).toBe(1);
  });

  it.each(['', '[]', '{"findings":[{"rule":1}]}'])('that is no report is refused: %j', (text) => {
    expect(() => withoutBaseline([], text)).toThrow(BaselineUnreadable);
  });
});
