/**
 * Records what the help of other programs says about the commands that the documents show:
 * `node --import tsx test/docs/record-tool-help.ts`. It needs `az`, `aws` and `paconn` in the PATH, which
 * `pip install azure-cli awscli paconn` gives; the others are in node_modules. A program that is missing keeps the
 * record that there is.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  blocksOf,
  documents,
  type Invocation,
  inlineInvocations,
  type OutsideTool,
  outsideTools,
  root,
  scriptInvocations,
  type ToolHelp,
} from './documented-commands.ts';

const file = join(root, 'test/docs/tool-help.json');

const run = (program: string, args: readonly string[]): string => {
  try {
    return execFileSync(program, args, {
      encoding: 'utf8',
      env: { ...process.env, AWS_PAGER: 'cat', PAGER: 'cat', MANPAGER: 'cat' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${program} ${args.join(' ')}: ${stdout}${stderr}`);
  }
};

/** Pages of a manual print bold letters twice, with a backspace between. */
const withoutBold = (text: string): string =>
  text
    .split('\b')
    .map((part, at, parts) => (at < parts.length - 1 ? part.slice(0, -1) : part))
    .join('');

const inModules = (name: string) => join(root, 'node_modules/.bin', name);
const packageVersion = (name: string): string =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;

const tools: Readonly<
  Record<OutsideTool, { readonly version: () => string; readonly help: (words: readonly string[]) => string }>
> = {
  az: {
    version: () => JSON.parse(run('az', ['version', '--output', 'json']))['azure-cli'],
    help: (words) => run('az', [...words, '--help']),
  },
  aws: {
    version: () => /aws-cli\/(\S+)/.exec(run('aws', ['--version']))?.[1] ?? '',
    // Global options are in the help of the program.
    help: (words) => withoutBold(`${run('aws', [...words, 'help'])}${run('aws', ['help'])}`),
  },
  cdk: {
    version: () => packageVersion('aws-cdk'),
    help: (words) => run(inModules('cdk'), [...words, '--help']),
  },
  m365: {
    version: () => packageVersion('@pnp/cli-microsoft365'),
    help: (words) => run(inModules('m365'), [...words, '--help', 'options']),
  },
  paconn: {
    version: () => /\d+\.\d+\.\d+/.exec(run('paconn', ['--version']))?.[0] ?? '',
    help: (words) => run('paconn', [...words, '--help']),
  },
};

const fencedInvocations = (document: string): readonly Invocation[] =>
  blocksOf(document)
    .filter(({ language }) => language === 'sh' || language === 'powershell')
    .flatMap(({ text }) => scriptInvocations(text));

const known: Partial<Record<OutsideTool, ToolHelp>> = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : {};
const shown = documents.flatMap((document) => [
  ...fencedInvocations(document),
  ...inlineInvocations(document),
]);

for (const tool of outsideTools) {
  const wanted = [
    ...new Set(shown.filter((one) => one.tool === tool).map(({ words }) => words.join(' '))),
  ].sort();
  const { version, help } = tools[tool];
  let installed: string;
  try {
    installed = version();
  } catch (error) {
    console.log(`${tool}: the record stays. ${error instanceof Error ? error.message.split('\n')[0] : ''}`);
    continue;
  }
  const commands: Record<string, readonly string[]> = {};
  for (const call of wanted) {
    const words = call.split(' ');
    // What follows the command may be its arguments.
    for (let length = words.length; length > 0; length -= 1) {
      const command = words.slice(0, length).join(' ');
      let text: string;
      try {
        text = help(words.slice(0, length));
      } catch (error) {
        if (length === 1)
          console.log(`${tool}: ${error instanceof Error ? error.message.slice(0, 300) : ''}`);
        continue;
      }
      commands[command] = [
        ...new Set([...text.matchAll(/(?<![\w-])--?[a-zA-Z][\w-]*/g)].map(([option]) => option)),
      ].sort();
      break;
    }
  }
  known[tool] = { version: installed, recorded: new Date().toISOString().slice(0, 10), commands };
  console.log(`${tool} ${installed}: ${Object.keys(commands).join(', ')}`);
}

writeFileSync(file, `${JSON.stringify(known, null, 1)}\n`);
