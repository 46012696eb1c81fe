/** An emulated AWS account, and the command line of CDK against it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { parseJson } from '../../lambda/runtime/json.ts';
import { freePort } from '../../local/dynamodb/free-port.ts';
import { type Ended, pythonPrograms, run } from '../setup/python.ts';

export const root = new URL('../..', import.meta.url).pathname;

/** The emulator, and the checker of templates that needs no account. */
const requirements = ['moto[server]==5.2.5', 'cfn-lint==1.58.0'];

export const accountId = '123456789012';
export const region = 'eu-west-1';

export interface StackResource {
  readonly id: string;
  readonly type: string;
  readonly physicalId: string;
}

export interface EmulatedAccount {
  readonly folder: string;
  /** For SDK clients. */
  readonly place: {
    readonly region: string;
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Runs `cdk` of this repository. */
  cdk(...given: readonly string[]): Promise<Ended>;
  /**
   * Synthesises the app, once for each configuration.
   * @param source the folder of the app; this repository by default
   * @returns the folder of the templates, for `--app`, or why there is none
   */
  synthesise(
    configuration: object,
    source?: string,
  ): Promise<{ readonly folder: string } | { readonly refused: Ended }>;
  /** By logical id. @returns undefined when there is no such stack */
  resources(stack: string): Promise<ReadonlyMap<string, StackResource> | undefined>;
  /** Whether authorizers are refused from now on, as AWS does with those of a tenant that does not exist. */
  refuseAuthorizers(refused: boolean): void;
  /** A program of the virtual environment. */
  program(name: string): string;
  close(): Promise<void>;
}

const answers = async (url: string, emulator: ChildProcess): Promise<void> => {
  for (let tries = 0; tries < 600; tries += 1) {
    if (emulator.exitCode !== null) throw new Error(`The emulator ended with ${emulator.exitCode}.`);
    const up = await fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) return;
    await sleep(100);
  }
  throw new Error('The emulator did not answer within a minute.');
};

export const startAccount = async (): Promise<EmulatedAccount> => {
  const program = await pythonPrograms('deploy', requirements);
  const folder = mkdtempSync(join(tmpdir(), 'test-deploy-'));
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  const refusal = join(folder, 'refuse-authorizers');
  const emulator = spawn(
    program('python'),
    [join(import.meta.dirname, 'emulator.py'), String(port), refusal, process.execPath],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const said: string[] = [];
  // One line for each request; the others say what went wrong.
  emulator.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
  await answers(endpoint, emulator).catch((error: unknown) => {
    emulator.kill();
    throw new Error(said.slice(-20).join(''), { cause: error });
  });
  const credentials = { accessKeyId: 'testing', secretAccessKey: 'testing' };
  const place = { region, endpoint, credentials };
  const cloudFormation = new CloudFormationClient(place);
  /** Source and configuration → folder. */
  const synthesised = new Map<string, string>();
  const environment = {
    ...process.env,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_ENDPOINT_URL: endpoint,
    // Buckets are named in the host, which is made to resolve to this machine.
    AWS_ENDPOINT_URL_S3: `http://s3.localhost:${port}`,
    AWS_ENDPOINT_URL_S3_FOR_CLOUDFORMATION: `https://s3.${region}.amazonaws.com`,
    NODE_OPTIONS: `--require ${join(import.meta.dirname, 'localhost-names.cjs')}`,
    // Neither settings of the current user nor another account.
    AWS_CONFIG_FILE: join(folder, 'none'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'none'),
    AWS_EC2_METADATA_DISABLED: 'true',
    CI: '1',
  };
  const command = (given: readonly string[], source: string, variables: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [join(root, 'node_modules/aws-cdk/bin/cdk'), ...given], source, {
      ...environment,
      ...variables,
    });
  return {
    folder,
    place,
    program,
    cdk: (...given) => command(given, root),
    synthesise: async (configuration, source = root) => {
      const text = JSON.stringify(configuration);
      const key = `${source} ${text}`;
      const made = synthesised.get(key);
      if (made !== undefined) return { folder: made };
      const name = join(folder, `app-${synthesised.size}`);
      writeFileSync(`${name}.json`, text);
      const variables = { INSIGHTS_CONNECTOR_CONFIG: `${name}.json` };
      const ended = await command(['synth', '--quiet', '--output', name], source, variables);
      if (ended.code !== 0) return { refused: ended };
      synthesised.set(key, name);
      return { folder: name };
    },
    resources: async (stack) => {
      const found = new Map<string, StackResource>();
      let NextToken: string | undefined;
      do {
        const page = await cloudFormation
          .send(new ListStackResourcesCommand({ StackName: stack, NextToken }))
          .catch((error: unknown) => {
            if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
            throw error;
          });
        if (page === undefined) return undefined;
        for (const {
          LogicalResourceId: id = '',
          ResourceType: type = '',
          PhysicalResourceId: physicalId = '',
        } of page.StackResourceSummaries ?? [])
          found.set(id, { id, type, physicalId });
        NextToken = page.NextToken;
      } while (NextToken !== undefined);
      return found;
    },
    refuseAuthorizers: (refused) => {
      if (refused) writeFileSync(refusal, '');
      else rmSync(refusal, { force: true });
    },
    close: async () => {
      cloudFormation.destroy();
      emulator.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** The findings of cfn-lint for a template. */
export const lintFindings = async (
  { program }: EmulatedAccount,
  template: string,
): Promise<readonly { readonly Rule: { readonly Id: string }; readonly Message: string }[]> => {
  const { text } = await run(
    program('cfn-lint'),
    ['--format', 'json', '--regions', region, '--', template],
    root,
  );
  return parseJson(text) as unknown as readonly {
    readonly Rule: { readonly Id: string };
    readonly Message: string;
  }[];
};
