import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import { checkPackage } from '../../../flows/checks/check-package.ts';
import { flowSources } from '../../../flows/definitions/index.ts';
import { unzipped } from '../../../flows/packages/archive.ts';
import { type BuildOptions, buildPackages } from '../../../flows/packages/build.ts';
import { ownConnector } from '../../../flows/packages/own-connector.ts';
import { encodedName, flowFileName, guidOf } from '../../../flows/packages/package-names.ts';
import { readPackage } from '../../../flows/packages/read-package.ts';
import {
  connectorSources,
  type PackageSources,
  packageLanguage,
  solutionVersion,
} from '../../../flows/packages/sources.ts';
import { checkLegacy, checkSolution, entriesOf } from './independent-checker.ts';
import * as shapes from './shapes.ts';

const sources: PackageSources = {
  connector: await connectorSources(exampleConfiguration, { icon: true, certification: false, locale: 'en' }),
  flows: flowSources,
  ids: { connectorInternalId: 'shared_cic-5fcustomerinsights-5f0123456789abcdef' },
  version: solutionVersion,
  language: packageLanguage('en'),
};
const own = ownConnector();

const built = (given: Partial<BuildOptions> = {}): ReadonlyMap<string, Buffer> =>
  new Map(
    buildPackages(sources, {
      format: 'solution',
      single: false,
      style: 'A',
      rootEnvironmentVariables: false,
      ...given,
    }).map(({ name, content }) => [name, Buffer.from(content)]),
  );

const problemsOf = (content: Uint8Array | string, file = 'x.zip'): readonly string[] =>
  checkPackage(
    readPackage(
      typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content),
      file,
    ),
    own,
  ).map(({ severity, place, problem }) => `${severity} ${place}: ${problem}`);

const zips = (files: ReadonlyMap<string, Buffer>) => [...files].filter(([name]) => name.endsWith('.zip'));
const file = (files: ReadonlyMap<string, Buffer>, name: string): Buffer => {
  const found = files.get(name);
  if (found === undefined)
    throw new Error(`${name} was not built; there are ${[...files.keys()].join(', ')}.`);
  return found;
};

describe('our packages', () => {
  it('are two solutions with settings and steps by default', () => {
    const files = built();
    expect([...files.keys()]).toEqual([
      'CustomerInsightsConnector.zip',
      'CustomerInsightsConnector.settings.json',
      'CustomerInsightsFlows.zip',
      'CustomerInsightsFlows.settings.json',
      'INSTALL.md',
    ]);
    const install = file(files, 'INSTALL.md').toString();
    expect([...install.matchAll(/^(\d)\. \*\*/gm)].map(([, step]) => step)).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
    for (const word of ['redirect', 'secret', 'cic_ApiHost', 'pac solution import', 'Update connector'])
      expect(install).toContain(word);
  });

  it.each([{}, { single: true }, { rootEnvironmentVariables: true }])(
    'solutions %o satisfy the other checker and our own',
    (options) => {
      for (const [name, content] of zips(built(options))) {
        expect([name, checkSolution(content)]).toEqual([name, []]);
        const found = problemsOf(content);
        if (options.rootEnvironmentVariables)
          expect(found.every((problem) => problem.startsWith('doubtful solution.xml'))).toBe(true);
        else expect(found).toEqual([]);
      }
    },
  );

  it.each(['A', 'B'] as const)(
    'legacy packages of style %s satisfy the other checker and our own',
    (style) => {
      const packages = zips(built({ format: 'legacy', style }));
      expect(packages.map(([name]) => name)).toEqual(flowSources.map(({ id }) => `${id}.zip`));
      for (const [name, content] of packages) {
        expect([name, checkLegacy(content)]).toEqual([name, []]);
        expect(problemsOf(content)).toEqual([]);
        const definition =
          entriesOf(content)
            .find((entry) => entry.name.endsWith('definition.json'))
            ?.content.toString() ?? '';
        expect(definition.includes('"authentication"')).toBe(style === 'A');
        expect(definition.includes('"connectionReferenceName"')).toBe(style === 'B');
      }
    },
  );

  it('need the internal id of the connector in the legacy form, and say where it is', () => {
    expect(() =>
      buildPackages(
        { ...sources, ids: {} },
        { format: 'legacy', single: false, style: 'A', rootEnvironmentVariables: false },
      ),
    ).toThrow('--environment-ids');
  });

  it('are an ARM template that reads back as the same flows', () => {
    const content = file(built({ format: 'logic-apps' }), 'azuredeploy.json');
    const read = readPackage(new Uint8Array(content), 'azuredeploy.json');
    expect(read.flows.map(({ name }) => name)).toEqual(flowSources.map(({ name }) => name));
    expect(problemsOf(content, 'azuredeploy.json')).toEqual([]);
    const template = JSON.parse(content.toString()) as { resources: { type: string; apiVersion: string }[] };
    expect(template.resources.map(({ type, apiVersion }) => `${type} ${apiVersion}`)).toEqual([
      'Microsoft.Web/customApis 2016-06-01',
      ...Array<string>(3).fill('Microsoft.Web/connections 2016-06-01'),
      ...Array<string>(flowSources.length).fill('Microsoft.Logic/workflows 2019-05-01'),
    ]);
    expect(content.toString()).not.toContain('$authentication');
    expect(content.toString()).toContain('@{listCallbackUrl()}');
    expect(content.toString()).not.toMatch(/\?\['[^']*\/[^']*'\]/);
  });

  it('are a certification package of one folder with solutions of nothing but connector and flows', () => {
    const outer = entriesOf(file(built({ format: 'certification' }), 'CertificationSubmission.zip'));
    expect(outer.map(({ name }) => name)).toEqual(['intro.md', 'ConnectorPackage.zip']);
    const inner = entriesOf(outer[1]?.content ?? Buffer.alloc(0));
    expect(inner.map(({ name }) => name)).toEqual(['PkgAssets/Connector.zip', 'PkgAssets/Flow.zip']);
    const tops = inner.map(({ content }) => [
      ...new Set(entriesOf(content).map(({ name }) => name.split('/')[0] ?? '')),
    ]);
    const fixed = ['customizations.xml', 'solution.xml'];
    expect(tops).toEqual([
      [...fixed, 'Connector', '[Content_Types].xml'],
      [...fixed, 'Connector', 'Workflows', '[Content_Types].xml'],
    ]);
    for (const { content } of inner) {
      expect(checkSolution(content)).toEqual([]);
      expect(problemsOf(content)).toEqual([]);
    }
  });

  it('have the same bytes in every build', () => {
    for (const format of ['solution', 'legacy', 'logic-apps', 'certification'] as const) {
      const [first, second] = [built({ format }), built({ format })];
      for (const [name, content] of first) expect(content.equals(file(second, name)), name).toBe(true);
    }
  });

  it('are taken by the unzip of the system, where there is one', (context) => {
    const unzip = ['/usr/bin/unzip', '/bin/unzip'].find(existsSync);
    if (unzip === undefined) context.skip('this machine has no unzip');
    const folder = mkdtempSync(join(tmpdir(), 'flows-'));
    try {
      for (const [name, content] of zips(built())) {
        writeFileSync(join(folder, name), content);
        expect(execFileSync(unzip ?? '', ['-t', join(folder, name)]).toString()).toContain(
          'No errors detected',
        );
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('hold no secret, no connection and nobody’s address', () => {
    for (const [, content] of zips(built()))
      for (const entry of entriesOf(content)) {
        const text = entry.content.toString('utf8');
        expect(text).not.toMatch(/"clientSecret"|connectionid>|environmentvariablevalues/);
        expect(
          [...text.matchAll(/[\w.-]+@[\w-]+\.[a-z]+/g)]
            .map(([address]) => address)
            .filter((address) => !/@example\.com$|@thread\.tacv$/.test(address)),
        ).toEqual([]);
      }
  });

  it('name their settings for pac', () => {
    const settings = JSON.parse(file(built(), 'CustomerInsightsFlows.settings.json').toString()) as {
      EnvironmentVariables: { SchemaName: string; Value: string }[];
      ConnectionReferences: { LogicalName: string; ConnectorId: string }[];
    };
    expect(settings.EnvironmentVariables.every(({ Value }) => Value !== '')).toBe(true);
    expect(settings.ConnectionReferences.map(({ ConnectorId }) => ConnectorId)).toEqual([
      '/providers/Microsoft.PowerApps/apis/shared_cic-5fcustomerinsights-5f0123456789abcdef',
      '/providers/Microsoft.PowerApps/apis/shared_teams',
      '/providers/Microsoft.PowerApps/apis/shared_office365',
    ]);
  });
});

describe('names', () => {
  it('of flow files follow the rule of exports', () => {
    const guid = '0b6e0c8e-3c55-4d0a-9d59-6b7c1a2f3e4d';
    expect(flowFileName('Order alert: "new" (v2)_x-y', guid)).toBe(
      'Orderalertnewv2_x-y-0B6E0C8E-3C55-4D0A-9D59-6B7C1A2F3E4D.json',
    );
    expect(flowFileName('a'.repeat(60), guid)).toBe(`${'a'.repeat(50)}-${guid.toUpperCase()}.json`);
  });

  it('of connectors are encoded as environments do it', () => {
    expect(encodedName('abc_my orders-x')).toBe('abc-5fmy-20orders-2dx');
  });

  it('GUIDs never change', () => {
    expect(guidOf('connector', 'cic_customerinsights')).toBe('f584ce2e-41db-5085-9b2c-bb4f1d1a6632');
    expect(guidOf('flow', 'teams-on-refresh-failed')).toBe('c943a9a8-0874-57f3-b4fd-00597dcde7f4');
  });
});

const sound: Readonly<Record<string, readonly [Buffer, (zip: Buffer) => readonly string[]]>> = {
  'a legacy package, style A': [shapes.zipOf(shapes.legacy('A')), checkLegacy],
  'a legacy package, style B': [shapes.zipOf(shapes.legacy('B')), checkLegacy],
  'a solution with a flow': [shapes.zipOf(shapes.flowSolution()), checkSolution],
  'a solution with a connector': [shapes.zipOf(shapes.connectorSolution()), checkSolution],
  'a solution with both': [shapes.zipOf(shapes.singleSolution()), checkSolution],
};

describe('packages made by hand', () => {
  it.each(Object.entries(sound))('%s: sound to both checkers', (_name, [zip, other]) => {
    expect(other(zip)).toEqual([]);
    expect(problemsOf(zip)).toEqual([]);
  });

  it('an ARM template: sound', () => {
    expect(problemsOf(shapes.template(), 'template.json')).toEqual([]);
  });

  const edited = (
    files: shapes.Files,
    name: RegExp,
    change: (text: string) => string | undefined,
  ): Buffer => {
    const key = Object.keys(files).find((one) => name.test(one));
    if (key === undefined) throw new Error(`There is no file ${name}.`);
    const text = change(files[key] ?? '');
    const rest = Object.fromEntries(Object.entries(files).filter(([one]) => one !== key));
    return shapes.zipOf(text === undefined ? rest : { ...rest, [key]: text });
  };

  const { legacy, flowSolution, connectorSolution, singleSolution } = shapes;
  /** Broken on purpose: the zip, what we say of it, and whether the other checker sees it too. */
  const broken: Readonly<Record<string, readonly [Buffer, string, ((zip: Buffer) => readonly string[])?]>> = {
    'a map without a key': [
      edited(legacy(), /connectionsMap/, () => '{}'),
      'PackageFlowMissingConnectionMap',
      checkLegacy,
    ],
    'a map that is missing': [
      edited(legacy(), /apisMap/, () => undefined),
      'The file is missing',
      checkLegacy,
    ],
    'a dependency that is missing': [
      edited(legacy(), /^manifest/, (text) =>
        text.replace(/"dependsOn":\["22222222[^\]]*\]/, '"dependsOn":[]'),
      ),
      'is not in dependsOn of the flow',
      checkLegacy,
    ],
    'both styles': [
      edited(legacy('B'), /definition/, (text) =>
        text.replace('"parameters":{"poster"', '"authentication":"x","parameters":{"poster"'),
      ),
      'WorkflowRunActionInputsInvalidProperty',
      checkLegacy,
    ],
    'an unknown connection': [
      edited(legacy(), /definition/, (text) =>
        text.replace('"connectionName":"shared_teams"', '"connectionName":"shared_x"'),
      ),
      'is not among connectionReferences',
      checkLegacy,
    ],
    'no trigger': [
      edited(legacy(), /definition/, (text) => text.replace(/"triggers":\{.*?\}\}\}\}/, '"triggers":{}')),
      'missing a trigger',
      checkLegacy,
    ],
    'lower-case source': [
      edited(legacy(), /definition/, (text) => text.replace('"Embedded"', '"embedded"')),
      'in a legacy package it is "Embedded"',
    ],
    'XML that is not well-formed': [
      edited(flowSolution(), /customizations/, (text) => text.replace('</Workflows>', '')),
      'not well-formed XML',
      checkSolution,
    ],
    'a flow that is not a root component': [
      edited(flowSolution(), /solution\.xml/, (text) => text.replace(/<RootComponent .*?\/>/, '')),
      'has no RootComponent of type 29',
      checkSolution,
    ],
    'a file that is not in the zip': [
      edited(flowSolution(), /Workflows/, () => undefined),
      'is not in the zip',
      checkSolution,
    ],
    'a version of three numbers': [
      edited(flowSolution(), /solution\.xml/, (text) => text.replace('1.0.0.0</Version>', '1.0.0</Version>')),
      'it has four numbers',
      checkSolution,
    ],
    'a prefix that is reserved': [
      edited(flowSolution(), /solution\.xml/, (text) =>
        text.replace('<CustomizationPrefix>abc', '<CustomizationPrefix>mscrm'),
      ),
      'CustomizationPrefix',
      checkSolution,
    ],
    'states that do not belong together': [
      edited(flowSolution(), /customizations/, (text) => text.replace('<StatusCode>1', '<StatusCode>2')),
      'do not belong together',
    ],
    'an extension without a content type': [
      edited(flowSolution(), /Content_Types/, (text) => text.replace(/<Default Extension="json".*?\/>/, '')),
      'no Default for the extension "json"',
      checkSolution,
    ],
    'a connection reference that is missing': [
      edited(flowSolution(), /customizations/, (text) =>
        text.replace(/<connectionreferences>.*<\/connectionreferences>/s, '<connectionreferences />'),
      ),
      'is not in customizations.xml',
      checkSolution,
    ],
    'a byte order mark': [edited(flowSolution(), /Workflows/, (text) => `\ufeff${text}`), 'byte order mark'],
    'a connector of another GUID': [
      edited(connectorSolution(), /solution\.xml/, (text) => text.replace('{44444444', '{54444444')),
      'has no RootComponent of type 372',
      checkSolution,
    ],
    'a connector of another name': [
      edited(connectorSolution(), /solution\.xml/, (text) =>
        text.replace('schemaName="abc_orders"', 'schemaName="abc_order"'),
      ),
      'RootComponent has the schemaName "abc_order"',
      checkSolution,
    ],
    'a host with a scheme': [
      edited(connectorSolution(), /openapi/, (text) =>
        text.replace('@environmentVariables(\\"abc_OrdersHost\\")', 'https://api.example.org'),
      ),
      'has a scheme',
      checkSolution,
    ],
    'a variable in a folder of another name': [
      edited(connectorSolution(), /environmentvariable/, (text) =>
        text.replace('schemaname="abc_OrdersHost"', 'schemaname="abc_ordersHost"'),
      ),
      'letter case counts',
      checkSolution,
    ],
    'a reference without customconnectorid': [
      edited(singleSolution(), /customizations/, (text) =>
        text.replace(/<customconnectorid>.*?<\/customconnectorid>/, ''),
      ),
      'needs customconnectorid',
      checkSolution,
    ],
    'another logical name': [
      edited(singleSolution(), /Workflows/, (text) =>
        text.replace('"logicalName":"abc_orders"', '"logicalName":"abc_other"'),
      ),
      'api.logicalName is "abc_other"',
      checkSolution,
    ],
    'a parameter that the operation does not have': [
      shapes.zipOf(singleSolution({ 'body/eventTypes': 'x' })),
      "OrderCreatedHook has no parameter 'body/eventTypes'",
    ],
    'a parameter that is missing': [
      shapes.zipOf(singleSolution({})),
      "OrderCreatedHook needs the parameter 'body/eventType'",
    ],
    'the callback, which is the platform’s': [
      shapes.zipOf(singleSolution({ 'body/eventType': 'x', 'body/url': 'https://x' })),
      "has no parameter 'body/url'",
    ],
    'a token that the trigger does not have': [
      shapes.zipOf(singleSolution(undefined, 'costumer')),
      "has no 'costumer'. Did you mean 'customer'?",
    ],
  };

  it.each(Object.entries(broken))('%s: refused', (_name, [zip, problem, other]) => {
    expect(problemsOf(zip).join('\n')).toContain(problem);
    if (other) expect(other(zip)).not.toEqual([]);
  });

  it('says everything at once', () => {
    const zip = edited(flowSolution(), /customizations/, (text) =>
      text
        .replace('<StatusCode>1', '<StatusCode>2')
        .replace('Name="Order alert"', 'Name="Order alert" ')
        .replace('<PrimaryEntity>none</PrimaryEntity>', ''),
    );
    expect(problemsOf(zip).length).toBeGreaterThanOrEqual(2);
  });

  it('a zip with entries for its folders is read without them', () => {
    const folders = Object.fromEntries(['Workflows/', 'Connector/'].map((name) => [name, new Uint8Array()]));
    const zip = zipSync({ ...folders, 'solution.xml': new Uint8Array([60]) });
    expect([...unzipped(zip).keys()]).toEqual(['solution.xml']);
  });

  it('files that are no packages say so', () => {
    const read = (content: string | Buffer) => () =>
      readPackage(
        typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content),
        'x',
      );
    expect(read('hello')).toThrow('neither a zip nor JSON');
    expect(read('{"a":1}')).toThrow('is not a flow');
    expect(read(shapes.zipOf({ 'a.txt': 'x' }))).toThrow('neither a solution');
    expect(read(shapes.zipOf({ 'folder/solution.xml': 'x' }))).toThrow('Zip the files, not the folder');
    expect(read(Buffer.from('PK\u0003\u0004 broken'))).toThrow('not a readable zip');
  });
});
