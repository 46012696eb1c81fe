import type { Deployment } from '../operator/deployment-place.ts';
import type { EndedSubscriptions } from '../operator/end-listed.ts';
import { outputsOption, withDeployment } from '../operator/options.ts';
import type { PersonPorts } from '../operator/person.ts';
import {
  type Command,
  confirmed,
  type OptionValues,
  report,
  type Terminal,
  textOf,
  UsageError,
  verbOf,
  yesOption,
} from './command.ts';

interface Asked {
  readonly ports: PersonPorts;
  readonly person: { readonly tenantId: string; readonly objectId: string };
  readonly values: OptionValues;
  readonly terminal: Terminal;
}

type Verb = (asked: Asked) => Promise<0 | 1>;

const counted = ({ ended, before, active }: EndedSubscriptions): string =>
  [
    `${ended.length} ended`,
    ...(before.length > 0 ? [`${before.length} had ended before`] : []),
    ...(active.length > 0 ? [`${active.length} still active: ${active.join(', ')}`] : []),
  ].join(', ');

/** @returns the exit code */
const stillActive = ({ active }: EndedSubscriptions, terminal: Terminal): 0 | 1 => {
  if (active.length === 0) return 0;
  terminal.complain(
    'These flows were saved at this moment. Remove the role of the person or block the sign-in, then repeat the command.',
  );
  return 1;
};

const exported: Verb = async ({ ports, person, terminal }) => {
  const { exportPerson } = await import('../operator/person.ts');
  const found = await exportPerson(ports, person);
  report(terminal, found, () => JSON.stringify(found, null, 2));
  return 0;
};

const end: Verb = async ({ ports, person, values, terminal }) => {
  const { endPerson } = await import('../operator/person.ts');
  const question = `End all subscriptions of ${person.objectId}? Their flows get no further events until a user saves or switches them on again.`;
  if (!(await confirmed(values, terminal, question))) return 1;
  const reason = textOf(values, 'reason') ?? 'An operator of the connector ended it.';
  const outcome = await endPerson(ports, person, reason);
  report(terminal, outcome, () => `Subscriptions of ${person.objectId}: ${counted(outcome)}.`);
  return stillActive(outcome, terminal);
};

const erase: Verb = async ({ ports, person, values, terminal }) => {
  const { erasePerson } = await import('../operator/person.ts');
  const { pseudonymKey } = await import('../operator/pseudonym-key.ts');
  const { remainders } = await import('../operator/remainders.ts');
  const question = `End all subscriptions of ${person.objectId} and erase the person? This cannot be taken back.`;
  if (!(await confirmed(values, terminal, question))) return 1;
  const { key, created, file } = pseudonymKey(textOf(values, 'key'));
  if (created)
    terminal.complain(
      `${file} is new. Keep it apart from the deployment; it is needed to recognise who was erased.`,
    );
  const outcome = await erasePerson(ports, person, key);
  const remains = remainders(Date.now());
  report(terminal, { ...outcome, remains }, () =>
    [
      `Subscriptions: ${counted(outcome)}. Audit records changed: ${outcome.auditRecords}.`,
      `In the audit the person is ${outcome.pseudonym} now.`,
      '',
      'What stays, and until when at most:',
      ...remains.map(({ where, what, until }) => `- ${where}: ${what} (${until ?? 'see the configuration'})`),
    ].join('\n'),
  );
  return stillActive(outcome, terminal);
};

const verbs: Readonly<Record<string, Verb>> = { export: exported, end, erase };

const guid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const personOf = ({ place }: Deployment, values: OptionValues, objectId: string) => {
  const tenantId = textOf(values, 'tenant') ?? place.all.TenantId;
  if (tenantId === undefined)
    throw new UsageError('The outputs have no TenantId. Name the tenant with --tenant <id>.');
  return { tenantId, objectId };
};

export const person: Command = {
  name: 'person',
  arguments: '<verb> [object-id]',
  summary: 'export, end or erase everything of one person (object id in Entra ID)',
  page: 'docs/privacy.md',
  options: [
    { flags: '--tenant <id>', description: 'The tenant (default: that of the deployment)' },
    { flags: '--reason <sentence>', description: 'end: what the person is told' },
    {
      flags: '--key <file>',
      description: 'erase: the key of pseudonyms; made if it is not there (default: person-pseudonyms.key)',
    },
    yesOption,
    outputsOption,
  ],
  examples: [
    'person export <object-id>',
    "person end <object-id> --reason 'Left the company.'",
    'person erase <object-id>',
  ],
  run: (values, terminal, [word = '', objectId = '']) => {
    const verb = verbOf('person', verbs, word);
    if (!guid.test(objectId))
      throw new UsageError(
        `person ${word} needs the object id of the person in Entra ID, a GUID; \`subscriptions list\` has those of the owners.`,
      );
    return withDeployment<0 | 1>(values, (deployment) =>
      verb({
        ports: deployment,
        person: personOf(deployment, values, objectId.toLowerCase()),
        values,
        terminal,
      }),
    );
  },
};
