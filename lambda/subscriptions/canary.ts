/** What the canary lets this function do: register its subscription, and send a sample to it. */
import { callDeadlineMs, deadlineIn } from '../runtime/deadline.ts';
import { acrossCanary, type SubscriptionId } from '../runtime/ids.ts';
import { type Log, logWith } from '../runtime/log.ts';
import { loggedMessage } from '../runtime/redaction.ts';
import { type CanaryAnswer, type CanaryCall, canaryPrincipal } from '../store/canary-runs.ts';
import { sendSample } from './owner-operations.ts';
import { registerSubscription, type SubscriptionPorts } from './service.ts';

/** It is about our own table, so nothing of Customer Insights is read. */
const trigger = 'OnTriggerTrouble';

/**
 * Registers as a flow is registered, with the one callback and for the one principal of the canary.
 * @param callback undefined where there is no canary
 */
export const canaryRegistration =
  (ports: SubscriptionPorts, callback: string | undefined, logger: Log) =>
  async ({ canary: { sample } }: CanaryCall): Promise<CanaryAnswer> => {
    const log = logWith(logger, { correlationId: sample.slice(0, 8) });
    const deadline = deadlineIn(callDeadlineMs);
    try {
      if (callback === undefined) return { failed: 'The configuration has no canary.' };
      const { settings, now, store } = ports;
      const principal = canaryPrincipal(settings.tenantId);
      const callbacks = { ...settings.callbacks, canary: callback };
      const registered = await registerSubscription(
        { ...ports, settings: { ...settings, callbacks } },
        {
          trigger,
          instanceId: acrossCanary,
          subject: null,
          threshold: null,
          callbackUrl: callback,
          readBaseline: async () => ({ baseline: { at: now(), occurrences: [] } }),
        },
        {
          caller: { ...principal, token: '', expiresAt: now() },
          deadline,
          correlationId: sample.slice(0, 8),
          requestHost: new URL(callback).host,
          log,
        },
      );
      const stored = await store.find(registered.body.subscriptionId as SubscriptionId);
      if (!stored) return { failed: 'The subscription was removed at once.' };
      await sendSample(ports, stored.body, sample);
      return { removal: new URL(registered.headers.Location).pathname };
    } catch (error) {
      return { failed: loggedMessage(error) };
    } finally {
      deadline.end();
    }
  };
