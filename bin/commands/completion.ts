/** Tab completion: the script of each shell calls the program, so that the list is always current. */
import { type Command, optionsOf, UsageError } from './command.ts';

const scripts = {
  bash: (program: string) => `# Load it with: source <(${program} completion bash)
_insights_connector() {
  local IFS=$'\\n'
  COMPREPLY=($(${program} complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _insights_connector ${program}`,
  zsh: (program: string) => `# Load it with: source <(${program} completion zsh)
_insights_connector() {
  local -a found
  found=("\${(@f)$(${program} complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _insights_connector ${program}`,
  fish: (program: string) => `# Load it with: ${program} completion fish | source
complete -c ${program} -a '(${program} complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'`,
} as const;

type Shell = keyof typeof scripts;

const shells = Object.keys(scripts) as readonly Shell[];

const isShell = (text: string | undefined): text is Shell => shells.some((shell) => shell === text);

const longName = (flags: string): string => flags.split(' ', 1)[0] ?? flags;

/**
 * Completions of the last word. None where a value is expected, so that the shell completes file names.
 * @param words after the name of the program; the last is incomplete and may be empty
 */
export const candidates = (commands: readonly Command[], words: readonly string[]): readonly string[] => {
  const last = words.at(-1) ?? '';
  const visible = commands.filter(({ hidden }) => !hidden).map(({ name }) => name);
  const all =
    words.length <= 1 ? [...visible, 'help', '--help', '--version'] : inCommand(commands, visible, words);
  return all.filter((word) => word.startsWith(last));
};

const inCommand = (
  commands: readonly Command[],
  visible: readonly string[],
  words: readonly string[],
): readonly string[] => {
  const [verb] = words;
  if (verb === 'help') return words.length === 2 ? visible : [];
  const command = commands.find(({ name }) => name === verb);
  if (command === undefined || words.slice(0, -1).includes('--')) return [];
  const before = words.at(-2);
  const all = optionsOf(command);
  if (all.some(({ flags }) => flags.includes(' <') && longName(flags) === before)) return [];
  const given = new Set(words.slice(1, -1));
  const options = all.map(({ flags }) => longName(flags)).filter((name) => !given.has(name));
  const shellNames = command.name === 'completion' && words.length === 2 ? shells : [];
  return [...shellNames, ...options, '--help'];
};

export const completion: Command = {
  name: 'completion',
  arguments: '<shell>',
  summary: `Print a script for Tab completion of commands and options: ${shells.join(', ')}`,
  options: [],
  examples: [
    'completion bash >> ~/.bashrc',
    'completion fish > ~/.config/fish/completions/insights-connector.fish',
  ],
  run: async (_, { print }, [shell]) => {
    if (!isShell(shell))
      throw new UsageError(`There is no completion for the shell "${shell}". Shells: ${shells.join(', ')}.`);
    print(scripts[shell]('insights-connector'));
    return 0;
  },
};

/**
 * The command that the scripts call.
 * @param commands read when it runs, because this command is one of them
 */
export const complete = (commands: () => readonly Command[]): Command => ({
  name: 'complete',
  arguments: '[words...]',
  summary: 'Print the completions of the last word',
  hidden: true,
  options: [],
  run: async (_, { print }, words) => {
    const found = candidates(commands(), words);
    if (found.length > 0) print(found.join('\n'));
    return 0;
  },
});
