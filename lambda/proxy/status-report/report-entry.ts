import type { ReportSection, ReportStatus } from '../../../connector/contract/display-names.ts';
import type { ExactNumber } from '../../runtime/json.ts';
import type { ListedOwnership } from '../listed-ownership.ts';

export interface ReportEntry extends ListedOwnership {
  readonly name: string;
  readonly displayName: string;
  readonly status: ReportStatus;
  /** RFC 3339. */
  readonly updatedAt: string | null;
  readonly value: number | ExactNumber | null;
  readonly error: string | null;
  /** Of a process of the system; only while the section is made. */
  readonly operation?: string;
}

export interface Section {
  readonly section: ReportSection;
  readonly title: string;
  readonly total: number;
  /** At the last run that ended, so those that are refreshed again after a failure are among them. */
  readonly failed: number;
  /** Failed ones first. */
  readonly entries: readonly ReportEntry[];
}
