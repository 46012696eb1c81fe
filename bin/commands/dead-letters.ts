import { outputsOption, sinceOf, withDeployment } from '../operator/options.ts';
import { type Command, textOf } from './command.ts';

export const listDeadLetters: Command = {
  name: 'dead-letters',
  summary: 'List the messages that were given up',
  options: [
    { flags: '--subscription <id>', description: 'Only deliveries to this subscription' },
    { flags: '--since <time>', description: 'Only messages sent since this time, such as 24h' },
    { flags: '--count', description: 'Print only how many there are' },
    outputsOption,
  ],
  examples: ['dead-letters --since 24h', 'dead-letters --count'],
  run: (values, terminal) =>
    withDeployment<0>(values, async ({ letters }) => {
      const { deliveryLetters, watchLetters } = await import('../operator/dead-letters.ts');
      const { UnknownMessage } = await import('../../lambda/store/message-reader.ts');
      const { time } = await import('../../lambda/triggers/wording.ts');
      const selection = { subscription: textOf(values, 'subscription'), since: sinceOf(values, Date.now()) };
      const counts = { delivery: 0, unreadable: 0, watch: 0 };
      const print = (sentAt: number, what: string) => {
        if (values.count !== true) terminal.print(`${time(sentAt)}  ${what}`);
      };
      for await (const { stored, message } of deliveryLetters(letters, selection)) {
        const { sentAt, messageId } = stored.body;
        const isUnreadable = message instanceof UnknownMessage;
        counts[isUnreadable ? 'unreadable' : 'delivery'] += 1;
        print(
          sentAt,
          isUnreadable
            ? `message ${messageId} cannot be read: ${message.message}`
            : `${message.payload.trigger} of ${time(message.payload.occurredAt)}, delivery ${message.deliveryId} to ${message.subscriptionId}`,
        );
      }
      if (selection.subscription === undefined)
        for await (const { body } of watchLetters(letters, selection)) {
          counts.watch += 1;
          print(body.sentAt, `message ${body.messageId} of the watch: ${body.body}`);
        }
      terminal.print(
        `Dead letters: ${counts.delivery} ${counts.delivery === 1 ? 'delivery' : 'deliveries'}, ${counts.unreadable} that cannot be read, ${counts.watch} of the watch.`,
      );
      return 0;
    }),
};
