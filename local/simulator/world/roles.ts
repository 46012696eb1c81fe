import type { Instance } from './instance.ts';
import { ROLES, type Role } from './principals.ts';

/** The highest role that any of these ids was given; undefined = the caller does not see the instance. */
export const roleOf = (instance: Instance, principalIds: readonly string[]): Role | undefined => {
  const held = principalIds.map((id) => instance.assignments.get(id)?.role);
  return [...ROLES].reverse().find((role) => held.includes(role));
};
