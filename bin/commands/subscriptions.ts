import {
  NotThere,
  namesOption,
  outputsOption,
  subscriptionNamed,
  withDeployment,
} from '../operator/options.ts';
import { type Command, confirmed, oneOf, report, textOf, UsageError, verbOf, yesOption } from './command.ts';
import {
  activateSubscriptions,
  exportSubscriptions,
  importSubscriptions,
  moveOptions,
  type SubscriptionsVerb as Verb,
} from './move-subscriptions.ts';

const list: Verb = async (deployment, values, terminal, names) => {
  const { listSubscriptions, subscriptionStates } = await import('../operator/subscription-list.ts');
  const { chosenInstance } = await import('../operator/instance-names.ts');
  const { triggers } = await import('../../lambda/triggers/registry.ts');
  const { coloured, table } = await import('./columns.ts');
  const state = oneOf(values, 'state', subscriptionStates);
  const trigger = oneOf(values, 'trigger', triggers.ids);
  const known = [...(await deployment.leases.all()).keys()];
  const instanceId = chosenInstance(textOf(values, 'instance'), known, names);
  const filter = { instanceId, state, trigger, owner: textOf(values, 'owner') };
  const { subscriptions, unreadable } = await listSubscriptions(deployment, filter, names);
  if (unreadable > 0)
    terminal.complain(
      `${unreadable} more were written by a newer version of this program, which this one cannot read.`,
    );
  report(terminal, { subscriptions, unreadable }, () =>
    subscriptions.length === 0
      ? 'No subscriptions.'
      : table(
          [
            { title: 'id' },
            { title: 'state' },
            { title: 'what', shrinks: true },
            { title: 'condition', shrinks: true },
            { title: 'instance', shrinks: true },
            { title: 'owner', shrinks: true },
            { title: 'last event' },
            { title: 'delivery' },
          ],
          subscriptions.map((one) => [
            one.subscriptionId,
            one.state,
            one.subject,
            one.condition,
            one.instance ?? one.instanceId,
            one.owner,
            one.lastEventAt?.slice(0, 16).replace('T', ' ') ?? '-',
            one.lastDelivery ?? '-',
          ]),
          terminal.columns,
        ),
  );
  if (subscriptions.some(({ lastDelivery }) => lastDelivery === 'dead') && !terminal.result)
    terminal.complain(
      coloured('doubtful', 'Some deliveries were given up: `insights-connector redrive --dry-run`.'),
    );
  return 0;
};

/** Deliveries that `show` prints at most. */
const shownDeliveries = 10;

const show: Verb = async (deployment, _, terminal, names, id) => {
  const { listed } = await import('../operator/subscription-list.ts');
  const { shownInstance } = await import('../operator/instance-names.ts');
  const { triggers } = await import('../../lambda/triggers/registry.ts');
  const { summaryOf, absenceReason } = await import('../../lambda/ledger/describe.ts');
  const { deliverySentence } = await import('../../lambda/ledger/delivery-sentence.ts');
  const { time } = await import('../../lambda/triggers/wording.ts');
  const subscription = await subscriptionNamed(deployment, id);
  const { subscriptionId, instanceId, subject, principal, generation } = subscription;
  const [deliveries, failures, absent] = await Promise.all([
    deployment.deliveries.newest(subscriptionId, shownDeliveries),
    deployment.failures.find(subscriptionId),
    deployment.cursors.absentSegments(instanceId),
  ]);
  const name = shownInstance(names, instanceId);
  const absentSince =
    subject !== null && triggers.of(subscription.trigger).reads === 'segments'
      ? absent.get(subject)
      : undefined;
  const given = failures?.body.generation === generation ? failures.body : undefined;
  const sentences = deliveries.map((delivery) => ({ ...delivery, sentence: deliverySentence(delivery) }));
  report(
    terminal,
    {
      ...listed(subscription, name, deliveries[0]),
      clientAppId: principal.clientAppId,
      tenantId: principal.tenantId,
      absentSince: absentSince === undefined ? null : new Date(absentSince).toISOString(),
      givenUp: given === undefined ? 0 : given.count,
      deliveries: sentences,
    },
    () =>
      [
        summaryOf(
          triggers,
          subscription,
          name ?? `instance ${instanceId}`,
          subject !== null && absentSince !== undefined ? absenceReason(subject, absentSince) : undefined,
        ),
        `Owner ${principal.objectId}, signed in through ${principal.clientAppId}.`,
        ...(given !== undefined && given.count > 0
          ? [`${given.count} given up in a row since ${time(given.since)}.`]
          : []),
        '',
        ...(sentences.length === 0
          ? ['No deliveries in 30 days.']
          : sentences.map(
              ({ occurredAt, deliveryId, sentence }) => `${time(occurredAt)}  ${deliveryId}  ${sentence}`,
            )),
        '',
        `Why it fired or not: insights-connector why ${subscriptionId}`,
      ].join('\n'),
  );
  return 0;
};

const end: Verb = async (deployment, values, terminal, names, id) => {
  const { ending, stopSubscription } = await import('../../lambda/store/stop-subscription.ts');
  const { shownInstance } = await import('../operator/instance-names.ts');
  const { triggers } = await import('../../lambda/triggers/registry.ts');
  const { summaryOf } = await import('../../lambda/ledger/describe.ts');
  const stored = await deployment.subscriptions.find(
    id as Parameters<typeof deployment.subscriptions.find>[0],
  );
  if (!stored) throw new NotThere(`There is no subscription "${id}".`);
  const { status, instanceId } = stored.body;
  if (status.state === 'ended') {
    report(
      terminal,
      { subscriptionId: id, outcome: 'ended before' },
      () => `It has ended before: ${status.reason}`,
    );
    return 0;
  }
  const summary = summaryOf(
    triggers,
    stored.body,
    shownInstance(names, instanceId) ?? `instance ${instanceId}`,
  );
  const question = `${summary}\nEnd it? Its flow gets no further events until a user saves it or switches it off and on.`;
  if (!(await confirmed(values, terminal, question))) return 1;
  const reason = textOf(values, 'reason') ?? 'An operator of the connector ended it.';
  const outcome = await stopSubscription(
    {
      subscriptions: deployment.subscriptions,
      now: Date.now,
      // What a function logs and counts, the operator is told below.
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      count: () => undefined,
    },
    stored,
    ending,
    reason,
  );
  const words = {
    stopped: 'Ended. The owner sees the reason for 30 days in the list of subscriptions.',
    'registered again':
      'Not ended: the flow was saved at this moment. Repeat the command if it is still meant.',
    'stopped before': 'It was stopped by another process at this moment.',
    gone: 'It was deleted by its flow at this moment.',
  };
  report(terminal, { subscriptionId: id, outcome }, () => words[outcome]);
  return outcome === 'registered again' ? 1 : 0;
};

const verbs: Readonly<Record<string, Verb>> = {
  list,
  show,
  end,
  export: exportSubscriptions,
  import: importSubscriptions,
  activate: activateSubscriptions,
};

/** What the verbs take that take anything. */
const taken: Readonly<Record<string, string>> = {
  show: 'the id of a subscription; `subscriptions list` has them',
  end: 'the id of a subscription; `subscriptions list` has them',
  export: 'the name of the file to write',
  import: 'the file that `subscriptions export` wrote',
  activate: 'the file that `subscriptions export` wrote',
};

export const subscriptions: Command = {
  name: 'subscriptions',
  arguments: '<verb> [id-or-file]',
  summary:
    'list: all subscriptions; show <id>: one, with its deliveries; end <id>: send it nothing more; export, import and activate <file>: move them to another deployment',
  page: 'docs/operating.md',
  options: [
    { flags: '--instance <instance>', description: 'list, export: only of this instance, by its name or id' },
    { flags: '--state <state>', description: 'list: only active, paused or ended ones' },
    { flags: '--owner <object-id>', description: 'list: only of this person or application' },
    { flags: '--trigger <trigger>', description: 'list: only of this trigger' },
    { flags: '--reason <sentence>', description: 'end: what the owner is told' },
    ...moveOptions,
    yesOption,
    namesOption,
    outputsOption,
  ],
  examples: [
    'subscriptions list --state paused',
    'subscriptions show <id>',
    "subscriptions end <id> --reason 'The flow is replaced by another one.'",
    'subscriptions export moved.icx',
    'subscriptions import moved.icx --outputs new/cdk-outputs.json',
    'subscriptions activate moved.icx --outputs new/cdk-outputs.json --source old/cdk-outputs.json',
  ],
  run: (values, terminal, [word = '', id]) => {
    const verb = verbOf('subscriptions', verbs, word);
    const needed = taken[word];
    if (needed !== undefined && id === undefined)
      throw new UsageError(`subscriptions ${word} needs ${needed}.`);
    return withDeployment<0 | 1>(values, async (deployment) => {
      const { instanceNames } = await import('../operator/instance-names.ts');
      const names = await instanceNames(values, deployment, terminal);
      return verb(deployment, values, terminal, names, id ?? '');
    });
  },
};
