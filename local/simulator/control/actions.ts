import { BEHAVIOURS } from '../behaviours.ts';
import type { SimulatorWorld } from '../simulator-world.ts';
import type { ControlActions } from './action.ts';
import { OBJECT_ACTIONS } from './object-actions.ts';
import { REFRESH_ACTIONS } from './refresh-actions.ts';
import { SERVICE_ACTIONS } from './service-actions.ts';

export const CONTROL_ACTIONS: ControlActions = { ...REFRESH_ACTIONS, ...OBJECT_ACTIONS, ...SERVICE_ACTIONS };

/** What `GET /_control/<name>` shows. */
export const CONTROL_VIEWS: Readonly<
  Record<string, { readonly text: string; show(world: SimulatorWorld): unknown }>
> = {
  state: {
    text: 'Instances with their data sources, segments and measures',
    show: (world) =>
      world.instances.map((one) => ({
        id: one.id,
        name: one.name,
        dataSources: one.dataSources,
        segments: one.segments,
        measures: one.measures,
      })),
  },
  behaviours: {
    text: 'Every switchable behaviour: its value, default, section of the API reference',
    show: (world) => ({ values: world.behaviours, table: BEHAVIOURS }),
  },
  faults: { text: 'Faults in force', show: (world) => world.faults.active },
  requests: {
    text: 'Counters and the last 200 requests (without tokens, keys, signatures)',
    show: (world) => ({ counters: world.requests.counters, last: world.requests.entries.slice(-200) }),
  },
};
