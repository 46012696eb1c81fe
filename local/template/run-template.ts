import { randomBytes, randomUUID } from 'node:crypto';
import { type Account, localAccount } from '../aws/account.ts';
import { accessDenied, accessKeyOfRun, type ServiceCall } from '../aws/authorize.ts';
import { startFunctionsService } from '../aws/functions-service.ts';
import type { LocalClock } from '../clock.ts';
import { type AccessControl, administratorUser, createAccess, operatorUser } from '../iam/access-control.ts';
import type { Outcome } from '../runtime/protocol.ts';
import type { LocalQueue } from '../sqs/local-queue.ts';
import { createAsynchronousInvoker } from './asynchronous.ts';
import { checkTemplate } from './check-template.ts';
import { createResources } from './create-resources.ts';
import { type EnginePorts, type Engines, startEngines } from './engines.ts';
import { startEventSource } from './event-source.ts';
import { createFunctions, type Functions, type LogLine } from './functions.ts';
import { createHttpApi, type ListeningApi, listenApi } from './http-api.ts';
import { type InventoryEntry, inventoryOf } from './inventory.ts';
import type { ApiModel, DeploymentModel } from './model.ts';
import { createNames, type Names } from './names.ts';
import { readModel } from './read-model.ts';
import { createResolver } from './resolve.ts';
import type { ModelSource } from './resources.ts';
import { scheduleEvent, startSchedule } from './schedule.ts';
import type { Template } from './template.ts';
import { TemplateError } from './template-error.ts';

export interface RunTemplateOptions {
  /** As the CDK app synthesises it. */
  readonly template: { readonly Resources: Readonly<Record<string, { readonly Type: string }>> };
  /** The folder that would be uploaded under a function's `Code.S3Key`. */
  readonly assetDirectory: (assetKey: string) => string | undefined;
  /** Values of template parameters; defaults for those left out. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly clock: LocalClock;
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
  /** Variables that every function sees besides the template's; for what AWS itself would set. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environments (workers) that one function may have at once; 4 by default. */
  readonly environments?: number;
  /** Loads every bundle before this resolves, and fails when one does not load. True by default. */
  readonly warm?: boolean;
  /**
   * Whether each call is decided by the policies of the template. True by default; false for templates without roles, and
   * for benchmarks.
   */
  readonly enforceAccess?: boolean;
  /** Takes what functions write, and why the gateway answered 5xx. Prints nothing. */
  readonly log?: (line: LogLine) => void;
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
  readonly access?: Pick<AccessControl, 'grants' | 'used' | 'calls'>;
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
  /** Ends everything within 2 s; a second call waits for the first. */
  close(): Promise<void>;
}

const defaultEnvironments = 4;

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
  const log = options.log ?? (() => undefined);

  const runKey = randomBytes(16).toString('hex');
  /** By access key, as soon as the template has been read. */
  const roles = new Map<string, string>();
  const partitionKeys = new Map<string, string>();
  let access: AccessControl | undefined;
  const enforced = options.enforceAccess ?? true;
  const guard = {
    authorize: (call: ServiceCall) =>
      access?.authorize(call) ??
      accessDenied(call.accessKeyId ?? '', call, 'before the template has been read'),
    partitionKeyOf: (tableName: string) => partitionKeys.get(tableName),
  };
  const engines = await startEngines({
    clock,
    account,
    newId,
    runKey,
    roleOf: (accessKeyId) => roles.get(accessKeyId ?? ''),
    ports: options.ports ?? {},
    ...(enforced && { access: guard }),
  });
  closers.push(() => engines.close());
  const apis = await listenApis(template, clock, options.ports?.api ?? 0);
  closers.push(() => Promise.all([...apis.values()].map((api) => api.close())));

  const apiUrl = (logicalId: string) => `http://127.0.0.1:${apis.get(logicalId)?.port}`;
  const source = sourceOf(template, options.parameters ?? {}, account, apiUrl, engines);
  const model = readModel(source);
  for (const { name, key } of model.tables)
    for (const attribute of key) if (attribute.role === 'HASH') partitionKeys.set(name, attribute.name);
  if (enforced) access = createAccess(source, model);
  for (const { logicalId, role } of model.functions)
    if (role !== undefined) roles.set(accessKeyOfRun(logicalId, runKey), role);
  await createResources(model, engines, options.secrets ?? {}, options.keyMaterial);
  const secretNames = new Set([
    ...model.secrets.map(({ name }) => name),
    ...Object.keys(options.secrets ?? {}),
  ]);

  const functionsService = await startFunctionsService({
    clock,
    runKey,
    ...(enforced && { authorize: guard.authorize }),
    find: (name) => {
      const found = model.functions.find((one) => one.name === name);
      return found && { arn: found.arn, invoke: (event) => functions.invoke(found.name, event) };
    },
  });
  closers.push(() => functionsService.close());
  const functions = createFunctions({
    models: model.functions,
    clock,
    account,
    endpoints: {
      ...engines.endpoints,
      AWS_ENDPOINT_URL_LAMBDA: functionsService.url,
      ...options.environment,
    },
    runKey,
    assetDirectory: options.assetDirectory,
    environments: options.environments ?? defaultEnvironments,
    newRequestId: newId,
    log,
  });
  closers.push(() => functions.close());
  if (options.warm ?? true) await warm(functions);

  const asynchronous = createAsynchronousInvoker({
    clock,
    invoke: (name, event) => functions.invoke(name, event),
    dropped: (functionName, reason) =>
      log({
        functionName,
        time: clock.now(),
        stream: 'platform',
        text: `An event was dropped: it ${reason}`,
      }),
  });
  closers.push(() => asynchronous.stop());
  const fire = (name: string, scheduledAt: number) => {
    const schedule = named(model.schedules, name, 'schedule');
    const target = functions.find(schedule.functionName);
    const decision = access?.ofSchedule(schedule, target.arn);
    if (decision?.allowed === false) {
      const text = `A scheduled event was dropped: ${decision.message}`;
      log({ functionName: target.name, time: clock.now(), stream: 'platform', text });
      return;
    }
    const run = { scheduledAt, executionId: newId(), accountId: account.id, region: account.region };
    asynchronous.send(target, scheduleEvent(schedule, run));
  };

  for (const mapping of model.mappings) {
    const source = startEventSource({
      model: mapping,
      queue: engines.sqs.queue(mapping.queueName),
      clock,
      region: account.region,
      environments: functions.limitOf(functions.find(mapping.functionName)),
      invoke: (name, event) => functions.invoke(name, event),
    });
    closers.push(() => source.stop());
  }
  for (const api of model.apis) {
    apis.get(api.logicalId)?.serve(
      createHttpApi({
        model: api,
        clock,
        accountId: account.id,
        region: account.region,
        newRequestId: newId,
        invoke: (name, event) => functions.invoke(name, event),
        fault: (text) => log({ functionName: api.name, time: clock.now(), stream: 'platform', text }),
      }),
    );
  }
  for (const schedule of model.schedules) {
    const running = startSchedule(schedule, clock, (at) => fire(schedule.name, at));
    closers.push(() => running.stop());
  }

  return {
    get apiUrl() {
      return apiUrl(onlyApi(model).logicalId);
    },
    outputs: model.outputs,
    model,
    inventory: inventoryOf(model, { apiUrl, engines }, secretNames.size),
    endpoints: engines.endpoints,
    credentials: credentialsOf(administratorUser, runKey),
    operatorCredentials: credentialsOf(operatorUser, runKey),
    ...(access && { access }),
    queue: (name) => engines.sqs.queue(named(model.queues, name, 'queue').name),
    tableName: (name) => named(model.tables, name, 'table').name,
    invoke: (name, event) => functions.invoke(functions.find(name).name, event),
    fire: (name) => fire(name, clock.now()),
    logs: (name) => functions.logs(name),
    putSecret: (name, value) => void engines.secretsAndKeys.putSecret(name, value),
    close,
  };
};

const credentialsOf = (user: string, runKey: string): Credentials => ({
  accessKeyId: accessKeyOfRun(user, runKey),
  secretAccessKey: 'local',
});

const listenApis = async (
  template: Template,
  clock: LocalClock,
  port: number,
): Promise<ReadonlyMap<string, ListeningApi>> => {
  const ids = Object.entries(template.Resources).flatMap(([logicalId, { Type }]) =>
    Type === 'AWS::ApiGatewayV2::Api' ? [logicalId] : [],
  );
  if (port !== 0 && ids.length > 1)
    throw new TemplateError({}, `one port was given for ${ids.length} HTTP APIs`);
  return new Map(await Promise.all(ids.map(async (id) => [id, await listenApi(clock, port)] as const)));
};

const sourceOf = (
  template: Template,
  parameters: Readonly<Record<string, string>>,
  account: Account,
  apiUrl: (logicalId: string) => string,
  engines: Engines,
): ModelSource => {
  const resolver = createResolver({
    template,
    parameters,
    region: account.region,
    accountId: account.id,
    namesOf: (logicalId) => names.of(logicalId),
  });
  const names: Names = createNames({
    template,
    account,
    addresses: { apiUrl, queueUrl: engines.queueUrl, secretArn: engines.secretsAndKeys.secretArn },
    resolveName: (value, logicalId) => String(resolver.resolve(value, { logicalId })),
  });
  return {
    template,
    resolver,
    region: account.region,
    accountId: account.id,
    physicalName: names.physicalName,
    arnOf: names.arnOf,
  };
};

const warm = async (functions: Functions): Promise<void> => {
  const failed = await functions.warm();
  if (failed.length === 0) return;
  const reasons = failed.map(
    ({ functionName, error }) => `${functionName}: ${error.errorType}: ${error.errorMessage}`,
  );
  throw new Error(`A bundle does not load. ${reasons.join('; ')}`);
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
