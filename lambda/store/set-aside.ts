/** Records that this program cannot read: left alone, so that one of them stops nothing else. */
import { hasCode } from '../runtime/errors.ts';
import type { CallLog } from '../runtime/log.ts';
import type { Count } from '../runtime/metrics.ts';
import type { OnUnreadable } from './table.ts';

/** Logs and counts each record that is set aside, every time it is met. */
export const setAside =
  (log: Pick<CallLog, 'error'>, count: Count): OnUnreadable =>
  (key, { message }) => {
    count('RecordsSetAside');
    log.error('record set aside', { ...key, reason: message });
  };

interface SetAsidePorts {
  readonly log: CallLog;
  readonly count: Count;
}

/**
 * What `work` gives, or `instead` where a single record that it reads is of another schema version.
 * @param subscriptionId to which the record belongs
 */
export const unlessUnreadable = async <Result, Instead>(
  { log, count }: SetAsidePorts,
  subscriptionId: string,
  work: () => Promise<Result>,
  instead: Instead,
): Promise<Result | Instead> => {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'UnknownSchemaVersion')) throw error;
    count('RecordsSetAside');
    log.error('record set aside', { subscriptionId, reason: error.message });
    return instead;
  }
};
