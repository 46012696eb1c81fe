/** Flows with triggers, those that are told of their trouble, and the functions between them, on one table. */

import { expect } from 'vitest';
import { operatorRole } from '../../../config/console.ts';
import type { CallbackAnswer } from '../../../lambda/callback/post.ts';
import { deliver } from '../../../lambda/deliver/deliver.ts';
import { deliverStores } from '../../../lambda/deliver/deliver-stores.ts';
import { dispatch } from '../../../lambda/dispatch/dispatch.ts';
import { type EventId, eventId, type SubscriptionId } from '../../../lambda/runtime/ids.ts';
import { logWith } from '../../../lambda/runtime/log.ts';
import { countNothing, measureNothing } from '../../../lambda/runtime/metrics.ts';
import type { Outgoing } from '../../../lambda/runtime/queue.ts';
import { troubleStore } from '../../../lambda/store/agenda.ts';
import { deliveryStore } from '../../../lambda/store/deliveries.ts';
import { type DeliveryMessage, deliveryMessage } from '../../../lambda/store/delivery-message.ts';
import { readMessage } from '../../../lambda/store/delivery-message-reader.ts';
import { listedSubscriptionStore } from '../../../lambda/store/listed-subscriptions.ts';
import { readWatchMessage, troublesMessage } from '../../../lambda/store/watch-message.ts';
import type { EventPayload } from '../../../lambda/triggers/occurrence.ts';
import type { WatchPorts } from '../../../lambda/watch/ports.ts';
import { workOff } from '../../../lambda/watch/work-off.ts';
import { recordedLog } from '../http/recorded-log.ts';
import { type Step, steppedTable } from '../store/schedules.ts';
import {
  callbackUrl,
  instanceId,
  plainCipher,
  registeredOf,
  subscriptionsWorld,
} from '../subscriptions/world.ts';
import { contoso, watchWorld } from './world.ts';

export const minute = 60_000;
/** Minutes. */
export const hour = 60;
const free: Step = async () => undefined;

/** What a flow answers: it accepts, it is turned off, it does not respond, or it is gone. */
export type Mood = 'works' | 'off' | 'down' | 'gone';

const answers: Readonly<Record<Mood, CallbackAnswer>> = {
  works: { kind: 'answered', status: 202, errorCode: undefined, retryAfter: undefined },
  off: { kind: 'answered', status: 400, errorCode: 'WorkflowTriggerIsNotEnabled', retryAfter: undefined },
  down: { kind: 'answered', status: 503, errorCode: undefined, retryAfter: undefined },
  gone: { kind: 'answered', status: 404, errorCode: 'WorkflowNotFound', retryAfter: undefined },
};

/** What a flow with the trigger for troubles is told; ids apart. */
export interface Told {
  readonly at: number;
  readonly flow: string;
  readonly deliveryId: string;
  readonly subscriptionId: string;
  readonly state: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

interface TroubleInputs {
  readonly report?: 'trouble' | 'troubleAndRecovery';
  readonly triggers?: 'mine' | 'all';
}

export const troubleWorld = (random: () => number = () => 0.5) => {
  const watch = watchWorld();
  const { items, clock } = watch;
  const now = () => clock.now;
  const subscriptions = subscriptionsWorld();
  const { implementations, as } = subscriptions.on(items, { now });
  const { log, lines } = recordedLog();
  const moods = new Map<string, Mood>();
  const ids = new Map<string, SubscriptionId>();
  const told: Told[] = [];
  /** Every callback that a flow has accepted. */
  const accepted: { readonly flow: string; readonly at: number }[] = [];
  let queue: { readonly at: number; readonly message: DeliveryMessage }[] = [];
  const watchQueue: string[] = [];
  let events = 0;

  const put = (messages: readonly Outgoing[]) => {
    for (const { body, delaySeconds = 0 } of messages)
      queue.push({ at: clock.now + delaySeconds * 1000, message: readMessage(body) });
  };
  const listed = (step: Step) => listedSubscriptionStore(steppedTable(items, step), { now, by: 'test' });

  const deliverPorts = (step: Step): Parameters<typeof deliver>[0] => {
    const table = steppedTable(items, step);
    return {
      subscriptions: listed(step),
      ...deliverStores(table, { now }),
      cipher: plainCipher,
      async post(url, body, headers) {
        await step();
        const flow = decodeURIComponent(url.pathname.split('/')[2] ?? '');
        const mood = moods.get(flow) ?? 'works';
        if (mood === 'works') {
          accepted.push({ flow, at: clock.now });
          const payload = JSON.parse(body) as Told['payload'];
          if (payload.trigger === 'OnTriggerTrouble')
            told.push({
              at: clock.now,
              flow,
              deliveryId: headers['x-insights-delivery-id'] ?? '',
              subscriptionId: String(payload.subscriptionId),
              state: String(payload.state),
              payload,
            });
        }
        return answers[mood];
      },
      rules: { allowedHosts: ['*.logic.azure.com'], allowLoopback: false },
      sendRetry: async (messages) => put(messages),
      sendDeadLetter: async () => undefined,
      now,
      random,
      log: logWith(log, {}),
      count: countNothing,
    };
  };

  const register = async (
    flow: string,
    owner: string,
    operation: 'OnDataSourceRefreshFailed' | 'OnTriggerTrouble',
    inputs: TroubleInputs = {},
    roles: readonly string[] = [],
  ) => {
    const context = as(owner);
    const call = implementations[operation] as unknown as (
      request: object,
      context: object,
    ) => Promise<{ readonly headers?: Readonly<Record<string, string>> }>;
    const { headers } = await call(
      {
        path: operation === 'OnTriggerTrouble' ? {} : { dataset: instanceId },
        query: {},
        body: { callbackUrl: callbackUrl(flow), ...inputs },
      },
      { ...context, workflowName: `Flow ${flow}`, caller: { ...context.caller, roles } },
    );
    const registered = registeredOf(headers);
    ids.set(flow, registered.subscriptionId as SubscriptionId);
    return registered;
  };

  const idOf = (flow: string): SubscriptionId => ids.get(flow) ?? expect.fail(`${flow} is not registered`);
  const find = (flow: string) => listed(free).find(idOf(flow));

  /** @param over of the host that sweeps */
  const sweep = (step: Step = free, over: Partial<WatchPorts> = {}) =>
    workOff(
      () =>
        watch.portsOn(step, {
          ...over,
          subscriptions: listed(step),
          sendDelivery: async (messages) => {
            await step();
            put(messages);
          },
          sendWatch: async (messages) => void watchQueue.push(...messages.map(({ body }) => body)),
        }),
      [contoso],
      troublesMessage,
    );

  return {
    watch,
    items,
    clock,
    lines,
    told,
    accepted,
    implementations,
    as,
    idOf,
    find,
    sweep,
    agenda: () => [...items.items.values()].filter(({ pk }) => pk === 'TROUBLES'),
    history: async (flow: string) => deliveryStore(items).newest(idOf(flow), 100),
    mood: (flow: string, mood: Mood) => void moods.set(flow, mood),
    watched: (flow: string, owner = 'anna') => register(flow, owner, 'OnDataSourceRefreshFailed'),
    teller: (flow: string, owner = 'anna', inputs?: TroubleInputs) =>
      register(flow, owner, 'OnTriggerTrouble', inputs),
    operator: (flow: string, owner = 'olga', inputs: TroubleInputs = {}) =>
      register(flow, owner, 'OnTriggerTrouble', { ...inputs, triggers: 'all' }, [operatorRole]),
    /** An event of the flow's trigger is queued. */
    async event(flow: string) {
      const stored = await find(flow);
      if (!stored) return;
      events += 1;
      const id = eventId(instanceId, 'OnDataSourceRefreshFailed', 'shop', `task ${events}`) as EventId;
      const payload = {
        eventId: id,
        trigger: 'OnDataSourceRefreshFailed',
        instanceId,
        instanceName: 'Contoso',
        occurredAt: new Date(clock.now).toISOString(),
        dataSourceName: 'Web shop',
        status: 'failed',
        jobId: `job ${events}`,
      } satisfies EventPayload<'OnDataSourceRefreshFailed'>;
      queue.push({ at: clock.now, message: deliveryMessage({ eventId: id, payload }, stored.body) });
    },
    /** Handles every delivery that is due, and what follows from it. */
    async deliverDue(stepOf: () => Step = () => free) {
      for (;;) {
        const due = queue.find(({ at }) => at <= clock.now);
        if (!due) return;
        queue = queue.filter((one) => one !== due);
        try {
          await deliver(deliverPorts(stepOf()), due.message);
        } catch {
          // It is received again when its visibility time-out is over.
          queue.push({ at: clock.now + 3 * minute, message: due.message });
        }
      }
    },
    async tick(stepOf: () => Step = () => free) {
      await dispatch(
        {
          leases: watch.leases,
          troubles: troubleStore(items),
          measure: measureNothing,
          sendWatch: async (messages) => void watchQueue.push(...messages.map(({ body }) => body)),
          now,
        },
        [],
      );
      for (let body = watchQueue.shift(); body !== undefined; body = watchQueue.shift()) {
        expect(readWatchMessage(body)).toEqual(troublesMessage);
        try {
          await sweep(stepOf());
        } catch {
          // The next tick asks again.
        }
      }
    },
    async pass(minutes: number, stepOf?: () => Step) {
      for (let left = minutes; left > 0; left -= 1) {
        await this.deliverDue(stepOf);
        clock.now += minute;
        await this.tick(stepOf);
      }
      await this.deliverDue(stepOf);
    },
    /** What a flow was told, repetitions apart: state by state. */
    states: (flow: string) => [
      ...new Map(told.filter((one) => one.flow === flow).map((one) => [one.deliveryId, one.state])).values(),
    ],
  };
};

export type TroubleWorld = ReturnType<typeof troubleWorld>;
