/** The commands that the documents show, as text. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export const documents: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...globSync('docs/**/*.md', { cwd: root }).sort(),
];

export interface Block {
  readonly language: string;
  /** The name that its first line gives it. */
  readonly file: string | undefined;
  readonly text: string;
}

/** Fenced blocks, also those of a list. */
export const blocksOf = (document: string): readonly Block[] =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/^( *)```(\w+)(?: (\S+))?\n(.*?)^\1```$/gms)].map(
    ([, , language = '', file, text = '']) => ({ language, file, text }),
  );

/** Programs that need an account, or that another project documents: their own help says what they understand. */
export const outsideTools = ['az', 'aws', 'cdk', 'm365', 'paconn'] as const;
export type OutsideTool = (typeof outsideTools)[number];

export interface Invocation {
  readonly tool: OutsideTool;
  /** `ad app create` */
  readonly words: readonly string[];
  /** With their dashes. */
  readonly options: readonly string[];
}

export const isOutside = (tool: string): tool is OutsideTool =>
  (outsideTools as readonly string[]).includes(tool);

/** @param args as the program gets them */
export const invocationOf = (tool: OutsideTool, args: readonly string[]): Invocation => {
  const end = args.findIndex((arg) => !/^[a-z][a-z0-9-]*$/.test(arg));
  return {
    tool,
    words: end < 0 ? args : args.slice(0, end),
    options: args.filter((arg) => /^--?[a-zA-Z]/.test(arg)).map((arg) => arg.replace(/=.*$/s, '')),
  };
};

/** Commands of other programs within a sentence or a table: `az login`. */
export const inlineInvocations = (document: string): readonly Invocation[] => {
  const prose = readFileSync(join(root, document), 'utf8').replaceAll(/^( *)```.*?^\1```$/gms, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => {
    const [first = '', ...rest] = code.replace(/^npx (?=cdk |m365 )/, '').split(/\s+/);
    const args = rest.map((arg) => arg.replaceAll(/["']/g, ''));
    return isOutside(first) && /^[a-z]/.test(args[0] ?? '') ? [invocationOf(first, args)] : [];
  });
};

/**
 * Calls of other programs in a script, found by its text: `az ad app create --…`, also within $(…) and { … }. A call ends
 * with its line, or with the bracket around it.
 */
export const scriptInvocations = (script: string): readonly Invocation[] =>
  [
    ...script
      .replaceAll(/[\\`]\n\s*/g, ' ')
      .matchAll(/(?:^|[\s({])(az|aws|paconn|npx cdk|npx m365) ([a-z][^\n}]*)/gm),
  ].flatMap(([, program = '', rest = '']) => {
    const tool = program.replace('npx ', '');
    // What is quoted is a value.
    const [call = ''] = rest.replaceAll(/"[^"]*"|'[^']*'/g, "'").split(')');
    const args = call.trim().split(/\s+/);
    return isOutside(tool) ? [invocationOf(tool, args)] : [];
  });

/** What the help of a program says, by command: the options that it names. */
export interface ToolHelp {
  readonly version: string;
  /** Day of the record. */
  readonly recorded: string;
  readonly commands: Readonly<Record<string, readonly string[]>>;
}

/** The longest command that the help knows and these words begin with. */
export const commandOf = ({ commands }: ToolHelp, words: readonly string[]): string | undefined =>
  words
    .map((_, at) => words.slice(0, words.length - at).join(' '))
    .find((command) => Object.hasOwn(commands, command));
