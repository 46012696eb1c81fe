import { outputsOption, sinceOf, withDeployment } from '../operator/options.ts';
import { type Command, textOf } from './command.ts';

export const redriveDeadLetters: Command = {
  name: 'redrive',
  summary: 'Send dead letters again: deliveries that were given up',
  options: [
    { flags: '--subscription <id>', description: 'Only dead letters of this subscription' },
    { flags: '--since <time>', description: 'Only messages sent since this time, such as 24h' },
    { flags: '--dry-run', description: 'Print what would be sent; send nothing' },
    outputsOption,
  ],
  examples: ['redrive --dry-run', 'redrive --since 24h --subscription <id>'],
  run: (values, terminal) =>
    withDeployment<0 | 1>(values, async (deployment) => {
      const { redrive } = await import('../operator/redrive.ts');
      const dryRun = values.dryRun === true;
      const counts = { send: 0, done: 0, keep: 0 };
      await redrive(
        deployment,
        {
          subscription: textOf(values, 'subscription'),
          since: sinceOf(values, Date.now()),
          dryRun,
        },
        (decision) => {
          counts[decision.kind] += 1;
          const of = decision.message
            ? `${decision.message.deliveryId} of ${decision.message.subscriptionId}`
            : 'a message';
          const words = {
            send: dryRun ? 'would be sent again' : 'is sent again',
            done: dryRun ? 'was already delivered and would be removed' : 'was already delivered; removed',
            keep: `stays among the dead letters: ${decision.kind === 'keep' ? decision.reason : ''}`,
          };
          terminal.print(`${of} ${words[decision.kind]}`);
        },
      );
      terminal.print(
        `${dryRun ? 'Would send' : 'Sent'} ${counts.send} again, ${counts.done} already delivered, ${counts.keep} left among the dead letters.`,
      );
      return counts.keep > 0 ? 1 : 0;
    }),
};
