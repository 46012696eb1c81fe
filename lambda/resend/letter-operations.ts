/** What the console asks about dead letters, and sending them again. */
import pMap from 'p-map';
import type { CallContext, Implementation } from '../http/implementations.ts';
import { isOperator } from '../http/operator.ts';
import { ConnectorError } from '../runtime/errors.ts';
import { requestInvalid } from '../runtime/invalid-request.ts';
import { iso } from '../runtime/time.ts';
import type { DeadLetterName } from '../store/dead-letters.ts';
import { notificationBody } from '../store/delivery-message.ts';
import { principalList } from '../store/lists.ts';
import { UnknownMessage } from '../store/message-reader.ts';
import { type DeliveryLetter, letterIdOf, letterPage, readLetter, readLetterId } from './letters.ts';
import { decideAbout, redrive } from './redrive.ts';
import { auditPorts, mustOwn, placeOf, type ResendPorts } from './resend-ports.ts';

/** Dead letters of a page: each is two reads, of its delivery and its subscription. */
const lettersOfPage = 20;

/** Dead letters that one call sends again; the next call goes on. In the time that a call has, with a wide margin. */
const lettersOfCall = 50;

/** Dead letters that may be named in one call. */
const mostNamed = 100;

/** Which letters the caller may see: the own ones, and for an operator all. */
const shownTo = async (
  { lists }: ResendPorts,
  context: CallContext,
): Promise<(letter: DeliveryLetter) => boolean> => {
  if (isOperator(context)) return () => true;
  const own = new Set<string>();
  for await (const { subscriptionId } of lists.of(principalList(context.caller))) own.add(subscriptionId);
  return ({ message }) => !(message instanceof UnknownMessage) && own.has(message.subscriptionId);
};

const letterUnknown = (): ConnectorError<'DeadLetterUnknown'> =>
  new ConnectorError(
    'DeadLetterUnknown',
    'You have no such dead letter: it may have been sent again in the meantime. Load the list again.',
  );

/** @throws ConnectorError DeadLetterUnknown, also for one of another person */
const letterNamed = async (
  { letters }: ResendPorts,
  id: string,
  isShown: (letter: DeliveryLetter) => boolean,
): Promise<DeliveryLetter> => {
  const name = readLetterId(id);
  const stored = name && (await letters.find(name));
  if (!stored) throw letterUnknown();
  const letter = readLetter(stored);
  if (!isShown(letter)) throw letterUnknown();
  return letter;
};

/** @throws ConnectorError RequestInvalid */
const readAfter = (text: string | undefined): DeadLetterName | undefined => {
  const after = text === undefined ? undefined : readLetterId(text);
  if (text !== undefined && after === undefined)
    throw requestInvalid([
      { parameter: 'after', problem: 'is not a place of the list', allowed: 'the "next" of the page before' },
    ]);
  return after;
};

export const listDeadLetters =
  (ports: ResendPorts): Implementation<'ConsoleListDeadLetters'> =>
  async ({ query }, context) => {
    const { letters, last } = await letterPage(ports.letters, await shownTo(ports, context), {
      after: readAfter(query.after),
      most: lettersOfPage,
    });
    const value = await pMap(letters, async ({ stored, message }) => {
      const { decision, delivery, subscription } = await decideAbout(ports, message);
      const known = message instanceof UnknownMessage ? undefined : message;
      const about = {
        subscriptionId: known?.subscriptionId ?? null,
        trigger: known?.payload.trigger ?? null,
        instanceName: known?.payload.instanceName ?? null,
        flowName: null,
        isOwn: false,
      };
      return {
        ...(subscription ? placeOf(ports, subscription, context) : about),
        letterId: letterIdOf(stored.body),
        deliveryId: known?.deliveryId ?? null,
        occurredAt: known?.payload.occurredAt ?? null,
        sentAt: iso(stored.body.sentAt),
        lastAttempt: delivery?.attempts.at(-1) ?? null,
        decision: decision.kind,
        reason: decision.kind === 'keep' ? decision.reason : null,
      };
    });
    return { body: { value, next: last ? letterIdOf(last) : null } };
  };

export const getDeadLetterPayload =
  (ports: ResendPorts): Implementation<'ConsoleGetDeadLetterPayload'> =>
  async ({ path }, context) => {
    const { message } = await letterNamed(ports, path.letterId, await shownTo(ports, context));
    const stored =
      message instanceof UnknownMessage ? undefined : await ports.subscriptions.find(message.subscriptionId);
    if (message instanceof UnknownMessage || !stored)
      throw new ConnectorError(
        'PayloadOfAnother',
        'The subscription of this letter is gone or cannot be read, so its owner is not known.',
      );
    mustOwn(stored.body, context);
    return { body: { payload: notificationBody(message) } };
  };

export const redriveLetters =
  (ports: ResendPorts): Implementation<'ConsoleRedrive'> =>
  async ({ body: { letterIds, dryRun, ...body } }, context) => {
    const isShown = await shownTo(ports, context);
    const sentBefore = body.sentBefore === undefined ? ports.now() : Date.parse(body.sentBefore);
    let letters: readonly DeliveryLetter[];
    let last: DeadLetterName | undefined;
    if (letterIds !== undefined) {
      if (letterIds.length > mostNamed)
        throw requestInvalid([
          { parameter: 'letterIds', problem: 'are too many', allowed: `at most ${mostNamed}` },
        ]);
      // All are there and the caller's before the first is sent.
      letters = await pMap([...new Set(letterIds)], (id) => letterNamed(ports, id, isShown), {
        concurrency: 10,
      });
    } else
      ({ letters, last } = await letterPage(ports.letters, isShown, {
        after: readAfter(body.after),
        sentBefore,
        most: lettersOfCall,
      }));
    const counts = { send: 0, done: 0, keep: 0 };
    const reasons = new Map<string, number>();
    await redrive({ ...ports, ...auditPorts(ports, context) }, { letters, dryRun }, (decision) => {
      counts[decision.kind] += 1;
      if (decision.kind === 'keep') reasons.set(decision.reason, (reasons.get(decision.reason) ?? 0) + 1);
    });
    if (!dryRun) context.log.info('dead letters sent again', { ...counts });
    return {
      body: {
        sent: counts.send,
        alreadyDelivered: counts.done,
        kept: counts.keep,
        reasons: [...reasons].map(([reason, count]) => ({ reason, count })),
        sentBefore: iso(sentBefore),
        next: last ? letterIdOf(last) : null,
      },
    };
  };
