/** Apart from the message itself: most of those that send it never read it. */
import { toDecimal } from '../runtime/decimal.ts';
import { nullable, oneOf, optional, shape, text, textThat, time, wholeNumber } from '../runtime/shape.ts';
import type { EventPayload } from '../triggers/occurrence.ts';
import type { Crossing, DeliveryMessage } from './delivery-message.ts';
import { messageReader } from './message-reader.ts';
import type { Key } from './table.ts';

const decimal = textThat('a decimal number', (value) => toDecimal(value) === value);

/** Fields of every trigger's payload; the others go to the flow as they are. */
type CommonPayload = Pick<EventPayload, 'eventId' | 'trigger' | 'instanceId' | 'instanceName' | 'occurredAt'>;

/** @throws UnknownMessage */
export const readMessage = messageReader<DeliveryMessage>(
  'delivery',
  1,
  shape<DeliveryMessage>({
    v: oneOf(1),
    deliveryId: text,
    eventId: text,
    subscriptionId: text,
    generation: text,
    entry: nullable(
      shape<NonNullable<DeliveryMessage['entry']>>({
        key: shape<Key>({ pk: text, sk: text }),
        version: text,
      }),
    ),
    payload: shape<CommonPayload>({
      eventId: text,
      trigger: text,
      instanceId: text,
      instanceName: text,
      occurredAt: time,
    }),
    crossing: nullable(
      shape<Crossing>({
        previous: decimal,
        current: decimal,
        threshold: decimal,
        direction: oneOf('above', 'below'),
      }),
    ),
    round: wholeNumber(1),
    origin: optional(oneOf('event', 'sample', 'replay')),
  }),
);
