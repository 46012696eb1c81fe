import { iso } from '../http/reply.ts';
import type { Instance } from '../world/instance.ts';

const AUTHOR = 'admin@contoso.example';

/** The fields that models marked "+audit" carry (3.3). */
export const audit = (instance: Instance, createdAt: number, updatedAt: number, version: number) => ({
  version,
  updatedBy: AUTHOR,
  updatedUtc: iso(updatedAt),
  createdBy: AUTHOR,
  createdUtc: iso(createdAt),
  instanceId: instance.id,
});
