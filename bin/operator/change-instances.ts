/** The instances of a deployment as an operator changes them: in the state table, without a deployment. */
import pMap from 'p-map';
import { ConfigurationError } from '../../config/check.ts';
import { nextKeysSecret } from '../../config/instance-keys.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { iso } from '../../lambda/runtime/time.ts';
import { type AuditAction, auditOperator } from '../../lambda/store/audit-records.ts';
import { type ConfiguredInstance, type InstanceRow, servedInstances } from '../../lambda/store/instances.ts';
import { instanceList } from '../../lambda/store/lists.ts';
import type { Deployment } from './deployment-place.ts';
import { type EndedSubscriptions, endListed } from './end-listed.ts';
import { NotThere } from './options.ts';
import { subscriptionsOf } from './status.ts';

export type InstancesPorts = Pick<
  Deployment,
  'instances' | 'audit' | 'operator' | 'now' | 'subscriptions' | 'lists'
>;

/**
 * The instances that a deployment serves.
 * @throws NotThere when the table has no rows
 */
export const instancesServed = async ({
  instances,
}: Pick<Deployment, 'instances'>): Promise<readonly InstanceRow[]> => {
  const list = await instances.list();
  if (list === undefined)
    throw new NotThere(
      'The state table has no rows of instances: an earlier release made this deployment. Deploy this release, which writes them, and repeat the command: npx cdk deploy --outputs-file cdk-outputs.json',
    );
  return servedInstances(list);
};

/**
 * The instance that is named, by its id or its name.
 * @throws NotThere that lists the instances, a few of them where there are many
 */
export const instanceNamed = (served: readonly InstanceRow[], given: string): InstanceRow => {
  const wanted = given.toLowerCase();
  const found = served.filter(({ id, name }) => id.toLowerCase() === wanted || name.toLowerCase() === wanted);
  const [first, ...others] = found;
  if (first === undefined) {
    const some = served.slice(0, 10).map(({ name, id }) => `${name} ${id}`);
    const more = served.length > some.length ? `, and ${served.length - some.length} more` : '';
    throw new NotThere(
      `This deployment serves no instance "${given}". There are: ${some.join(', ') || 'none'}${more}.`,
    );
  }
  if (others.length > 0)
    throw new NotThere(
      `${found.length} instances are called "${given}": ${found.map(({ id }) => id).join(', ')}. Give the id of one.`,
    );
  return first;
};

/** Of a deployment, in the tenant that its audit names. */
export interface Changing {
  readonly ports: InstancesPorts;
  readonly tenantId: string;
}

/** Records in the audit before each change, so that none lacks its record. */
const record = async (
  { ports, tenantId }: Changing,
  action: AuditAction,
  changed: readonly ConfiguredInstance[],
): Promise<void> => {
  const nobody = { tenantId, objectId: '' };
  const words = ({ id, name }: ConfiguredInstance) => `the instance ${name} (${id})`;
  await pMap(changed, (one) => auditOperator(ports, action, nobody, words(one)), { concurrency: 25 });
};

/** Adds rows, or brings back those that were removed. */
export const addInstances = async (
  changing: Changing,
  added: readonly ConfiguredInstance[],
): Promise<void> => {
  await record(changing, 'instanceAdded', added);
  const byId = new Map(added.map((one) => [one.id, one]));
  await changing.ports.instances.change([...byId.keys()], (row, id) => {
    const given = byId.get(id);
    return row === undefined || row.removedAt !== undefined ? given : undefined;
  });
};

export const renameInstances = async (
  changing: Changing,
  renamed: readonly ConfiguredInstance[],
): Promise<void> => {
  await record(changing, 'instanceRenamed', renamed);
  const names = new Map(renamed.map(({ id, name }) => [id, name]));
  await changing.ports.instances.change([...names.keys()], (row, id) => {
    const name = names.get(id);
    return row === undefined || name === undefined || row.name === name ? undefined : { ...row, name };
  });
};

/**
 * The watch looks at paused instances no more, and continues where it stopped once they are resumed.
 * @returns those that were changed
 */
export const setPaused = async (
  changing: Changing,
  chosen: readonly InstanceRow[],
  paused: boolean,
): Promise<readonly InstanceRow[]> => {
  const changed = chosen.filter(({ pausedAt }) => (pausedAt !== undefined) !== paused);
  const action = paused ? 'instancePaused' : 'instanceResumed';
  await record(changing, action, changed);
  const { ports } = changing;
  const at = iso(ports.now());
  // Also those that are so already: the command before may have died before the functions were told.
  await ports.instances.change(
    chosen.map(({ id }) => id),
    (row) => {
      if (row === undefined || (row.pausedAt !== undefined) === paused) return undefined;
      if (paused) return { ...row, pausedAt: at };
      const { pausedAt: _, ...resumed } = row;
      return { ...resumed, resumedAt: at };
    },
  );
  return changed;
};

/** The subscriptions of an instance that are active or paused. */
export const liveSubscriptions = async (ports: InstancesPorts, instanceId: string): Promise<number> =>
  (await subscriptionsOf(ports, instanceId)).filter(
    (one) => one === 'unreadable' || one.status.state !== 'ended',
  ).length;

/** Ends the subscriptions of an instance and removes it; may be repeated. */
export const removeInstance = async (
  changing: Changing,
  instance: InstanceRow,
): Promise<EndedSubscriptions> => {
  const { ports } = changing;
  await record(changing, 'instanceRemoved', [instance]);
  const removedAt = iso(ports.now());
  // First, so that functions stop registering subscriptions to it.
  await ports.instances.change([instance.id], (row) =>
    row === undefined || row.removedAt !== undefined ? undefined : { ...row, removedAt },
  );
  return endListed(
    ports,
    instanceList(instance.id),
    ({ instanceId }) => instanceId === instance.id,
    `The instance ${instance.name} was removed from the connector.`,
  );
};

/** What a file says of an instance. */
export interface WantedInstance {
  readonly id: string;
  readonly name: string;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const nil = /^0{8}(-0{4}){3}-0{12}$/;

/** What is wrong with an id or a name, a sentence each. @param place in front of the key */
export const instanceProblems = (place: string, { id, name }: Readonly<Record<string, unknown>>) => [
  ...(typeof id !== 'string' || !guid.test(id) || nil.test(id)
    ? [`${place}id is ${JSON.stringify(id) ?? 'missing'}; it is the GUID of a Customer Insights instance.`]
    : []),
  ...(typeof name !== 'string' || name.trim() === '' || name.length > 100
    ? [`${place}name is ${JSON.stringify(name) ?? 'missing'}; it is a text of 1 to 100 characters.`]
    : []),
];

/** A deployment is built for so many. */
export const mostInstances = 10_000;

/**
 * The instances of a file: a list, or an object with the list as `instances`, as a configuration has it. The names of
 * secrets in it count for nothing.
 * @throws ConfigurationError that lists every problem
 */
export const readWanted = (value: unknown, source: string): readonly WantedInstance[] => {
  const list = isRecord(value) ? value.instances : value;
  const refused = (problems: readonly string[]) =>
    new ConfigurationError(source, problems, 'Correct the file; nothing was changed.');
  if (!Array.isArray(list) || list.length === 0)
    throw refused(['It contains no list of instances: [{ "id": "…", "name": "…" }, …].']);
  const problems = list.flatMap((one: unknown, at): readonly string[] => {
    if (!isRecord(one)) return [`instances.${at} has to be an object with "id" and "name".`];
    const others = Object.keys(one).filter((key) => !['id', 'name', 'secretName'].includes(key));
    return [
      ...others.map((key) => `instances.${at} has the key ${JSON.stringify(key)}; there are id and name.`),
      ...instanceProblems(`instances.${at}.`, one),
    ];
  });
  if (problems.length > 0) throw refused(problems);
  const wanted = list as readonly WantedInstance[];
  const seen = new Set<string>();
  const twice = wanted.filter(({ id }) => seen.size === seen.add(id.toLowerCase()).size);
  if (twice.length > 0)
    throw refused(twice.map(({ id }) => `instances has the id ${id} twice. List each instance once.`));
  if (wanted.length > mostInstances)
    throw refused([`It has ${wanted.length} instances; a deployment serves ${mostInstances} at most.`]);
  return wanted.map(({ id, name }) => ({ id, name }));
};

export interface InstancesPlan {
  readonly added: readonly ConfiguredInstance[];
  readonly renamed: readonly (ConfiguredInstance & { readonly before: string })[];
  readonly unchanged: number;
  /** Served, and not in the file. */
  readonly others: readonly InstanceRow[];
}

/** What a file changes. @param prefix of the secrets of added instances */
export const planOf = (
  served: readonly InstanceRow[],
  wanted: readonly WantedInstance[],
  prefix: string,
): InstancesPlan => {
  const rows = new Map(served.map((row) => [row.id.toLowerCase(), row]));
  const added: ConfiguredInstance[] = [];
  const renamed: InstancesPlan['renamed'][number][] = [];
  for (const { id, name } of wanted) {
    const row = rows.get(id.toLowerCase());
    if (row === undefined)
      added.push({ id, name, secretName: nextKeysSecret(prefix, [...served, ...added]) });
    else if (row.name !== name) renamed.push({ ...row, name, before: row.name });
  }
  const named = new Set(wanted.map(({ id }) => id.toLowerCase()));
  return {
    added,
    renamed,
    unchanged: wanted.length - added.length - renamed.length,
    others: served.filter(({ id }) => !named.has(id.toLowerCase())),
  };
};

/** A plan for people, a line for each change, of many only some. @param removes whether others are removed */
export const planText = ({ added, renamed, unchanged, others }: InstancesPlan, removes: boolean): string => {
  const shown = 50;
  const some = (sign: string, words: readonly string[]) => [
    ...words.slice(0, shown).map((one) => `${sign} ${one}`),
    ...(words.length > shown ? [`${sign} … and ${words.length - shown} more`] : []),
  ];
  return [
    ...some(
      '+',
      added.map(({ name, id }) => `${name} (${id})`),
    ),
    ...some(
      '~',
      renamed.map(({ before, name, id }) => `${before} → ${name} (${id})`),
    ),
    ...(removes
      ? some(
          '-',
          others.map(({ name, id }) => `${name} (${id})`),
        )
      : []),
    `${added.length} added, ${renamed.length} renamed, ${removes ? others.length : 0} removed, ${unchanged} unchanged.`,
    ...(!removes && others.length > 0
      ? [`${others.length} others are served and not in the file. They stay; --remove-others removes them.`]
      : []),
  ].join('\n');
};
