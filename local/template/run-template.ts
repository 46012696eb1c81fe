import { randomBytes, randomUUID } from 'node:crypto';
import { type Account, localAccount } from '../aws/account.ts';
import { accessDenied, accessKeyOfRun, type ServiceCall } from '../aws/authorize.ts';
import { startFunctionsService } from '../aws/functions-service.ts';
import type { LocalClock } from '../clock.ts';
import { type AccessControl, administratorUser, operatorUser } from '../iam/access-control.ts';
import type { Outcome } from '../runtime/protocol.ts';
import type { LocalQueue } from '../sqs/local-queue.ts';
import { checkTemplate } from './check-template.ts';
import { createResources, updateResources } from './create-resources.ts';
import { type EnginePorts, startEngines } from './engines.ts';
import type { LogLine } from './functions.ts';
import { type ListeningApi, listenApi } from './http-api.ts';
import { type InventoryEntry, inventoryOf } from './inventory.ts';
import type { ApiModel, DeploymentModel } from './model.ts';
import { type Plan, type Program, type ProgramOptions, planOf, startProgram } from './program.ts';
import type { Template } from './template.ts';
import { TemplateError } from './template-error.ts';

export interface RunTemplateOptions extends ProgramOptions {
  /** As the CDK app synthesises it. */
  readonly template: { readonly Resources: Readonly<Record<string, { readonly Type: string }>> };
  /** Values of template parameters; defaults for those left out. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** A free port for each that is omitted. */
  readonly ports?: EnginePorts & { readonly api?: number };
  /**
   * Values of secrets by name: those that an operator has stored in the account, and others for those of the template.
   */
  readonly secrets?: Readonly<Record<string, string>>;
  /**
   * Key material by logical id, 32 bytes; random for those left out. For a run that continues with the data
   * of another run.
   */
  readonly keyMaterial?: Readonly<Record<string, Uint8Array>>;
  readonly account?: Account;
  /**
   * Whether each call is decided by the policies of the template. True by default; false for templates without roles, and
   * for benchmarks.
   */
  readonly enforceAccess?: boolean;
  /** Ids of requests and events; random UUIDs by default. */
  readonly newId?: () => string;
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The running template. */
export interface Deployment {
  /**
   * Address of the HTTP API, without a slash at the end.
   * @throws Error unless the template has exactly one
   */
  readonly apiUrl: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly model: DeploymentModel;
  /** The running parts and their locations. */
  readonly inventory: readonly InventoryEntry[];
  /** For SDK clients beside the functions: `AWS_ENDPOINT_URL_DYNAMODB` and the like. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Of the account's administrator, who may do everything; random for each run. */
  readonly credentials: Credentials;
  /** Of the person who runs the operator commands. */
  readonly operatorCredentials: Credentials;
  /** What the policies of the template allow, what of it was used, and how often; absent unless they are evaluated. */
  readonly access?: Pick<AccessControl, 'grants' | 'used' | 'calls'> | undefined;
  /** By name or logical id; likewise below. */
  queue(nameOrLogicalId: string): LocalQueue;
  tableName(nameOrLogicalId: string): string;
  /** Runs one event in the function and waits for its answer. */
  invoke(functionNameOrLogicalId: string, event: unknown): Promise<Outcome>;
  /**
   * Fires a schedule now, beside its own times. The event is sent as the scheduler sends it, without waiting
   * for the function.
   */
  fire(scheduleNameOrLogicalId: string): void;
  /** The last lines that the function wrote, the oldest first. */
  logs(functionNameOrLogicalId: string): readonly LogLine[];
  /** Stores a value of a secret, by its name, as an operator does. */
  putSecret(name: string, value: string): void;
  /**
   * Puts another template with its functions in the place of the one that runs, as a deployment of another version
   * does. Addresses and credentials stay, and the tables, queues, keys and secrets that both templates have, with
   * their content. What only the former one has stays in the services, as with the deletion policy Retain.
   * Invocations under way are ended, and their messages come back.
   * @throws TemplateError before anything has changed, also when a table, queue or key would be replaced; Error when
   * a bundle does not load: then the run can only be closed
   */
  update(next: Pick<RunTemplateOptions, 'template' | 'assetDirectory' | 'parameters'>): Promise<void>;
  /** Ends everything within 2 s; a second call waits for the first. */
  close(): Promise<void>;
}

/**
 * Runs a synthesised template on this machine: checks that everything in it is known, starts the embedded
 * services, creates what the template declares, then serves its API, queues and schedules with the functions'
 * own bundles.
 * @throws TemplateError naming logical id, type and property of what cannot be honoured; nothing is left
 *   running
 */
export const runTemplate = async (options: RunTemplateOptions): Promise<Deployment> => {
  // The synthesised JSON; checkTemplate looks at every name in it.
  const template = options.template as Template;
  checkTemplate(template);
  const closers: (() => unknown)[] = [];
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= closeAll(closers);
    return closing;
  };
  try {
    return await deploy(template, options, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
};

const deploy = async (
  template: Template,
  options: RunTemplateOptions,
  closers: (() => unknown)[],
  close: () => Promise<void>,
): Promise<Deployment> => {
  const { clock } = options;
  const account = options.account ?? localAccount;
  const newId = options.newId ?? randomUUID;
  const runKey = randomBytes(16).toString('hex');
  /** Of the program that runs: no caller may do anything before its template has been read. */
  let plan: Plan | undefined;
  let program: Program | undefined;
  const enforced = options.enforceAccess ?? true;
  const guard = {
    authorize: (call: ServiceCall) =>
      plan?.access?.authorize(call) ??
      accessDenied(call.accessKeyId ?? '', call, 'before the template has been read'),
    partitionKeyOf: (tableName: string) => plan?.partitionKeys.get(tableName),
  };
  const engines = await startEngines({
    clock,
    account,
    newId,
    runKey,
    roleOf: (accessKeyId) => plan?.roles.get(accessKeyId ?? ''),
    ports: options.ports ?? {},
    ...(enforced && { access: guard }),
  });
  closers.push(() => engines.close());
  const apis = new Map<string, ListeningApi>();
  closers.push(() => Promise.all([...apis.values()].map((api) => api.close())));
  const functionsService = await startFunctionsService({
    clock,
    runKey,
    ...(enforced && { authorize: guard.authorize }),
    find: (name) => program?.invocable(name),
  });
  closers.push(() => functionsService.close());
  closers.push(() => program?.stop());

  const apiUrl = (logicalId: string) => `http://127.0.0.1:${apis.get(logicalId)?.port}`;
  const place = { account, apis, apiUrl, engines, functionsUrl: functionsService.url, newId, runKey };
  const planned = async (read: Template, of: Pick<RunTemplateOptions, 'parameters'>) => {
    await listenApis(apis, read, clock, options.ports?.api ?? 0);
    return planOf(read, of.parameters ?? {}, place, enforced);
  };
  const start = async (
    next: Plan,
    of: Pick<RunTemplateOptions, 'assetDirectory' | 'parameters'>,
    former?: DeploymentModel,
  ) => {
    plan = next;
    program = await startProgram(next, place, { ...options, ...of, former });
  };
  const first = await planned(template, options);
  await createResources(first.model, engines, options.secrets ?? {}, options.keyMaterial);
  await start(first, options);
  const running = () => {
    if (plan === undefined || program === undefined)
      throw new Error('The last update of the run has failed. Close the run.');
    return { plan, program };
  };

  return {
    get apiUrl() {
      return apiUrl(onlyApi(running().plan.model).logicalId);
    },
    get outputs() {
      return running().plan.model.outputs;
    },
    get model() {
      return running().plan.model;
    },
    get inventory() {
      const { model } = running().plan;
      const secrets = new Set([
        ...model.secrets.map(({ name }) => name),
        ...Object.keys(options.secrets ?? {}),
      ]);
      return inventoryOf(model, { apiUrl, engines }, secrets.size);
    },
    get access() {
      return running().plan.access;
    },
    endpoints: engines.endpoints,
    credentials: credentialsOf(administratorUser, runKey),
    operatorCredentials: credentialsOf(operatorUser, runKey),
    queue: (name) => engines.sqs.queue(named(running().plan.model.queues, name, 'queue').name),
    tableName: (name) => named(running().plan.model.tables, name, 'table').name,
    invoke: (name, event) => running().program.invoke(name, event),
    fire: (name) => running().program.fire(named(running().plan.model.schedules, name, 'schedule')),
    logs: (name) => running().program.logs(name),
    putSecret: (name, value) => void engines.secretsAndKeys.putSecret(name, value),
    async update(next) {
      const changed = next.template as Template;
      checkTemplate(changed);
      const { model } = running().plan;
      const wanted = await planned(changed, { ...options, ...next });
      await updateResources(model, wanted.model, engines);
      await program?.stop();
      program = undefined;
      await start(wanted, next, model);
    },
    close,
  };
};

const credentialsOf = (user: string, runKey: string): Credentials => ({
  accessKeyId: accessKeyOfRun(user, runKey),
  secretAccessKey: 'local',
});

/** Those that do not listen yet: an update leaves the address of an API as it is. */
const listenApis = async (
  apis: Map<string, ListeningApi>,
  template: Template,
  clock: LocalClock,
  port: number,
): Promise<void> => {
  const ids = Object.entries(template.Resources).flatMap(([logicalId, { Type }]) =>
    Type === 'AWS::ApiGatewayV2::Api' ? [logicalId] : [],
  );
  if (port !== 0 && ids.length > 1)
    throw new TemplateError({}, `one port was given for ${ids.length} HTTP APIs`);
  for (const id of ids) if (!apis.has(id)) apis.set(id, await listenApi(clock, port));
};

const onlyApi = ({ apis }: DeploymentModel): ApiModel => {
  const [first, ...others] = apis;
  if (first === undefined || others.length > 0)
    throw new Error(`The template has ${apis.length} HTTP APIs, not one`);
  return first;
};

const named = <Model extends { readonly logicalId: string; readonly name: string }>(
  models: readonly Model[],
  nameOrLogicalId: string,
  what: string,
): Model => {
  const found = models.find(
    ({ name, logicalId }) => name === nameOrLogicalId || logicalId === nameOrLogicalId,
  );
  if (found === undefined) {
    const known = models.map(({ logicalId }) => logicalId).join(', ') || 'none';
    throw new Error(`${nameOrLogicalId} is not a ${what} of the template; it has ${known}`);
  }
  return found;
};

/** The last started ends first. All are ended, even when one fails to. */
const closeAll = async (closers: readonly (() => unknown)[]): Promise<void> => {
  const failures: unknown[] = [];
  for (const closer of [...closers].reverse()) {
    try {
      await closer();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The local run did not end cleanly');
};
