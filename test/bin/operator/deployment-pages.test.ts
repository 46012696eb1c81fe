import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addressOf, hasBrowser, type KnownPages, pages } from '../../../bin/operator/deployment-pages.ts';
import type { DeploymentPlace } from '../../../bin/operator/deployment-place.ts';
import { operatorOutputNames } from '../../../config/operator-outputs.ts';
import { commandInProcess } from '../command-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'open-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const queue = (region = 'eu-west-1', suffix = 'amazonaws.com') =>
  `https://sqs.${region}.${suffix}/123456789012/DeliveryQueue`;

const place = (deliveryQueue = queue(), more: Partial<DeploymentPlace> = {}): DeploymentPlace => ({
  stack: 'InsightsConnector-staging',
  outputs: {
    stateTable: 'table',
    deliveryQueue,
    retryQueue: '',
    deliveryDeadLetters: '',
    retryDeadLetters: '',
    watchDeadLetters: '',
  },
  all: { ConsoleUrl: 'https://events.contoso.com/console' },
  services: undefined,
  ...more,
});
const local = place('http://127.0.0.1:4100/queue', {
  services: {
    region: 'eu-west-1',
    dynamoDb: 'http://127.0.0.1:1',
    sqs: 'http://127.0.0.1:2',
    accessKeyId: 'key',
    api: 'http://127.0.0.1:3',
    control: 'http://127.0.0.1:4',
    controlKey: 'secret',
  },
});
const nothing: KnownPages = { configuration: undefined, connector: undefined };

describe('the address of a page', () => {
  it.each([
    ['console', 'https://events.contoso.com/console'],
    [
      'dashboard',
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#dashboards/dashboard/InsightsConnector-staging',
    ],
    [
      'alarms',
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#alarmsV2:?search=InsightsConnector-staging',
    ],
    [
      'logs',
      'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups$3FlogGroupNameFilter$3DInsightsConnector-staging',
    ],
    [
      'stack',
      'https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks?filteringText=InsightsConnector-staging&filteringStatus=active',
    ],
  ] as const)('of a deployment: %s', (name, address) => {
    expect(addressOf(name, place(), nothing)).toBe(address);
  });

  it('is in the console of its partition', () => {
    expect(addressOf('alarms', place(queue('cn-north-1', 'amazonaws.com.cn')), nothing)).toMatch(
      /^https:\/\/cn-north-1\.console\.amazonaws\.cn\//,
    );
    expect(addressOf('alarms', place(queue('us-gov-west-1')), nothing)).toMatch(
      /^https:\/\/us-gov-west-1\.console\.amazonaws-us-gov\.com\//,
    );
  });

  it('of the connector is that of the configuration, else the list of its environment', () => {
    const connectorUrl = 'https://make.powerautomate.com/environments/e/connections/x';
    const connector = { environment: 'Default-1' };
    const cloud = (name: 'commercial' | 'gcc', own?: string) =>
      addressOf('connector', place(), {
        configuration: {
          cloud: name,
          console: own === undefined ? undefined : { connectorUrl: own },
        } as never,
        connector,
      });
    expect(cloud('commercial', connectorUrl)).toBe(connectorUrl);
    expect(cloud('commercial')).toBe('https://make.powerapps.com/environments/Default-1/customconnectors');
    expect(cloud('gcc')).toBe('https://make.gov.powerapps.us/environments/Default-1/customconnectors');
    expect(() => addressOf('connector', place(), nothing)).toThrow(/Give --environment/);
  });

  it('of a local run is its console and its control; it has no page in AWS', () => {
    expect(addressOf('console', local, nothing)).toBe('http://127.0.0.1:3/console');
    expect(addressOf('control', local, nothing)).toBe('http://127.0.0.1:4');
    expect(() => addressOf('dashboard', local, nothing)).toThrow(/local run/);
    expect(() => addressOf('control', place(), nothing)).toThrow(/not of a local run/);
  });

  it('of a console that was not deployed yet is an error that says so', () => {
    expect(() => addressOf('console', place(queue(), { all: {} }), nothing)).toThrow(/Deploy again/);
  });
});

describe('a browser', () => {
  it.each([
    ['darwin', {}, true],
    ['win32', {}, true],
    ['linux', {}, false],
    ['linux', { DISPLAY: ':0' }, true],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['linux', { WSL_DISTRO_NAME: 'Ubuntu' }, true],
    ['linux', { DISPLAY: ':0', SSH_CONNECTION: 'x' }, false],
    ['darwin', { CI: 'true' }, false],
  ] as const)('on %s with %j: %j', (platform, env, expected) => {
    expect(hasBrowser(platform, env)).toBe(expected);
  });
});

describe('open', () => {
  const file = join(folder, 'outputs.json');
  writeFileSync(
    file,
    JSON.stringify({
      InsightsConnector: {
        ...Object.fromEntries(Object.values(operatorOutputNames).map((name) => [name, 'x'])),
        [operatorOutputNames.deliveryQueue]: queue(),
        ConsoleUrl: 'https://events.contoso.com/console',
      },
    }),
  );
  it('lists the pages', async () => {
    const { code, out } = await commandInProcess('open');
    expect([code, out.split('\n').map((line) => line.split(' ')[0])]).toEqual([0, Object.keys(pages)]);
  });

  it('prints the address without a terminal, and opens nothing', async () => {
    expect(await commandInProcess('open', 'console', '--outputs', file)).toEqual({
      code: 0,
      out: 'https://events.contoso.com/console',
      error: '',
    });
    const { out } = await commandInProcess('open', 'dashboard', '--outputs', file, '--json');
    expect(JSON.parse(out).result).toEqual({
      page: 'dashboard',
      address: expect.stringMatching(/#dashboards\/dashboard\/InsightsConnector$/),
      opened: false,
    });
  });

  it('knows no other page', async () => {
    const { code, error } = await commandInProcess('open', 'nothing', '--outputs', file);
    expect([code, error]).toEqual([2, expect.stringContaining('there are console, connector')]);
  });
});
