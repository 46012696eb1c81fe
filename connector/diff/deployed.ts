/** The deployed connector, fetched by the CLI for Microsoft 365 (`m365 pa connector export`). */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCommand } from '../../config/this-package.ts';
import { ConnectorUnreadable, type LoadedConnector, readConnector } from '../emit/read.ts';
import { type CommandOutput, type Microsoft365, microsoft365At } from './microsoft365.ts';

export interface DeployedName {
  /** `Default-<tenant>` or a GUID. */
  readonly environment: string;
  /** `shared_…`, as `m365 pa connector list` shows it. */
  readonly name: string;
}

/** The deployed connector could not be fetched. The message says what to run. */
export class DeployedUnavailable extends Error {
  override readonly name = 'DeployedUnavailable';
  readonly exitCode = 3;
  readonly page = 'docs/connector.md';
}

export type { CommandOutput, Microsoft365 };

const byHand = ({ environment, name }: DeployedName): string =>
  `Or export it elsewhere and give the folder: \`m365 pa connector export --environmentName ${environment} --name ${name}\`, then \`insights-connector diff --from ${name}\`.`;

/** Large, so the package does not install it. */
const installed = (deployed: DeployedName): Microsoft365 => {
  try {
    return microsoft365At(import.meta.resolve('@pnp/cli-microsoft365'));
  } catch (cause) {
    throw new DeployedUnavailable(
      `The CLI for Microsoft 365 is not installed here. Install it next to this package: \`${installCommand('@pnp/cli-microsoft365')}\`; a clone has it after \`npm ci\`. ${byHand(deployed)}`,
      { cause },
    );
  }
};

/** The tool rejects with an Error, with a text, or with an object around one of them. */
const reasonOf = (failure: unknown): string => {
  if (typeof failure === 'string') return failure;
  if (typeof failure === 'object' && failure !== null) {
    if ('message' in failure && typeof failure.message === 'string') return failure.message;
    if ('error' in failure) return reasonOf(failure.error);
  }
  return String(failure);
};

/** Both words in one line, in this order. One expression for both takes quadratic time. */
const saysAppIdIsRequired = (reason: string): boolean =>
  reason
    .toLowerCase()
    .split(/[\n\r\u2028\u2029]/)
    .some((line) => {
      const at = line.indexOf('appid');
      return at !== -1 && line.includes('required', at);
    });

/** What to do about each reason that the tool gives. The reason itself is always quoted. */
const remedies: readonly (readonly [reason: Pick<RegExp, 'test'>, remedy: string])[] = [
  [
    /^log ?in to microsoft 365 first/i,
    'Run `npx m365 setup` once, which makes an application for its sign-in, then `npx m365 login`.',
  ],
  [
    { test: (reason) => /AADSTS700016|clientId/i.test(reason) || saysAppIdIsRequired(reason) },
    'Run `npx m365 setup` once: the tool needs an application of its own to sign in.',
  ],
  [/AADSTS(700082|50173|70043)/, 'The sign-in has expired: run `npx m365 logout`, then `npx m365 login`.'],
  [
    /AADSTS(65001|90094)/,
    'An administrator has to consent to the application of the tool: `npx m365 setup` shows how.',
  ],
  [
    /AADSTS5(3\d{3}|007\d|0158)/,
    'Conditional access forbids this sign-in here. Sign in on a device that the tenant admits.',
  ],
  [/AADSTS/, 'Microsoft Entra ID refuses the sign-in; the code is in docs/troubleshooting.md.'],
  [/ENOTFOUND|EAI_AGAIN/, 'The name of the service could not be resolved: check network and proxy.'],
  [
    /ECONNREFUSED|ECONNRESET|ETIMEDOUT|did not answer within/,
    'The service could not be reached: check network and proxy, then repeat.',
  ],
  [
    /certificate|self.signed|CERT_/i,
    'A proxy replaces certificates: set NODE_EXTRA_CA_CERTS to the certificate of your organisation.',
  ],
];

const unavailable = (deployed: DeployedName, cause: unknown): DeployedUnavailable => {
  const reason = reasonOf(cause);
  const remedy =
    remedies.find(([form]) => form.test(reason))?.[1] ??
    `Look up its environment with \`npx m365 pa environment list\` and its name with \`npx m365 pa connector list --environmentName ${deployed.environment}\`.`;
  return new DeployedUnavailable(
    `The deployed connector could not be exported: ${reason}${/[.!?]$/.test(reason) ? '' : '.'} ${remedy} ${byHand(deployed)}`,
    { cause },
  );
};

/**
 * Exports into a temporary folder, reads it and removes it.
 * @param inspect is given the folder of the export before it is read
 * @param run how to run the tool; the installed one by default
 * @throws DeployedUnavailable, ConnectorUnreadable
 */
export const readDeployed = async (
  deployed: DeployedName,
  run?: Microsoft365,
  inspect: (folder: string) => void = () => undefined,
): Promise<LoadedConnector> => {
  const microsoft365 = run ?? installed(deployed);
  const outputFolder = await mkdtemp(join(tmpdir(), 'insights-connector-deployed-'));
  try {
    try {
      await microsoft365('pa connector export', {
        environmentName: deployed.environment,
        name: deployed.name,
        outputFolder,
      });
    } catch (cause) {
      throw unavailable(deployed, cause);
    }
    const [folder] = await readdir(outputFolder);
    if (folder === undefined)
      throw new DeployedUnavailable(`m365 has exported nothing for ${deployed.name}. ${byHand(deployed)}`);
    inspect(join(outputFolder, folder));
    return readConnector(join(outputFolder, folder));
  } catch (error) {
    if (!(error instanceof ConnectorUnreadable)) throw error;
    throw new DeployedUnavailable(
      `What m365 has exported for ${deployed.name} cannot be read: ${error.message} Download it with paconn or pac instead and give the folder with --from.`,
      { cause: error },
    );
  } finally {
    await rm(outputFolder, { recursive: true, force: true });
  }
};
