/** The verbs of `subscriptions` that move them from one deployment to another. */
import type { Deployment } from '../operator/deployment-place.ts';
import type { InBetween } from '../operator/move/activate-subscriptions.ts';
import type { Imported } from '../operator/move/import-subscriptions.ts';
import {
  type CommandOption,
  confirmed,
  type OptionValues,
  report,
  type Terminal,
  textOf,
  UsageError,
} from './command.ts';

/** What the command does for its first argument; the last parameter is its second. */
export type SubscriptionsVerb = (
  deployment: Deployment,
  values: OptionValues,
  terminal: Terminal,
  names: ReadonlyMap<string, string>,
  argument: string,
) => Promise<0 | 1>;

/** @param before the verb, with a colon, where the command has several */
export const inBetweenOptions = (before: string): readonly CommandOption[] => [
  {
    flags: '--gap',
    description: `${before}do not send the events of the time in between; replay can (the default)`,
  },
  {
    flags: '--resend',
    description: `${before}send the events of the time in between; some may come twice`,
  },
];

export const moveOptions: readonly CommandOption[] = [
  ...inBetweenOptions('activate: '),
  {
    flags: '--source <file>',
    description: 'activate: outputs of the old deployment, to check that it has stopped',
  },
];

/** @throws UsageError when both were given */
export const inBetweenOf = (values: OptionValues): InBetween => {
  if (values.gap === true && values.resend === true)
    throw new UsageError('--gap and --resend exclude each other.');
  return values.resend === true ? 'resend' : 'gap';
};

/** Work that needs the callback key. @throws NotThere with what to do where the key is refused */
const withCallbackKey = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  const { hasCode } = await import('../../lambda/runtime/errors.ts');
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'KeysUnavailable')) throw error;
    const { NotThere } = await import('../operator/options.ts');
    const { cause } = error;
    throw new NotThere(
      `The callback key was refused: ${cause instanceof Error ? cause.message : error.message}\nThe policy for operators admits it only with "operators": { "readCallbackUrls": true } in the configuration of this deployment; the output CallbackKeyArn names the key.`,
      { cause: error },
    );
  }
};

export const exportSubscriptions: SubscriptionsVerb = async (deployment, values, terminal, names, file) => {
  const { exportLines } = await import('../operator/move/export-subscriptions.ts');
  const { passphraseOf } = await import('../operator/move/moved-file.ts');
  const { checkNewFile, writeSealedFile } = await import('../operator/sealed-file.ts');
  const { chosenInstance } = await import('../operator/instance-names.ts');
  const { count } = await import('../../lambda/triggers/wording.ts');
  checkNewFile(file);
  const known = [...(await deployment.leases.all()).keys()];
  const instanceId = chosenInstance(textOf(values, 'instance'), known, names);
  const passphrase = await passphraseOf(terminal, true);
  const { lines, totals } = exportLines(deployment, instanceId);
  await withCallbackKey(() => writeSealedFile(file, passphrase, lines));
  report(terminal, { file, ...totals }, () =>
    [
      `Wrote ${count(totals.subscriptions, 'subscription')} of ${count(totals.instances, 'instance')} to ${file}. The file and the passphrase are enough to run these flows: keep them apart, and delete the file after the move.`,
      ...(totals.ended > 0 ? [`${count(totals.ended, 'ended subscription')} stayed out.`] : []),
      ...(totals.underWay > 0
        ? [
            `Of the deliveries of the last two days, ${totals.underWay} are still under way. Let this deployment run until \`insights-connector status\` shows empty queues.`,
          ]
        : []),
    ].join('\n'),
  );
  return 0;
};

/** What the addresses that Power Automate has mean for flows. */
const aboutAddresses = (host: string | undefined): string =>
  `The addresses by which Power Automate removes these triggers keep the host of the old deployment. If the new one (${host ?? 'output ConnectorHost'}) has the same host, by "domain" in both configurations, nothing changes for flows. Otherwise update the connector and have each flow saved again; until then a deleted flow is noticed only when it refuses an event.`;

const importedWords = ({ imported, present, paused }: Imported): string =>
  [
    `${imported} imported`,
    ...(paused > 0 ? [`${paused} of them paused before`] : []),
    ...(present > 0 ? [`${present} were there already and stay as they are`] : []),
  ].join(', ');

/** The file, opened for the deployment. */
const openFile = async (deployment: Parameters<SubscriptionsVerb>[0], terminal: Terminal, file: string) => {
  const { passphraseOf, readMoved } = await import('../operator/move/moved-file.ts');
  const { checkOldFile } = await import('../operator/sealed-file.ts');
  checkOldFile(file);
  return readMoved(deployment, file, await passphraseOf(terminal, false));
};

export const importSubscriptions: SubscriptionsVerb = async (deployment, _, terminal, __, file) => {
  const { importMoved } = await import('../operator/move/import-subscriptions.ts');
  const moved = await openFile(deployment, terminal, file);
  const outcome = await withCallbackKey(() => importMoved(deployment, moved));
  report(terminal, { file, ...outcome }, () =>
    [
      `Subscriptions: ${importedWords(outcome)}.`,
      'They get no events yet. Stop the old deployment, then run `insights-connector subscriptions activate` with the same file, within 30 days.',
      aboutAddresses(deployment.place.all.ConnectorHost),
    ].join('\n'),
  );
  return 0;
};

/**
 * Whether the source has stopped: checked where its outputs are given, else as the operator says.
 * @throws NotThere when it still polls
 */
const sourceStopped = async (
  values: OptionValues,
  terminal: Terminal,
  moved: Awaited<ReturnType<typeof openFile>>,
): Promise<boolean> => {
  const source = textOf(values, 'source');
  const { iso } = await import('../../lambda/runtime/time.ts');
  if (source === undefined)
    return confirmed(
      values,
      terminal,
      `Has the deployment ${moved.head.stack}, exported at ${iso(moved.head.at)}, stopped? As long as it runs too, each event is sent by both.`,
    );
  const { NotThere, withDeployment } = await import('../operator/options.ts');
  const { stillPolled } = await import('../operator/move/activate-subscriptions.ts');
  const running = await withDeployment({ ...values, outputs: source }, (old) => stillPolled(old, moved));
  if (running.length > 0)
    throw new NotThere(
      `The deployment of ${source} has polled ${running.length === 1 ? 'an instance' : `${running.length} instances`} within the last three minutes (${running.slice(0, 3).join(', ')}). Stop it first: docs/runbook.md, "Move". Nothing was activated.`,
    );
  return true;
};

export const activateSubscriptions: SubscriptionsVerb = async (deployment, values, terminal, _, file) => {
  const { activateMoved } = await import('../operator/move/activate-subscriptions.ts');
  const mode = inBetweenOf(values);
  const moved = await openFile(deployment, terminal, file);
  if (!(await sourceStopped(values, terminal, moved))) return 1;
  const { iso } = await import('../../lambda/runtime/time.ts');
  const { count } = await import('../../lambda/triggers/wording.ts');
  const outcome = await activateMoved(deployment, moved, mode);
  const { activated, before, savedAgain, stopped, absent, sent } = outcome;
  const since = iso(moved.head.at);
  report(terminal, { file, mode, since, ...outcome }, () =>
    [
      `Activated ${count(activated, 'subscription')}.`,
      ...(before > 0 ? [`${before} were activated before.`] : []),
      ...(savedAgain > 0 ? [`${savedAgain} are active because their flows were saved here.`] : []),
      ...(stopped > 0 ? [`${stopped} stay stopped; \`subscriptions list\` has the reasons.`] : []),
      ...(absent > 0 ? [`${absent} are not here: import the file, unless their flows were deleted.`] : []),
      mode === 'gap'
        ? `Events since ${since} are recorded and were not sent. To send them to a flow: insights-connector replay --subscription <id> --since ${since} --only-missed`
        : `Queued ${count(sent, 'event')} since ${since}; later ones come with the next poll. What the old deployment sent in this time comes twice.`,
      aboutAddresses(deployment.place.all.ConnectorHost),
    ].join('\n'),
  );
  return 0;
};
