/** The deployed connector, fetched by the CLI for Microsoft 365 (`m365 pa connector export`). */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCommand } from '../../config/this-package.ts';
import { ConnectorUnreadable, type LoadedConnector, readConnector } from '../emit/read.ts';

export interface DeployedName {
  /** `Default-<tenant>` or a GUID. */
  readonly environment: string;
  /** `shared_…`, as `m365 pa connector list` shows it. */
  readonly name: string;
}

/** The deployed connector could not be fetched. The message says what to run. */
export class DeployedUnavailable extends Error {
  override readonly name = 'DeployedUnavailable';
  readonly exitCode = 1;
}

export interface CommandOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the CLI for Microsoft 365; rejects with its message when it fails. */
export type Microsoft365 = (
  command: string,
  options: Readonly<Record<string, string>>,
) => Promise<CommandOutput>;

const byHand = ({ environment, name }: DeployedName): string =>
  `Or export it elsewhere and give the folder: \`m365 pa connector export --environmentName ${environment} --name ${name}\`, then \`insights-connector diff --from ${name}\`.`;

/** Large and slow to load, so only when it is needed; the package does not install it. */
const load = async (deployed: DeployedName): Promise<Microsoft365> => {
  try {
    const { executeCommand } = await import('@pnp/cli-microsoft365');
    return (command, options) => executeCommand(command, { ...options });
  } catch (cause) {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND';
    const reason = isMissing ? 'is not installed here' : `could not be loaded (${reasonOf(cause)})`;
    throw new DeployedUnavailable(
      `The CLI for Microsoft 365 ${reason}. Install it next to this package: \`${installCommand('@pnp/cli-microsoft365')}\`; a clone has it after \`npm ci\`. ${byHand(deployed)}`,
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

const unavailable = (deployed: DeployedName, cause: unknown): DeployedUnavailable => {
  const reason = reasonOf(cause);
  if (/\blog(ged)? ?in\b|\bsign(ed)?[ -]in\b|AADSTS/i.test(reason))
    return new DeployedUnavailable(
      `Not signed in to Microsoft 365. Run \`npx m365 login\` once, then the same command again. ${byHand(deployed)}`,
      { cause },
    );
  return new DeployedUnavailable(
    `The deployed connector could not be exported: ${reason} Look up its environment with \`npx m365 pa environment list\` and its name with \`npx m365 pa connector list --environmentName ${deployed.environment}\`. ${byHand(deployed)}`,
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
  const microsoft365 = run ?? (await load(deployed));
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
