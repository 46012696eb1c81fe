/** What `doctor` finds. */

/**
 * - sound: as it has to be
 * - warning: it works, and will not for ever, or not as well as it should
 * - fault: it does not work
 * - skipped: it could not be checked, for the reason in `found`
 */
export type Verdict = 'sound' | 'warning' | 'fault' | 'skipped';

export interface Finding {
  /** Stable, for scripts. */
  readonly id: string;
  /** What was checked. */
  readonly title: string;
  readonly verdict: Verdict;
  /** A sentence: what is there, or what is wrong. */
  readonly found: string;
  /** Commands and steps that mend it, in their order; `$ ` begins a command. Empty where nothing is wrong. */
  readonly mend: readonly string[];
  /** Where docs/ says more. */
  readonly page?: string;
}

export type Outcome = Pick<Finding, 'verdict' | 'found'> & Partial<Pick<Finding, 'mend' | 'page'>>;

export const sound = (found: string): Outcome => ({ verdict: 'sound', found });
export const skipped = (found: string): Outcome => ({ verdict: 'skipped', found });
export const fault = (found: string, mend: readonly string[], page?: string): Outcome => ({
  verdict: 'fault',
  found,
  mend,
  ...(page !== undefined && { page }),
});
export const warning = (found: string, mend: readonly string[], page?: string): Outcome => ({
  ...fault(found, mend, page),
  verdict: 'warning',
});

/** Exit codes by severity: a monitor can tell a fault from something that has time. */
export const exitCodeOf = (findings: readonly Finding[]): 0 | 1 | 4 => {
  if (findings.some(({ verdict }) => verdict === 'fault')) return 1;
  return findings.some(({ verdict }) => verdict === 'warning') ? 4 : 0;
};
