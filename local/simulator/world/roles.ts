import type { Instance } from './instance.ts';
import { type Role, roles } from './principals.ts';

/** The highest role that any of these ids was given; undefined = the caller does not see the instance. */
export const roleOf = (instance: Instance, principalIds: readonly string[]): Role | undefined => {
  const held = principalIds.map((id) => instance.assignments.get(id)?.role);
  return [...roles].reverse().find((role) => held.includes(role));
};
