/** A run as lines that people read. */
import { jsonText, type Value } from '../expressions/values.ts';
import { type ActionRecord, type RunRecord, shownAction, type TriggerResult } from './record.ts';

const marks = { Succeeded: '✓', Failed: '✗', Skipped: '–', TimedOut: '✗', Cancelled: '∅' } as const;

const longest = 200;
const shortened = (value: Value): string => {
  const text = jsonText(value);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
};

const lines = (record: ActionRecord, indent: string): readonly string[] => {
  const { inputs, outputs } = shownAction(record);
  const repeated = record.retryHistory?.length;
  return [
    `${indent}${marks[record.status]} ${record.name}  ${record.status}${record.code && record.code !== 'OK' ? ` (${record.code})` : ''}${repeated ? `, after ${repeated} repetitions` : ''}`,
    ...(record.status !== 'Skipped' && inputs !== undefined
      ? [`${indent}    in   ${shortened(inputs)}`]
      : []),
    ...(record.status !== 'Skipped' && outputs !== undefined
      ? [`${indent}    out  ${shortened(outputs)}`]
      : []),
    ...(record.error && record.status !== 'Succeeded'
      ? [`${indent}    ${record.error.code}: ${record.error.message}`]
      : []),
    ...(record.actions ?? []).flatMap((inner) => lines(inner, `${indent}  `)),
    ...(record.iterations ?? []).flatMap((iteration, index) => [
      `${indent}  ${index + 1} of ${record.iterations?.length ?? 0}`,
      ...iteration.flatMap((inner) => lines(inner, `${indent}    `)),
    ]),
  ];
};

export const runText = (run: RunRecord): string =>
  [
    `${run.flow}: ${run.status}${run.error ? ` (${run.error.code}: ${run.error.message})` : ''}`,
    `  ${run.startTime} to ${run.endTime}`,
    ...run.actions.flatMap((record) => lines(record, '  ')),
    ...run.warnings.map((warning) => `  ! ${warning}`),
  ].join('\n');

export const resultText = (result: TriggerResult): string =>
  result.fired ? result.runs.map(runText).join('\n\n') : `The trigger did not fire: ${result.reason}`;
