/** What moves from one deployment to another: one JSON value a line, in a file that only a passphrase opens. */
import type { Delivery } from '../../../lambda/store/deliveries.ts';
import type { Subscription } from '../../../lambda/store/subscriptions.ts';
import type { Cursor } from '../../../lambda/triggers/cursor.ts';
import type { RearmState } from '../../../lambda/triggers/firings.ts';
import { type Terminal, UsageError } from '../../commands/command.ts';
import type { Deployment } from '../deployment-place.ts';
import { NotThere } from '../options.ts';
import { readSealedFile, SealedFileRefused, shortestPassphrase } from '../sealed-file.ts';

export interface MovedHead {
  readonly kind: 'head';
  /** Epoch ms; when the export began. */
  readonly at: number;
  readonly tenantId: string;
  /** Stack of the source. */
  readonly stack: string;
  /** Of the program that wrote it. */
  readonly program: string;
}

/** How far the source had processed an instance. */
export interface MovedInstance {
  readonly kind: 'instance';
  readonly instanceId: string;
  /** Null where it has not been polled. */
  readonly cursor: Cursor | null;
  /** Epoch ms of the source's last look at everything: what became final before was handled there. 0: none yet. */
  readonly sweptAt: number;
}

export interface MovedSubscription {
  readonly kind: 'subscription';
  readonly subscription: Omit<Subscription, 'callback' | 'trouble'>;
  readonly callbackUrl: string;
  /** Absent: armed, as a new one is. */
  readonly armament?: RearmState;
  /** Those that have ended, so that the target does not send their events again. */
  readonly deliveries: readonly Delivery[];
}

export type MovedLine = MovedHead | MovedInstance | MovedSubscription;

export interface Moved {
  readonly head: MovedHead;
  readonly instances: readonly MovedInstance[];
  readonly subscriptions: readonly MovedSubscription[];
}

/** Why the owner gets nothing yet. It tells imported subscriptions from those that are paused for another reason. */
export const importedReason =
  'An operator has moved this trigger to another deployment. It starts when the earlier deployment has stopped.';

/** As long as a delivery can matter to the target: its first look reaches no further back than the source's cursor. */
export const importedHistoryDays = 2;

/** @throws NotThere when the outputs do not name the tenant */
export const tenantOf = ({ place }: Pick<Deployment, 'place'>): string => {
  const tenant = place.all.TenantId;
  if (tenant === undefined) throw new NotThere('The outputs of the stack have no TenantId.');
  return tenant;
};

/**
 * Asks for a passphrase without showing it, or takes the first line of standard input.
 * @param isNew it is asked for twice, and has to be long enough
 */
export const passphraseOf = async (terminal: Terminal, isNew: boolean): Promise<string> => {
  const { askHidden } = terminal;
  const given = askHidden
    ? await askHidden('Passphrase (not shown): ')
    : ((await (await import('node:stream/consumers')).text(process.stdin)).split(/\r?\n/, 1)[0] ?? '');
  if (given === '')
    throw new UsageError(
      'The passphrase is empty. Without a terminal it is the first line of standard input, such as `… < passphrase.txt`.',
    );
  if (!isNew) return given;
  if (given.length < shortestPassphrase)
    throw new UsageError(
      `The passphrase has fewer than ${shortestPassphrase} characters. The file holds the callback URLs of flows: take a longer one.`,
    );
  if (askHidden && (await askHidden('The same again: ')) !== given)
    throw new UsageError('The two passphrases differ. Nothing was written.');
  return given;
};

/**
 * Reads a file for this deployment.
 * @throws SealedFileRefused for a file of another tenant, and as readSealedFile
 */
export const readMoved = async (
  deployment: Pick<Deployment, 'place'>,
  file: string,
  passphrase: string,
): Promise<Moved> => {
  const lines = (await readSealedFile(file, passphrase)).map((line) => JSON.parse(line) as MovedLine);
  const [head] = lines;
  if (head?.kind !== 'head') throw new SealedFileRefused(`${file} has no head. Export again.`);
  const tenant = tenantOf(deployment);
  if (head.tenantId.toLowerCase() !== tenant.toLowerCase())
    throw new SealedFileRefused(
      `${file} is from a deployment of the tenant ${head.tenantId}, and this deployment is of ${tenant}. Its people and flows are not here.`,
    );
  return {
    head,
    instances: lines.filter((line) => line.kind === 'instance'),
    subscriptions: lines.filter((line) => line.kind === 'subscription'),
  };
};
