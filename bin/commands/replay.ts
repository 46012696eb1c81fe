import { NotThere, outputsOption, sinceOf, subscriptionNamed, withDeployment } from '../operator/options.ts';
import { type Command, textOf, UsageError } from './command.ts';

export const replayEvents: Command = {
  name: 'replay',
  summary: 'Send past events to one subscription again',
  options: [
    { flags: '--subscription <id>', description: 'The subscription', required: true },
    {
      flags: '--since <time>',
      description: 'Start of the period, such as 24h; at most 30 days',
      required: true,
    },
    { flags: '--id <name>', description: 'Name of the replay; a repeated name sends no event twice' },
    { flags: '--dry-run', description: 'Print what would be sent; send nothing' },
    outputsOption,
  ],
  examples: ['replay --subscription <id> --since 24h --dry-run'],
  run: async (values, terminal) => {
    const id = textOf(values, 'subscription');
    const since = sinceOf(values, Date.now());
    if (id === undefined || since === undefined)
      throw new UsageError('replay needs --subscription <id> and --since <time>.');
    return withDeployment<0 | 1>(values, async (deployment) => {
      const { replay } = await import('../operator/replay.ts');
      const { time } = await import('../../lambda/triggers/wording.ts');
      const subscription = await subscriptionNamed(deployment, id);
      const { state, reason } = subscription.status;
      if (state !== 'active')
        throw new NotThere(`The subscription is ${state}: ${reason} It would not receive the events.`);
      const dryRun = values.dryRun === true;
      const name = textOf(values, 'id') ?? new Date().toISOString();
      const events = await replay(deployment, subscription, { name, since, dryRun });
      for (const { eventId, finalAt, subject } of events)
        terminal.print(`${time(finalAt)}  ${subject}  ${eventId}`);
      terminal.print(
        dryRun
          ? `Would send ${events.length} events again.`
          : `Sent ${events.length} events again, as replay "${name}". To repeat it, give --id "${name}".`,
      );
      return 0;
    });
  },
};
