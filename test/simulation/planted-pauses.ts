/** The planted faults of an operator's pause; see pause-life.ts. */
import { hourMs } from '../../lambda/runtime/time.ts';
import type { InstanceRow } from '../../lambda/store/instances.ts';
import type { WatchPorts } from '../../lambda/watch/watch.ts';
import { type PlantedFault, pollStateAs } from './planted-fault.ts';

/** Functions do not read that an instance is paused. */
const withoutPause = (served: readonly InstanceRow[]): readonly InstanceRow[] =>
  served.map(({ pausedAt: _, ...row }) => row);

/** Detection goes on at the time of resuming, and not where it stopped. */
const goesOnFromNow = (ports: WatchPorts): WatchPorts =>
  pollStateAs(ports, (state) => {
    const { jobs } = state.cursor;
    const isOld = jobs.seenUntil > 0 && jobs.seenUntil < ports.now() - hourMs;
    return isOld
      ? { ...state, cursor: { ...state.cursor, jobs: { ...jobs, seenUntil: ports.now() } } }
      : state;
  });

/** Gaps are counted, and recorded nowhere. */
const withoutGaps = (ports: WatchPorts): WatchPorts => ({
  ...ports,
  ledger: {
    ...ports.ledger,
    record: (instanceId, records) =>
      ports.ledger.record(
        instanceId,
        records.filter(({ kind }) => kind !== 'gap'),
      ),
  },
});

export const pauseFaults: readonly PlantedFault[] = [
  {
    name: 'an instance is looked at although it is paused',
    rule: 'secrets and states',
    seams: { instances: withoutPause },
  },
  {
    name: 'detection goes on at the end of a pause',
    rule: 'lost',
    seams: { watch: goesOnFromNow },
  },
  {
    name: 'what the source no longer lists after a pause is told nowhere',
    rule: 'lost',
    seams: { watch: withoutGaps },
  },
];
