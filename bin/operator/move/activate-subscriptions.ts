/** Lets moved subscriptions get events from their new deployment, once the old one has stopped. */
import pMap from 'p-map';
import { replay } from '../../../lambda/resend/replay.ts';
import { iso, minuteMs } from '../../../lambda/runtime/time.ts';
import { untilDue } from '../../../lambda/store/leases.ts';
import type { Subscription } from '../../../lambda/store/subscriptions.ts';
import { sameFlowAtOnce } from '../../../lambda/store/subscriptions.ts';
import { untilWritten } from '../../../lambda/store/table.ts';
import type { Baseline } from '../../../lambda/triggers/baseline.ts';
import type { Cursor, SeenValue } from '../../../lambda/triggers/cursor.ts';
import { firings } from '../../../lambda/triggers/firings.ts';
import { thresholdOf } from '../../../lambda/triggers/threshold.ts';
import type { Deployment } from '../deployment-place.ts';
import { importedReason, type Moved, type MovedInstance, type MovedSubscription } from './moved-file.ts';

/**
 * What becomes of the events between the export and the activation.
 * - gap: they are not sent. The ledger has them, so that `replay` can send them.
 * - resend: they are sent. One that the source has sent in this time comes twice.
 */
export type InBetween = 'gap' | 'resend';

export interface Activated {
  /** By this command. */
  readonly activated: number;
  /** That an earlier call has activated. */
  readonly before: number;
  /** Whose flow was saved at the new deployment before: they are active already. */
  readonly savedAgain: number;
  /** Paused at the source, or stopped here since; they stay so. */
  readonly stopped: number;
  /** Not imported, or deleted since. */
  readonly absent: number;
  /** Events that were queued again. */
  readonly sent: number;
}

/** A source whose instances are overdue by less than this may still run: its polls are a minute apart. */
const stoppedAfterMs = 3 * minuteMs;

/** Instances of the file that a source still polls, or has polled just now. */
export const stillPolled = async (
  source: Pick<Deployment, 'leases' | 'now'>,
  { instances }: Moved,
): Promise<readonly string[]> => {
  const leases = await source.leases.all();
  return instances.flatMap(({ instanceId }) => {
    const lease = leases.get(instanceId);
    return lease && untilDue(lease, source.now()) > -stoppedAfterMs ? [instanceId] : [];
  });
};

type Values = Readonly<Record<string, SeenValue>>;

/** The values that the target has read; where it has read none, the one that the source has seen last. */
const withKnown = (own: Values, from: Values): Values => ({
  ...own,
  ...Object.fromEntries(
    Object.entries(from).filter(([name, { value }]) => value !== null && (own[name]?.value ?? null) === null),
  ),
});

/**
 * The target's cursor, with the values of measures that it did not follow. So the next look compares with what the
 * source has seen, and no step in between is lost.
 */
export const mergedCursor = (own: Cursor, from: Cursor): Cursor => {
  const times = [own.valuesReadAt, from.valuesReadAt].filter((time) => time !== null);
  return {
    ...own,
    segments: withKnown(own.segments, from.segments),
    measures: withKnown(own.measures, from.measures),
    valuesReadAt: times.length === 0 ? null : Math.min(...times),
  };
};

const mergeCursor = async (
  { cursors }: Deployment,
  { instanceId, cursor: from }: MovedInstance,
): Promise<void> => {
  if (from === null) return;
  await untilWritten(async () => {
    const { cursor, version } = await cursors.find(instanceId);
    const next = version === 'absent' ? from : mergedCursor(cursor, from);
    return (await cursors.save(instanceId, next, version)) ? undefined : 'overtaken';
  }, 'The instance is being polled again and again at this moment. Repeat the command.');
};

/** Steps read at most; beyond them the re-arm state is that of the newest ones. */
const mostSteps = 10_000;

/** The re-arm state after the steps that this deployment has recorded since the export. */
const carryArmament = async (
  { ledger, rearmStates }: Deployment,
  { generation, instanceId, trigger, subject, subscriptionId, ...inputs }: Subscription,
  { armament }: MovedSubscription,
  since: number,
): Promise<void> => {
  const threshold = thresholdOf(inputs);
  if (threshold === null || threshold.rearmLevel === null) return;
  const records = await ledger.ofSubject(instanceId, trigger, subject, since, mostSteps);
  const steps = records
    .flatMap((record) =>
      record.kind === 'occurrence' && record.occurrence.kind === 'value' ? [record.occurrence] : [],
    )
    .map(({ finalAt, previous, current }) => ({ at: finalAt, previous, current }))
    .toReversed();
  const { state } = firings(threshold, steps, { generation, state: armament });
  await rearmStates.update(subscriptionId, (known) => (known?.generation === generation ? known : state));
};

const atOnce = { concurrency: 20 };

const activatedReason = (mode: InBetween): string =>
  `moved here by an operator; events of the move ${mode === 'gap' ? 'were not sent' : 'were sent again'}`;

/**
 * Activates the imported subscriptions of a file. May be repeated: what is active stays so, and no event is sent again.
 */
export const activateMoved = async (
  deployment: Deployment,
  moved: Moved,
  mode: InBetween,
): Promise<Activated> => {
  const { now, ledger } = deployment;
  const store = deployment.subscriptionsAs('activated');
  const at = now();
  const since = new Map(
    moved.instances.map(({ instanceId, sweptAt }) => [instanceId, sweptAt || moved.head.at]),
  );
  // Before the subscriptions: a look that finds them can tell the first step.
  await pMap(moved.instances, (instance) => mergeCursor(deployment, instance), atOnce);
  if (mode === 'gap')
    for (const { instanceId } of moved.instances)
      await ledger.record(instanceId, [
        {
          kind: 'gap',
          gap: {
            kind: 'set aside',
            from: moved.head.at,
            to: at,
            reason:
              'Subscriptions were moved here from another deployment, and their events of this time were not sent to them. An operator can send them with "replay".',
          },
        },
      ]);
  const outcome = { activated: 0, before: 0, savedAgain: 0, stopped: 0, absent: 0, sent: 0 };

  const activate = async (one: MovedSubscription): Promise<void> => {
    const { subscriptionId, status } = one.subscription;
    const from = since.get(one.subscription.instanceId) ?? moved.head.at;
    const found = await untilWritten(async () => {
      const stored = await store.find(subscriptionId);
      if (!stored) return { outcome: 'absent' } as const;
      const { body } = stored;
      if (body.status.state === 'active')
        return body.status.reason === activatedReason(mode)
          ? ({ outcome: 'before', body } as const)
          : ({ outcome: 'savedAgain' } as const);
      if (status.state !== 'active' || body.status.reason !== importedReason)
        return { outcome: 'stopped' } as const;
      await carryArmament(deployment, body, one, from);
      const baseline: Baseline = mode === 'gap' ? { at, occurrences: [] } : body.baseline;
      const next: Subscription = {
        ...body,
        baseline,
        status: { state: 'active', since: iso(at), reason: activatedReason(mode) },
      };
      return (await store.save(next, stored)) ? ({ outcome: 'activated', body: next } as const) : 'overtaken';
    }, sameFlowAtOnce);
    outcome[found.outcome] += 1;
    if (mode === 'gap' || !('body' in found)) return;
    // What this deployment has detected since the export, while the subscription waited.
    const events = await replay(deployment, found.body, {
      name: `move ${iso(moved.head.at)}`,
      since: from,
      onlyMissed: true,
      dryRun: false,
    });
    outcome.sent += events.filter(({ send }) => send).length;
  };
  await pMap(moved.subscriptions, activate, atOnce);
  return outcome;
};
