/** What the documents name exists: files, scripts, commands and their options. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands } from '../../bin/commands/index.ts';
import { parseCommands } from '../../bin/commands/parser.ts';
import { costOfMillionCalls, targets } from '../../scripts/cost/tables.ts';
import { hitsIn, proseOf, said, textsOf } from './wording.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...globSync('docs/**/*.md', { cwd: root }),
];
const read = (document: string) => readFileSync(join(root, document), 'utf8');
const { scripts } = JSON.parse(read('package.json'));

/** As GitHub makes them. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const mostColumns = 120;

/** Their lines are still longer; `operations.md`, `designer.md` and the rules of the checker are generated. */
const longLines = ['check/official-rules', 'check/rules', 'designer', 'operations'].map(
  (name) => `docs/${name}.md`,
);

/** Fenced blocks and inline code. */
const codeOf = (text: string): readonly string[] =>
  [...text.matchAll(/```\w*\n(.*?)```|`([^`\n]+)`/gs)].flatMap(([, block, inline = '']) =>
    block === undefined ? [inline] : block.replaceAll('\\\n', ' ').split('\n'),
  );

describe.each(documents)('%s', (document) => {
  const text = read(document);
  const code = codeOf(text);

  it('links to files and headings that exist', () => {
    const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]*))?\)/g)].filter(
      ([, path = '', anchor]) => {
        const target = path === '' ? document : join(dirname(document), path);
        if (!existsSync(join(root, target))) return true;
        return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
      },
    );
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = code.flatMap((line) =>
      [...line.matchAll(/\bnpm (?:run (?:--silent )?([a-z][\w:-]*)|(test|start)\b)/g)].map(
        ([, run, short]) => run ?? short ?? '',
      ),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('calls the command line in a way that it understands', () => {
    const calls = code.flatMap((line) =>
      [...line.matchAll(/\binsights-connector (?=[a-z])([^|#`"]*)/g)].map(([, call = '']) =>
        call.replace(/ (>|&&|<\(|< ).*$/, '').replace(/,.*$/, ''),
      ),
    );
    for (const call of calls) {
      // Brackets say that something may be left out.
      const words = [...call.replaceAll(/[[\]]/g, '').matchAll(/'([^']*)'|<[^>]*>|\S+/g)].map(
        ([word, quoted]) => quoted ?? word,
      );
      // A command alone is its name, and no call.
      const given =
        words.length === 1 && commands.some(({ name }) => name === words[0]) ? ['help', ...words] : words;
      const parse = () =>
        parseCommands({ program: 'insights-connector', version: '0', commands }, given, {
          print: () => undefined,
          complain: () => undefined,
        });
      expect(parse, call).not.toThrow();
    }
  });
});

it.each(documents.filter((document) => !longLines.includes(document)))(
  `%s has lines of at most ${mostColumns} columns`,
  (document) => {
    // Tables and code cannot be wrapped.
    const prose = read(document)
      .replaceAll(/^( *)```.*?^\1```$/gms, '')
      .split('\n');
    expect(prose.filter((line) => !/^(\|| {4})/.test(line) && line.length > mostColumns)).toEqual([]);
  },
);

describe('plain English', () => {
  it.each(documents)('%s', (document) => {
    expect(said(document, hitsIn(proseOf(read(document))))).toEqual([]);
  });

  it.each(['bench', 'bin', 'config', 'connector', 'console', 'flows', 'lambda', 'lib', 'local', 'scripts'])(
    'messages and comments of %s',
    (folder) => {
      const files = globSync(`${folder}/**/*.ts`, { cwd: root });
      expect(files.length).toBeGreaterThan(3);
      const found = files.flatMap((path) =>
        textsOf(path, read(path)).flatMap(({ line, text }) => said(path, hitsIn(text, line))),
      );
      expect(found).toEqual([]);
    },
  );
});

describe('CONTRIBUTING.md', () => {
  it('names files and folders that exist', () => {
    const named = codeOf(read('CONTRIBUTING.md')).filter((code) =>
      /^(bench|bin|config|connector|docs|lambda|lib|local|scripts|test)\/[\w./-]*$/.test(code),
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = read('docs/architecture.md');
  /** The rows of the table under a heading, without its head. */
  const rowsUnder = (heading: string): readonly string[] =>
    (text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1);

  it('names files that exist', () => {
    const named = codeOf(text).filter((code) => /^[\w-]+\/[\w./-]*\.(ts|md)$/.test(code));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('defines at most twenty terms', () => {
    const terms = rowsUnder('Glossary').map((row) => row.split(' | ')[0]);
    expect(terms.length).toBeGreaterThan(10);
    expect(terms.length).toBeLessThanOrEqual(20);
    expect(new Set(terms).size).toBe(terms.length);
  });

  it('answers each question of a newcomer with at most three files', () => {
    const rows = rowsUnder("A newcomer's questions");
    for (const topic of ['trigger', 'action', 'alarm', 'window', 'retried'])
      expect(
        rows.filter((row) => row.split(' | ')[0]?.includes(topic)),
        topic,
      ).toHaveLength(1);
    for (const row of rows)
      expect(codeOf(row).filter((code) => /\.(ts|md)$/.test(code)).length, row).toBeLessThanOrEqual(3);
  });
});

describe('README.md', () => {
  const text = read('README.md');

  it('has the computed costs', () => {
    expect(/([\d.]+) USD at AWS list prices/.exec(text)?.[1]).toBe(costOfMillionCalls().toFixed(2));
    // test/scripts/cost/tables.test.ts holds them.
    const [, fixed, instance] =
      /less than (\d+) USD a month, and less than ([\d.]+) for each/.exec(text) ?? [];
    expect([Number(fixed), Number(instance)]).toEqual([targets.fixedMonth, targets.idleInstanceMonth]);
  });

  it('shows at most 40 lines of program output', () => {
    const outputs = [...text.matchAll(/```text\n(.*?)\n```/gs)].map(
      ([, block = '']) => block.split('\n').length,
    );
    expect(outputs).toHaveLength(1);
    expect(outputs[0]).toBeLessThanOrEqual(40);
  });

  it('says on the first screen what it is for, what it needs and costs, and its licence', () => {
    const first = text.split('\n').slice(0, 20).join('\n');
    for (const word of ['Power Automate', 'Needed to', 'Cost per', '[MIT](LICENSE)'])
      expect(first).toContain(word);
  });
});
