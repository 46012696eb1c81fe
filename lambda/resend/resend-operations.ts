/** What the console asks about deliveries, and what each operation of the function does. */
import pMap from 'p-map';
import type { Implementation, Implementations } from '../http/implementations.ts';
import { isOperator } from '../http/operator.ts';
import { ConnectorError } from '../runtime/errors.ts';
import type { DeliveryId } from '../runtime/ids.ts';
import { exactNumber } from '../runtime/json.ts';
import { hourMs, iso } from '../runtime/time.ts';
import { deliveryMessage, notificationBody } from '../store/delivery-message.ts';
import { shownDelivery } from '../subscriptions/owner-operations.ts';
import { mustBeActive, subscriptionOfCaller } from '../subscriptions/ownership.ts';
import { subscriptionPage } from '../subscriptions/subscription-pages.ts';
import { keptBySubject } from '../triggers/occurrence.ts';
import { getDeadLetterPayload, listDeadLetters, redriveLetters } from './letter-operations.ts';
import { replay } from './replay.ts';
import { auditPorts, mustOwn, placeOf, type ResendPorts } from './resend-ports.ts';

/** Deliveries of a subscription in the list. */
const newestOfEach = 10;

const listRecentDeliveries =
  (ports: ResendPorts): Implementation<'ConsoleListRecentDeliveries'> =>
  async ({ query: { state, ...query } }, context) => {
    const { rows, next } = await subscriptionPage({ ...ports, store: ports.subscriptions }, query, context);
    const found = await pMap(rows, async (subscription) => {
      const newest = await ports.deliveries.newest(subscription.subscriptionId, newestOfEach);
      return newest
        .filter((delivery) => state === undefined || delivery.state === state)
        .map((delivery) => ({
          ...placeOf(ports, subscription, context),
          ...shownDelivery(delivery),
          nextAttemptAt:
            delivery.state === 'pending' && delivery.nextAttemptAt > 0 ? iso(delivery.nextAttemptAt) : null,
        }));
    });
    const value = found.flat().sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1));
    return { body: { value, next } };
  };

const getDeliveryPayload =
  (ports: ResendPorts): Implementation<'ConsoleGetDeliveryPayload'> =>
  async ({ path, query }, context) => {
    const { subscriptions: store, deliveries, ledger, triggers } = ports;
    const { body: subscription } = await subscriptionOfCaller(
      { store, isOperator },
      path.subscriptionId,
      context,
    );
    mustOwn(subscription, context);
    const { subscriptionId, instanceId, trigger, subject } = subscription;
    const deliveryId = path.deliveryId as DeliveryId;
    const delivery = await deliveries.find({ subscriptionId, deliveryId, occurredAt: query.occurredAt });
    const bySubject = keptBySubject[triggers.of(trigger).kind];
    const occurrence =
      delivery &&
      (await ledger.ofEvent(
        instanceId,
        trigger,
        bySubject ? subject : null,
        delivery.body.eventId,
        Date.parse(query.occurredAt),
      ));
    if (occurrence === undefined)
      throw new ConnectorError(
        'DeliveryUnknown',
        delivery?.body.origin === 'sample'
          ? 'The payload of a sample is not kept: its values are invented.'
          : 'The event of this delivery is no longer kept. Choose a delivery from the list.',
      );
    return {
      body: { payload: notificationBody(deliveryMessage(occurrence, subscription, { deliveryId })) },
    };
  };

const replayEvents =
  (ports: ResendPorts): Implementation<'ConsoleReplay'> =>
  async ({ path, body }, context) => {
    const { body: subscription } = await subscriptionOfCaller(
      { store: ports.subscriptions, isOperator },
      path.subscriptionId,
      context,
    );
    mustBeActive(subscription);
    const since = ports.now() - body.hours * hourMs;
    const events = await replay({ ...ports, ...auditPorts(ports, context) }, subscription, {
      ...body,
      since,
    });
    const sent = events.filter(({ send }) => send).length;
    if (!body.dryRun)
      context.log.info('events replayed', { subscriptionId: subscription.subscriptionId, sent });
    return {
      body: {
        sent,
        leftOut: events.length - sent,
        events: events.map(({ occurrence, history, send }) => ({
          eventId: occurrence.eventId,
          at: iso(occurrence.finalAt),
          subject: occurrence.subject,
          currentValue: occurrence.kind === 'value' ? exactNumber(occurrence.current) : null,
          history,
          send,
        })),
      },
    };
  };

/** What each operation of the function does. */
export const resendImplementations = (ports: ResendPorts): Implementations<'resend'> => ({
  ConsoleReplay: replayEvents(ports),
  ConsoleListRecentDeliveries: listRecentDeliveries(ports),
  ConsoleGetDeliveryPayload: getDeliveryPayload(ports),
  ConsoleListDeadLetters: listDeadLetters(ports),
  ConsoleGetDeadLetterPayload: getDeadLetterPayload(ports),
  ConsoleRedrive: redriveLetters(ports),
});
