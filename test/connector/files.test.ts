import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../config/example.ts';
import { operations } from '../../connector/contract/index.ts';
import { brandColour } from '../../connector/emit/brand.ts';
import { type ConnectorFilesRequest, connectorFiles } from '../../connector/emit/files.ts';
import { iconSize, readIcon } from '../../connector/emit/icon.ts';
import { ConnectorUnreadable, loadConnector, readConnector } from '../../connector/emit/read.ts';
import { buildConnector } from '../../connector/emit/write.ts';
import { drawIcon } from '../../scripts/draw-icon.ts';

const text = (content: Uint8Array | undefined) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);

describe('the files', () => {
  it('are the same bytes in two runs', async () => {
    const request = { configuration: exampleConfiguration };
    expect(await connectorFiles(request)).toEqual(await connectorFiles(request));
  });

  it('contain settings that paconn can use: every path exists, and unknown values have no placeholder', async () => {
    const files = new Map(
      (await connectorFiles({ configuration: exampleConfiguration })).map(({ name, content }) => [
        name,
        content,
      ]),
    );
    const settings = JSON.parse(text(files.get('settings.json')));
    expect(settings).toEqual({
      apiProperties: 'apiProperties.json',
      apiDefinition: 'apiDefinition.swagger.json',
      icon: 'icon.png',
      powerAppsUrl: 'https://api.powerapps.com',
      powerAppsApiVersion: '2016-11-01',
    });
    for (const key of ['apiProperties', 'apiDefinition', 'icon']) expect(files.has(settings[key])).toBe(true);
  });

  it('name no icon when none is drawn', async () => {
    const files = await connectorFiles({ configuration: exampleConfiguration, icon: false });
    expect(files.map(({ name }) => name)).not.toContain('icon.png');
    const settings = files.find(({ name }) => name === 'settings.json');
    expect(JSON.parse(text(settings?.content))).not.toHaveProperty('icon');
  });

  it('describe every operation that a maker sees, and no other, in the readme', async () => {
    const files = await connectorFiles({ configuration: exampleConfiguration, icon: false });
    const readme = text(files.find(({ name }) => name === 'readme.md')?.content);
    for (const { summary, visibility } of operations)
      expect(readme.includes(`#### ${summary}\n`), summary).toBe(visibility !== 'internal');
    expect(readme).not.toContain('undefined');
  });

  it('take host and ids from the outputs of the deployment, where these are given', async () => {
    const outputs = {
      host: 'abc.execute-api.eu-west-1.amazonaws.com',
      tenantId: '11111111-1111-4111-8111-111111111111',
      connectorClientId: '22222222-2222-4222-8222-222222222222',
      apiClientId: '33333333-3333-4333-8333-333333333333',
    };
    const files = await connectorFiles({ configuration: exampleConfiguration, outputs, icon: false });
    const definition = JSON.parse(text(files[0]?.content));
    const { token } = JSON.parse(text(files[1]?.content)).properties.connectionParameters;
    expect(definition.host).toBe(outputs.host);
    expect(token.oAuthSettings).toMatchObject({
      clientId: outputs.connectorClientId,
      scopes: [`api://${outputs.apiClientId}/access_as_user`],
      customParameters: { tenantId: { value: outputs.tenantId } },
    });
  });
});

describe('apiProperties', () => {
  const properties = async (request: Partial<ConnectorFilesRequest>) => {
    const files = await connectorFiles({ configuration: exampleConfiguration, icon: false, ...request });
    return JSON.parse(text(files.find(({ name }) => name === 'apiProperties.json')?.content)).properties;
  };

  it('name a stack owner for certification only: the publisher, unless the configuration names another', async () => {
    const { publisher } = exampleConfiguration.connector;
    expect(await properties({})).not.toHaveProperty('stackOwner');
    expect(await properties({ certification: true })).toMatchObject({ publisher, stackOwner: publisher });
    const connector = { ...exampleConfiguration.connector, stackOwner: 'Contoso Ltd' };
    const configuration = { ...exampleConfiguration, connector };
    expect(await properties({ configuration, certification: true })).toMatchObject({
      stackOwner: 'Contoso Ltd',
    });
  });

  it('take the host from an environment variable where the configuration names one', async () => {
    const connector = {
      ...exampleConfiguration.connector,
      hostEnvironmentVariable: 'contoso_InsightsHost',
    } as const;
    const templates = (made: { policyTemplateInstances: { templateId: string }[] }) =>
      made.policyTemplateInstances.map(({ templateId }) => templateId);
    expect(templates(await properties({}))).not.toContain('dynamichosturl');
    const [first] = (await properties({ configuration: { ...exampleConfiguration, connector } }))
      .policyTemplateInstances;
    expect(first).toMatchObject({
      templateId: 'dynamichosturl',
      parameters: {
        'x-ms-apimTemplateParameter.urlTemplate': 'https://@environmentVariables("contoso_InsightsHost")/v1',
      },
    });
  });
});

describe('the icon', () => {
  it('is a square of 230 pixels, opaque, with the brand colour around it', () => {
    const { png, pixels } = drawIcon();
    expect(Buffer.from(png).equals(readIcon())).toBe(true);
    const header = new DataView(png.buffer, png.byteOffset);
    expect([header.getUint32(16), header.getUint32(20)]).toEqual([iconSize, iconSize]);
    expect(pixels.length).toBe(iconSize * iconSize * 4);
    const colourAt = (pixel: number) =>
      `#${[...pixels.subarray(pixel * 4, pixel * 4 + 3)].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    for (const corner of [0, iconSize - 1, iconSize * (iconSize - 1), iconSize * iconSize - 1])
      expect(colourAt(corner)).toBe(brandColour);
    expect(pixels.every((value, at) => at % 4 !== 3 || value === 255)).toBe(true);
  });
});

describe('a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'connector-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is made, written, told with sizes, and can be read back', async () => {
    const out = join(folder, 'deep', 'connector');
    const {
      files: written,
      kept,
      formerHost,
    } = await buildConnector({
      configuration: exampleConfiguration,
      out,
    });
    expect({ kept, formerHost }).toEqual({ kept: {}, formerHost: undefined });
    expect(written.map(({ path }) => path).sort()).toEqual(
      readdirSync(out)
        .map((name) => join(out, name))
        .sort(),
    );
    for (const { path, size } of written) expect(readFileSync(path)).toHaveLength(size);
    const connector = readConnector(out);
    expect(connector.definition.host).toBe('insights-connector.example.com');
    expect(connector.properties?.iconBrandColor).toBe(brandColour);
    expect(connector.icon).not.toBeNull();
  });

  it('of another tool is read in spite of a byte order mark and another case of the names', () => {
    const bytes = (value: string) => new TextEncoder().encode(value);
    const connector = loadConnector(
      new Map([['APIDefinition.swagger.json', bytes('\ufeff{"swagger":"2.0","paths":{}}')]]),
    );
    expect(connector).toMatchObject({
      definition: { paths: {} },
      properties: null,
      settings: null,
      icon: null,
    });
  });

  it('that holds no connector is refused with the reason', () => {
    const load = (content: string) => () =>
      loadConnector(new Map([['apiDefinition.swagger.json', new TextEncoder().encode(content)]]));
    expect(() => loadConnector(new Map())).toThrow(ConnectorUnreadable);
    expect(load('{,}')).toThrow(/apiDefinition\.swagger\.json is not JSON/);
    expect(load('[]')).toThrow(/does not contain an object/);
    expect(load('{"openapi":"3.0.0"}')).toThrow(/is not Swagger 2\.0/);
  });
});

describe('a build over a connector that exists', () => {
  /** What paconn 0.0.21 writes after `create`, byte for byte; here with another address of the platform. */
  const writtenByPaconn = `{
  "connectorId": "shared_customer-20insights-20events-5f0027f520b23e81c1-5f9888a90360086012",
  "environment": "Default-72f988bf-0000-4000-8000-2d7cd011db47",
  "apiProperties": "apiProperties.json",
  "apiDefinition": "apiDefinition.swagger.json",
  "icon": null,
  "powerAppsUrl": "https://gov.api.powerapps.us",
  "powerAppsApiVersion": "2016-11-01"
}`;
  const known = {
    connectorId: 'shared_customer-20insights-20events-5f0027f520b23e81c1-5f9888a90360086012',
    environment: 'Default-72f988bf-0000-4000-8000-2d7cd011db47',
    powerAppsUrl: 'https://gov.api.powerapps.us',
    powerAppsApiVersion: '2016-11-01',
  };
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), 'connector-'));
  });
  afterEach(() => rmSync(out, { recursive: true }));

  const build = (more: Partial<ConnectorFilesRequest> = {}) =>
    buildConnector({ configuration: exampleConfiguration, out, ...more });
  const settingsFile = () => join(out, 'settings.json');
  const settings = () => JSON.parse(readFileSync(settingsFile(), 'utf8'));

  it('keeps where it is, however often it is built, and names the icon that there is', async () => {
    await build();
    writeFileSync(settingsFile(), writtenByPaconn);
    expect((await build()).kept).toEqual(known);
    const rebuilt = {
      ...known,
      apiProperties: 'apiProperties.json',
      apiDefinition: 'apiDefinition.swagger.json',
      icon: 'icon.png',
    };
    expect(settings()).toEqual(rebuilt);
    const { icon: _, ...withoutIcon } = rebuilt;
    await build({ icon: false });
    expect(settings()).toEqual(withoutIcon);
  });

  it('keeps what people add for paconn, in a file that begins with a byte order mark too', async () => {
    const added = { environment: known.environment, tenant: 'contoso', script: 'script.csx', clientId: 'x' };
    writeFileSync(settingsFile(), `\ufeff${JSON.stringify(added)}`);
    await build();
    expect(settings()).toMatchObject(added);
  });

  it('drops what stood for something unknown', async () => {
    const placeholders = { connectorId: null, environment: '00000000-0000-0000-0000-000000000000' };
    writeFileSync(settingsFile(), JSON.stringify({ ...placeholders, powerAppsUrl: '' }));
    expect((await build()).kept).toEqual({});
    expect(settings()).not.toHaveProperty('connectorId');
    expect(settings()).not.toHaveProperty('environment');
    expect(settings().powerAppsUrl).toBe('https://api.powerapps.com');
  });

  it.each([
    ['is not JSON', '{"connectorId": "shared_x",', /settings\.json is not JSON/],
    ['is empty', '', /settings\.json is not JSON/],
    ['contains no object', '[]', /settings\.json does not contain an object/],
    [
      'names a connector that is not a text',
      '{"connectorId": 7}',
      /settings\.json: connectorId is 7, which is not a text/,
    ],
  ])('writes nothing when settings.json %s', async (_, content, message) => {
    writeFileSync(settingsFile(), content);
    const refused = expect(build()).rejects;
    await refused.toThrow(ConnectorUnreadable);
    await expect(build()).rejects.toThrow(message);
    await expect(build()).rejects.toThrow(/nothing was written\. Correct the file, or remove it/);
    expect(readdirSync(out)).toEqual(['settings.json']);
    expect(readFileSync(settingsFile(), 'utf8')).toBe(content);
  });

  it('writes nothing when settings.json is a folder', async () => {
    mkdirSync(settingsFile());
    await expect(build()).rejects.toThrow(/EISDIR/);
    expect(readdirSync(out)).toEqual(['settings.json']);
  });

  it('tells when it now calls another host', async () => {
    await build();
    expect((await build()).formerHost).toBeUndefined();
    const connector = { ...exampleConfiguration.connector, host: 'staging.contoso.com' };
    const { formerHost } = await build({ configuration: { ...exampleConfiguration, connector } });
    expect(formerHost).toBe('insights-connector.example.com');
  });
});
