import type { JsonObject } from '../routes/body.ts';
import type { SimulatorWorld } from '../simulator-world.ts';
import { optional } from './arguments.ts';
import type { InstanceControl } from './instance-control.ts';

/** One thing that `POST /_control/<name>` does. */
export interface ControlAction {
  readonly text: string;
  /** A body that works. */
  readonly example: JsonObject;
  run(world: SimulatorWorld, body: JsonObject): unknown;
}
export type ControlActions = Readonly<Record<string, ControlAction>>;

/** `instance` (id or name) in the body chooses the instance; default: the first. */
export const target = (world: SimulatorWorld, body: JsonObject): InstanceControl =>
  world.instance(optional(body, 'instance', 'string'));

/** The answer of an action without its own result. */
export const done = (value: unknown): unknown => value ?? { done: true };
