import type { InstanceRow } from '../../lambda/store/instances.ts';
import type { Changing } from '../operator/change-instances.ts';
import type { Deployment } from '../operator/deployment-place.ts';
import { namesOption, outputsOption, withDeployment } from '../operator/options.ts';
import {
  type Command,
  confirmed,
  hiddenText,
  type OptionValues,
  report,
  type Terminal,
  textOf,
  UsageError,
  verbOf,
  yesOption,
} from './command.ts';

/** What a verb works with. */
interface Asked {
  readonly deployment: Deployment;
  readonly values: OptionValues;
  readonly terminal: Terminal;
  /** What stands behind the verb. */
  readonly given: readonly string[];
}

type Verb = (asked: Asked) => Promise<0 | 1>;

/** How long until every function knows, as the commands say it. */
const soon = 'Every function knows it within a minute.';

/** The instances that are served, and what a verb needs to change them. */
const toChange = async ({ deployment }: Asked) => {
  const { instancesServed } = await import('../operator/change-instances.ts');
  const served = await instancesServed(deployment);
  const changing: Changing = { ports: deployment, tenantId: deployment.place.all.TenantId ?? '' };
  return { served, changing };
};

const list: Verb = async (asked) => {
  const { terminal } = asked;
  const { served } = await toChange(asked);
  const { table } = await import('./columns.ts');
  const rows = served.map(({ id, name, secretName, pausedAt }) => ({
    id,
    name,
    state: pausedAt === undefined ? 'served' : 'paused',
    pausedAt: pausedAt ?? null,
    secretName,
  }));
  report(terminal, { instances: rows }, () =>
    rows.length === 0
      ? 'No instances.'
      : table(
          [
            { title: 'name', shrinks: true },
            { title: 'id' },
            { title: 'state' },
            { title: 'secret', shrinks: true },
          ],
          rows.map(({ name, id, pausedAt, secretName }) => [
            name,
            id,
            pausedAt === null ? 'served' : `paused since ${pausedAt.slice(0, 16).replace('T', ' ')}`,
            secretName,
          ]),
          terminal.columns,
        ),
  );
  return 0;
};

const setPausedTo =
  (paused: boolean): Verb =>
  async (asked) => {
    const { terminal, given } = asked;
    const { instanceNamed, setPaused } = await import('../operator/change-instances.ts');
    const { served, changing } = await toChange(asked);
    const chosen = [...new Set(given)].map((one) => instanceNamed(served, one));
    if (chosen.length === 0)
      throw new UsageError(
        `instances ${paused ? 'pause' : 'resume'} needs the names or ids of instances; \`instances list\` has them.`,
      );
    const changed = await setPaused(changing, chosen, paused);
    const ids = new Set(changed.map(({ id }) => id));
    report(
      terminal,
      chosen.map(({ id, name }) => ({ id, name, state: paused ? 'paused' : 'served', changed: ids.has(id) })),
      () =>
        [
          ...chosen.map(({ id, name }) =>
            ids.has(id)
              ? `${name}: ${paused ? 'paused' : 'resumed'}.`
              : `${name}: ${paused ? 'is paused already' : 'is not paused'}.`,
          ),
          soon,
        ].join('\n'),
    );
    return 0;
  };

const add: Verb = async (asked) => {
  const { values, terminal, given } = asked;
  const { ConfigurationError } = await import('../../config/check.ts');
  const { addInstances, instanceProblems, planOf, renameInstances } = await import(
    '../operator/change-instances.ts'
  );
  const [id = '', ...others] = given;
  const name = textOf(values, 'name');
  if (id === '' || others.length > 0 || name === undefined)
    throw new UsageError("instances add needs the id of one instance, and --name 'Name that makers see'.");
  const problems = instanceProblems('', { id, name });
  if (problems.length > 0) throw new ConfigurationError('instance', problems, 'Nothing was changed.');
  const { withKeys } = await import('../operator/upstream-place.ts');
  return withKeys(asked, async ({ client, place }, prefix) => {
    const { served, changing } = await toChange(asked);
    const { added, renamed } = planOf(served, [{ id, name }], prefix);
    const [instance] = added;
    const outcome = instance ? 'added' : renamed.length > 0 ? 'renamed' : 'unchanged';
    if (instance !== undefined) {
      const { secretParts, secretValues } = await import('../operator/secret-value.ts');
      const { storeKeys } = await import('../operator/store-keys.ts');
      const text = await hiddenText(terminal, Object.values(secretParts.instance));
      const keys = secretValues('instance', text);
      const untried = values.untried === true;
      if (!untried) terminal.complain('Trying it …');
      await storeKeys(
        { client, place, instances: [...served, instance], untried, note: terminal.complain },
        { instance, keys },
      );
    }
    await addInstances(changing, added);
    await renameInstances(changing, renamed);
    report(terminal, { id, name, outcome, secretName: instance?.secretName ?? null }, () =>
      outcome === 'unchanged'
        ? `${name} is served already. \`insights-connector secrets put\` stores new keys.`
        : `${name}: ${outcome}. ${soon}`,
    );
    return 0;
  });
};

/** Whether the subscriptions of these instances may be ended. @throws UsageError when they may not, and there are some */
const liveOf = async (
  { deployment, values }: Asked,
  removed: readonly { readonly id: string; readonly name: string }[],
): Promise<number> => {
  const { liveSubscriptions } = await import('../operator/change-instances.ts');
  const found: { readonly name: string; readonly live: number }[] = [];
  for (const { id, name } of removed) found.push({ name, live: await liveSubscriptions(deployment, id) });
  const live = found.filter((one) => one.live > 0);
  if (live.length > 0 && values.endSubscriptions !== true)
    throw new UsageError(
      `${live.map((one) => `${one.name} has ${one.live} subscriptions`).join('; ')}. Their flows would get nothing more: add --end-subscriptions, which tells their owners, or pause the instance.`,
    );
  return live.reduce((sum, one) => sum + one.live, 0);
};

const removal = async (changing: Changing, removed: readonly InstanceRow[], terminal: Terminal) => {
  const { removeInstance } = await import('../operator/change-instances.ts');
  let [ended, active] = [0, 0];
  for (const instance of removed) {
    const outcome = await removeInstance(changing, instance);
    ended += outcome.ended.length;
    active += outcome.active.length;
  }
  if (active > 0)
    terminal.complain(
      `${active} flows were saved at this moment; their subscriptions end when they are next saved.`,
    );
  return { ended, active };
};

const remove: Verb = async (asked) => {
  const { values, terminal, given } = asked;
  const { instanceNamed } = await import('../operator/change-instances.ts');
  const [name = '', ...others] = given;
  if (name === '' || others.length > 0)
    throw new UsageError('instances remove needs the name or id of one instance; `instances list` has them.');
  const { served, changing } = await toChange(asked);
  const instance = instanceNamed(served, name);
  const live = await liveOf(asked, [instance]);
  const ending = live === 0 ? '' : `, and end its ${live} subscriptions`;
  if (!(await confirmed(values, terminal, `Remove the instance ${instance.name} (${instance.id})${ending}?`)))
    return 1;
  const { ended, active } = await removal(changing, [instance], terminal);
  report(
    terminal,
    { id: instance.id, name: instance.name, outcome: 'removed', ended, active },
    () =>
      `${instance.name}: removed, ${ended} subscriptions ended. ${soon} Its keys stay in ${instance.secretName}.`,
  );
  return active === 0 ? 0 : 1;
};

const apply: Verb = async (asked) => {
  const { values, terminal, given } = asked;
  const [file = '', ...others] = given;
  if (file === '' || others.length > 0)
    throw new UsageError('instances apply needs a file: [{ "id": "…", "name": "…" }, …].');
  const { addInstances, planOf, planText, readWanted, renameInstances } = await import(
    '../operator/change-instances.ts'
  );
  const { readJsonFile } = await import('./read-json-file.ts');
  const wanted = readWanted(await readJsonFile(file), file);
  const { withKeys } = await import('../operator/upstream-place.ts');
  return withKeys(asked, async ({ client, place }, prefix) => {
    const { readKeys, storeKeys } = await import('../operator/store-keys.ts');
    const { served, changing } = await toChange(asked);
    const plan = planOf(served, wanted, prefix);
    const removed = values.removeOthers === true ? plan.others : [];
    const live = await liveOf(asked, removed);
    const asData = { added: plan.added, renamed: plan.renamed, removed, unchanged: plan.unchanged };
    const text = planText(plan, values.removeOthers === true);
    if (values.dryRun === true || plan.added.length + plan.renamed.length + removed.length === 0) {
      report(terminal, { ...asData, dryRun: values.dryRun === true, ended: 0 }, () => text);
      return 0;
    }
    const fromInput =
      values.keys === true ? await (await import('node:stream/consumers')).text(process.stdin) : '';
    const keys = readKeys(plan.added, fromInput);
    const ending = live === 0 ? '' : ` ${live} subscriptions are ended.`;
    if (!(await confirmed(values, terminal, `${text}\nApply these changes?${ending}`))) return 1;
    const [first, ...more] = keys;
    if (first !== undefined) {
      const all = [...served, ...plan.added];
      const untried = values.untried === true;
      await storeKeys({ client, place, instances: all, untried, note: terminal.complain }, first, ...more);
    }
    await addInstances(changing, plan.added);
    await renameInstances(changing, plan.renamed);
    const { ended, active } = await removal(changing, removed, terminal);
    report(terminal, { ...asData, dryRun: false, ended }, () => `${text}\n${soon}`);
    return active === 0 ? 0 : 1;
  });
};

const verbs: Readonly<Record<string, Verb>> = {
  list,
  add,
  remove,
  apply,
  pause: setPausedTo(true),
  resume: setPausedTo(false),
};

export const instances: Command = {
  name: 'instances',
  arguments: '<verb> [instance...]',
  summary:
    'list, add <id>, remove <instance>, apply <file>, pause <instance…>, resume <instance…>: what a deployment serves',
  page: 'docs/operating.md',
  options: [
    { flags: '--name <name>', description: 'add: the name that makers see' },
    { flags: '--keys', description: 'apply: read the keys of added instances from standard input, as JSON' },
    { flags: '--untried', description: 'add, apply: store the keys without trying them first' },
    { flags: '--remove-others', description: 'apply: remove the instances that are not in the file' },
    {
      flags: '--end-subscriptions',
      description: 'remove, apply: end the subscriptions of removed instances',
    },
    { flags: '--dry-run', description: 'apply: show what would change, and change nothing' },
    yesOption,
    namesOption,
    outputsOption,
  ],
  examples: [
    "instances add <id> --name 'Contoso Retail'",
    "instances pause 'Contoso Retail'",
    'instances apply instances.json --dry-run',
  ],
  run: (values, terminal, [word = '', ...given]) => {
    const verb = verbOf('instances', verbs, word);
    return withDeployment<0 | 1>(values, (deployment) => verb({ deployment, values, terminal, given }));
  },
};
