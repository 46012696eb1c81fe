/**
 * One run of the canary. A run ends the one before it, whose sample has had the time between two runs to arrive: its
 * subscription is removed as a flow's is, and if the sample did not arrive, that is a failure. A run that dies leaves a
 * subscription that the next one registers again, because it has the same owner and the same callback.
 */
import type { CallLog } from '../runtime/log.ts';
import type { Count, Measure } from '../runtime/metrics.ts';
import { loggedMessage } from '../runtime/redaction.ts';
import type { CanaryAnswer, CanaryRun } from '../store/canary-runs.ts';
import type { RecordStore } from '../store/record-store.ts';
import { untilWritten, type Version } from '../store/table.ts';
import { sampleEventId } from '../triggers/sample-id.ts';

export interface CanaryPorts {
  readonly runs: RecordStore<'RUN', CanaryRun>;
  /** Registers the subscription and lets the sample be sent. */
  readonly register: (sample: string) => Promise<CanaryAnswer>;
  /** Removes the subscription. @returns the status of the answer */
  readonly remove: (path: string) => Promise<number>;
  readonly now: () => number;
  /** An unguessable text of at least 128 bits, new each time. */
  readonly newSecret: () => string;
  readonly count: Count;
  readonly measure: Measure;
  readonly log: CallLog;
}

const atOnce = 'Two runs of the canary write at the same time.';

/** @returns undefined where there was no run to change, or another has begun */
const changeRun = (
  { runs }: CanaryPorts,
  change: (run: CanaryRun) => CanaryRun | undefined,
): Promise<CanaryRun | undefined> =>
  untilWritten(async () => {
    const found = await runs.find('RUN');
    const next = found && change(found.body);
    if (!found || !next) return undefined;
    return (await runs.save('RUN', next, found.version)) ? next : 'overtaken';
  }, atOnce);

type Step = 'register' | 'receive' | 'remove';

const tellFailure = ({ log }: CanaryPorts, step: Step, reason: string): void =>
  log.error('canary failed', { step, reason });

/** Removes the subscription of the run before, and says if its sample did not arrive. @returns whether it is removed */
const endRun = async (
  ports: CanaryPorts,
  { startedAt, removal, receivedAt }: CanaryRun,
): Promise<boolean> => {
  if (removal === undefined) return true;
  if (receivedAt === undefined)
    tellFailure(ports, 'receive', `The sample has not arrived in ${ports.now() - startedAt} ms.`);
  const status = await ports.remove(removal);
  if (status !== 204) tellFailure(ports, 'remove', `The removal was answered with status ${status}.`);
  return status === 204;
};

/** @returns why there is no subscription or no sample; undefined when the sample is on its way */
const beginRun = async (ports: CanaryPorts, before: Version | undefined): Promise<string | undefined> => {
  const sample = ports.newSecret();
  const eventId = sampleEventId(sample);
  // Before the sample is sent, so that the receiver knows it.
  const begun: CanaryRun = { eventId, startedAt: ports.now() };
  if (!(await ports.runs.save('RUN', begun, before ?? 'absent'))) return atOnce;
  const answer = await ports.register(sample);
  if ('failed' in answer) return answer.failed;
  const { removal } = answer;
  await changeRun(ports, (run) => (run.eventId === eventId ? { ...run, removal } : undefined));
  return undefined;
};

/** A failure is logged, and no success is counted; nothing is thrown, because the next run repeats everything. */
export const runCanary = async (ports: CanaryPorts): Promise<void> => {
  let step: Step = 'remove';
  try {
    const before = await ports.runs.find('RUN');
    if (before && !(await endRun(ports, before.body))) return;
    step = 'register';
    const failed = await beginRun(ports, before?.version);
    if (failed !== undefined) tellFailure(ports, step, failed);
  } catch (error) {
    tellFailure(ports, step, loggedMessage(error));
  }
};

/**
 * Receives what is sent to the callback. Only the id of the event decides, which no other sender knows.
 * @returns whether it was the sample, for the first time
 */
export const receiveSample = async (ports: CanaryPorts, eventId: string): Promise<boolean> => {
  const at = ports.now();
  const run = await changeRun(ports, (known) =>
    known.eventId === eventId && known.receivedAt === undefined ? { ...known, receivedAt: at } : undefined,
  );
  if (!run) return false;
  ports.count('CanarySuccesses');
  ports.measure('CanaryMilliseconds', at - run.startedAt);
  ports.log.info('canary arrived', { eventId, durationMs: at - run.startedAt });
  return true;
};
