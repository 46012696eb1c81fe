/** Checks a deployment from the configuration to the connector, in the order in which one thing needs the other. */
import { createHmac, randomBytes } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ConfigurationError } from '../../../config/check.ts';
import { exampleConfiguration } from '../../../config/example.ts';
import { type LoadedConfiguration, loadConfiguration } from '../../../config/load.ts';
import { addedKeysOutput } from '../../../config/operator-outputs.ts';
import { doubtful } from '../../../config/plausible.ts';
import type { Configuration } from '../../../config/schema.ts';
import { basePath } from '../../../connector/contract/index.ts';
import { outputNames } from '../../../connector/emit/outputs.ts';
import { createSecrets } from '../../../lambda/customer-insights/index.ts';
import { iso } from '../../../lambda/runtime/time.ts';
import { type InstanceList, servedInstances } from '../../../lambda/store/instances.ts';
import { recordFormat } from '../../../local/simulator/recorded-instance.ts';
import {
  type Deployment,
  type DeploymentPlace,
  openDeployment,
  readDeploymentPlace,
} from '../deployment-place.ts';
import { readStatus } from '../status.ts';
import { secretsClient, servedWith, upstreamPlace } from '../upstream-place.ts';
import { behavioursSeen, judge, readAnswers, recordOf } from './assumptions.ts';
import { type AwsAccount, awsAccount, concurrencyOutcome, identityOutcome, stackOutcome } from './aws.ts';
import { accountIssuer, federationOutcome, trustedCredentials } from './federation.ts';
import { type Finding, fault, type Outcome, skipped, sound, warning } from './finding.ts';
import { connectorOutcome, deployedNameIn } from './power-platform.ts';
import { checkRoutes, clockOutcome } from './routes.ts';
import { rowsOutcome } from './rows-and-configuration.ts';
import { upstreamChecks } from './sign-in.ts';
import { secretsOutcome } from './stored.ts';

export interface DoctorRequest {
  /** Of the configuration; the default one when undefined. */
  readonly configFile: string | undefined;
  readonly outputsFile: string;
  /** Where the connector is in Power Platform. */
  readonly connector: { readonly environment: string; readonly name: string } | undefined;
  /** Epoch ms, by the clock of this machine. */
  readonly now: () => number;
  /** Told of each finding as soon as it is there. */
  readonly onFinding?: (finding: Finding) => void;
  /** Those of the environment by default. */
  readonly aws?: AwsAccount;
}

/** Of a local run: it has no account, and its services are in the outputs file. */
const isLocal = ({ services }: DeploymentPlace): boolean => services !== undefined;

const noAccount = skipped('A local run has no AWS account.');
const ownClock = skipped('A local run has a clock of its own, which is moved ahead.');

const configurationOf = (
  file: string | undefined,
  place: DeploymentPlace | undefined,
): { readonly loaded: LoadedConfiguration | undefined; readonly outcome: Outcome } => {
  if (place !== undefined && isLocal(place) && file === undefined)
    return {
      loaded: {
        configuration: exampleConfiguration,
        source: 'the configuration of the local run',
        isExample: true,
      },
      outcome: sound('The local run has the embedded example configuration.'),
    };
  try {
    const loaded = loadConfiguration(file);
    if (loaded.isExample)
      return {
        loaded: undefined,
        outcome: fault(
          'There is no insights-connector.json here, and INSIGHTS_CONNECTOR_CONFIG names none.',
          ['$ insights-connector init'],
          'docs/configuration.md',
        ),
      };
    const warnings = doubtful(loaded.configuration);
    return {
      loaded,
      outcome:
        warnings.length === 0
          ? sound(`${loaded.source} is sound.`)
          : warning(
              `${loaded.source}: ${warnings.join(' ')}`,
              ['Correct the values in the file.'],
              'docs/configuration.md',
            ),
    };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return {
      loaded: undefined,
      outcome: fault(error.message, ['Correct the values in the file.'], 'docs/configuration.md'),
    };
  }
};

const placeOf = (
  file: string,
): { readonly place: DeploymentPlace | undefined; readonly outcome: Outcome } => {
  try {
    const place = readDeploymentPlace(file);
    return { place, outcome: sound(`${file} describes ${isLocal(place) ? 'a local run' : place.stack}.`) };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return {
      place: undefined,
      outcome: fault(
        error.message,
        ['$ npx cdk deploy --outputs-file cdk-outputs.json'],
        'docs/deployment.md',
      ),
    };
  }
};

/** Whether the outputs are of the deployment that the configuration describes. */
const sameDeployment = ({ tenantId, applications }: Configuration, { all }: DeploymentPlace): Outcome => {
  const expected = {
    [outputNames.tenantId]: tenantId,
    [outputNames.connectorClientId]: applications.connector.clientId,
    [outputNames.apiClientId]: applications.api.clientId,
  };
  const wrong = Object.entries(expected).filter(
    ([name, value]) => all[name]?.toLowerCase() !== value.toLowerCase(),
  );
  return wrong.length === 0
    ? sound('The deployment has the tenant and the applications of the configuration.')
    : fault(
        `The deployment was made from another configuration: ${wrong.map(([name, value]) => `${name} is ${all[name]} there and ${value} here`).join('; ')}.`,
        [
          'Give the configuration and the outputs of one deployment, or deploy this configuration:',
          '$ npx cdk deploy --outputs-file cdk-outputs.json',
        ],
        'docs/deployment.md',
      );
};

/** Instances whose secret and access are checked; each costs two calls. */
const mostInstancesChecked = 200;

const stateOutcome = async (
  deployment: Deployment,
  list: InstanceList | undefined,
  configuration: Configuration,
  now: number,
): Promise<Outcome> => {
  const served = list ? servedInstances(list) : configuration.instances;
  const names = new Map(served.map(({ id, name }) => [id.toLowerCase(), name]));
  const paused = served.filter((one) => 'pausedAt' in one).length;
  const { attention, instances, others } = await readStatus(deployment, names, now);
  return attention.length === 0
    ? sound(
        `${instances.length + others - paused} of ${served.length} instances are looked at${paused > 0 ? `, ${paused} paused` : ''}; nothing waits for an operator.`,
      )
    : warning(
        attention.map(({ what }) => what).join('; '),
        attention.map(({ mend }) => (mend.startsWith('insights-connector') ? `$ ${mend}` : mend)),
        'docs/operating.md',
      );
};

/** The checks of sign-in and Customer Insights, for AWS or for a local run. */
export const upstreamOf = (
  configuration: Configuration,
  place: DeploymentPlace | undefined,
  now: () => number,
) => {
  const services = place?.services;
  const secretsManager = secretsClient(services);
  return upstreamChecks({
    configuration,
    ...upstreamPlace(configuration, services),
    secrets: createSecrets({
      client: async (_, input) => {
        const { SecretString: text } = await secretsManager.send(new GetSecretValueCommand(input));
        return text === undefined ? {} : { SecretString: text };
      },
      now,
    }),
    now,
  });
};

/**
 * Compares what the simulator assumes with the first instance of the configuration.
 * @throws ConfigurationError, or an error of the sign-in
 */
export const examineAssumptions = async ({
  configFile,
  outputsFile,
  now,
}: Pick<DoctorRequest, 'configFile' | 'outputsFile' | 'now'>) => {
  const { place } = placeOf(outputsFile);
  const { loaded, outcome } = configurationOf(configFile, place);
  const instance = loaded?.configuration.instances[0];
  if (loaded === undefined || instance === undefined)
    throw new ConfigurationError('configuration', [outcome.found]);
  const upstream = upstreamOf(loaded.configuration, place, now);
  const token = await upstream.token();
  if (token.verdict === 'fault' || token.verdict === 'skipped')
    throw new ConfigurationError('sign-in', [token.found]);
  const { answers, notRead } = await readAnswers(upstream.read(instance));
  const key = randomBytes(16);
  const maskId = (id: string) => createHmac('sha256', key).update(id).digest('base64url').slice(0, 12);
  const assumptions = judge(answers);
  const behaviours = behavioursSeen(assumptions);
  const record = {
    format: recordFormat,
    takenAt: iso(now()),
    behaviours,
    assumptions,
    answers: recordOf(answers, maskId),
  };
  return { assumptions, behaviours, notRead, record };
};

/** @returns the findings in the order of the checks */
export const examine = async (request: DoctorRequest): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  const note = (id: string, title: string, outcome: Outcome): boolean => {
    const finding: Finding = { id, title, mend: [], ...outcome };
    findings.push(finding);
    request.onFinding?.(finding);
    return outcome.verdict !== 'fault';
  };
  const aws = request.aws ?? awsAccount();

  const { place, outcome: placeFound } = placeOf(request.outputsFile);
  const { loaded, outcome: configurationFound } = configurationOf(request.configFile, place);
  note('configuration', 'Configuration', configurationFound);
  note('outputs', 'Outputs of the deployment', placeFound);
  const configuration = loaded?.configuration;

  const local = place !== undefined && isLocal(place);
  const reached = note(
    'credentials',
    'AWS credentials and region',
    local ? noAccount : await identityOutcome(aws),
  );
  const needs = <Result>(what: string | undefined, work: () => Promise<Result>): Promise<Result | Outcome> =>
    what === undefined ? work() : Promise.resolve(skipped(`It needs ${what}, which is at fault.`));
  const missing = (...parts: readonly (readonly [boolean, string])[]): string | undefined =>
    parts.find(([there]) => !there)?.[1];

  const account = missing([reached, 'AWS credentials']);
  const outputs = missing([place !== undefined, 'the outputs file']);
  note(
    'stack',
    'Stack',
    local
      ? noAccount
      : await needs(account ?? outputs, () => stackOutcome(aws, place?.stack ?? '', place?.all ?? {})),
  );
  note(
    'concurrency',
    'Concurrent executions',
    local
      ? noAccount
      : await needs(account, () => concurrencyOutcome(aws, configuration?.reservedConcurrency, place?.stack)),
  );

  if (configuration?.applications.api.credential === 'federated' && place !== undefined)
    note(
      'federation',
      'Federated credentials',
      local
        ? noAccount
        : await needs(account, () =>
            federationOutcome(
              { issuer: accountIssuer, trusted: trustedCredentials },
              configuration.applications.api.clientId,
              place.all,
            ),
          ),
    );

  if (configuration !== undefined && place !== undefined)
    note('same', 'Configuration and deployment', sameDeployment(configuration, place));

  if (configuration === undefined || (account !== undefined && !local) || (place === undefined && local)) {
    for (const [id, title] of [
      ['secrets', 'Stored secrets'],
      ['discovery', 'Discovery document'],
      ['token', 'Token for Customer Insights'],
    ] as const)
      note(
        id,
        title,
        skipped('It needs the configuration and AWS credentials, and one of them is at fault.'),
      );
  } else {
    const instances = place
      ? await servedWith(place, configuration.instances, () => undefined)
      : configuration.instances;
    const checked = { ...configuration, instances: instances.slice(0, mostInstancesChecked) };
    const upstream = upstreamOf(checked, place, request.now);
    note(
      'secrets',
      'Stored secrets',
      await secretsOutcome(secretsClient(place?.services), checked, request.now()),
    );
    const discovered = note('discovery', 'Discovery document', await upstream.discovery());
    const entra = missing([discovered, 'the discovery document']);
    const token = note('token', 'Token for Customer Insights', await needs(entra, upstream.token));
    note(
      'token-version',
      'Version of tokens',
      await needs(missing([token, 'a token']), upstream.tokenVersion),
    );
    for (const instance of checked.instances)
      note(
        `instance:${instance.id}`,
        `Instance ${instance.name}`,
        await needs(missing([token, 'a token']), () => upstream.instance(instance)),
      );
    if (instances.length > mostInstancesChecked)
      note(
        'instances',
        'Other instances',
        skipped(
          `${instances.length - mostInstancesChecked} more are served. \`status\` shows how they are polled.`,
        ),
      );
  }

  if (place !== undefined) {
    const endpoint = (
      place.services?.api ??
      place.all.ApiEndpoint ??
      `https://${place.all[outputNames.host]}`
    ).replace(/\/$/, '');
    const { outcome, clock } = await checkRoutes(endpoint, basePath, request.now);
    note('routes', 'Routes of the API', outcome);
    note('clock', 'Clock', local ? ownClock : clockOutcome(clock));
  }
  if (place !== undefined && configuration !== undefined) {
    const deployment = openDeployment(place);
    const without = local ? undefined : account;
    try {
      const list = without === undefined ? await deployment.instances.list() : undefined;
      note(
        'rows',
        'Rows of instances',
        await needs(without, async () => rowsOutcome(list, configuration, place.all[addedKeysOutput])),
      );
      note(
        'state',
        'Looks, deliveries, dead letters',
        await needs(without, () => stateOutcome(deployment, list, configuration, request.now())),
      );
    } finally {
      deployment.close();
    }
    note(
      'connector',
      'Connector in Power Platform',
      local
        ? skipped('A local run has no connector in Power Platform.')
        : await connectorOutcome(request.connector ?? deployedNameIn('dist/connector'), {
            host: place.all[outputNames.host] ?? '',
            connectorClientId: configuration.applications.connector.clientId,
            apiClientId: configuration.applications.api.clientId,
          }),
    );
  }
  return findings;
};
