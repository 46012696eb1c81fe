import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandInProcess } from './command-in-process.ts';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'flows-'));
  expect((await run('flows', '--out', file('out'))).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string) => join(folder, name);
const write = (name: string, content: string): string => {
  writeFileSync(file(name), content);
  return file(name);
};

const run = commandInProcess;

const flowsZip = () => file('out/CustomerInsightsFlows.zip');

const definition = (actions: object) =>
  JSON.stringify({ triggers: { manual: { type: 'Request', kind: 'Http' } }, actions });

describe('flows', () => {
  it('refuses what it does not know, and says what there is', async () => {
    const refusals: readonly (readonly [readonly string[], number, string])[] = [
      [['--format', 'zip'], 2, 'solution, legacy, logic-apps, certification'],
      [['--flow', 'nobody'], 2, 'teams-on-refresh-failed'],
      [['--style', 'C'], 2, 'A, B'],
      [['publish'], 2, 'flows check <file>'],
      [['check'], 2, 'needs a file'],
      [['check', file('missing.zip')], 1, 'missing.zip'],
      [['check', write('text.txt', 'hello')], 1, 'neither a zip nor JSON'],
      [['run', write('empty.json', '{}')], 1, 'is not a flow'],
      [['run', flowsZip()], 1, 'Choose one with --flow'],
      [['run', flowsZip(), '--flow', 'x'], 1, 'No flow is called "x"'],
      [['run', write('ok.json', definition({})), '--at', 'yesterday'], 2, '2026-06-01T10:00:00Z'],
      [['run', file('ok.json'), '--mock', write('mock.json', '{"action": {}}')], 1, 'is not a file of mocks'],
      [['run', file('ok.json'), '--trigger', write('bad.json', '{')], 2, 'is not JSON'],
      [['--format', 'legacy', '--out', file('x')], 1, '--environment-ids'],
      [
        ['--environment-ids', write('ids.json', '{"values": {"Nobody": "x"}}'), '--out', file('x')],
        1,
        'values.Nobody is not a setting',
      ],
      [
        ['--environment-ids', write('ids2.json', '{"connectorInternalId": "x"}'), '--out', file('x')],
        1,
        'contains no ids',
      ],
      [['--format', 'certification', '--out', file('x')], 1, 'certification requires your own'],
    ];
    for (const [given, code, said] of refusals) {
      const ended = await run('flows', ...given);
      expect([given, ended.code]).toEqual([given, code]);
      expect(ended.error).toContain(said);
      expect(ended.error).not.toMatch(/^\s+at /m);
    }
  });

  it('check ends with 1 for what would be refused, and prints JSON for tools', async () => {
    expect((await run('flows', 'check', flowsZip())).code).toBe(0);
    const broken = write('broken.json', definition({ A: { type: 'Compose', inputs: "@outputs('B')" } }));
    const ended = await run('flows', 'check', broken, '--json');
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.out)).toMatchObject({
      command: 'flows',
      exitCode: 1,
      result: { kind: 'definition', findings: [{ severity: 'refused' }] },
    });
  });

  it('run prints the record, the same each time, with inputs and outputs of every action', async () => {
    const flow = write(
      'guid.json',
      definition({ A: { type: 'Compose', inputs: '@concat(guid(), utcNow())' } }),
    );
    const given = ['flows', 'run', flow, '--json', '--at', '2026-06-01T10:00:00Z'];
    const [first, second] = [await run(...given), await run(...given)];
    expect(first).toEqual(second);
    expect(JSON.parse(first.out).result).toMatchObject({
      fired: true,
      runs: [
        {
          status: 'Succeeded',
          actions: [
            {
              name: 'A',
              status: 'Succeeded',
              code: 'OK',
              outputs: expect.stringContaining('2026-06-01T10:00:00.0000000Z'),
            },
          ],
        },
      ],
    });
  });

  it('run ends with 1 when the run fails or is stopped, and says where', async () => {
    const failing = write('failing.json', definition({ A: { type: 'Compose', inputs: '@div(1, 0)' } }));
    const failed = await run('flows', 'run', failing);
    expect([failed.code, failed.out]).toEqual([1, expect.stringContaining('divide')]);
    const calling = write(
      'calling.json',
      definition({ A: { type: 'Http', inputs: { method: 'GET', uri: 'https://x.example' } } }),
    );
    const stopped = await run('flows', 'run', calling);
    expect([stopped.code, stopped.error]).toEqual([1, expect.stringContaining('actions/A: ')]);
  });

  it('run names an event that the trigger would not post', async () => {
    const ended = await run(
      'flows',
      'run',
      flowsZip(),
      '--flow',
      'teams-on-refresh-failed',
      '--trigger',
      write('event.json', '{"eventId": 1}'),
    );
    expect(ended.error).toContain('the platform would refuse it');
  });

  it('hides secured inputs and outputs in what it prints', async () => {
    const flow = write(
      'secret.json',
      definition({
        A: {
          type: 'Compose',
          inputs: 'hush',
          runtimeConfiguration: { secureData: { properties: ['inputs', 'outputs'] } },
          runAfter: {},
        },
        B: { type: 'Compose', inputs: "@length(outputs('A'))", runAfter: { A: ['Succeeded'] } },
      }),
    );
    const ended = await run('flows', 'run', flow, '--json');
    expect(ended.out).not.toContain('hush');
    expect(JSON.parse(ended.out).result.runs[0].actions[1].outputs).toBe(4);
  });

  it('writes settings and steps beside the packages', () => {
    expect(readFileSync(file('out/INSTALL.md'), 'utf8')).toContain('CustomerInsightsFlows.zip');
    expect(JSON.parse(readFileSync(file('out/CustomerInsightsConnector.settings.json'), 'utf8'))).toEqual({
      EnvironmentVariables: [{ SchemaName: 'cic_ApiHost', Value: 'insights-connector.example.com' }],
      ConnectionReferences: [],
    });
  });
});
