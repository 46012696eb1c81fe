/**
 * Takes the place of a program in the commands of the documents; test/docs/commands.test.ts starts it under the program's
 * name. It notes how it was called, as a line of JSON. Commands of this project run for real; programs that need an
 * account only answer in the form that the following commands read.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, copyFileSync } from 'node:fs';
import { basename } from 'node:path';

const { STAND_IN_LOG, STAND_IN_LAUNCHER, STAND_IN_CDK_OUTPUTS, STAND_IN_CONFIRMED, STAND_IN_ELSEWHERE } =
  process.env;

/** They ask at a terminal, and there is none. */
const asking = new Set(JSON.parse(STAND_IN_CONFIRMED ?? '[]'));
/** Commands of this project that another test runs. */
const elsewhere = new Set(JSON.parse(STAND_IN_ELSEWHERE ?? '[]'));

const note = (tool, args, code = null, text = '') =>
  appendFileSync(STAND_IN_LOG, `${JSON.stringify({ tool, args, code, text })}\n`);

/** A command of this project, in this folder. One that goes on until Ctrl-C gets it after its first lines. */
const own = (args) => {
  if (elsewhere.has(args[0])) return note('insights-connector', args);
  const confirmed =
    asking.has(args[0]) && !args.includes('--dry-run') && args[1] !== 'list' && args[1] !== 'show';
  const given = confirmed ? [...args, '--yes'] : args;
  const child = spawn(process.execPath, [STAND_IN_LAUNCHER, ...given], {
    stdio: ['inherit', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => {
      text += part;
      // Without a line there is nothing to follow; the other limit ends it.
      if (args.includes('--follow')) child.kill('SIGINT');
    });
  if (args.includes('--follow')) setTimeout(() => child.kill('SIGINT'), 5_000).unref();
  child.stdout.pipe(process.stdout);
  child.on('close', (code) => {
    note('insights-connector', args, code, text);
    // Whether the code is the right one, the test says.
    process.exitCode = 0;
  });
};

const guid = '22222222-2222-4222-8222-222222222222';

const answers = {
  az: (line) => {
    if (line.includes('--query password')) return `abc8Q~${'dEf-1_g.'.repeat(4)}`;
    return line.includes('--query') ? guid : '';
  },
  aws: (line) =>
    line.includes('describe-query-definitions')
      ? JSON.stringify({ queryDefinitions: [{ logGroupNames: ['a', 'b'], queryString: 'fields @message' }] })
      : 'an-answer',
  curl: () => 'HTTP/2 401',
};

const [tool, args] = [basename(process.argv[1]), process.argv.slice(2)];
const ofNpm = /^run (build) --$/.exec(args.slice(0, 3).join(' '));
if (tool === 'npx' && args[0] === 'insights-connector') own(args.slice(1));
else if (tool === 'npm' && ofNpm) own([ofNpm[1], ...args.slice(3)]);
else if (tool === 'npx') {
  note(args[0], args.slice(1));
  const file = args[args.indexOf('--outputs-file') + 1];
  if (args.includes('--outputs-file')) copyFileSync(STAND_IN_CDK_OUTPUTS, file);
} else {
  note(tool, args);
  const answer = answers[tool]?.(args.join(' ')) ?? '';
  if (answer !== '') console.log(answer);
}
