import type { Clock } from '../clock.ts';
import type { Behaviours, MutableBehaviours } from './behaviours.ts';
import { InstanceControl } from './control/instance-control.ts';
import { Faults } from './faults.ts';
import { RequestLog } from './http/request-log.ts';
import { layHistory } from './world/history.ts';
import { Instance, type InstanceOptions } from './world/instance.ts';

/** Everything a simulator holds, and what scenarios and tests change. */
export class SimulatorWorld {
  readonly behaviours: MutableBehaviours;
  readonly faults = new Faults();
  readonly requests = new RequestLog();
  readonly instances: readonly InstanceControl[];
  /** The state behind {@link instances}, for the routes. */
  readonly state: readonly Instance[];
  readonly #clock: Clock;

  constructor(
    clock: Clock,
    seed: number,
    behaviours: MutableBehaviours,
    options: readonly InstanceOptions[],
  ) {
    this.#clock = clock;
    this.behaviours = behaviours;
    const startAt = clock.now();
    this.state = options.map(
      (one, index) => new Instance(one, index, seed, startAt, behaviours as Behaviours),
    );
    for (const instance of this.state) layHistory(instance, startAt);
    this.instances = this.state.map((instance) => new InstanceControl(instance, clock));
  }

  /** ms on the simulator's clock. */
  now(): number {
    return this.#clock.now();
  }

  /**
   * The control of one instance, by id or name; the first one by default.
   * @throws RangeError naming the instances there are.
   */
  instance(idOrName?: string): InstanceControl {
    const found = this.instances.find(
      ({ id, name }) => idOrName === undefined || id === idOrName || name === idOrName,
    );
    if (found !== undefined) return found;
    throw new RangeError(
      `unknown instance "${idOrName}"; known: ${this.instances.map(({ name }) => name).join(', ')}`,
    );
  }
}
