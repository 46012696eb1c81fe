import type { ListedLetter } from '../../lambda/resend/letters.ts';
import { outputsOption, sinceOf, withDeployment } from '../operator/options.ts';
import { type Command, report, textOf } from './command.ts';

/** What a letter is about, in words and as data. */
const describe = async () => {
  const { UnknownMessage } = await import('../../lambda/store/message-reader.ts');
  const { time } = await import('../../lambda/triggers/wording.ts');
  return (letter: ListedLetter) => {
    const { sentAt, messageId, queue, body } = letter.stored.body;
    const common = { queue, messageId, sentAt: new Date(sentAt).toISOString() };
    if (letter.kind === 'look')
      return { text: `${time(sentAt)}  message ${messageId} of the watch: ${body}`, data: common };
    const { message } = letter;
    if (message instanceof UnknownMessage)
      return {
        text: `${time(sentAt)}  message ${messageId} cannot be read: ${message.message}`,
        data: { ...common, problem: message.message },
      };
    const { deliveryId, subscriptionId, eventId, payload } = message;
    return {
      text: `${time(sentAt)}  ${payload.trigger} of ${time(payload.occurredAt)}, delivery ${deliveryId} to ${subscriptionId}`,
      data: { ...common, deliveryId, subscriptionId, eventId, trigger: payload.trigger },
    };
  };
};

export const listDeadLetters: Command = {
  name: 'dead-letters',
  summary: 'List the messages that were given up',
  page: 'docs/delivery.md',
  options: [
    { flags: '--subscription <id>', description: 'Only deliveries to this subscription' },
    { flags: '--since <time>', description: 'Only messages sent since this time, such as 24h' },
    { flags: '--count', description: 'Print only how many there are' },
    outputsOption,
  ],
  examples: ['dead-letters --since 24h', 'dead-letters --count'],
  run: (values, terminal) =>
    withDeployment<0>(values, async ({ letters }) => {
      const { countLetters } = await import('../../lambda/resend/letters.ts');
      const described = await describe();
      const selection = { subscription: textOf(values, 'subscription'), since: sinceOf(values, Date.now()) };
      const found: unknown[] = [];
      const counts = await countLetters(letters, selection, (letter) => {
        if (values.count === true) return;
        const { text, data } = described(letter);
        if (terminal.result) found.push(data);
        else terminal.print(text);
      });
      const { deliveries, unreadable, looks } = counts;
      report(
        terminal,
        { counts, letters: found },
        () =>
          `Dead letters: ${deliveries} ${deliveries === 1 ? 'delivery' : 'deliveries'}, ${unreadable} that cannot be read, ${looks} of the watch.`,
      );
      return 0;
    }),
};
