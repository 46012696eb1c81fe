/**
 * - refused: the platform does not import the package, or does not turn the flow on
 * - fails: it takes the flow, and runs of it fail
 * - doubtful: it may work; the text says what speaks against it
 */
export type Severity = 'refused' | 'fails' | 'doubtful';

export interface Finding {
  /** File, and where in it: `Workflows/Order-….json: actions/Send/inputs`. */
  readonly place: string;
  readonly severity: Severity;
  readonly problem: string;
}

export type Report = (severity: Severity, place: string, problem: string) => void;

export const findings = (): { readonly list: readonly Finding[]; readonly report: Report } => {
  const list: Finding[] = [];
  return { list, report: (severity, place, problem) => list.push({ place, severity, problem }) };
};
