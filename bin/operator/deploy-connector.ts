/**
 * Puts the built connector into Power Platform through paconn: compare, ask about breaking changes, create or update, and
 * verify by a download that is compared again.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Comparison, compareConnectors } from '../../connector/diff/compare-connectors.ts';
import { countOf } from '../../connector/diff/report.ts';
import { type LoadedConnector, readConnector } from '../../connector/emit/read.ts';
import { isRecord } from '../../lambda/runtime/json.ts';

/** paconn could not be run, or it refused. */
export class PaconnFailed extends Error {
  override readonly name = 'PaconnFailed';
  readonly exitCode = 3;
  readonly page = 'docs/connector.md';
}

/** Runs paconn in a folder. @returns what it printed @throws PaconnFailed */
export type Paconn = (given: readonly string[], folder: string) => Promise<string>;

const remedyFor = (text: string): string => {
  if (/Access token invalid|login again/i.test(text))
    return ' Run `paconn login` once; its token lasts an hour.';
  if (/EOFError|Inappropriate ioctl|^ERROR:\s*$/m.test(text))
    return ' It asked a question, and there was no terminal to answer it.';
  return '';
};

/** The secret goes to it as an argument, because paconn takes it in no other way; it is not repeated in errors. */
export const installedPaconn =
  (program = process.env.PACONN ?? 'paconn'): Paconn =>
  (given, folder) =>
    new Promise((done, failed) => {
      const child = spawn(program, [...given], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
      const said: Buffer[] = [];
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => said.push(chunk));
      child.once('error', (cause) =>
        failed(
          new PaconnFailed(
            `paconn could not be started (${cause.message}). Install it: python3 -m venv .paconn && .paconn/bin/pip install paconn==0.0.21, and name it in the environment variable PACONN.`,
            { cause },
          ),
        ),
      );
      child.once('close', (code) => {
        const text = Buffer.concat(said).toString('utf8');
        // It ends with 0 after some errors.
        if (code === 0 && !/^ERROR:/m.test(text)) done(text);
        else
          failed(
            new PaconnFailed(
              `paconn ${given[0]} failed: ${text.trim().split('\n').at(-1) ?? ''}${remedyFor(text)}`,
            ),
          );
      });
    });

const settingsIn = (folder: string): Readonly<Record<string, unknown>> => {
  const file = join(folder, 'settings.json');
  const settings: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return isRecord(settings) ? settings : {};
};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

const download = async (
  paconn: Paconn,
  {
    environment,
    connectorId,
    powerAppsUrl,
  }: { environment: string; connectorId: string; powerAppsUrl: string | undefined },
): Promise<LoadedConnector> => {
  const folder = mkdtempSync(join(tmpdir(), 'insights-connector-download-'));
  try {
    await paconn(
      [
        'download',
        '--env',
        environment,
        '--cid',
        connectorId,
        '--dest',
        folder,
        '--overwrite',
        ...(powerAppsUrl === undefined ? [] : ['--pau', powerAppsUrl]),
      ],
      folder,
    );
    return readConnector(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export interface ConnectorDeployment {
  /** Holds the built files and settings.json. */
  readonly folder: string;
  /** Of Power Platform; that of settings.json when undefined. */
  readonly environment: string | undefined;
  /** The client secret of the connector's registration. An update without one keeps what is there. */
  readonly secret: string | undefined;
  readonly paconn: Paconn;
  /** Asked before an update that breaks flows. */
  readonly onBreaking: (comparison: Comparison) => Promise<boolean>;
  readonly say: (line: string) => void;
  /** Compare and change nothing. */
  readonly dryRun: boolean;
}

export type ConnectorDeploymentOutcome =
  | { readonly kind: 'created' | 'updated'; readonly connectorId: string; readonly environment: string }
  | {
      readonly kind: 'unchanged' | 'compared' | 'refused';
      readonly connectorId: string;
      readonly comparison: Comparison;
    };

/** Something that has to be given is missing. */
export class DeploymentIncomplete extends Error {
  override readonly name = 'DeploymentIncomplete';
  readonly exitCode = 2;
}

/** @throws PaconnFailed, ConnectorUnreadable, DeploymentIncomplete */
export const deployConnector = async (request: ConnectorDeployment): Promise<ConnectorDeploymentOutcome> => {
  const { paconn, say, secret, dryRun } = request;
  const folder = resolve(request.folder);
  const settings = settingsIn(folder);
  const environment = request.environment ?? textOf(settings.environment);
  const powerAppsUrl = textOf(settings.powerAppsUrl);
  const known = textOf(settings.connectorId);
  const built = readConnector(folder);
  if (environment === undefined)
    throw new DeploymentIncomplete(
      'The environment of Power Platform is not known. Give --environment: its id is in the address of https://make.powerautomate.com, as in /environments/<id>/.',
    );
  if (known === undefined) {
    if (secret === undefined)
      throw new DeploymentIncomplete(
        "A new connector needs the client secret of its registration: set CONNECTOR_SECRET, which keeps it out of the shell's history.",
      );
    if (dryRun) {
      say(`No connector is known in ${folder}; one would be created in ${environment}.`);
      return { kind: 'created', connectorId: '', environment };
    }
    const hasIcon = existsSync(join(folder, 'icon.png'));
    await paconn(
      [
        'create',
        '--env',
        environment,
        '--api-def',
        'apiDefinition.swagger.json',
        '--api-prop',
        'apiProperties.json',
        ...(hasIcon ? ['--icon', 'icon.png'] : []),
        ...(powerAppsUrl === undefined ? [] : ['--pau', powerAppsUrl]),
        '--overwrite-settings',
        '--secret',
        secret,
      ],
      folder,
    );
    const connectorId = textOf(settingsIn(folder).connectorId);
    if (connectorId === undefined)
      throw new PaconnFailed(
        'paconn has created a connector and not noted its id in settings.json. Look it up in the portal and put it there as connectorId.',
      );
    say(`Created ${connectorId} in ${environment}; settings.json has its id.`);
    await verify(request, { environment, connectorId, powerAppsUrl }, built);
    return { kind: 'created', connectorId, environment };
  }
  say(`Comparing with ${known} in ${environment} …`);
  const comparison = compareConnectors(
    await download(paconn, { environment, connectorId: known, powerAppsUrl }),
    built,
  );
  if (comparison.changes.length === 0) return { kind: 'unchanged', connectorId: known, comparison };
  if (dryRun) return { kind: 'compared', connectorId: known, comparison };
  if (countOf(comparison, 'breaking') > 0 && !(await request.onBreaking(comparison)))
    return { kind: 'refused', connectorId: known, comparison };
  // paconn rewrites no settings on an update; a copy is put back should it do so.
  const kept = join(folder, 'settings.json');
  const copy = join(mkdtempSync(join(tmpdir(), 'insights-connector-settings-')), 'settings.json');
  copyFileSync(kept, copy);
  try {
    await paconn(
      ['update', '--settings', 'settings.json', ...(secret === undefined ? [] : ['--secret', secret])],
      folder,
    );
  } finally {
    copyFileSync(copy, kept);
    rmSync(join(copy, '..'), { recursive: true, force: true });
  }
  say(`Updated ${known}.`);
  await verify(request, { environment, connectorId: known, powerAppsUrl }, built);
  return { kind: 'updated', connectorId: known, environment };
};

/** Downloads what is there now and compares it with what was built. @throws PaconnFailed when they differ */
const verify = async (
  { paconn, say }: ConnectorDeployment,
  place: {
    readonly environment: string;
    readonly connectorId: string;
    readonly powerAppsUrl: string | undefined;
  },
  built: LoadedConnector,
): Promise<void> => {
  const { changes } = compareConnectors(await download(paconn, place), built);
  const grave = changes.filter((change) => change.class !== 'cosmetic');
  if (grave.length > 0)
    throw new PaconnFailed(
      `The connector that is there now differs from the built one: ${grave
        .map(({ text }) => text)
        .slice(0, 5)
        .join(' ')}`,
    );
  say('Verified: a download is the same as the built connector.');
};
