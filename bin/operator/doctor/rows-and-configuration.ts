/** Whether the instances of the configuration are as their rows, by which they are served. */
import type { Configuration } from '../../../config/schema.ts';
import { type ConfiguredInstance, type InstanceList, rowsOf } from '../../../lambda/store/instances.ts';
import { withoutRow } from '../upstream-place.ts';
import { fault, type Outcome, sound, warning } from './finding.ts';

interface Difference {
  readonly what: string;
  readonly mend: string;
  /** The functions have no right to read the keys of a served instance. */
  readonly unreadable?: true;
}

const deploy = '$ npx cdk deploy --outputs-file cdk-outputs.json';
const page = 'docs/operating.md';

/** So many are listed. */
const mostShown = 10;

const called = ({ name, id }: ConfiguredInstance): string => `${name} (${id})`;

/**
 * @param readable whether the configuration lets the functions read a secret
 */
const differencesOf = (
  list: InstanceList,
  configured: Configuration['instances'],
  readable: (secretName: string) => boolean,
): readonly Difference[] => {
  const ofConfiguration = new Map(configured.map((one) => [one.id.toLowerCase(), one]));
  const ofRows = rowsOf(list).flatMap((row): readonly Difference[] => {
    const wanted = ofConfiguration.get(row.id.toLowerCase());
    if (row.removedAt !== undefined)
      return wanted === undefined
        ? []
        : [
            {
              what: `${called(row)} was removed on ${row.removedAt.slice(0, 10)} and is still in the configuration`,
              mend: `Take ${row.id} out of the configuration, or serve it again: insights-connector instances add ${row.id} --name '${wanted.name}'`,
            },
          ];
    if (!readable(row.secretName))
      return [
        {
          unreadable: true,
          what: `${called(row)} has its keys in ${row.secretName}, which the functions may not read with this configuration`,
          mend:
            wanted === undefined
              ? `Put ${row.id} into the configuration, with "secretName": "${row.secretName}", and deploy; or end it: insights-connector instances remove ${row.id} --end-subscriptions`
              : `Set "secretName" of ${row.id} to "${row.secretName}" in the configuration, and deploy.`,
        },
      ];
    if (wanted === undefined) return [];
    return [
      ...(wanted.name === row.name
        ? []
        : [
            {
              what: `${called(row)} is called ${wanted.name} in the configuration`,
              mend: `Change the name there, or here: insights-connector instances add ${row.id} --name '${wanted.name}'`,
            },
          ]),
      ...(wanted.secretName === row.secretName
        ? []
        : [
            {
              what: `${called(row)} has its keys in ${row.secretName}, and not in ${wanted.secretName}`,
              mend: `Set "secretName" of ${row.id} to "${row.secretName}" in the configuration.`,
            },
          ]),
    ];
  });
  return [
    ...withoutRow(list, configured).map((one) => ({
      what: `${called(one)} is not served, because it is new in the configuration`,
      mend: deploy,
    })),
    ...ofRows,
  ];
};

/**
 * @param list undefined while the table has no rows
 * @param addedPrefix what begins the names of the secrets of instances that are added later
 */
export const rowsOutcome = (
  list: InstanceList | undefined,
  { instances, applications }: Configuration,
  addedPrefix: string | undefined,
): Outcome => {
  if (list === undefined)
    return fault(
      'The state table has no rows of instances: an earlier release made this deployment.',
      [deploy],
      page,
    );
  const secrets = new Set([...instances, applications.api].map(({ secretName }) => secretName));
  const found = differencesOf(
    list,
    instances,
    (name) => secrets.has(name) || (addedPrefix !== undefined && name.startsWith(addedPrefix)),
  );
  if (found.length === 0) return sound('The instances of the configuration are served as it has them.');
  const shown = found.slice(0, mostShown).map(({ what }) => what);
  const more = found.length > mostShown ? [`${found.length - mostShown} more differ`] : [];
  const mend = [...new Set(found.slice(0, mostShown).map((one) => one.mend))];
  const outcome = found.some(({ unreadable }) => unreadable) ? fault : warning;
  return outcome(`${[...shown, ...more].join('; ')}.`, mend, page);
};
