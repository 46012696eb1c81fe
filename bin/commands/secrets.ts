import { namesOption, outputsOption } from '../operator/options.ts';
import type { OpenedUpstream } from '../operator/upstream-place.ts';
import {
  type Command,
  hiddenText,
  type OptionValues,
  report,
  type Terminal,
  textOf,
  UsageError,
} from './command.ts';

const put = async (
  { configuration, client, place }: OpenedUpstream,
  values: OptionValues,
  terminal: Terminal,
  given: string | undefined,
): Promise<0> => {
  const { neededSecrets, readExpiry, secretNamed, storeValues, tryClientSecret } = await import(
    '../operator/stored-secrets.ts'
  );
  const { mustBeTriable, storeKeys } = await import('../operator/store-keys.ts');
  const { secretParts, secretValues } = await import('../operator/secret-value.ts');
  const { iso } = await import('../../lambda/runtime/time.ts');
  const secret = given === undefined ? undefined : secretNamed(configuration, given);
  if (secret === undefined) {
    const known = neededSecrets(configuration).map(({ kind, instance }) => instance?.name ?? kind);
    throw new UsageError(
      `secrets put ${given === undefined ? 'needs the name of a secret' : `does not know "${given}"`}; there are: ${known.join(', ')}.`,
    );
  }
  const { kind, instance } = secret;
  const expires = textOf(values, 'expires');
  if (kind !== 'api' && expires !== undefined)
    throw new UsageError('--expires is for the client secret; subscription keys do not expire.');
  const whenExpires = async (): Promise<string> => {
    if (expires !== undefined) return expires;
    if (terminal.ask === undefined)
      throw new UsageError(
        'secrets put api needs --expires with the date on which the client secret expires, or a span such as 1y: 30 days before, an alarm rings.',
      );
    return terminal.ask('Expires on (such as 2027-11-28, or 1y from now): ');
  };
  const untried = values.untried === true;
  if (kind === 'instance') mustBeTriable(configuration, untried);
  // Before the values, so that they need not be entered twice.
  const expiresAt = kind === 'api' ? readExpiry(await whenExpires(), place.now()) : undefined;
  const parts = secretValues(kind, await hiddenText(terminal, Object.values(secretParts[kind])));
  if (!untried) terminal.complain('Trying it …');
  const storeClientSecret = async () => {
    if (!untried) await tryClientSecret(place, parts.clientSecret ?? '');
    return storeValues(client, configuration, secret, {
      ...parts,
      ...(expiresAt !== undefined && { expiresAt }),
    });
  };
  const { arn, created } =
    instance === undefined
      ? await storeClientSecret()
      : await storeKeys(
          { client, place, instances: configuration.instances, untried, note: terminal.complain },
          { instance, keys: parts },
        );
  const tried = !untried;
  report(
    terminal,
    { secret: secret.name, arn, created, tried, storedAt: iso(place.now()), expiresAt: expiresAt ?? null },
    () =>
      `${created ? 'Created' : 'Stored'} ${arn}${tried ? '' : ', untried'}.${expiresAt === undefined ? '' : ` It expires on ${expiresAt.slice(0, 10)}.`} Running functions use it within five minutes.`,
  );
  return 0;
};

const status = async (
  { configuration, client, place }: OpenedUpstream,
  terminal: Terminal,
): Promise<0 | 1> => {
  const { expiryWarningDays, readSecretStatus } = await import('../operator/stored-secrets.ts');
  const { iso } = await import('../../lambda/runtime/time.ts');
  const { table } = await import('./columns.ts');
  const found = await readSecretStatus(client, configuration, place.now());
  const attention = ({ state, daysLeft }: (typeof found)[number]) =>
    state !== 'stored' || (daysLeft !== undefined && daysLeft < expiryWarningDays);
  report(
    terminal,
    found.map((one) => ({
      secret: one.secret.name,
      of: one.secret.title,
      state: one.state,
      storedAt: one.storedAt === undefined ? null : iso(one.storedAt),
      expiresAt: one.expiresAt === undefined ? null : iso(one.expiresAt),
      daysLeft: one.daysLeft === undefined ? null : Math.floor(one.daysLeft),
      recorded: one.recorded ?? null,
      needsAttention: attention(one),
    })),
    () =>
      table(
        [
          { title: 'secret', shrinks: true },
          { title: 'of', shrinks: true },
          { title: 'state' },
          { title: 'stored' },
          { title: 'expires' },
          { title: 'days left' },
        ],
        found.map((one) => [
          one.secret.name,
          one.secret.title,
          one.state,
          one.storedAt === undefined ? '-' : iso(one.storedAt).slice(0, 10),
          one.expiresAt === undefined
            ? '-'
            : `${iso(one.expiresAt).slice(0, 10)}${one.recorded ? '' : ' (assumed)'}`,
          one.daysLeft === undefined ? '-' : String(Math.floor(one.daysLeft)),
        ]),
        terminal.columns,
      ),
  );
  if (found.some(({ recorded }) => recorded === false))
    terminal.complain(
      'An expiry is assumed where none was recorded: a year after it was stored. `secrets put api` records it.',
    );
  for (const one of found.filter(attention))
    terminal.complain(
      one.state === 'stored'
        ? `The secret of ${one.secret.title} expires in ${Math.floor(one.daysLeft ?? 0)} days: docs/deployment.md, step 5.`
        : `The secret of ${one.secret.title} is ${one.state}: \`insights-connector secrets put ${one.secret.instance ? `'${one.secret.instance.name}'` : 'api'}\`.`,
    );
  return found.some(attention) ? 1 : 0;
};

export const secrets: Command = {
  name: 'secrets',
  arguments: '<verb> [secret]',
  summary:
    'put api, or put <instance>: ask for its values, try and store them; status: what is stored, and when it expires',
  page: 'docs/deployment.md',
  options: [
    {
      flags: '--expires <date>',
      description: 'put api: when it expires, as 2027-11-28, or as a span from now: 180d, 1y',
    },
    { flags: '--untried', description: 'put: store the values without trying them first' },
    namesOption,
    outputsOption,
  ],
  examples: ['secrets put api --expires 1y', "secrets put 'Contoso Retail'", 'secrets status'],
  run: async (values, terminal, [verb, secret]) => {
    if (verb !== 'put' && verb !== 'status')
      throw new UsageError(`secrets has no "${verb}"; there are put, status.`);
    const { openUpstream } = await import('../operator/upstream-place.ts');
    const opened = await openUpstream(values, terminal.complain);
    try {
      return await (verb === 'put' ? put(opened, values, terminal, secret) : status(opened, terminal));
    } finally {
      opened.client.destroy();
    }
  },
};
