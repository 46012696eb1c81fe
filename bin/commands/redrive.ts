import type { RedriveDecision } from '../../lambda/resend/redrive.ts';
import { dayMs } from '../../lambda/runtime/time.ts';
import { outputsOption, sinceOf, subscriptionNamed, withDeployment } from '../operator/options.ts';
import { type Command, confirmed, report, textOf, wholeOf, yesOption } from './command.ts';

/** How many letters pass between two lines of progress. */
const progressEvery = 100;

/** Dead letters are kept longer than records; no bound of theirs is known here. */
const longestSinceMs = 366 * dayMs;

const words = (decision: RedriveDecision, dryRun: boolean): string => {
  const of = decision.message
    ? `${decision.message.deliveryId} of ${decision.message.subscriptionId}`
    : 'a message';
  switch (decision.kind) {
    case 'send':
      return `${of} ${dryRun ? 'would be sent again' : 'is sent again'}`;
    case 'done':
      return `${of} ${dryRun ? 'was already delivered and would be removed' : 'was already delivered; removed'}`;
    case 'keep':
      return `${of} stays among the dead letters: ${decision.reason}`;
  }
};

export const redriveDeadLetters: Command = {
  name: 'redrive',
  summary: 'Send dead letters again: deliveries that were given up',
  page: 'docs/operating.md',
  options: [
    { flags: '--subscription <id>', description: 'Only dead letters of this subscription' },
    { flags: '--since <time>', description: 'Only messages sent since this time, such as 24h' },
    { flags: '--limit <number>', description: 'Send at most so many again' },
    { flags: '--dry-run', description: 'Print what would be sent; send nothing' },
    yesOption,
    outputsOption,
  ],
  examples: ['redrive --dry-run', 'redrive --since 24h --subscription <id>', 'redrive --limit 10'],
  run: (values, terminal) =>
    withDeployment<0 | 1>(values, async (deployment) => {
      const { redrive } = await import('../../lambda/resend/redrive.ts');
      const { deliveryLetters } = await import('../../lambda/resend/letters.ts');
      const { count } = await import('../../lambda/triggers/wording.ts');
      const dryRun = values.dryRun === true;
      const subscription = textOf(values, 'subscription');
      const selection = { subscription, since: sinceOf(values, Date.now(), longestSinceMs) };
      const limit = wholeOf(values, 'limit', { least: 1 });
      const run = async (dry: boolean, tell: (decision: RedriveDecision) => void) => {
        const counts = { send: 0, done: 0, keep: 0 };
        let interrupted = false;
        const stop = (): void => {
          interrupted = true;
        };
        process.once('SIGINT', stop);
        try {
          const letters = deliveryLetters(deployment.letters, selection);
          const request = { letters, limit, dryRun: dry, isStopped: () => interrupted };
          await redrive(deployment, request, (decision) => {
            counts[decision.kind] += 1;
            tell(decision);
            const seen = counts.send + counts.done + counts.keep;
            if (seen % progressEvery === 0) terminal.complain(`${count(seen, 'letter')} so far …`);
          });
        } finally {
          process.off('SIGINT', stop);
        }
        return { ...counts, interrupted };
      };
      const silent = () => undefined;
      const asks =
        !dryRun && terminal.ask !== undefined && terminal.result === undefined && values.yes !== true;
      if (subscription !== undefined || asks) {
        const { send, done, keep } = await run(true, silent);
        // An id that was mistyped finds no letters either; one whose subscription is gone may still have some.
        if (subscription !== undefined && send + done + keep === 0)
          await subscriptionNamed(deployment, subscription);
        const question = `Send ${count(send, 'dead letter')} again${done > 0 ? ` and remove ${done} that ${done === 1 ? 'was' : 'were'} delivered` : ''}?`;
        if (asks && send + done > 0 && !(await confirmed(values, terminal, question))) return 1;
      }
      const decisions: RedriveDecision[] = [];
      const { interrupted, ...counts } = await run(dryRun, (decision) => {
        if (terminal.result) decisions.push(decision);
        else terminal.print(words(decision, dryRun));
      });
      const result = {
        dryRun,
        interrupted,
        sent: counts.send,
        alreadyDelivered: counts.done,
        kept: counts.keep,
        letters: decisions.map((decision) => ({
          decision: decision.kind,
          deliveryId: decision.message?.deliveryId ?? null,
          subscriptionId: decision.message?.subscriptionId ?? null,
          reason: decision.kind === 'keep' ? decision.reason : null,
        })),
      };
      report(
        terminal,
        result,
        () =>
          `${interrupted ? 'Interrupted; the letters that were not looked at stay as they are. ' : ''}${dryRun ? 'Would send' : 'Sent'} ${counts.send} again, ${counts.done} already delivered, ${counts.keep} left among the dead letters.`,
      );
      return counts.keep > 0 || interrupted ? 1 : 0;
    }),
};
