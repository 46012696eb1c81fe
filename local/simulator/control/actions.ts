import { behaviourSpecs } from '../behaviours.ts';
import type { SimulatorWorld } from '../simulator-world.ts';
import type { ControlActions } from './action.ts';
import { objectActions } from './object-actions.ts';
import { refreshActions } from './refresh-actions.ts';
import { serviceActions } from './service-actions.ts';

export const controlActions: ControlActions = { ...refreshActions, ...objectActions, ...serviceActions };

/** What `GET /_control/<name>` shows. */
export const controlViews: Readonly<
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
    show: (world) => ({ values: world.behaviours, table: behaviourSpecs }),
  },
  faults: { text: 'Faults in force', show: (world) => world.faults.active },
  requests: {
    text: 'Counters and the last 200 requests (without tokens, keys, signatures)',
    show: (world) => ({ counters: world.requests.counters, last: world.requests.entries.slice(-200) }),
  },
};
