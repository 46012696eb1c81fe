/**
 * An operator pauses the first instance and resumes it, with what `instances pause|resume` does.
 *
 * State: the row of the instance, paused or not; the row as each process knows it; what the source has, and how far the
 * cursor got. Events: the command dies at any of its calls, is refused by the table, and is repeated until it has come to
 * its end; things happen in the source, sometimes more than its list of jobs holds; flows register.
 * Invariants: no process looks at the instance once it has to know of the pause; what becomes final meanwhile reaches its
 * flows when the instance is resumed, like everything else, and not twice; it may be missing only where the list of jobs
 * no longer has it, and then a gap of that time is in the ledger.
 */
import { type InstancesPorts, instancesServed, setPaused } from '../../bin/operator/change-instances.ts';
import { functionFacts } from '../../lambda/functions.ts';
import { auditStore } from '../../lambda/store/audit-records.ts';
import { instancesFreshMs } from '../../lambda/store/instance-registry.ts';
import { type ConfiguredInstance, instanceStore } from '../../lambda/store/instances.ts';
import { ledgerStore } from '../../lambda/store/ledger.ts';
import { listedSubscriptionStore } from '../../lambda/store/listed-subscriptions.ts';
import { listStore } from '../../lambda/store/lists.ts';
import type { Table } from '../../lambda/store/table.ts';
import { jobListLengths } from '../../lambda/triggers/source.ts';
import type { Chance } from './chance.ts';
import { createHost, type Host, type Surroundings } from './host.ts';
import type { Observations } from './observations.ts';
import { commandOn } from './operator-command.ts';
import { operatorPrefix, owner } from './people.ts';
import type { Deployment } from './simulated-deployment.ts';
import { type InstanceWorld, stampOf } from './source-world.ts';
import type { Truth } from './truth.ts';

const minute = 60_000;
const hour = 60 * minute;

export interface PauseLife {
  /** When the commands are given, true time. */
  readonly from: number;
  readonly to: number;
  /** Whether more jobs begin meanwhile than the source lists. */
  readonly beyondHistory: boolean;
  readonly name: string;
}

/** As people call these lives. */
export const pauseNames = {
  short: 'instance paused and resumed',
  beyondHistory: 'instance paused beyond the history of the source',
} as const;

export const drawPauseLife = (chance: Chance, start: number, activeMs: number): PauseLife | undefined => {
  if (!chance.happens(0.1)) return undefined;
  const from = start + chance.within(0.2, 0.8) * activeMs;
  const beyondHistory = chance.happens(0.2);
  const forMs = beyondHistory
    ? chance.within(90, 110) * minute
    : chance.pick([chance.within(1, 15) * minute, chance.within(1, 6) * hour]);
  return {
    from,
    to: from + forMs,
    beyondHistory,
    name: beyondHistory ? pauseNames.beyondHistory : pauseNames.short,
  };
};

const portsOf = (host: Host, table: Table): InstancesPorts => ({
  instances: instanceStore(table, host.unguessable),
  audit: auditStore(table),
  operator: async () => 'operator',
  now: host.now,
  subscriptions: listedSubscriptionStore(table, { now: host.now, by: 'operator' }),
  lists: listStore(table),
});

/** As `instances pause|resume` does. */
const command = async (ports: InstancesPorts, configured: readonly ConfiguredInstance[], paused: boolean) => {
  const served = await instancesServed(ports);
  const chosen = served.filter(({ id }) => id === configured[0]?.id);
  await setPaused({ ports, tenantId: owner.tenantId }, chosen, paused);
};

/** Clocks of hosts, and calls that are slow though nothing fails, ms. */
const toleranceMs = minute;

/** A process knows of a change after so long, and a look that it began before has ended then, ms. */
const knownAfterMs = instancesFreshMs + functionFacts.watch.timeoutSeconds * 1_000 + toleranceMs;

interface Surrounded {
  readonly surroundings: Surroundings;
  readonly deployment: Pick<Deployment, 'tableOf'>;
  readonly observations: Pick<Observations, 'faults' | 'slips'>;
  readonly configured: readonly ConfiguredInstance[];
}

export interface Pauses {
  /** Gives both commands, each again and again until it has come to its end. */
  readonly operate: (surrounded: Surrounded) => Promise<void>;
  /** A host of the watch reads an instance. */
  readonly onLook: (host: string, instanceId: string) => void;
}

export const pausesOf = (life: PauseLife): Pauses => {
  let told: Surrounded | undefined;
  /** True time since which the command has said that the instance is paused. */
  let pausedSince = Number.POSITIVE_INFINITY;
  const give = async (surrounded: Surrounded, paused: boolean) => {
    const { surroundings, deployment, configured } = surrounded;
    const { scheduler, trace } = surroundings;
    for (let tries = 1; ; tries += 1) {
      const host = createHost(`${operatorPrefix}${paused ? 'pauses' : 'resumes'}-${tries}`, surroundings);
      const done = await commandOn(host, surroundings, async () => {
        await command(portsOf(host, deployment.tableOf(host)), configured, paused);
        return true;
      });
      trace.add(`operator: ${paused ? 'pause' : 'resume'} ${done ? 'done' : 'to be repeated'}`);
      if (done) return;
      await scheduler.sleep(20_000);
    }
  };
  return {
    async operate(surrounded) {
      told = surrounded;
      const { scheduler } = surrounded.surroundings;
      await scheduler.sleep(life.from - scheduler.now());
      await give(surrounded, true);
      pausedSince = scheduler.now();
      await scheduler.sleep(life.to - scheduler.now());
      pausedSince = Number.POSITIVE_INFINITY;
      await give(surrounded, false);
    },
    onLook(host, instanceId) {
      if (told === undefined || instanceId !== told.configured[0]?.id) return;
      const { observations, surroundings } = told;
      if (surroundings.scheduler.now() < pausedSince + knownAfterMs) return;
      // A process that could not read the table goes on as before, and what it left under way goes on later.
      if (observations.faults.some((fault) => fault.host === host)) return;
      observations.slips.push(`${host} looks at ${instanceId}, which is paused`);
    },
  };
};

/** A job may end so much later than it begins, ms. */
const longestJobMs = hour;

/**
 * Whether a truth may be missing: it comes from a job that the list no longer had, and the ledger has a gap of its time.
 * @param table at rest
 */
export const gapsAfterPause = async (
  table: Table,
  instance: InstanceWorld,
): Promise<(truth: Truth) => boolean> => {
  const readable = { ...table, onUnreadable: () => undefined };
  const found = await ledgerStore(readable, { now: () => 0 }).ofInstance(instance.id, 0, 1_000);
  const gaps = found.flatMap((record) =>
    record.kind === 'gap' && record.gap.kind === 'jobs' ? [record.gap] : [],
  );
  return (truth) => {
    if (truth.instance !== instance || truth.step !== undefined) return false;
    const later = instance.jobs.filter(({ submittedAt }) => submittedAt > truth.finalAt - longestJobMs);
    if (later.length < Math.max(...jobListLengths)) return false;
    const at = stampOf(instance, truth.finalAt);
    return gaps.some(({ from, to }) => from <= at && at - longestJobMs <= to);
  };
};
