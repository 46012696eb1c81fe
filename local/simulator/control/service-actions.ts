import { setBehaviour } from '../behaviours.ts';
import type { FaultKind } from '../faults.ts';
import { readRecord } from '../recorded-instance.ts';
import type { JsonObject } from '../routes/body.ts';
import { roles } from '../world/principals.ts';
import { type ControlActions, done, target } from './action.ts';
import { needed, oneOf, optional } from './arguments.ts';

const faultOf = (body: JsonObject): FaultKind => {
  const kind = oneOf(body, 'kind', ['status', 'slow', 'reset']);
  if (kind === 'slow') return { kind, delayMs: needed(body, 'delayMs', 'number') };
  if (kind === 'reset') return { kind };
  const status = ([429, 500, 503] as const).find((code) => code === needed(body, 'status', 'number'));
  if (status === undefined) throw new RangeError('"status" must be 429, 500 or 503');
  return { kind: 'status', status, retryAfterSeconds: optional(body, 'retryAfterSeconds', 'number') };
};

/** Access, schedule, behaviours, faults. */
export const serviceActions = {
  assignRole: {
    text: `Gives a user or app a role: ${roles.join(', ')}`,
    example: { principalId: '00000000-0000-4000-8000-0000000000b1', principalType: 'user', role: 'Viewer' },
    run: (world, body) =>
      done(
        target(world, body).assignRole({
          principalId: needed(body, 'principalId', 'string'),
          principalType: oneOf(body, 'principalType', ['user', 'group', 'app']) ?? 'user',
          role: oneOf(body, 'role', roles) ?? 'Viewer',
        }),
      ),
  },
  removeRole: {
    text: 'Takes the role away',
    example: { principalId: '00000000-0000-4000-8000-0000000000b1' },
    run: (world, body) => done(target(world, body).removeRole(needed(body, 'principalId', 'string'))),
  },
  rotateKey: {
    text: 'Replaces a subscription key; the old one is refused at once',
    example: { which: 'primary' },
    run: (world, body) => {
      const which = oneOf(body, 'which', ['primary', 'secondary']) ?? 'primary';
      return { key: target(world, body).rotateKey(which, optional(body, 'value', 'string')) };
    },
  },
  setBroken: {
    text: 'An instance without a name, or one whose every call fails with 500',
    example: { name: true, calls: false },
    run: (world, body) => {
      const [name, calls] = [optional(body, 'name', 'boolean'), optional(body, 'calls', 'boolean')];
      return done(
        target(world, body).setBroken({
          ...(name === undefined ? {} : { name }),
          ...(calls === undefined ? {} : { calls }),
        }),
      );
    },
  },
  setSchedule: {
    text: 'The scheduled full refresh: on or off, and when (cron, UTC)',
    example: { active: true, cron: '0 2 * * *' },
    run: (world, body) => {
      const [active, cron] = [optional(body, 'active', 'boolean'), optional(body, 'cron', 'string')];
      return done(
        target(world, body).setSchedule({
          ...(active === undefined ? {} : { active }),
          ...(cron === undefined ? {} : { cron }),
        }),
      );
    },
  },
  setTaskTimeScale: {
    text: 'Stretches or shrinks default task durations',
    example: { scale: 0.01 },
    run: (world, body) => done(target(world, body).setTaskTimeScale(needed(body, 'scale', 'number'))),
  },
  setBehaviour: {
    text: 'Switches a behaviour that the published material leaves open; GET /_control/behaviours lists them',
    example: { name: 'enumCasing', value: 'PascalCase' },
    run: (world, body) => {
      setBehaviour(world.behaviours, needed(body, 'name', 'string'), body.value);
      return world.behaviours;
    },
  },
  replay: {
    text: 'Plays a record of `doctor --assumptions --record` from now on, and behaves as its instance; without a record, ends it',
    example: {},
    run: (world, body) => {
      const instance = target(world, body);
      const record = body.record === undefined ? undefined : readRecord(body.record);
      for (const [name, value] of Object.entries(record?.behaviours ?? {}))
        setBehaviour(world.behaviours, name, value);
      const replay = instance.replay(record, optional(body, 'lastMs', 'number'));
      return done(
        replay && {
          from: new Date(replay.from).toISOString(),
          until: new Date(replay.until).toISOString(),
          counts: replay.counts,
          names: replay.names,
        },
      );
    },
  },
  addFault: {
    text: 'kind: status (429, 500, 503), slow (delayMs, real time), reset; scope: operation, instanceId, times, forMs, afterEffect',
    example: { kind: 'status', status: 429, retryAfterSeconds: 7, operation: 'Get-all-segments', times: 2 },
    run: (world, body) => {
      const forMs = optional(body, 'forMs', 'number');
      return world.faults.add(faultOf(body), {
        operation: optional(body, 'operation', 'string'),
        instanceId: optional(body, 'instanceId', 'string'),
        times: optional(body, 'times', 'number'),
        until: forMs === undefined ? undefined : world.now() + forMs,
        afterEffect: optional(body, 'afterEffect', 'boolean'),
      });
    },
  },
  clearFaults: {
    text: 'Ends one fault (id) or all',
    example: {},
    run: (world, body) => done(world.faults.clear(optional(body, 'id', 'string'))),
  },
  clearRequests: {
    text: 'Empties the request log and its counters',
    example: {},
    run: (world) => done(world.requests.clear()),
  },
} as const satisfies ControlActions;
