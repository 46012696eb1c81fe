import type { Finding } from '../operator/doctor/finding.ts';
import { namesOption, outputsOption } from '../operator/options.ts';
import { type Command, textOf, UsageError } from './command.ts';

const signs = { sound: 'ok', warning: 'warning', fault: 'FAULT', skipped: 'skipped' } as const;
const meanings = { sound: 'good', warning: 'doubtful', fault: 'bad', skipped: undefined } as const;

export const doctor: Command = {
  name: 'doctor',
  summary:
    'Check everything a deployment needs, and say what mends each fault; ends with 1 for faults, 4 for warnings',
  page: 'docs/operating.md',
  options: [
    namesOption,
    outputsOption,
    { flags: '--environment <id>', description: 'Environment of Power Platform that has the connector' },
    { flags: '--connector <name>', description: 'Its name there: shared_…' },
  ],
  examples: ['doctor', 'doctor --json'],
  run: async (values, terminal) => {
    const [environment, name] = [textOf(values, 'environment'), textOf(values, 'connector')];
    if ((environment === undefined) !== (name === undefined))
      throw new UsageError('Give both --environment and --connector, or neither.');
    const { examine } = await import('../operator/doctor/doctor.ts');
    const { exitCodeOf } = await import('../operator/doctor/finding.ts');
    const { outputsFileOf } = await import('../operator/options.ts');
    const { coloured } = await import('./columns.ts');
    const show = ({ title, verdict, found, mend, page }: Finding): void => {
      const meaning = meanings[verdict];
      const sign = signs[verdict].padEnd(7);
      terminal.print(`${meaning === undefined ? sign : coloured(meaning, sign)}  ${title}: ${found}`);
      for (const step of mend) terminal.print(`           ${step}`);
      if (page !== undefined) terminal.print(`           More: ${page}`);
    };
    const findings = await examine({
      configFile: textOf(values, 'config'),
      outputsFile: await outputsFileOf(values),
      connector: environment === undefined || name === undefined ? undefined : { environment, name },
      now: Date.now,
      ...(terminal.result === undefined && { onFinding: show }),
    });
    const count = (verdict: Finding['verdict']) =>
      findings.filter((finding) => finding.verdict === verdict).length;
    const counts = {
      sound: count('sound'),
      warning: count('warning'),
      fault: count('fault'),
      skipped: count('skipped'),
    };
    if (terminal.result) terminal.result({ findings, counts });
    else
      terminal.print(
        `\n${counts.sound} sound, ${counts.warning} doubtful, ${counts.fault} at fault, ${counts.skipped} not checked.`,
      );
    return exitCodeOf(findings);
  },
};
