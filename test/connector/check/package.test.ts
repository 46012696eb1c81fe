import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { checkPackage } from '../../../connector/check/zip-package.ts';
import { filesOf, type Loose, type Parts, soundConnectors } from './sound.ts';

const [orders] = soundConnectors;
if (orders === undefined) throw new Error('no connector');

const encoder = new TextEncoder();
const bytes = (value: Loose): Uint8Array =>
  encoder.encode(typeof value === 'string' ? value : JSON.stringify(value, null, 2));
const prefix = 'Connector/new_5Forders';

/** A solution as Dataverse exports it: parts of the properties in files of their own. */
const solution = (
  parts: Parts,
  more: Readonly<Record<string, Uint8Array>> = {},
  customizations = '<ImportExportXml/>',
): Uint8Array => {
  const { connectionParameters, policyTemplateInstances, scriptOperations } = parts.properties.properties;
  return zipSync({
    '[Content_Types].xml': bytes('<Types/>'),
    'solution.xml': bytes('<ImportExportXml/>'),
    'customizations.xml': bytes(customizations),
    [`${prefix}_openapidefinition.json`]: bytes(parts.definition),
    [`${prefix}_connectionparameters.json`]: bytes(connectionParameters),
    [`${prefix}_policytemplateinstances.json`]: bytes(policyTemplateInstances),
    [`${prefix}_scriptoperations.json`]: bytes(scriptOperations),
    [`${prefix}_customcode.csx`]: bytes(parts.script),
    ...more,
  });
};

const told = (zip: Uint8Array, profile: 'import' | 'certification' = 'certification') =>
  checkPackage('x.zip', zip, { profile }).map(
    ({ rule, file, pointer, line }) => `${rule} ${file} ${pointer} ${line}`,
  );

describe('a zip', () => {
  it('of a connector is checked like its folder', () => {
    const parts = orders.make();
    parts.definition.host = 'a b';
    const zip = zipSync(
      Object.fromEntries(filesOf(parts, 2).map(({ name, content }) => [`orders/${name}`, content])),
    );
    expect(told(zip)).toEqual(['HostNameNotValid x.zip/orders/apiDefinition.swagger.json /host 16']);
  });

  it('of a sound solution brings nothing', () => {
    expect(told(solution(orders.make()))).toEqual([]);
  });

  it('of a solution names the part, with the line in it', () => {
    const parts = orders.make();
    parts.properties.properties.policyTemplateInstances[0].parameters[
      'x-ms-apimTemplateParameter.urlTemplate'
    ] = "https://@connectionParameters('nowhere').contoso.com";
    parts.properties.properties.scriptOperations = ['Nowhere'];
    expect(told(solution(parts))).toEqual([
      `PolicyConnectionParameterUnknown x.zip/${prefix}_policytemplateinstances.json /0/parameters/x-ms-apimTemplateParameter.urlTemplate 6`,
      `ScriptOperationUnknown x.zip/${prefix}_scriptoperations.json /0 2`,
    ]);
  });

  it('of a solution with a part that is not JSON goes on with the others', () => {
    const parts = orders.make();
    parts.definition.host = 'a b';
    const zip = solution(parts, { [`${prefix}_connectionparameters.json`]: bytes('{"a":1,}') });
    expect(told(zip)).toEqual(
      expect.arrayContaining([
        `JsonNotValid x.zip/${prefix}_connectionparameters.json  1`,
        `HostNameNotValid x.zip/${prefix}_openapidefinition.json /host 16`,
      ]),
    );
  });

  it('of a solution is compared with its list of flows', () => {
    const zip = solution(
      orders.make(),
      { 'Workflows/B.json': bytes({}) },
      '<JsonFileName>/Workflows/A.json</JsonFileName>',
    );
    expect(told(zip)).toEqual(['PackageWorkflowMismatch x.zip  1', 'PackageWorkflowMismatch x.zip  1']);
  });

  it('for certification holds intro.md and one zip with two solutions', () => {
    const inner = (names: readonly string[]) =>
      zipSync(Object.fromEntries(names.map((name) => [`PkgAssets/${name}.zip`, solution(orders.make())])));
    const outer = (content: Uint8Array, more: Readonly<Record<string, Uint8Array>> = {}) =>
      zipSync({ 'intro.md': bytes('# x'), 'package.zip': content, ...more });
    expect(told(outer(inner(['Connector', 'Flow'])))).toEqual([]);
    expect(told(outer(inner(['Connector'])))).toEqual(['PackageLayoutNotValid x.zip/package.zip  1']);
    expect(told(outer(inner(['Connector', 'Flow']), { 'notes.txt': bytes('x') }))).toEqual([
      'PackageLayoutNotValid x.zip  1',
    ]);
  });

  it('with a foreign component is refused for certification', () => {
    expect(told(solution(orders.make(), { 'CanvasApps/a.msapp': bytes('x') }))).toEqual([
      'PackageLayoutNotValid x.zip  1',
    ]);
  });

  it('that cannot be read, or holds no connector, is one finding', () => {
    expect(told(bytes('PK\u0003\u0004 broken'))).toEqual(['PackageNotReadable x.zip  1']);
    expect(told(zipSync({ 'a.txt': bytes('x') }))).toEqual(['PackageWithoutConnector x.zip  1']);
  });

  it('of zips in zips ends', () => {
    let zip: Uint8Array<ArrayBufferLike> = zipSync({ 'a.txt': bytes('x') });
    for (let depth = 0; depth < 20; depth += 1) zip = zipSync({ 'a.zip': zip, 'b.zip': zip });
    expect(told(zip).length).toBeLessThan(100);
  });
});
