import { iso } from '../http/reply.ts';
import type { Instance } from '../world/instance.ts';

const author = 'admin@contoso.example';

/** The fields that models marked "+audit" carry (3.3). */
export const audit = (instance: Instance, createdAt: number, updatedAt: number, version: number) => ({
  version,
  updatedBy: author,
  updatedUtc: iso(updatedAt),
  createdBy: author,
  createdUtc: iso(createdAt),
  instanceId: instance.id,
});
