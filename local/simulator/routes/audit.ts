import { iso } from '../http/reply.ts';
import type { Instance } from '../world/instance.ts';

const administrator = 'admin@contoso.example';

/** The fields that models marked "+audit" carry (3.3). @param owner e-mail address of who created it */
export const audit = (
  instance: Instance,
  createdAt: number,
  updatedAt: number,
  version: number,
  owner = administrator,
) => ({
  version,
  updatedBy: administrator,
  updatedUtc: iso(updatedAt),
  createdBy: owner,
  createdUtc: iso(createdAt),
  instanceId: instance.id,
});
