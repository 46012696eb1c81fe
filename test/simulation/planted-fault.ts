import type { PollState } from '../../lambda/store/cursors.ts';
import type { WatchPorts } from '../../lambda/watch/watch.ts';
import type { Seams } from './simulated-deployment.ts';

export interface PlantedFault {
  readonly name: string;
  /** The rule that must be found violated. */
  readonly rule: string;
  readonly seams: Seams;
}

/** What a poll reads of an instance is changed. */
export const pollStateAs = (
  ports: WatchPorts,
  change: (state: PollState, instanceId: string) => PollState,
): WatchPorts => ({
  ...ports,
  cursors: {
    ...ports.cursors,
    pollState: async (instanceId) => change(await ports.cursors.pollState(instanceId), instanceId),
  },
});
