import { dayMs, iso } from '../../lambda/runtime/time.ts';
import { outputsOption, sinceOf, subscriptionNamed, withDeployment } from '../operator/options.ts';
import { type Command, report, textOf, UsageError } from './command.ts';

const lookBackMs = 7 * dayMs;

const outcomes = { fired: 'fired', notFired: 'not fired', note: 'note' } as const;

export const why: Command = {
  name: 'why',
  arguments: '[subscription]',
  summary: 'Explain why a trigger did or did not fire: each evaluation, the outcome, the attempts',
  options: [
    { flags: '--since <time>', description: 'How far to look back, such as 24h (default: 7d)' },
    {
      flags: '--subscription <id>',
      description: 'The same as an option',
    },
    { flags: '--deliveries', description: 'Only the deliveries and their attempts' },
    outputsOption,
  ],
  page: 'docs/operating.md',
  examples: ['why <subscription> --since 24h', 'why <subscription> --deliveries'],
  run: async (values, terminal, [id = textOf(values, 'subscription')]) => {
    if (id === undefined) throw new UsageError('why needs the id of a subscription.');
    return withDeployment<0 | 1>(values, async (deployment) => {
      const { deliveriesSince, gatherEvidence } = await import('../../lambda/ledger/evidence.ts');
      const { decide } = await import('../../lambda/ledger/explain.ts');
      const { triggers } = await import('../../lambda/triggers/registry.ts');
      const { summaryOf } = await import('../../lambda/ledger/describe.ts');
      const { deliverySentence } = await import('../../lambda/ledger/delivery-sentence.ts');
      const { time } = await import('../../lambda/triggers/wording.ts');
      const { instanceNameOf } = await import('../../lambda/triggers/instance.ts');
      const now = Date.now();
      const since = sinceOf(values, now) ?? now - lookBackMs;
      const subscription = await subscriptionNamed(deployment, id);
      const { instanceId } = subscription;
      const summary = summaryOf(
        triggers,
        subscription,
        instanceNameOf([], instanceId) ?? `instance ${instanceId}`,
      );
      const attempts = (made: Parameters<typeof deliverySentence>[0]['attempts']): readonly string[] =>
        made.map(({ at, status, meaning }) => `    ${time(at)}  ${status ?? 'no answer'}  ${meaning}`);
      if (values.deliveries === true) {
        const found = await deliveriesSince(deployment.deliveries, subscription, since);
        const told = found.map((delivery) => ({ ...delivery, sentence: deliverySentence(delivery) }));
        report(terminal, { subscriptionId: id, summary, since: iso(since), deliveries: told }, () =>
          [
            summary,
            ...told.flatMap(({ occurredAt, deliveryId, sentence, attempts: made }) => [
              `${time(occurredAt)}  ${deliveryId}  ${sentence}`,
              ...attempts(made),
            ]),
            ...(found.length === 0 ? [`No deliveries since ${time(since)}.`] : []),
          ].join('\n'),
        );
        return 0;
      }
      const decisions = decide(triggers, await gatherEvidence(triggers, deployment, subscription, since));
      report(
        terminal,
        {
          subscriptionId: id,
          summary,
          since: iso(since),
          decisions: decisions.map((decision) => ({ ...decision, at: iso(decision.at) })),
        },
        () =>
          [
            summary,
            ...decisions.flatMap(({ at, outcome, sentence, attempts: made }) => [
              `${time(at)}  ${outcomes[outcome].padEnd(9)}  ${sentence}`,
              ...attempts(made),
            ]),
            ...(decisions.length === 0
              ? [
                  `No records for this subscription since ${time(since)}: no evaluation, no job, no failed poll.`,
                ]
              : []),
          ].join('\n'),
      );
      return 0;
    });
  },
};
