import type { EventHistory, ReplayedEvent } from '../../lambda/resend/replay.ts';
import { NotThere, outputsOption, sinceOf, subscriptionNamed, withDeployment } from '../operator/options.ts';
import { type Command, confirmed, report, textOf, UsageError, yesOption } from './command.ts';

const words: Readonly<Record<EventHistory, string>> = {
  new: 'never sent to this flow',
  accepted: 'accepted before',
  repeated: 'accepted in this replay before',
  underWay: 'an attempt is still to come',
  notAccepted: 'sent before, and not accepted',
};

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
    {
      flags: '--only-missed',
      description: 'Leave out events that the flow has accepted before, and those that are under way',
    },
    {
      flags: '--dry-run',
      description: 'Print what would be sent, with what became of it before; send nothing',
    },
    yesOption,
    outputsOption,
  ],
  page: 'docs/operating.md',
  examples: [
    'replay --subscription <id> --since 24h --dry-run',
    'replay --subscription <id> --since 24h --only-missed',
  ],
  run: async (values, terminal) => {
    const id = textOf(values, 'subscription');
    const since = sinceOf(values, Date.now());
    if (id === undefined || since === undefined)
      throw new UsageError('replay needs --subscription <id> and --since <time>.');
    return withDeployment<0 | 1>(values, async (deployment) => {
      const { replay } = await import('../../lambda/resend/replay.ts');
      const { count, time } = await import('../../lambda/triggers/wording.ts');
      const subscription = await subscriptionNamed(deployment, id);
      const { state, reason } = subscription.status;
      if (state !== 'active')
        throw new NotThere(`The subscription is ${state}: ${reason} It would not receive the events.`);
      const dryRun = values.dryRun === true;
      const name = textOf(values, 'id') ?? new Date().toISOString();
      const request = { name, since, onlyMissed: values.onlyMissed === true };
      const preview = await replay(deployment, subscription, { ...request, dryRun: true });
      const toSend = preview.filter(({ send }) => send);
      const show = (events: readonly ReplayedEvent[]): void => {
        for (const { occurrence, history, send } of events)
          terminal.print(
            `${time(occurrence.finalAt)}  ${occurrence.subject}  ${occurrence.eventId}  ${send ? '' : 'not sent: '}${words[history]}`,
          );
      };
      const left = preview.length - toSend.length;
      const others = left === 0 ? '' : ` ${count(left, 'event')} ${left === 1 ? 'is' : 'are'} left out.`;
      const result = {
        replay: name,
        dryRun,
        sent: toSend.length,
        leftOut: left,
        events: preview.map(({ occurrence, ...event }) => ({
          eventId: occurrence.eventId,
          subject: occurrence.subject,
          at: new Date(occurrence.finalAt).toISOString(),
          ...event,
        })),
      };
      if (dryRun || toSend.length === 0) {
        if (!terminal.result) show(preview);
        report(
          terminal,
          result,
          () => `${dryRun ? 'Would send' : 'Sent'} ${count(toSend.length, 'event')} again.${others}`,
        );
        return 0;
      }
      // Without a terminal it was called by a program, which knows what it asks for.
      if (terminal.ask !== undefined && terminal.result === undefined) {
        show(preview);
        if (!(await confirmed(values, terminal, `Send ${count(toSend.length, 'event')} to this flow again?`)))
          return 1;
      }
      const events = await replay(deployment, subscription, { ...request, dryRun: false });
      if (terminal.ask === undefined && !terminal.result) show(events);
      report(
        terminal,
        result,
        () =>
          `Sent ${count(toSend.length, 'event')} again, as replay "${name}".${others} To repeat it, give --id "${name}".`,
      );
      return 0;
    });
  },
};
