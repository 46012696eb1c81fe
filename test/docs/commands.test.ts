/**
 * Every command of the documents. Those of this project run as the page gives them, in a shell, against a local run; the
 * pages are followed from top to bottom. Programs that need an account are stand-ins: each call of theirs has to be one
 * that the program's own help describes. test/docs/record-tool-help.ts records the help.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../bin/commands/index.ts';
import { exampleConfiguration } from '../../config/example.ts';
import { operatorOutputNames } from '../../config/operator-outputs.ts';
import { buildConnector } from '../../connector/emit/write.ts';
import {
  blocksOf,
  commandOf,
  documents,
  type Invocation,
  inlineInvocations,
  invocationOf,
  isOutside,
  outsideTools,
  root,
  scriptInvocations,
  type ToolHelp,
} from './documented-commands.ts';

/** Pages whose commands another test runs, with what they print. */
const ranElsewhere: Readonly<Record<string, string>> = {
  'docs/flow-mail-on-threshold.md': 'test/docs/flow-pages.test.ts',
  'docs/flow-teams-on-failure.md': 'test/docs/flow-pages.test.ts',
  'docs/write-your-own-flow.md': 'test/docs/flow-pages.test.ts',
};

/** Commands of this project that are not run here: the first words, and where they are run. */
const notHere: Readonly<Record<string, string>> = {
  start: 'this test has started one already; .ci/run runs `start --once`',
  secrets:
    'test/e2e/secrets.test.ts runs it: it tries a secret at the sign-in of the tenant before it stores it',
  instances: 'test/e2e/instances.test.ts runs it: it asks for keys, and a page cannot show those of a run',
  'deploy-connector': 'test/paconn/paconn.test.ts runs it, with the real paconn and a stub of Power Apps',
};

/** Exit codes beside 0 that a command may have here, and why. */
const otherCodes: readonly (readonly [RegExp, readonly number[], string])[] = [
  [/^status\b/, [1], 'the stories leave something that needs attention'],
  [/^redrive\b/, [1], 'letters stay: their flow refuses them again'],
  [/^doctor\b/, [1, 4], 'a local run has no account and no connector in Power Platform'],
  [/^open dashboard\b/, [1], 'a local run has no page in AWS'],
  [/^diff --environment\b/, [3], 'no user is signed in to Microsoft 365 here'],
];

const toolHelp: Readonly<Record<(typeof outsideTools)[number], ToolHelp>> = JSON.parse(
  readFileSync(join(root, 'test/docs/tool-help.json'), 'utf8'),
);

const folder = mkdtempSync(join(tmpdir(), 'documents-'));
const bin = join(folder, 'bin');
const log = join(folder, 'log');
const outputs = join(folder, 'deployed.json');
const built = join(folder, 'connector');
const launcher = join(root, 'bin/insights-connector.mjs');
const env = {
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  STAND_IN_LOG: log,
  STAND_IN_LAUNCHER: launcher,
  STAND_IN_CDK_OUTPUTS: outputs,
  STAND_IN_CONFIRMED: JSON.stringify(
    commands.filter(({ options }) => options.some(({ flags }) => flags === '--yes')).map(({ name }) => name),
  ),
  STAND_IN_ELSEWHERE: JSON.stringify(Object.keys(notHere)),
  // What a page says to put in place of them.
  ENVIRONMENT: 'Default-1',
  SECRET: 'the-secret',
  TENANT: exampleConfiguration.tenantId,
  CONNECTOR: exampleConfiguration.applications.connector.clientId,
  API: exampleConfiguration.applications.api.clientId,
  DEVICE_CODE: 'a-code',
  ACCESS_TOKEN: 'a-token',
  REDIRECT_URL: 'https://global.consent.azure-apim.net/redirect/x',
};

let run: ChildProcess;
/** The outputs file of the local run. */
let runOutputs: string;

const inside = (
  script: string,
  cwd: string,
  input = '',
): Promise<{ readonly code: number; readonly text: string }> =>
  new Promise((done) => {
    const child = execFile(
      'bash',
      ['-euo', 'pipefail', '-c', script],
      { cwd, env: { ...env, INSIGHTS_CONNECTOR_OUTPUTS: runOutputs }, timeout: 170_000 },
      (failure, out, error) =>
        done({ code: failure === null ? 0 : Number(failure.code ?? 1), text: `${out}${error}` }),
    );
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });

const ask = async <Result>(...given: readonly string[]): Promise<Result> => {
  const { text } = await inside(
    `node '${launcher}' ${given.map((word) => `'${word}'`).join(' ')} --json`,
    folder,
  );
  return JSON.parse(text).result;
};

beforeAll(async () => {
  mkdirSync(bin);
  for (const tool of [...outsideTools.filter((name) => name !== 'cdk'), 'npx', 'npm', 'curl', 'sleep']) {
    writeFileSync(
      join(bin, tool),
      `#!${process.execPath}\nimport('${join(root, 'test/docs/stand-in.mjs')}');\n`,
    );
    chmodSync(join(bin, tool), 0o755);
  }
  const { tenantId, applications } = exampleConfiguration;
  writeFileSync(
    outputs,
    JSON.stringify({
      InsightsConnector: {
        ConnectorHost: 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com',
        TenantId: tenantId,
        ConnectorClientId: applications.connector.clientId,
        ApiClientId: applications.api.clientId,
        ...Object.fromEntries(Object.values(operatorOutputNames).map((name) => [name, 'x'])),
      },
    }),
  );
  await buildConnector({ configuration: exampleConfiguration, out: built });
  run = spawn(process.execPath, [launcher, 'start'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  runOutputs = await new Promise((ready, failed) => {
    let text = '';
    run.stdout?.on('data', (part) => {
      text += part;
      const [, file] = /--outputs (\S+)\n/.exec(text) ?? [];
      if (file !== undefined && text.includes('The run continues until Ctrl-C')) ready(file);
    });
    run.once('exit', () => failed(new Error(`The local run ended: ${text}`)));
  });
}, 120_000);

afterAll(async () => {
  const ended = new Promise((done) => run.once('exit', done));
  run.kill('SIGINT');
  await ended;
  rmSync(folder, { recursive: true, force: true });
});

const addFlow = (...more: readonly string[]) =>
  ask<{ subscriptionId: string }>('local', 'flow', 'add', 'OnDataSourceRefreshFailed', ...more);

interface Noted {
  readonly tool: string;
  readonly args: readonly string[];
  readonly code: number | null;
  readonly text: string;
}

/** What is wrong with a call of another program; undefined if its help describes it. */
const fault = ({ tool, words, options }: Invocation): string | undefined => {
  const help = toolHelp[tool];
  const command = commandOf(help, words);
  const called = `${tool} ${words.join(' ')}`;
  if (command === undefined)
    return `${called}: no help is recorded. Run: node --import tsx test/docs/record-tool-help.ts`;
  const known = help.commands[command] ?? [];
  // The programs take `--no-x` for each `--x` that can be switched off, and their help names one of the two.
  const unknown = options.filter(
    (option) => !known.includes(option) && !known.includes(option.replace(/^--no-/, '--')),
  );
  return unknown.length === 0
    ? undefined
    : `${called} has no ${unknown.join(', ')} in ${tool} ${help.version}`;
};

const withCommands = documents.filter((document) =>
  blocksOf(document).some(({ language }) => language === 'sh'),
);

describe.each(withCommands.filter((document) => !(document in ranElsewhere)))('%s', (document) => {
  it('shows commands that run, and calls other programs as their help describes', async () => {
    const own = join(folder, document.replaceAll('/', '-'));
    mkdirSync(join(own, 'config'), { recursive: true });
    cpSync(
      join(root, 'config/insights-connector.example.json'),
      join(own, 'config/insights-connector.example.json'),
    );
    await addFlow();
    const { subscriptions } = await ask<{ subscriptions: readonly { owner: string }[] }>(
      'subscriptions',
      'list',
    );
    const owner = subscriptions[0]?.owner ?? '';
    // As the page on deployment leaves it.
    cpSync(outputs, join(own, 'cdk-outputs.json'));
    writeFileSync(join(own, 'insights-connector.json'), JSON.stringify(exampleConfiguration));
    writeFileSync(
      join(own, 'staging.json'),
      JSON.stringify({ ...exampleConfiguration, deployment: { name: 'staging' } }),
    );
    writeFileSync(
      join(own, 'assumptions.json'),
      JSON.stringify({ format: 1, takenAt: new Date().toISOString(), answers: {} }),
    );
    const blocks = blocksOf(document);
    for (const { language, file, text } of blocks)
      if (language === 'json' && file !== undefined) writeFileSync(join(own, file), text);
    const scripts: string[] = [];
    for (const { text } of blocks.filter(({ language }) => language === 'sh')) {
      // Of its own for each block: one block may end it.
      const { subscriptionId } = /<(?:subscription|id)>/.test(text)
        ? await addFlow()
        : { subscriptionId: '' };
      scripts.push(
        text
          .replaceAll(/<(?:subscription|id)>/g, subscriptionId)
          .replaceAll('<object-id>', owner)
          .replaceAll(/<outputs\.json[^>]*>/g, runOutputs)
          .replaceAll(/<folder[^>]*>/g, built)
          .replaceAll(/<[a-z-]+>/g, 'a-name'),
      );
    }
    writeFileSync(log, '');
    // Answers for `read` and for the secrets of an instance.
    const input = `${'0123456789abcdef'.repeat(2)}\n${'fedcba9876543210'.repeat(2)}\n`;
    const ended = await inside(scripts.join('\n'), own, input);
    expect(ended.code, ended.text).toBe(0);
    const noted: readonly Noted[] = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

    expect(noted.length).toBeGreaterThan(0);
    const wrong = noted.flatMap(({ tool, args, code, text }) => {
      if (isOutside(tool)) return fault(invocationOf(tool, args)) ?? [];
      if (tool !== 'insights-connector' || code === null || code === 0) return [];
      const call = args.join(' ');
      const allowed = otherCodes.some(([form, codes]) => form.test(call) && codes.includes(code));
      return allowed ? [] : `${call} ended with ${code}: ${text}`;
    });
    expect(wrong).toEqual([]);
    await ask('local', 'flow', 'delete', 'mine').catch(() => undefined);
  }, 180_000);
});

it.each(documents.filter((document) => blocksOf(document).some(({ language }) => language === 'powershell')))(
  '%s calls other programs in PowerShell as their help describes',
  (document) => {
    const calls = blocksOf(document)
      .filter(({ language }) => language === 'powershell')
      .flatMap(({ text }) => scriptInvocations(text));
    expect(calls.flatMap((invocation) => fault(invocation) ?? [])).toEqual([]);
  },
);

it.each(documents)(
  '%s names calls of other programs, within its sentences, that their help describes',
  (document) => {
    expect(inlineInvocations(document).flatMap((invocation) => fault(invocation) ?? [])).toEqual([]);
  },
);

it('the recorded help is that of the versions that are installed here', () => {
  for (const [tool, name] of [
    ['cdk', 'aws-cdk'],
    ['m365', '@pnp/cli-microsoft365'],
  ] as const)
    expect(toolHelp[tool].version, tool).toBe(
      JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version,
    );
});

it('the CLI for Microsoft 365 exports connectors, and can neither create nor update them', () => {
  const folder = join(root, 'node_modules/@pnp/cli-microsoft365/dist/m365/pa/commands/connector');
  // Otherwise deploy-connector could use it, and docs/connector.md would be wrong.
  expect(readdirSync(folder).sort()).toEqual(['Connector.js', 'connector-export.js', 'connector-list.js']);
});

it('every page whose commands run elsewhere is named in that test', () => {
  for (const [page, test] of Object.entries(ranElsewhere))
    expect(readFileSync(join(root, test), 'utf8')).toContain(page.replace('docs/', ''));
});
