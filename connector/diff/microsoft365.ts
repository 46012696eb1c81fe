/**
 * The CLI for Microsoft 365 as a process of its own: a timer of its telemetry keeps a process that has loaded it from
 * ending. Its telemetry is switched off for these calls; the settings of the user stay as they are.
 */
import { spawn } from 'node:child_process';

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the CLI for Microsoft 365; rejects with its message when it fails. */
export type Microsoft365 = (
  command: string,
  options: Readonly<Record<string, string>>,
) => Promise<CommandOutput>;

/** Longest that a command may take, ms. */
const longestMs = 120_000;

/** Runs in the child. It is given the address of the package, the command and its options as JSON. */
const program = `
const [api, command, options] = process.argv.slice(1);
const { telemetry } = await import(new URL('telemetry.js', api));
telemetry.trackEvent = async () => undefined;
const { executeCommand } = await import(api);
const told = (failure) => typeof failure === 'string' ? failure
  : failure?.error !== undefined ? told(failure.error)
  : failure?.message !== undefined ? String(failure.message) : String(failure);
let answer;
try { answer = await executeCommand(command, JSON.parse(options)); }
catch (failure) { answer = { failure: told(failure) }; }
process.stdout.write('\\n' + JSON.stringify(answer) + '\\n', () => process.exit(0));
`;

/**
 * @param api address of the installed package's entry
 * @throws Error with the message of the CLI
 */
export const microsoft365At =
  (api: string): Microsoft365 =>
  (command, options) =>
    new Promise((resolve, reject) => {
      const child = spawn(
        process.execPath,
        ['--input-type=module', '--eval', program, api, command, JSON.stringify(options)],
        {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, CLIMICROSOFT365_NOUPDATE: '1' },
          timeout: longestMs,
        },
      );
      const out: Buffer[] = [];
      const errors: Buffer[] = [];
      child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
      child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
      child.once('error', reject);
      child.once('close', (_, signal) => {
        const last = Buffer.concat(out).toString('utf8').trimEnd().split('\n').at(-1) ?? '';
        if (signal !== null) return reject(new Error(`m365 did not answer within ${longestMs / 1000} s.`));
        let answer: { readonly failure?: string; readonly stdout?: string; readonly stderr?: string };
        try {
          answer = JSON.parse(last);
        } catch {
          return reject(
            new Error(Buffer.concat(errors).toString('utf8').trim() || 'm365 ended without an answer.'),
          );
        }
        if (answer.failure !== undefined) reject(new Error(answer.failure));
        else resolve({ stdout: answer.stdout ?? '', stderr: answer.stderr ?? '' });
      });
    });
