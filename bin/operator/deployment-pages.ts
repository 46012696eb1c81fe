/** Addresses of the pages in a browser that belong to a deployment. */
import { consolePath } from '../../config/console.ts';
import type { Configuration } from '../../config/schema.ts';
import type { DeployedName } from '../../connector/diff/deployed.ts';
import type { DeploymentPlace } from './deployment-place.ts';
import { NotThere } from './options.ts';

/** What is known beside the outputs file; each part may be missing. */
export interface KnownPages {
  readonly configuration: Pick<Configuration, 'console' | 'cloud'> | undefined;
  /** Where paconn, or the command line, says that the connector is. */
  readonly connector: Pick<DeployedName, 'environment'> | undefined;
}

type Address = (place: DeploymentPlace, known: KnownPages) => string;

/** Host suffix of the AWS services → that of the AWS consoles. https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
const awsConsoles: Readonly<Record<string, string>> = {
  'amazonaws.com': 'console.aws.amazon.com',
  'amazonaws.com.cn': 'console.amazonaws.cn',
};

/** A page of the AWS console, in the region of the deployment: its queues say which. */
const awsPage = ({ outputs, services }: DeploymentPlace, service: string, fragment: string): string => {
  const [, region, suffix = ''] =
    /^https:\/\/sqs\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)\//.exec(outputs.deliveryQueue) ?? [];
  if (services !== undefined || region === undefined)
    throw new NotThere(
      'This page is in the AWS console, and the outputs file is of a local run. `open control` opens the page of the run.',
    );
  const host = region.startsWith('us-gov-') ? 'console.amazonaws-us-gov.com' : awsConsoles[suffix];
  return `https://${region}.${host}/${service}/home?region=${region}#${fragment}`;
};

/**
 * The console of CloudWatch escapes what follows the name of a view, with $ in place of %; a value in it is escaped once
 * more.
 */
const inView = (text: string): string => encodeURIComponent(text).replaceAll('%', '$');

export const pages = {
  console: {
    title: "The console: subscriptions, their history, limits, and a maker's first flow",
    address: ({ services, all }) => {
      if (services?.api !== undefined) return `${services.api}${consolePath}`;
      if (all.ConsoleUrl === undefined)
        throw new NotThere(
          'The outputs file has no ConsoleUrl: the deployment is older than the console. Deploy again.',
        );
      return all.ConsoleUrl;
    },
  },
  connector: {
    title: 'The page of the connector in Power Automate, or the list of custom connectors of its environment',
    address: (_, { configuration, connector }) => {
      if (configuration?.console?.connectorUrl !== undefined) return configuration.console.connectorUrl;
      if (connector === undefined)
        throw new NotThere(
          'The environment of Power Platform is not known. Give --environment (its id is in the address of the portal), or console.connectorUrl in the configuration.',
        );
      const host = configuration?.cloud === 'gcc' ? 'make.gov.powerapps.us' : 'make.powerapps.com';
      return `https://${host}/environments/${encodeURIComponent(connector.environment)}/customconnectors`;
    },
  },
  dashboard: {
    title: 'The dashboard in CloudWatch, with a graph for each alarm',
    address: (place) =>
      awsPage(place, 'cloudwatch', `dashboards/dashboard/${encodeURIComponent(place.stack)}`),
  },
  alarms: {
    title: 'The alarms in CloudWatch',
    address: (place) => awsPage(place, 'cloudwatch', `alarmsV2:?search=${encodeURIComponent(place.stack)}`),
  },
  logs: {
    title: 'The log groups in CloudWatch',
    address: (place) =>
      awsPage(
        place,
        'cloudwatch',
        `logsV2:log-groups${inView(`?logGroupNameFilter=${encodeURIComponent(place.stack)}`)}`,
      ),
  },
  stack: {
    title: 'The stack in CloudFormation',
    address: (place) =>
      awsPage(
        place,
        'cloudformation',
        `/stacks?filteringText=${encodeURIComponent(place.stack)}&filteringStatus=active`,
      ),
  },
  control: {
    title: 'The page of a local run: its inboxes, flows, clock and stories',
    address: ({ services }) => {
      if (services?.control === undefined)
        throw new NotThere('The outputs file is not of a local run. Start one: `insights-connector start`.');
      return services.control;
    },
  },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly address: Address }>>;

export type PageName = keyof typeof pages;

export const isPage = (name: string): name is PageName => Object.hasOwn(pages, name);

/** @throws NotThere when the deployment has no such page, or what it takes to know its address is missing */
export const addressOf = (name: PageName, place: DeploymentPlace, known: KnownPages): string => {
  const { address }: { readonly address: Address } = pages[name];
  return address(place, known);
};

/**
 * Whether a browser of the person at the terminal can be expected: not over SSH, not in a pipeline, and on Linux only in
 * a desktop.
 */
export const hasBrowser = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv): boolean => {
  if (env.SSH_CONNECTION !== undefined || env.CI !== undefined || env.AWS_EXECUTION_ENV === 'CloudShell')
    return false;
  if (platform !== 'linux') return true;
  return [env.DISPLAY, env.WAYLAND_DISPLAY, env.WSL_DISTRO_NAME].some(
    (one) => one !== undefined && one !== '',
  );
};
