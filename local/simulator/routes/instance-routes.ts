import { dayMs } from '../../../lambda/runtime/time.ts';
import type { Behaviours } from '../behaviours.ts';
import { errorTable } from '../http/errors.ts';
import { iso, ok } from '../http/reply.ts';
import { instanceRoutes, type Route } from '../http/route.ts';
import type { Instance } from '../world/instance.ts';
import { roleOf } from '../world/roles.ts';
import { audit } from './audit.ts';

const region = 'westeurope';

const nameField = (instance: Instance, behaviours: Behaviours) => {
  if (instance.hasName) return { name: instance.name };
  return behaviours.nullNamedInstances === 'null' ? { name: null } : {};
};

export const instancesRoutes: readonly Route[] = [
  {
    scope: 'service',
    operation: 'Get-all-instances',
    method: 'GET',
    segments: ['instances'],
    errors: errorTable('401 404A 500A 503'),
    handle: ({ instances, principal, behaviours }) =>
      ok(
        instances
          .filter((instance) => roleOf(instance, principal.ids) !== undefined)
          .map((instance) => ({
            instanceId: instance.id,
            ...nameField(instance, behaviours),
            instanceType: instance.instanceType,
            maxTrialExtensionsAllowed: 0,
            scaleUnitId: 'scale-unit-1',
            azureRegion: region,
            platformType: 'AzureDataLake',
          })),
      ),
  },
  ...instanceRoutes(
    'GET ',
    'Get-instance-metadata',
    'read',
    '401 404A 500A 503',
    ({ instance, behaviours }) => {
      const [schedule] = instance.schedules;
      return ok({
        ...nameField(instance, behaviours),
        instanceType: instance.instanceType,
        provisioningState: 'active',
        region: region,
        azureRegion: region,
        platformType: 'AzureDataLake',
        isB2B: false,
        isB2C: true,
        isByoPbi: false,
        isByoSynapse: false,
        isCdsMdlOrCdsByodl: false,
        isRefreshCredentialRequired: false,
        maxTrialExtensionsAllowed: 0,
        configuredWorkspaces: [],
        refreshSchedule:
          schedule === undefined
            ? undefined
            : {
                isActive: schedule.isActive,
                timezoneId: schedule.timezoneId,
                cronSchedules: schedule.cronSchedules,
                scheduleId: schedule.scheduleId,
                instanceId: instance.id,
              },
        expiryTimeUtc: iso(instance.createdAt + 3650 * dayMs),
        ...audit(instance, instance.createdAt, instance.createdAt, 1),
      });
    },
  ),
];
