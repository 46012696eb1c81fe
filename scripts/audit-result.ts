/** What `npm audit --json` found, in lines for a terminal; and what can be checked without a registry. */

interface Vulnerability {
  readonly name: string;
  readonly severity: string;
  /** Advisories, or names of vulnerable packages that it depends on. */
  readonly via: readonly (string | { readonly title: string; readonly url: string })[];
  readonly range: string;
}

interface AuditReport {
  readonly vulnerabilities?: Readonly<Record<string, Vulnerability>>;
  /** Instead of a report: why there is none. */
  readonly message?: string;
  readonly error?: { readonly summary?: string };
}

export interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly link?: boolean;
        readonly inBundle?: boolean;
        /** Absent where it is the registry that npm is configured for. */
        readonly resolved?: string;
        readonly integrity?: string;
      }
    >
  >;
}

export interface AuditResult {
  readonly lines: readonly string[];
  /** Exit code: 0 none of severity high or critical, 1 some, 2 not known. */
  readonly code: 0 | 1 | 2;
}

const publicRegistry = 'https://registry.npmjs.org/';

const severe: ReadonlySet<string> = new Set(['high', 'critical']);

const notChecked = (reason: string): AuditResult => ({
  lines: [
    `Not checked for known vulnerabilities: the registry did not answer the audit request (${reason}).`,
    'Mirrors often have no audit service. Run `npm run audit -- --registry https://registry.npmjs.org` on a machine that',
    'reaches the public registry, or give package-lock.json to a scanner that has its own database, such as osv-scanner.',
  ],
  code: 2,
});

const parsed = (stdout: string): AuditReport | undefined => {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
};

const describe = ({ name, range, severity, via }: Vulnerability): string => {
  const reasons = via.map((cause) =>
    typeof cause === 'string' ? `depends on ${cause}` : `${cause.title} (${cause.url})`,
  );
  return `  ${severity}  ${name} ${range}: ${reasons.join('; ')}`;
};

/** @param stderr shown when the output is not a report */
export const auditResult = (stdout: string, stderr: string): AuditResult => {
  const report = parsed(stdout);
  if (report?.vulnerabilities === undefined)
    return notChecked(
      (report?.message ?? report?.error?.summary ?? stderr.trim().split('\n')[0]) || 'no output of npm',
    );
  const all = Object.values(report.vulnerabilities);
  const found = all.filter(({ severity }) => severe.has(severity));
  return found.length === 0
    ? {
        lines: [`No known vulnerability of severity high or critical; ${all.length} of lower severity.`],
        code: 0,
      }
    : {
        lines: [
          `${found.length} packages have known vulnerabilities of severity high or critical:`,
          ...found.map(describe),
          'Update them: `npm audit fix`, or a newer version in package.json.',
        ],
        code: 1,
      };
};

/** Locked packages from another address than the registry, or without a checksum that fixes their content. */
export const lockProblems = ({
  packages,
}: LockFile): { readonly packages: number; readonly problems: readonly string[] } => {
  const installed = Object.entries(packages).filter(
    ([path, { link, inBundle }]) => path.startsWith('node_modules/') && link !== true && inBundle !== true,
  );
  return {
    packages: installed.length,
    problems: installed.flatMap(([path, { resolved = publicRegistry, integrity = '' }]) => [
      ...(resolved.startsWith(publicRegistry)
        ? []
        : [`${path}: resolved from "${resolved}", not from the registry`]),
      ...(/^sha512-/.test(integrity) ? [] : [`${path}: no SHA-512 checksum`]),
    ]),
  };
};
