/** Habits that all commands share: one envelope for JSON, ids that begin with a dash, tables that fit, honest errors. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { span, table } from '../../bin/commands/columns.ts';
import { commands } from '../../bin/commands/index.ts';
import { parseCommands, withIdsApart } from '../../bin/commands/parser.ts';
import { toldError } from '../../bin/commands/told-error.ts';
import { commandInProcess } from './command-in-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'habits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quiet = { print: () => undefined, complain: () => undefined };

describe('every command', () => {
  it.each(commands.filter(({ hidden }) => !hidden).map((command) => [command.name, command] as const))(
    '%s takes --json and --verbose, and its errors come as the same object',
    async (name, command) => {
      const required = command.options.flatMap(({ flags, required: must }) =>
        must ? [flags.split(' ')[0] ?? '', 'x'] : [],
      );
      const positional = (command.arguments?.match(/<[^>]+>/g) ?? []).map(() => 'x');
      const parsed = parseCommands(
        { program: 'x', version: '0', commands },
        [name, ...positional, ...required, '--json', '--verbose'],
        quiet,
      );
      expect(parsed?.values).toMatchObject({ json: true, verbose: true });
      const wrong = await commandInProcess(name, ...required, '--no-such-option', '--json');
      const envelope = JSON.parse(wrong.out);
      expect([wrong.code, wrong.error]).toEqual([2, '']);
      expect(envelope).toEqual({
        command: null,
        version: expect.any(String),
        exitCode: 2,
        result: null,
        messages: [],
        error: { name: 'UsageError', message: expect.stringMatching(/no-such-option/) },
      });
    },
  );

  it('gives its lines as the result where it has no data', async () => {
    const { out } = await commandInProcess('completion', 'bash', '--json');
    const { result } = JSON.parse(out);
    expect(result.lines.join('\n')).toMatch(/complete -o default/);
  });
});

describe('an id that begins with a dash', () => {
  const why = commands.find(({ name }) => name === 'why') ?? expect.fail('no why');
  const id = '-Cabcdefghijklmnopqrst';
  it.each([
    [
      ['why', id],
      ['why', '--', id],
    ],
    [
      ['why', id, '--since', '1h'],
      ['why', '--since', '1h', '--', id],
    ],
    [
      ['why', '--subscription', id],
      ['why', '--subscription', id],
    ],
    [
      ['why', '--', id],
      ['why', '--', id],
    ],
    [
      ['why', `-${id.slice(0, 21)}`, '--json'],
      ['why', '--json', '--', `-${id.slice(0, 21)}`],
    ],
    [
      ['why', '-short'],
      ['why', '-short'],
    ],
  ])('%j is read as %j', (given, expected) => {
    expect(withIdsApart(why, given)).toEqual(expected);
  });
});

describe('tables', () => {
  const columns = [{ title: 'id' }, { title: 'what', shrinks: true as const }, { title: 'state' }];
  const rows = [['abc', 'a very long text that does not fit into the terminal', 'active']];
  it('fit the terminal, and are whole for other programs', () => {
    for (const width of [21, 30, 40, 80])
      for (const line of table(columns, rows, width).split('\n'))
        expect(line.length).toBeLessThanOrEqual(width);
    expect(table(columns, rows, undefined)).toContain(rows[0]?.[1]);
    expect(table(columns, rows, 30)).toMatch(/… {2}active$/);
  });

  it.each([
    [0, '0 s'],
    [59_400, '59 s'],
    [60_000, '1 min'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
    [172_800_000, '2 d'],
  ])('%d ms is %s', (ms, text) => {
    expect(span(ms)).toBe(text);
  });
});

describe('what the system refuses', () => {
  it('is told in words: a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const { port } = server.address() as { port: number };
    const error = await new Promise<Error>((failed) =>
      createServer().once('error', failed).listen(port, '127.0.0.1'),
    );
    server.close();
    expect(toldError(error)).toEqual({
      exitCode: 1,
      message: expect.stringMatching(new RegExp(`^Port ${port} is in use by another program`)),
    });
  });

  it.each([
    ['ENOSPC', 'write', /disk is full/],
    ['EACCES', 'open', /may not be read or written/],
    ['ENOENT', 'open', /x\.json does not exist/],
    ['EISDIR', 'read', /is a folder/],
    ['ENOENT', 'spawn az', /is not installed/],
    ['EROFS', 'open', /Give another folder/],
  ])('%s of %s', (code, syscall, message) => {
    const error = Object.assign(new Error('raw'), { code, syscall, path: 'x.json' });
    expect(toldError(error)?.message).toMatch(message);
  });

  it('but an error of the program keeps its stack trace', () => {
    expect(toldError(new TypeError('x is undefined'))).toBeUndefined();
  });

  it('with --verbose says where it arose', async () => {
    const missing = join(folder, 'none.json');
    const short = await commandInProcess('why', 'x', '--outputs', missing);
    const long = await commandInProcess('why', 'x', '--outputs', missing, '--verbose');
    expect(short.error).not.toMatch(/^\s+at /m);
    expect(long.error).toMatch(/^\s+at /m);
  });
});
