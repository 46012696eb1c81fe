/** What a template runs: its functions, and what calls them. An update of the run ends it and starts another one. */
import type { Account } from '../aws/account.ts';
import { accessKeyOfRun } from '../aws/authorize.ts';
import type { Invocable } from '../aws/functions-service.ts';
import type { LocalClock } from '../clock.ts';
import { type AccessControl, createAccess } from '../iam/access-control.ts';
import type { Outcome } from '../runtime/protocol.ts';
import { createAsynchronousInvoker } from './asynchronous.ts';
import { makeCustomResources } from './custom-resources.ts';
import type { Engines } from './engines.ts';
import { startEventSource } from './event-source.ts';
import { createFunctions, type Functions, type LogLine } from './functions.ts';
import { createHttpApi, type ListeningApi } from './http-api.ts';
import type { DeploymentModel, ScheduleModel } from './model.ts';
import { createNames, type Names } from './names.ts';
import { readModel } from './read-model.ts';
import { createResolver } from './resolve.ts';
import type { ModelSource } from './resources.ts';
import { scheduleEvent, startSchedule } from './schedule.ts';
import type { Template } from './template.ts';

/** What outlives the program: the services with their data, and the addresses. */
export interface Place {
  readonly account: Account;
  /** By logical id. */
  readonly apis: ReadonlyMap<string, ListeningApi>;
  readonly apiUrl: (logicalId: string) => string;
  readonly engines: Engines;
  /** Of the service by which functions invoke each other. */
  readonly functionsUrl: string;
  readonly newId: () => string;
  /** Part of every access key. */
  readonly runKey: string;
}

/** A template, read. */
export interface Plan {
  readonly model: DeploymentModel;
  /** Absent unless the policies of the template are evaluated. */
  readonly access?: AccessControl;
  /** Access key of a function → its role. */
  readonly roles: ReadonlyMap<string, string>;
  /** Name of a table → name of its partition key. */
  readonly partitionKeys: ReadonlyMap<string, string>;
}

export interface Program {
  /** By name or logical id. */
  invoke(name: string, event: unknown): Promise<Outcome>;
  /** Undefined: there is none of the name. */
  invocable(name: string): Invocable | undefined;
  fire(schedule: ScheduleModel): void;
  logs(name: string): readonly LogLine[];
  /** Takes no more events and ends what is under way. */
  stop(): Promise<void>;
}

const defaultEnvironments = 4;

/** @throws TemplateError */
export const planOf = (
  template: Template,
  parameters: Readonly<Record<string, string>>,
  place: Pick<Place, 'account' | 'apiUrl' | 'engines' | 'runKey'>,
  enforced: boolean,
): Plan => {
  const source = sourceOf(template, parameters, place);
  const model = readModel(source);
  return {
    model,
    ...(enforced && { access: createAccess(source, model) }),
    roles: new Map(
      model.functions.flatMap(({ logicalId, role }) =>
        role === undefined ? [] : [[accessKeyOfRun(logicalId, place.runKey), role] as const],
      ),
    ),
    partitionKeys: new Map(
      model.tables.flatMap(({ name, key }) =>
        key.flatMap(({ role, name: attribute }) => (role === 'HASH' ? [[name, attribute] as const] : [])),
      ),
    ),
  };
};

const sourceOf = (
  template: Template,
  parameters: Readonly<Record<string, string>>,
  { account, apiUrl, engines }: Pick<Place, 'account' | 'apiUrl' | 'engines'>,
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

export interface ProgramOptions {
  /** The folder that would be uploaded under a function's `Code.S3Key`. */
  readonly assetDirectory: (assetKey: string) => string | undefined;
  readonly clock: LocalClock;
  /** Variables that every function sees besides the template's; for what AWS itself would set. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Environments (workers) that one function may have at once; 4 by default. */
  readonly environments?: number;
  /** Loads every bundle before this resolves, and fails when one does not load. True by default. */
  readonly warm?: boolean;
  /** Takes what functions write, and why the gateway answered 5xx. Prints nothing. */
  readonly log?: (line: LogLine) => void;
  /** What the template before this one declared; undefined when the run begins. */
  readonly former?: DeploymentModel | undefined;
}

/** @throws Error when a bundle does not load, TemplateError when there is none; nothing is left running then */
export const startProgram = async (
  { model, access }: Plan,
  place: Place,
  options: ProgramOptions,
): Promise<Program> => {
  const { clock } = options;
  const { account, apis, engines, newId, runKey } = place;
  const log = options.log ?? (() => undefined);
  const functions = createFunctions({
    models: model.functions,
    clock,
    account,
    endpoints: {
      ...engines.endpoints,
      AWS_ENDPOINT_URL_LAMBDA: place.functionsUrl,
      ...options.environment,
    },
    runKey,
    assetDirectory: options.assetDirectory,
    environments: options.environments ?? defaultEnvironments,
    newRequestId: newId,
    log,
  });
  const invoke = (name: string, event: unknown) => functions.invoke(name, event);

  const asynchronous = createAsynchronousInvoker({
    clock,
    invoke,
    dropped: (functionName, reason) =>
      log({
        functionName,
        time: clock.now(),
        stream: 'platform',
        text: `An event was dropped: it ${reason}`,
      }),
  });
  const fire = (schedule: ScheduleModel, scheduledAt: number) => {
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

  const running: { stop(): void }[] = [asynchronous];
  const stop = async () => {
    for (const each of running) each.stop();
    await functions.close();
  };
  const start = async () => {
    if (options.warm ?? true) await warm(functions);
    await makeCustomResources(model.customResources, options.former?.customResources ?? [], {
      account,
      newId,
      invoke,
    });
    for (const mapping of model.mappings)
      running.push(
        startEventSource({
          model: mapping,
          queue: engines.sqs.queue(mapping.queueName),
          clock,
          region: account.region,
          environments: functions.limitOf(functions.find(mapping.functionName)),
          invoke,
        }),
      );
    for (const api of model.apis) {
      apis.get(api.logicalId)?.serve(
        createHttpApi({
          model: api,
          clock,
          accountId: account.id,
          region: account.region,
          newRequestId: newId,
          invoke,
          ...(access && {
            permits: (route) => access.ofRoute(route, functions.find(route.functionName).arn).allowed,
          }),
          fault: (text) => log({ functionName: api.name, time: clock.now(), stream: 'platform', text }),
        }),
      );
    }
    for (const schedule of model.schedules)
      running.push(startSchedule(schedule, clock, (at) => fire(schedule, at)));
  };
  try {
    await start();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    invoke: (name, event) => invoke(functions.find(name).name, event),
    invocable: (name) => {
      const found = model.functions.find((one) => one.name === name);
      return found && { arn: found.arn, invoke: (event) => invoke(found.name, event) };
    },
    fire: (schedule) => fire(schedule, clock.now()),
    logs: (name) => functions.logs(name),
    stop,
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
