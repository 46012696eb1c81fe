/**
 * Values that have the right form and cannot be right. Those that can never work are refused with every other wrong
 * value; those that work and are most likely a mistake are told as warnings by build, synth, doctor and init.
 */
import type { Cloud } from './presets.ts';
import type { Configuration } from './schema.ts';

/** Names of this machine itself, as a URL has them. */
const isLoopbackHost = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);

const nil = /^0{8}(-0{4}){3}-0{12}$/;

/** Words that Microsoft does not allow in the title of a connector; it is refused on import or submission. */
const forbiddenWords = /\b(api|connector|copilot studio|power apps)\b/i;

const hostProblem = (host: string): string | undefined => {
  const name = host.replace(/:\d+$/, '');
  if (/[<>]/.test(name)) return 'is a placeholder';
  if (isLoopbackHost(name) || /^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.startsWith('['))
    return 'is an address that Power Platform cannot reach';
  if (!name.includes('.')) return 'is not a host name of the internet';
  if (!/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i.test(name)) return 'is not a host name';
  return undefined;
};

const inChina = 'is in the cloud of China (21Vianet), where Microsoft does not offer Customer Insights';

/** Microsoft's hosts of clouds that are not the public one, by how they end, and why they cannot be used. */
const sovereignHosts: readonly (readonly [end: RegExp, problem: string, served?: Cloud])[] = [
  [/(^|\.)(azure|microsoftonline|powerapps|powerautomate|powerplatform|dynamics)\.cn$/i, inChina],
  [/(^|\.)(azure|microsoft)\.us$/i, 'is in the cloud for the US government: set cloud to "gcc"', 'gcc'],
];

/** Hosts that flows, or Customer Insights, cannot have in the cloud of the configuration. */
const ofAnotherCloud = ({ cloud, callbacks, customerInsights }: Configuration): readonly string[] =>
  [
    ...callbacks.allowedHosts.map((host) => ['callbacks.allowedHosts', host] as const),
    ['customerInsights.url', new URL(customerInsights.url).hostname] as const,
  ].flatMap(([key, host]) =>
    sovereignHosts.flatMap(([end, problem, served]) =>
      end.test(host) && served !== cloud
        ? [`${key} has the host ${JSON.stringify(host)}, which ${problem}.`]
        : [],
    ),
  );

/** Keys and ids of what everything else depends on. */
const idsOf = ({
  tenantId,
  applications,
  instances,
}: Configuration): readonly (readonly [key: string, id: string])[] => [
  ['tenantId', tenantId],
  ['applications.connector.clientId', applications.connector.clientId],
  ['applications.api.clientId', applications.api.clientId],
  ...instances.map(({ id }, at) => [`instances.${at}.id`, id] as const),
];

/** What is wrong for certain, a sentence each. */
export const implausible = (configuration: Configuration): readonly string[] => {
  const { applications, connector, customerInsights } = configuration;
  const { host, title } = connector;
  const wrongHost = host === undefined ? undefined : hostProblem(host);
  return [
    ...idsOf(configuration).flatMap(([key, id]) =>
      nil.test(id) ? [`${key} is all zeros, which is the id of nothing.`] : [],
    ),
    ...(applications.connector.clientId.toLowerCase() === applications.api.clientId.toLowerCase()
      ? [
          'applications.connector.clientId and applications.api.clientId are the same. The connector and the API need a registration each: with one, every call is answered 401.',
        ]
      : []),
    ...(wrongHost === undefined
      ? []
      : [
          `connector.host is ${JSON.stringify(host)}, which ${wrongHost}. Give the host that cdk deploy prints, or leave it out.`,
        ]),
    ...ofAnotherCloud(configuration),
    ...(title.trim() === '' ? ['connector.title is blank. Makers find the connector by it.'] : []),
    ...(forbiddenWords.test(title)
      ? [
          `connector.title is ${JSON.stringify(title)}; it must not have the words API, Connector, Copilot Studio or Power Apps.`,
        ]
      : []),
    ...(/^http:/.test(customerInsights.url) && !isLoopbackHost(new URL(customerInsights.url).hostname)
      ? [
          `customerInsights.url is ${JSON.stringify(customerInsights.url)}. Tokens and keys are sent there, so it must be https.`,
        ]
      : []),
    ...(/\/\.default$/.test(customerInsights.scope)
      ? []
      : [
          `customerInsights.scope is ${JSON.stringify(customerInsights.scope)}. The watch signs in as an application, which takes only scopes that end with /.default.`,
        ]),
  ];
};

/** Ids of the example file, which no tenant has. */
const exampleIds: ReadonlySet<string> = new Set([
  '01234567-89ab-cdef-0123-456789abcdef',
  '11111111-1111-4111-8111-111111111111',
  '22222222-2222-4222-8222-222222222222',
  '33333333-3333-4333-8333-333333333333',
]);

/** What is most likely a mistake, a sentence each. */
export const doubtful = (configuration: Configuration): readonly string[] => {
  const { instances, subscriptions } = configuration;
  const left = idsOf(configuration).flatMap(([key, id]) => (exampleIds.has(id.toLowerCase()) ? [key] : []));
  const names = instances.map(({ name }) => name.trim().toLowerCase());
  const twice = instances.filter(({ name }, at) => names.indexOf(name.trim().toLowerCase()) !== at);
  return [
    ...(left.length === 0
      ? []
      : [
          `${left.join(', ')} ${left.length === 1 ? 'has' : 'have'} the value of the example file. Enter your own.`,
        ]),
    ...twice.map(
      ({ name }) => `Two instances have the name "${name}". Makers cannot tell them apart in the drop-down.`,
    ),
    ...(subscriptions.perPrincipal > subscriptions.perInstance
      ? [
          `subscriptions.perPrincipal (${subscriptions.perPrincipal}) is above subscriptions.perInstance (${subscriptions.perInstance}): one person can use up what all share.`,
        ]
      : []),
  ];
};
