import { execFile, spawn as spawnProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { candidates } from '../../bin/commands/completion.ts';
import { commands } from '../../bin/commands/index.ts';
import { parseCommands } from '../../bin/commands/parser.ts';
import { commandInProcess } from './command-in-process.ts';

const launcher = fileURLToPath(new URL('../../bin/insights-connector.mjs', import.meta.url));
const exampleFile = fileURLToPath(new URL('../../config/insights-connector.example.json', import.meta.url));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-line-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As a process of its own, in a folder without configuration. */
const spawn = (...given: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const { INSIGHTS_CONNECTOR_CONFIG: _, ...env } = process.env;
    execFile(process.execPath, [launcher, ...given], { cwd: folder, env }, (failure, out, error) =>
      resolve({ code: failure === null ? 0 : Number(failure.code), out, error }),
    );
  });

const run = (...given: readonly string[]) => commandInProcess(...given);

const file = (name: string) => join(folder, name);

/** A configuration that names its host. */
const hostedFile = (host = 'events.contoso.com'): string => {
  const values = JSON.parse(readFileSync(exampleFile, 'utf8'));
  writeFileSync(
    file(`${host}.json`),
    JSON.stringify({ ...values, connector: { ...values.connector, host } }),
  );
  return file(`${host}.json`);
};

const wellSaid = ({ error }: Ended) => {
  expect(error).not.toBe('');
  expect(error).not.toMatch(/^\s+at /m);
};

describe('a reader that has enough', () => {
  /** Closes the pipe before the program writes. */
  const unread = (...given: readonly string[]): Promise<Ended> =>
    new Promise((resolve) => {
      const child = spawnProcess(process.execPath, [launcher, ...given], { cwd: folder });
      let error = '';
      child.stderr.on('data', (part) => {
        error += part;
      });
      child.stdout.destroy();
      child.on('close', (code) => resolve({ code: code ?? -1, out: '', error }));
    });

  it('ends a command quietly, as the signal SIGPIPE would', async () => {
    expect(await unread('help')).toEqual({ code: 141, out: '', error: '' });
  });

  it('ends a local run, which closes what it has opened', async () => {
    expect(await unread('start', '--once')).toEqual({ code: 141, out: '', error: '' });
  });

  const hasFullDevice = existsSync('/dev/full');
  if (!hasFullDevice) console.log('Skipped: "is no full disk", because this system has no /dev/full.');
  it.runIf(hasFullDevice)('is no full disk, which is told', async () => {
    const script = `"${process.execPath}" "${launcher}" help > /dev/full`;
    const ended = await new Promise<Ended>((resolve) => {
      execFile('bash', ['-c', script], { cwd: folder }, (failure, out, error) =>
        resolve({ code: failure === null ? 0 : Number(failure.code), out, error }),
      );
    });
    expect(ended).toEqual({ code: 1, out: '', error: expect.stringMatching(/^The disk is full/) });
    wellSaid(ended);
  });
});

describe('insights-connector', () => {
  it('help lists the commands; without a command it does the same', async () => {
    const [help, nothing] = await Promise.all([spawn('help'), spawn()]);
    expect(help).toMatchObject({ code: 0, error: '' });
    for (const verb of ['build', 'package', 'diff', 'docs', 'help'])
      expect(help.out).toMatch(new RegExp(`^  ${verb} `, 'm'));
    expect(nothing).toEqual(help);
  });

  it('help of a command lists its options', async () => {
    const help = await spawn('help', 'build');
    expect(help.code).toBe(0);
    for (const option of ['--out', '--config', '--outputs', '--no-icon']) expect(help.out).toContain(option);
  });

  it('ends its process with the code, and without a stack trace', async () => {
    const ended = await spawn('bild');
    expect(ended).toMatchObject({ code: 2, out: '' });
    wellSaid(ended);
  });

  it.each([
    ['an unknown command', ['bild'], /Unknown command 'bild'\n\(Did you mean build\?\)/],
    [
      'an unknown option',
      ['build', '--ouput', 'x'],
      /Unknown option '--ouput'\n\(Did you mean one of --out, --outputs\?\)/,
    ],
    ['help of an unknown command', ['help', 'bild'], /Did you mean build/],
    ['a word too many', ['build', 'x'], /Too many arguments for 'build'/],
    ['an option without its value', ['build', '--out'], /--out <folder>/],
    [
      'an option for the value of another',
      ['build', '--out', '--config', 'x'],
      /--config is the next option/,
    ],
    ['an empty value', ['build', '--out='], /The value is empty/],
    [
      'an option before the command',
      ['--json', 'diff'],
      /Unknown option '--json'\nOptions follow the command/,
    ],
    ['a required option left out', ['replay', '--since', '1h'], /Required option '--subscription <id>'/],
    ['an id that begins with a dash', ['why', '-abc'], /follows `--`: why -- -example/],
    ['no number', ['start', '--api-port', '80a'], /--api-port is "80a"; it takes a whole number, 0 to 65535/],
    ['a port that there is not', ['start', '--api-port', '65536'], /0 to 65535/],
    ['an unknown shell', ['completion', 'tcsh'], /Shells: bash, zsh, fish/],
    ['an option twice', ['build', '--out', 'a', '--out', 'b'], /given more than once/],
  ])('%s ends with 2 and says what exists', async (_, given, message) => {
    const ended = await run(...given);
    expect(ended.code).toBe(2);
    expect(ended.error).toMatch(message);
    expect(ended.error).toMatch(/\nRun `insights-connector help[ a-z]*` for usage\.$/);
    wellSaid(ended);
  });

  it.each([
    ['why', '--outputs', 'none.json', '--', '-abc'],
    ['why', '--outputs', 'none.json', '--subscription', '-abc'],
    ['why', '--outputs', 'none.json', '--subscription=-abc'],
  ])('takes an id that begins with a dash: %s %s %s %s %s', async (...given) => {
    // The call is understood; what is missing is the deployment.
    expect(await run(...given)).toMatchObject({ code: 1, error: expect.stringMatching(/none\.json/) });
  });

  it('every command has an example that it understands', () => {
    for (const { name, examples, hidden, options } of commands) {
      if (hidden) continue;
      const ofOptions = options.length > 0 ? (examples ?? []) : ['(none needed)'];
      expect(ofOptions, name).not.toEqual([]);
      for (const example of examples ?? []) {
        const words = [...example.matchAll(/'([^']*)'|(\S+)/g)].map(
          ([, quoted, bare]) => quoted ?? bare ?? '',
        );
        const given = words.slice(0, words.includes('>') ? words.indexOf('>') : words.length);
        const parsed = parseCommands(
          { program: 'x', version: '0', commands },
          given.filter((word) => word !== '>>' && !word.startsWith('~')),
          {
            print: () => undefined,
            complain: () => undefined,
          },
        );
        expect(parsed?.command.name, example).toBe(name);
      }
    }
  });

  describe('completion', () => {
    it.each([
      ['commands', [''], ['start', 'build', 'help']],
      ['the beginning of a command', ['re'], ['restore', 'redrive', 'replay']],
      ['options of a command', ['build', '--o'], ['--out', '--outputs']],
      ['options that are not given yet', ['build', '--out', 'x', '--o'], ['--outputs']],
      ['commands after help', ['help', 'bu'], ['build']],
      ['shells', ['completion', 'z'], ['zsh']],
    ])('offers %s', (_, words, expected) => {
      expect(candidates(commands, words)).toEqual(expect.arrayContaining(expected));
      if (words.at(-1) !== '') expect(candidates(commands, words)).toEqual(expected);
    });

    it('offers nothing where a value is expected, so that the shell completes files', () => {
      expect(candidates(commands, ['build', '--out', ''])).toEqual([]);
      expect(candidates(commands, ['why', '--', '-'])).toEqual([]);
      expect(candidates(commands, ['no-such-command', ''])).toEqual([]);
    });

    it('never offers what is hidden', () => {
      expect(candidates(commands, ['comp'])).toEqual(['completion']);
    });

    it('works in bash', async () => {
      const { out } = await run('completion', 'bash');
      writeFileSync(
        file('insights-connector'),
        `#!/bin/sh\nexec '${process.execPath}' '${launcher}' "$@"\n`,
        {
          mode: 0o755,
        },
      );
      const script = `${out}\nCOMP_WORDS=(insights-connector build --ou); COMP_CWORD=2; _insights_connector; printf '%s ' "\${COMPREPLY[@]}"`;
      const completed = await new Promise<string>((resolve, reject) => {
        const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
        execFile('bash', ['-c', script], { env }, (failure, text) =>
          failure ? reject(failure) : resolve(text),
        );
      });
      expect(completed).toBe('--out --outputs ');
    });
  });

  it('build writes the files, prints their sizes, and that the example values are placeholders', async () => {
    const ended = await spawn('build', '--out', 'built');
    expect(ended.code).toBe(0);
    expect(ended.error).toMatch(/embedded example values/);
    expect(readdirSync(join(folder, 'built')).sort()).toEqual([
      'apiDefinition.swagger.json',
      'apiProperties.json',
      'icon.png',
      'intro.md',
      'readme.md',
      'settings.json',
    ]);
    expect(ended.out).toMatch(/^ +\d+ {2}built\/apiDefinition\.swagger\.json$/m);
    expect(ended.out).toMatch(/^ +\d+ {2}bytes in 6 files, built in \d+\.\d\d s$/m);
  });

  it('package writes the same bytes in two runs', async () => {
    const given = ['package', '--config', hostedFile(), '--out'];
    expect(await run(...given, file('one.zip'))).toMatchObject({ code: 0, error: '' });
    expect(await run(...given, file('two.zip'))).toMatchObject({ code: 0, error: '' });
    expect(readFileSync(join(folder, 'one.zip')).equals(readFileSync(join(folder, 'two.zip')))).toBe(true);
  });

  it('package writes the solution of the connector, which the check of packages accepts', async () => {
    expect(await run('package', '--config', hostedFile(), '--out', file('solution.zip'))).toMatchObject({
      code: 0,
      error: '',
      out: expect.stringContaining('solution CustomerInsightsConnector'),
    });
    const checked = await run('flows', 'check', file('solution.zip'));
    expect(checked).toMatchObject({ code: 0, error: '' });
    expect(checked.out).toContain('solution, 0 flows, 1 connector');
    expect(checked.out).toContain('No problems found.');
  });

  it('package takes other languages, but not for certification', async () => {
    const given = ['package', '--config', hostedFile(), '--out', file('language.zip'), '--locale'];
    expect(await run(...given, 'nb')).toMatchObject({ code: 0, error: '' });
    expect(await run(...given, 'xx')).toMatchObject({ code: 2, error: expect.stringMatching(/en, nb, de/) });
  });

  it('a wrong configuration ends with 1 and its problems, and writes nothing', async () => {
    const values = JSON.parse(readFileSync(exampleFile, 'utf8'));
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify({ ...values, tenantId: 'contoso' }));
    const ended = await run('build', '--config', file('wrong.json'), '--out', file('unwritten'));
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.error).toMatch(/^Invalid .*wrong\.json:.*tenantId is "contoso".*A GUID/s);
    expect(existsSync(join(folder, 'unwritten'))).toBe(false);
    wellSaid(ended);
  });

  it('a configuration without host builds with the outputs of the deployment, and not without', async () => {
    const outputs = {
      Stack: {
        ConnectorHost: 'abc.execute-api.eu-west-1.amazonaws.com',
        TenantId: '11111111-1111-4111-8111-111111111111',
        ConnectorClientId: '22222222-2222-4222-8222-222222222222',
        ApiClientId: '33333333-3333-4333-8333-333333333333',
      },
    };
    writeFileSync(join(folder, 'cdk-outputs.json'), JSON.stringify(outputs));
    const given = ['build', '--no-icon', '--config', exampleFile, '--out', file('deployed')];
    const without = await run(...given);
    expect(without).toMatchObject({ code: 1 });
    expect(without.error).toMatch(/connector\.host is missing.*--outputs/s);
    wellSaid(without);
    expect(await run(...given, '--outputs', file('cdk-outputs.json'))).toMatchObject({ code: 0, error: '' });
    const definition = JSON.parse(
      readFileSync(join(folder, 'deployed', 'apiDefinition.swagger.json'), 'utf8'),
    );
    expect(definition.host).toBe(outputs.Stack.ConnectorHost);
  });

  it('every command that reads a configuration refuses a secret in it, and none repeats it', async () => {
    const values = JSON.parse(readFileSync(exampleFile, 'utf8'));
    values.applications.api.secretName = `abc8Q${'~'}${'dEf-1_g.'.repeat(4)}`;
    const config = file('secret.json');
    writeFileSync(config, JSON.stringify(values));
    const program = (given: readonly string[], more: Readonly<Record<string, string>> = {}) =>
      new Promise<Ended>((resolve) => {
        const [path = '', ...others] = given;
        const source = fileURLToPath(new URL(`../../${path}`, import.meta.url));
        const called = ['--import', import.meta.resolve('tsx'), source, ...others];
        const env = { ...process.env, INSIGHTS_CONNECTOR_CONFIG: config, ...more };
        execFile(process.execPath, called, { cwd: folder, env }, (failure, out, error) =>
          resolve({ code: failure === null ? 0 : Number(failure.code), out, error }),
        );
      });
    const ended = await Promise.all([
      run('build', '--config', config, '--out', file('secret')),
      run('package', '--config', config, '--out', file('secret.zip')),
      run('diff', '--config', config, '--from', folder),
      program(['bin/insights-connector.ts', 'app']),
      program(['bin/insights-connector.ts', 'start'], {
        CUSTOMER_INSIGHTS_URL: 'https://api.ci.ai.dynamics.com/v1',
      }),
    ]);
    for (const [index, each] of ended.entries()) {
      // diff says that nothing was compared.
      expect(each.code).toBe(index === 2 ? 3 : 1);
      expect(each.error).toMatch(
        /applications\.api\.secretName looks like a client secret of Microsoft Entra/,
      );
      expect(each.out + each.error).not.toContain('dEf');
      wellSaid(each);
    }
  });

  describe('who publishes the connector', () => {
    const outputsFile = () => {
      const id = (digit: string) => `${digit.repeat(8)}-1111-4111-8111-${digit.repeat(12)}`;
      const Stack = {
        ConnectorHost: 'abc.execute-api.eu-west-1.amazonaws.com',
        TenantId: id('1'),
        ConnectorClientId: id('2'),
        ApiClientId: id('3'),
      };
      writeFileSync(file('real-outputs.json'), JSON.stringify({ Stack }));
      return file('real-outputs.json');
    };
    /** The example file with another `connector` block; without one when undefined. */
    const configured = (connector: unknown) => {
      const { connector: _, ...values } = JSON.parse(readFileSync(exampleFile, 'utf8'));
      writeFileSync(
        file('publisher.json'),
        JSON.stringify({ ...values, ...(connector !== undefined && { connector }) }),
      );
      return ['--config', file('publisher.json')];
    };
    const { connector: own } = JSON.parse(readFileSync(exampleFile, 'utf8'));
    const everyText = [
      'connector.publisher (Your organisation)',
      'connector.contact.name (Customer Insights operations)',
      'connector.contact.url (https://example.com/support)',
      'connector.contact.email (support@example.com)',
      'connector.website (https://example.com)',
      'connector.privacyPolicy (https://example.com/privacy)',
    ];
    const out = () => ['--no-icon', '--out', file('published')];

    it('is warned of beside a real host, without configuration and without its connector block', async () => {
      for (const given of [[], configured(undefined), configured({})]) {
        const ended =
          given.length === 0
            ? await spawn('build', '--outputs', outputsFile(), ...out())
            : await run('build', '--outputs', outputsFile(), ...given, ...out());
        expect(ended.code).toBe(0);
        for (const text of everyText) expect(ended.error).toContain(text);
      }
    });

    it('is warned of by the package too, and only for the placeholders', async () => {
      const { website: _, ...others } = own;
      const given = [
        '--outputs',
        outputsFile(),
        ...configured(others),
        '--no-icon',
        '--out',
        file('published.zip'),
      ];
      const ended = await run('package', ...given);
      expect(ended.code).toBe(0);
      expect(ended.error).toMatch(/^Placeholders, .*: connector\.website \(https:\/\/example\.com\)\.$/m);
    });

    it('of a product in the title is warned of in a submission to certification, and only there', async () => {
      const published = {
        ...own,
        website: 'https://contoso.com',
        privacyPolicy: 'https://contoso.com/privacy',
      };
      const build = (title: string, ...more: readonly string[]) =>
        run('build', '--outputs', outputsFile(), ...configured({ ...published, title }), ...more, ...out());
      expect((await build('Customer Insights Events', '--certification')).error).toContain(
        'contains "Customer Insights", the name of a product',
      );
      expect((await build('Contoso Events', '--certification')).error).not.toContain('name of a product');
      expect((await build('Customer Insights Events')).error).not.toContain('name of a product');
    });

    it('is warned of in a domain for examples', async () => {
      const contact = { ...own.contact, email: 'me@help.example.org', url: 'https://example.net/help' };
      const real = { website: 'https://myexample.com', privacyPolicy: 'https://example.company.com' };
      const given = ['--outputs', outputsFile(), ...configured({ ...own, contact, ...real }), ...out()];
      const { error } = await run('build', ...given);
      expect(error).toContain(
        'connector.contact.url (https://example.net/help), connector.contact.email (me@help.example.org).',
      );
      expect(error).not.toMatch(/website|privacyPolicy/);
    });

    it('is no matter where all is given', async () => {
      const given = [
        'build',
        '--outputs',
        outputsFile(),
        ...configured({ ...own, title: 'Contoso Events' }),
        ...out(),
      ];
      expect(await run(...given)).toMatchObject({ code: 0, error: '' });
      expect(await run(...given, '--certification')).toMatchObject({ code: 0, error: '' });
    });

    it('must be said for certification; nothing is written', async () => {
      const given = ['--certification', '--no-icon', '--out', file('uncertified')];
      for (const ended of [
        await run('build', '--outputs', outputsFile(), ...configured({}), ...given),
        await spawn('build', ...given),
      ]) {
        expect(ended).toMatchObject({ code: 1, out: '' });
        for (const text of everyText)
          expect(ended.error).toContain(`${text} is a placeholder; certification requires`);
        wellSaid(ended);
      }
      expect(existsSync(file('uncertified'))).toBe(false);
    });
  });

  it('build prints which connector the settings still name, and a change of its host', async () => {
    const given = ['build', '--no-icon', '--out', file('existing'), '--config'];
    await run(...given, hostedFile());
    const settings = join(folder, 'existing', 'settings.json');
    const before = JSON.parse(readFileSync(settings, 'utf8'));
    const environment = 'Default-01234567-89ab-cdef-0123-456789abcdef';
    writeFileSync(settings, JSON.stringify({ ...before, connectorId: 'shared_events', environment }));
    const again = await run(...given, hostedFile());
    expect(again).toMatchObject({ code: 0, error: '' });
    expect(again.out).toMatch(/still names the connector shared_events in the environment Default-0/);
    const other = await run(...given, hostedFile('staging.contoso.com'));
    expect(other.code).toBe(0);
    expect(other.error).toMatch(
      /connector in this folder was events\.contoso\.com;.*its own folder \(--out\)/s,
    );

    writeFileSync(settings, '{');
    const broken = await run(...given, hostedFile());
    expect(broken).toMatchObject({ code: 1, out: '' });
    expect(broken.error).toMatch(/existing.settings\.json is not JSON.*nothing was written/s);
    wellSaid(broken);
  });

  it('a folder that cannot be made ends with 1 and the reason', async () => {
    writeFileSync(join(folder, 'file'), '');
    const ended = await run('build', '--no-icon', '--config', hostedFile(), '--out', file('file/below'));
    expect(ended.code).toBe(1);
    expect(ended.error).toMatch(/is below a file/);
    wellSaid(ended);
  });

  describe('diff', () => {
    const built = async (name: string): Promise<string> => {
      await run('build', '--config', hostedFile(), '--out', file(name));
      return file(name);
    };
    const against = (folder: string, ...more: readonly string[]) =>
      run('diff', '--config', hostedFile(), '--from', folder, ...more);

    it('finds no difference to what was just built', async () => {
      const ended = await against(await built('same'));
      expect(ended).toMatchObject({ code: 0, error: '' });
      expect(ended.out).toMatch(/^No difference between the generated connector and .*same\.$/);
    });

    it('ends with 1 when flows would break, and says why', async () => {
      const folder = await built('older');
      const path = join(folder, 'apiDefinition.swagger.json');
      const definition = JSON.parse(readFileSync(path, 'utf8'));
      definition.paths['/former'] = { get: { operationId: 'Former', summary: 'Former one', responses: {} } };
      writeFileSync(path, JSON.stringify(definition));
      const ended = await against(folder);
      expect(ended.code).toBe(1);
      expect(ended.out).toMatch(/1 breaking.*Former one \(Former\)\n {4}- It was removed/s);
      const json = await against(folder, '--json');
      expect(JSON.parse(json.out).result).toMatchObject({ counts: { breaking: 1 } });
    });

    it.each([
      ['without anything to compare with', [], /--from <folder>.*--environment/],
      ['with both', ['--from', 'x', '--name', 'y'], /not both/],
      ['with a name only', ['--name', 'y'], /--environment <id> and --name/],
    ])('%s ends with 2 and says what to give', async (_, given, message) => {
      const ended = await run('diff', ...given);
      expect(ended.code).toBe(2);
      expect(ended.error).toMatch(message);
    });

    it('with a folder that does not exist, or is no connector, ends with 3', async () => {
      expect(await against(file('nowhere'))).toMatchObject({
        code: 3,
        error: expect.stringMatching(/nowhere does not exist/),
      });
      expect(await against(folder)).toMatchObject({
        code: 3,
        error: expect.stringMatching(/no apiDefinition/),
      });
    });

    it('without a configuration compares nothing with invented values, and ends with 3', async () => {
      const folderOfBuild = await built('example');
      const ended = await spawn('diff', '--from', folderOfBuild);
      expect(ended).toMatchObject({
        code: 3,
        out: '',
        error: expect.stringMatching(/There is no configuration here/),
      });
    });
  });

  describe('docs', () => {
    it('prints the table of operations', async () => {
      const ended = await run('docs', '--table');
      expect(ended).toMatchObject({ code: 0, error: '' });
      expect(ended.out).toMatch(/^operation .*\nOn\w+ .* POST \/v1\//s);
    });

    it('prints how the designer shows one operation, or says which there are', async () => {
      const ended = await run('docs', '--designer', 'GetItems');
      expect(ended.code).toBe(0);
      expect(ended.out).toMatch(/^┌─ Get items from an entity/);
      const unknown = await run('docs', '--designer', 'ListInstances');
      expect(unknown.code).toBe(2);
      expect(unknown.error).toMatch(/Unknown operation "ListInstances"\. Operations: .*GetItems/);
    });
  });
});
