/** Options that the operator's commands share. */

import { hasCode } from '../../lambda/runtime/errors.ts';
import type { SubscriptionId } from '../../lambda/runtime/ids.ts';
import { dayMs, hourMs, iso, minuteMs } from '../../lambda/runtime/time.ts';
import type { Subscription } from '../../lambda/store/subscriptions.ts';
import { type CommandOption, type OptionValues, textOf, UsageError } from '../commands/command.ts';
import type { Deployment } from './deployment-place.ts';

export const outputsOption: CommandOption = {
  flags: '--outputs <file>',
  description: 'The file that cdk deploy --outputs-file or the local run wrote (default: cdk-outputs.json)',
};

export const namesOption: CommandOption = {
  flags: '--config <file>',
  description: 'Configuration with the names of instances (default: insights-connector.json, if it is there)',
};

const spans: Readonly<Record<string, number>> = { m: minuteMs, h: hourMs, d: dayMs };

/** Records and deliveries are kept this long, ms. */
const keptMs = 30 * dayMs;

/**
 * `2026-06-01T10:00:00Z`, `2026-06-01` or a span up to now: `90m`, `24h`, `7d`. A time without a zone is UTC, as every
 * time that the commands print.
 * @param most how far back it may lie, ms
 * @returns epoch ms
 * @throws UsageError
 */
export const readSince = (text: string, now: number, most = keptMs): number => {
  const span = /^(\d{1,6})([mhd])$/.exec(text);
  const unit = spans[span?.[2] ?? ''];
  const timeAt = text.lastIndexOf('T');
  const time = text.slice(timeAt + 1);
  const hasZone = time.includes('Z') || time.includes('+') || /^.*-\d{2}:?\d{2}$/.test(time);
  const zoned = timeAt !== -1 && !hasZone ? `${text}Z` : text;
  const at =
    span && unit !== undefined
      ? now - Number(span[1]) * unit
      : /^\d{4}-\d{2}-\d{2}(T|$)/.test(text)
        ? Date.parse(zoned)
        : Number.NaN;
  if (Number.isNaN(at))
    throw new UsageError(
      `--since is "${text}"; it takes a time such as 2026-06-01T10:00:00Z or a span such as 90m, 24h, 7d.`,
    );
  if (at > now)
    throw new UsageError(`--since is "${text}", which is in the future. It is ${iso(now)} now (UTC).`);
  // A day more, because a date stands for its first moment.
  if (at < now - most - dayMs)
    throw new UsageError(
      `--since is "${text}"; records are kept for ${most / dayMs} days. Give at most ${most / dayMs}d.`,
    );
  return at;
};

export const sinceOf = (values: OptionValues, now: number, most?: number): number | undefined => {
  const text = textOf(values, 'since');
  return text === undefined ? undefined : readSince(text, now, most);
};

/** AWS did not answer, or refused the request. */
export class DeploymentUnreachable extends Error {
  override readonly name = 'DeploymentUnreachable';
  readonly exitCode = 1;
}

/** The deployment does not contain the named item. */
export class NotThere extends Error {
  override readonly name = 'NotThere';
  readonly exitCode = 1;
}

/** A message with those of its causes. */
export const messageOf = (error: Error): string =>
  error.cause instanceof Error ? `${error.message} ${messageOf(error.cause)}` : error.message;

/** Every refusal that the SDK reads from an answer carries `$metadata`. */
const isOfAws = (error: Error): boolean =>
  '$metadata' in error || hasCode(error, 'StoreUnavailable', 'QueueUnavailable');

/** The file of the option, else of the environment, else the default. */
export const outputsFileOf = async (values: OptionValues): Promise<string> =>
  textOf(values, 'outputs') ??
  process.env.INSIGHTS_CONNECTOR_OUTPUTS ??
  (await import('./deployment-place.ts')).defaultOutputsFile;

/**
 * Runs work against the deployment of the outputs file.
 * @param stateTable another one than that of the deployment
 * @throws DeploymentUnreachable instead of what the SDK throws
 */
export const withDeployment = async <Result>(
  values: OptionValues,
  work: (deployment: Deployment) => Promise<Result>,
  stateTable?: string,
): Promise<Result> => {
  const { openDeployment, readDeploymentPlace } = await import('./deployment-place.ts');
  const file = await outputsFileOf(values);
  const place = readDeploymentPlace(file);
  const unreachable = (cause: Error) =>
    new DeploymentUnreachable(
      place.services
        ? `The request to the local run of ${file} failed: ${messageOf(cause)}\nIf the run has ended, start another and give the file that it prints.`
        : `AWS request failed: ${messageOf(cause)}\nRegion and credentials come from the environment (such as AWS_REGION and AWS_PROFILE); they must be those of the deployment in ${file}.`,
      { cause },
    );
  const outputs = { ...place.outputs, ...(stateTable !== undefined && { stateTable }) };
  const deployment = openDeployment({ ...place, outputs });
  try {
    await deployment.signIn().catch((cause) => {
      throw unreachable(cause);
    });
    return await work(deployment);
  } catch (cause) {
    throw cause instanceof Error && isOfAws(cause) ? unreachable(cause) : cause;
  } finally {
    deployment.close();
  }
};

/** @throws NotThere */
export const subscriptionNamed = async ({ subscriptions }: Deployment, id: string): Promise<Subscription> => {
  const stored = await subscriptions.find(id as SubscriptionId);
  if (!stored)
    throw new NotThere(
      `There is no subscription "${id}". \`insights-connector subscriptions list\` lists them.`,
    );
  return stored.body;
};
