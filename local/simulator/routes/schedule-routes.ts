import { isRecord } from '../../../lambda/runtime/json.ts';
import { badRequest } from '../http/errors.ts';
import { ok } from '../http/reply.ts';
import { type InstanceRequest, instanceRoutes, type Route } from '../http/route.ts';
import { isOperationType } from '../workflow/graph.ts';
import type { Instance } from '../world/instance.ts';
import { nextRun, type Schedule, timeZones } from '../world/schedules.ts';
import { objectBody, textField, textList } from './body.ts';

const errors = '401 500A 503';

const scheduleInfo = (instance: Instance, schedule: Schedule) => ({ ...schedule, instanceId: instance.id });

const scheduleOf = (body: unknown, { instance, now }: InstanceRequest): Schedule => {
  const given = objectBody(body);
  const operationType = textField(given, 'operationType') ?? 'all';
  if (operationType !== 'all' && !isOperationType(operationType))
    throw badRequest(`"operationType" cannot be "${operationType}"`);
  const schedule: Schedule = {
    scheduleId: textField(given, 'scheduleId') ?? instance.newId(),
    operationType,
    subType: 'noSubType',
    jobType: textField(given, 'jobType') === 'incremental' ? 'incremental' : 'full',
    identifiers: textList(given.identifiers, 'identifiers'),
    isActive: given.isActive !== false,
    timezoneId: textField(given, 'timezoneId') ?? 'UTC',
    cronSchedules: textList(given.cronSchedules, 'cronSchedules'),
  };
  try {
    nextRun({ ...schedule, isActive: true }, now);
  } catch (cause) {
    if (cause instanceof RangeError) throw badRequest(cause.message);
    throw cause;
  }
  return schedule;
};

const store = (instance: Instance, changed: readonly Schedule[]): void => {
  const ids = changed.map(({ scheduleId }) => scheduleId);
  const kept = instance.schedules.filter(({ scheduleId }) => !ids.includes(scheduleId));
  instance.schedules = [...kept, ...changed];
};

export const scheduleRoutes: readonly Route[] = [
  ...instanceRoutes(
    'GET workflows/{wf}/schedules',
    'Get-workflow-schedules',
    'read',
    errors,
    ({ instance }) => ok(instance.schedules.map((schedule) => scheduleInfo(instance, schedule))),
  ),
  ...instanceRoutes(
    'GET workflows/{wf}/schedules/supportedTimezones',
    'Get-supported-timezones',
    'read',
    errors,
    () => ok(timeZones.map(({ id, name }) => ({ id, name }))),
  ),
  ...instanceRoutes('POST workflows/{wf}/schedules', 'Create-a-schedule', 'settings', errors, (request) => {
    const schedule = scheduleOf(request.body, request);
    store(request.instance, [schedule]);
    return ok(scheduleInfo(request.instance, schedule));
  }),
  ...instanceRoutes(
    'POST workflows/{wf}/schedules/batch',
    'Create-schedules',
    'settings',
    '401 404A 500A 503',
    (request) => {
      if (!Array.isArray(request.body) || !request.body.every(isRecord))
        throw badRequest('the body must be a list of schedules');
      const schedules = request.body.map((body) => scheduleOf(body, request));
      store(request.instance, schedules);
      return ok(schedules.map((schedule) => scheduleInfo(request.instance, schedule)));
    },
  ),
];
