/** The generated files that are committed. Add a further one to the list below. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registrationCommands, registrationName } from '../bin/operator/registrations.ts';
import { configurationReference, editorSchema } from '../config/reference.ts';
import { exampleOutput, officialRulesPage, rulesPage } from '../connector/check/documentation.ts';
import { consoleReference } from '../connector/reference/console-reference.ts';
import { makeDesignerReference, makeOperationReference } from '../local/exchanges/operation-docs.ts';
import { makeReadmeOutput } from '../local/exchanges/readme-output.ts';
import { localConfiguration, type Synthesised, synthesiseLocally } from '../local/system.ts';
import { alarmTable } from './alarm-table.ts';
import { between } from './between-marks.ts';
import { quotaTable } from './cost/quotas.ts';
import {
  costBySize,
  costFigures,
  costOfCalls,
  costOfCanary,
  costOfConsole,
  costOfDeliveries,
  costOfFixed,
  costOfInstance,
  costSavings,
} from './cost/tables.ts';
import { drawDashboard } from './draw-dashboard.ts';
import { drawIcon } from './draw-icon.ts';
import { errorReference } from './error-reference.ts';
import { importTable } from './import-table.ts';
import { rightsTable } from './rights-table.ts';

export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  /**
   * The whole file: a text, or the bytes of one that is not text.
   * @param committed the present content, for files with a generated part; "" when the file is missing
   * @param synthesised the bundled functions and their template, made once for all files that need a run
   */
  readonly make: (
    committed: string,
    synthesised: Synthesised,
  ) => string | Uint8Array | Promise<string | Uint8Array>;
}

/** Several parts of one page, each between `<!-- <name> -->` and `<!-- end of <name> -->`. */
const parts = (path: string, committed: string, contents: Readonly<Record<string, string>>): string =>
  Object.entries(contents).reduce(
    (text, [name, content]) =>
      between(path, text, `<!-- ${name} -->`, `<!-- end of ${name} -->`, `\n${content}\n`),
    committed,
  );

export const generatedFiles: readonly GeneratedFile[] = [
  {
    path: 'docs/architecture.md',
    make: (committed) =>
      between(
        'docs/architecture.md',
        committed,
        '<!-- imports, from scripts/import-rules.ts -->',
        '<!-- end of imports -->',
        importTable(),
      ),
  },
  {
    path: 'docs/deployment.md',
    make: (committed) =>
      between(
        'docs/deployment.md',
        committed,
        '<!-- registrations, from bin/operator/registrations.ts -->',
        '<!-- end of registrations -->',
        [['sh', 'posix'] as const, ['powershell', 'powershell'] as const]
          .map(
            ([fence, shell]) =>
              `\n\`\`\`${fence}\n${registrationCommands(shell, registrationName)}\n\`\`\`\n`,
          )
          .join(''),
      ),
  },
  { path: 'connector/icon.png', make: () => drawIcon().png },
  { path: 'docs/configuration.md', make: () => configurationReference() },
  { path: 'config/insights-connector.schema.json', make: () => editorSchema() },
  { path: 'docs/check/rules.md', make: () => rulesPage() },
  { path: 'docs/check/official-rules.md', make: () => officialRulesPage() },
  {
    path: 'docs/check/README.md',
    make: (committed) =>
      between(
        'docs/check/README.md',
        committed,
        '<!-- output of: insights-connector check on a connector with two defects -->',
        '<!-- end of output -->',
        `\`\`\`text\n${exampleOutput()}\n\`\`\``,
      ),
  },
  { path: 'docs/designer.md', make: () => makeDesignerReference() },
  { path: 'docs/operations.md', make: (_, synthesised) => makeOperationReference(synthesised) },
  {
    path: 'docs/proxy.md',
    make: (committed) =>
      between(
        'docs/proxy.md',
        between(
          'docs/proxy.md',
          committed,
          '<!-- error codes, from lambda/runtime/error-codes.ts -->',
          '<!-- end of error codes -->',
          errorReference(),
        ),
        '<!-- cost of a million calls, from scripts/cost -->',
        '<!-- end of cost -->',
        costOfCalls(),
      ),
  },
  { path: 'docs/console-operations.md', make: () => consoleReference() },
  {
    path: 'docs/console.md',
    make: (committed) =>
      between(
        'docs/console.md',
        committed,
        '<!-- cost, from scripts/cost -->',
        '<!-- end of cost -->',
        costOfConsole(),
      ),
  },
  {
    path: 'docs/cost.md',
    make: (committed) =>
      parts('docs/cost.md', committed, {
        'cost by size': costBySize(),
        'fixed part': costOfFixed(),
        canary: costOfCanary(),
        'cost of a million calls': costOfCalls(),
        'cost of a million deliveries': costOfDeliveries(),
        'idle instance': costOfInstance(),
        savings: costSavings(),
        figures: costFigures(),
      }),
  },
  {
    path: 'docs/scaling.md',
    make: (committed, { template }) =>
      parts('docs/scaling.md', committed, {
        quotas: quotaTable(Object.keys(template.Resources ?? {}).length),
      }),
  },
  {
    path: 'docs/security-and-privacy.md',
    make: (committed) =>
      between(
        'docs/security-and-privacy.md',
        committed,
        '<!-- rights, from lambda/functions.ts -->',
        '<!-- end of rights -->',
        rightsTable(),
      ),
  },
  { path: 'docs/dashboard.svg', make: (_, { template }) => drawDashboard(template) },
  {
    path: 'docs/runbook.md',
    make: (committed) =>
      between(
        'docs/runbook.md',
        committed,
        '<!-- alarms, from lib/alarms.ts -->',
        '<!-- end of alarms -->',
        alarmTable(),
      ),
  },
  {
    path: 'README.md',
    make: async (committed, synthesised) =>
      between(
        'README.md',
        committed,
        '<!-- output of: npm start -- --once -->',
        '<!-- end of output -->',
        `\`\`\`text\n${await makeReadmeOutput(synthesised)}\`\`\``,
      ),
  },
];

/** Bundles and synthesises for as long as `use` needs it. */
export const withSynthesis = async <Result>(
  use: (synthesised: Synthesised) => Promise<Result>,
): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), 'insights-connector-generate-'));
  try {
    return await use(await synthesiseLocally(localConfiguration, directory));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
