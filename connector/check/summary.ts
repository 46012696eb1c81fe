/** Numbers of findings, and the baseline that leaves known ones out. */
import type { Finding, Severity } from './rule.ts';

export type Counts = Readonly<Record<Severity, number>>;

export const countsOf = (findings: readonly Finding[]): Counts => {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
};

const number = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** "2 errors, 1 warning, 12 infos" */
export const countsText = ({ error, warning, info }: Counts): string =>
  [number(error, 'error'), number(warning, 'warning'), number(info, 'info')].join(', ');

/** What makes two findings the same although lines have moved between them. */
export const identityOf = ({
  rule,
  file,
  pointer,
  message,
}: Pick<Finding, 'rule' | 'file' | 'pointer' | 'message'>): string =>
  JSON.stringify([rule, file, pointer, message]);

/** A baseline is not a report of `check --format json`. */
export class BaselineUnreadable extends Error {
  override readonly name = 'BaselineUnreadable';
  readonly exitCode = 1;
}

interface Baseline {
  readonly findings: readonly Finding[];
}

const isBaseline = (value: unknown): value is Baseline =>
  typeof value === 'object' &&
  value !== null &&
  'findings' in value &&
  Array.isArray(value.findings) &&
  value.findings.every(
    (finding: unknown) =>
      typeof finding === 'object' &&
      finding !== null &&
      ['rule', 'file', 'pointer', 'message'].every((key) => key in finding),
  );

export interface Compared {
  /** Findings that the baseline does not hold. */
  readonly fresh: readonly Finding[];
  readonly known: number;
  /** Findings of the baseline that are no longer there. */
  readonly gone: number;
}

/**
 * @param text a report of `check --format json`
 * @throws BaselineUnreadable
 */
export const withoutBaseline = (findings: readonly Finding[], text: string): Compared => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BaselineUnreadable(
      `The baseline is not JSON. Write it with \`insights-connector check --format json\`.`,
      { cause },
    );
  }
  if (!isBaseline(value))
    throw new BaselineUnreadable('The baseline is not a report of `insights-connector check --format json`.');
  const left = new Map<string, number>();
  for (const finding of value.findings)
    left.set(identityOf(finding), (left.get(identityOf(finding)) ?? 0) + 1);
  const fresh = findings.filter((finding) => {
    const rest = left.get(identityOf(finding)) ?? 0;
    if (rest > 0) left.set(identityOf(finding), rest - 1);
    return rest === 0;
  });
  return {
    fresh,
    known: findings.length - fresh.length,
    gone: [...left.values()].reduce((sum, rest) => sum + rest, 0),
  };
};
