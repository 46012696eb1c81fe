import type { Finding } from '../operator/doctor/finding.ts';
import { namesOption, outputsOption } from '../operator/options.ts';
import {
  type Command,
  confirmed,
  type OptionValues,
  report,
  type Terminal,
  textOf,
  UsageError,
  yesOption,
} from './command.ts';

const signs = { sound: 'ok', warning: 'warning', fault: 'FAULT', skipped: 'skipped' } as const;
const meanings = { sound: 'good', warning: 'doubtful', fault: 'bad', skipped: undefined } as const;

const assumptions = async (values: OptionValues, terminal: Terminal): Promise<0 | 1 | 4> => {
  const { examineAssumptions } = await import('../operator/doctor/doctor.ts');
  const { outputsFileOf } = await import('../operator/options.ts');
  const { coloured } = await import('./columns.ts');
  const found = await examineAssumptions({
    configFile: textOf(values, 'config'),
    outputsFile: await outputsFileOf(values),
    now: Date.now,
  });
  const count = (judgement: string) => found.assumptions.filter((one) => one.judgement === judgement).length;
  const marks = { confirmed: 'good', contradicted: 'bad', unseen: undefined } as const;
  const lines = found.assumptions.map(({ name, judgement, assumed, seen, text }) => {
    const mark = marks[judgement];
    const sign = judgement.padEnd(12);
    return `${mark === undefined ? sign : coloured(mark, sign)}  ${name}: ${text}. Assumed: ${assumed}${seen === null || seen === assumed ? '' : `; seen: ${seen}`}`;
  });
  const file = textOf(values, 'record');
  if (file !== undefined) {
    const { writeFileSync } = await import('node:fs');
    const record = JSON.stringify(found.record, null, 2);
    if (!terminal.result) terminal.print(record);
    if (await confirmed(values, terminal, `Write this record to ${file}?`))
      writeFileSync(file, `${record}\n`);
  }
  const { behaviours, notRead } = found;
  report(terminal, { assumptions: found.assumptions, behaviours, notRead }, () =>
    [
      ...lines,
      '',
      ...notRead.map(({ path, reason }) => `${coloured('doubtful', 'not read')}: ${path}: ${reason}`),
      `${count('confirmed')} confirmed, ${count('contradicted')} contradicted, ${count('unseen')} unseen.`,
    ].join('\n'),
  );
  if (count('contradicted') > 0) return 1;
  return notRead.length > 0 ? 4 : 0;
};

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
    {
      flags: '--assumptions',
      description: 'Compare the first instance with what the simulator assumes; reads only',
    },
    {
      flags: '--record <file>',
      description: 'assumptions: show a record without names and ids, then write it',
    },
    yesOption,
  ],
  examples: ['doctor', 'doctor --json', 'doctor --assumptions --record assumptions.json'],
  run: async (values, terminal) => {
    const [environment, name] = [textOf(values, 'environment'), textOf(values, 'connector')];
    if ((environment === undefined) !== (name === undefined))
      throw new UsageError('Give both --environment and --connector, or neither.');
    const { examine } = await import('../operator/doctor/doctor.ts');
    if (values.assumptions === true) return assumptions(values, terminal);
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
