/** The platform of the flows: it calls the API, and sometimes misses the answer. */
import type { Chance } from './chance.ts';
import type { Platform } from './flows.ts';
import type { Surroundings } from './host.ts';
import type { Deployment } from './simulated-deployment.ts';
import type { InstanceWorld } from './source-world.ts';

export const platformOf = (
  surroundings: Surroundings,
  chance: Chance,
  instances: readonly InstanceWorld[],
  http: Deployment['http'],
): Platform => {
  const { scheduler, trace, rates } = surroundings;
  return {
    scheduler,
    chance,
    trace,
    instances,
    async http(call, label) {
      const outcome = await http(call, label);
      // An answer may be lost on its way to the platform.
      if (outcome.kind === 'died' || surroundings.chance.happens(rates().failAfter))
        return { status: undefined };
      if (outcome.kind === 'returned') return outcome.result;
      const { error } = outcome;
      const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
      if (status === 500) trace.add(`http: ${error instanceof Error ? error.message : error}`);
      return { status };
    },
  };
};
