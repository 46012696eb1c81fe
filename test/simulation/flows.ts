/**
 * Makers and their flows, as the platform acts for them: every save registers with a new callback URL and
 * then deletes the old registration; what is not answered is tried again; a switched-off flow is
 * unregistered, or not.
 */
import { basePath } from '../../connector/contract/index.ts';
import { callbackUrlOf, type FlowEndpoint, madeUpSignature, type Temper } from './callback-receiver.ts';
import type { Chance } from './chance.ts';
import { intruder } from './people.ts';
import type { Scheduler } from './scheduler.ts';
import type { HttpCall } from './simulated-deployment.ts';
import type { InstanceWorld } from './source-world.ts';
import type { Trace } from './trace.ts';
import { type Inputs, kindOf, triggerKinds } from './trigger-kinds.ts';

/** Something done to a flow's subscription, with what its doer knows of it. */
export interface Operation {
  readonly kind: 'register' | 'delete' | 'off';
  readonly id: number;
  readonly begin: number;
  end: number;
  /** unknown: no answer, or an error; it may have had its effect or have it still. */
  outcome: 'under way' | 'confirmed' | 'unknown';
  readonly inputs?: Inputs;
  /** For a registration: of its callback URL. */
  readonly version?: number;
  /** For a deletion: the registration whose Location was used. */
  readonly of?: Operation;
}

export interface Flow {
  readonly endpoint: FlowEndpoint;
  readonly operations: Operation[];
  /** Of the newest registration that was answered. */
  registration: { readonly operation: Operation; readonly location: string } | undefined;
  version: number;
  subscriptionId: string | undefined;
  /** Its endpoint did not always answer at once, or did not always accept. */
  moody: boolean;
}

export interface Platform {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly trace: Trace;
  readonly instances: readonly InstanceWorld[];
  readonly http: (
    call: HttpCall,
    label: string,
  ) => Promise<{ readonly status: number | undefined; readonly location?: string | undefined }>;
}

const begin = (
  { scheduler }: Platform,
  flow: Flow,
  kind: Operation['kind'],
  more: Pick<Operation, 'inputs' | 'version' | 'of'> = {},
): Operation => {
  const operation: Operation = {
    kind,
    id: flow.operations.length + 1,
    begin: scheduler.now(),
    end: Number.POSITIVE_INFINITY,
    outcome: 'under way',
    ...more,
  };
  flow.operations.push(operation);
  return operation;
};

const locationForm = new RegExp(`^https://[^/]+${basePath}/subscriptions/([^/]+)/([^/]+)$`);

const described = ({ trigger, subject, threshold, direction, rearmLevel, outcome, runs }: Inputs) =>
  [trigger, subject, threshold && `${direction} ${threshold}`, rearmLevel, outcome, runs]
    .filter(Boolean)
    .join(' ');

/** Registers until it is answered, a few times at most. */
const register = async (platform: Platform, flow: Flow, inputs: Inputs): Promise<boolean> => {
  const { scheduler, chance, trace, http } = platform;
  flow.version += 1;
  const { version } = flow;
  const signature = `signature-${flow.endpoint.id}-${version}`;
  const callbackUrl = callbackUrlOf(flow.endpoint.id, version, signature);
  for (let tries = 0; tries < 6; tries += 1) {
    const operation = begin(platform, flow, 'register', { inputs, version });
    trace.add(`${flow.endpoint.id} registers v${version} ${described(inputs)}`);
    const { status, location = '' } = await http(
      {
        operation: inputs.trigger,
        path: { dataset: inputs.instanceId },
        body: { ...kindOf(inputs.trigger).body(inputs), callbackUrl },
      },
      `${flow.endpoint.id} ${operation.id}`,
    );
    operation.end = scheduler.now();
    operation.outcome = status === 201 ? 'confirmed' : 'unknown';
    trace.add(`${flow.endpoint.id} registering v${version}: ${status ?? 'no answer'}`);
    trace.count(`register ${status ?? 'unanswered'}`);
    if (status === 201) {
      flow.registration = { operation, location };
      flow.subscriptionId = locationForm.exec(location)?.[1];
      return true;
    }
    // What was to be watched is not there, or has no single value now.
    if (status === 404 || status === 400) return false;
    await scheduler.sleep(chance.within(2_000, 20_000));
  }
  return false;
};

/** Deletes with a Location; the platform repeats what is not answered, or gives up. */
const remove = async (
  platform: Platform,
  flow: Flow,
  { operation: of, location }: NonNullable<Flow['registration']>,
): Promise<void> => {
  const { scheduler, chance, trace, http } = platform;
  const [, subscriptionId = '', secret = ''] = locationForm.exec(location) ?? [];
  for (let tries = 0; tries < 3; tries += 1) {
    const operation = begin(platform, flow, 'delete', { of });
    trace.add(`${flow.endpoint.id} deletes the registration ${of.id}`);
    const { status } = await http(
      { operation: 'delete', path: { subscriptionId, secret }, body: null },
      `${flow.endpoint.id} ${operation.id}`,
    );
    operation.end = scheduler.now();
    operation.outcome = status === 204 ? 'confirmed' : 'unknown';
    trace.add(`${flow.endpoint.id} deleting: ${status ?? 'no answer'}`);
    trace.count(`delete ${status ?? 'unanswered'}`);
    if (status === 204) return;
    await scheduler.sleep(chance.within(1_000, 10_000));
  }
};

/** A save: the new registration, then the old one away. The old callback URL is served a while longer. */
const save = async (platform: Platform, flow: Flow, inputs: Inputs): Promise<void> => {
  const old = flow.registration;
  if (!(await register(platform, flow, inputs))) return;
  const { version } = flow;
  platform.scheduler.after(platform.chance.within(0, 20_000), () => {
    flow.endpoint.oldest = Math.max(flow.endpoint.oldest, version);
  });
  if (old && platform.chance.happens(0.85)) await remove(platform, flow, old);
};

const chooseInputs = ({ chance, instances, scheduler }: Platform, like?: Inputs): Inputs | undefined => {
  const known = like && instances.find(({ id }) => id === like.instanceId);
  const instance = known && chance.happens(0.8) ? known : chance.pick(instances);
  const kind = like && chance.happens(0.8) ? kindOf(like.trigger) : chance.pick(triggerKinds);
  const inputs = kind.chooseInputs(chance, instance);
  return kind.canRegister(instance, inputs, scheduler.now()) ? inputs : undefined;
};

type Act = (platform: Platform, flow: Flow, inputs: Inputs) => Promise<Inputs>;

const saveAgain: Act = async (platform, flow, inputs) => {
  await save(platform, flow, inputs);
  return inputs;
};

const change: Act = async (platform, flow, inputs) => {
  const next = chooseInputs(platform, inputs) ?? inputs;
  await save(platform, flow, next);
  return next;
};

/** Two saves at the same moment: which one stands is decided by the store. */
const saveTwice: Act = async (platform, flow, inputs) => {
  const other = platform.chance.happens(0.5) ? inputs : (chooseInputs(platform, inputs) ?? inputs);
  const second = (async () => {
    await platform.scheduler.sleep(platform.chance.within(0, 400));
    await register(platform, flow, other);
  })();
  await Promise.all([register(platform, flow, inputs), second]);
  await platform.scheduler.sleep(70_000);
  // The maker sees both and saves once more.
  await save(platform, flow, other);
  return other;
};

const deleteAndReturn: Act = async (platform, flow, inputs) => {
  const { registration } = flow;
  if (registration) await remove(platform, flow, registration);
  await platform.scheduler.sleep(platform.chance.within(70_000, 900_000));
  if (platform.chance.happens(0.7)) await register(platform, flow, inputs);
  return inputs;
};

/** Switched off and on again. Unregistering is not guaranteed. */
const offAndOn: Act = async (platform, flow, inputs) => {
  const { scheduler, chance, trace } = platform;
  const off = begin(platform, flow, 'off');
  flow.endpoint.on = false;
  trace.add(`${flow.endpoint.id} is switched off`);
  if (flow.registration && chance.happens(0.5)) await remove(platform, flow, flow.registration);
  await scheduler.sleep(chance.within(70_000, 1_500_000));
  if (chance.happens(0.85)) {
    flow.endpoint.on = true;
    off.end = scheduler.now();
    off.outcome = 'confirmed';
    trace.add(`${flow.endpoint.id} is switched on`);
    await register(platform, flow, inputs);
  }
  return inputs;
};

/**
 * Somebody else registers the same workflow with a callback URL of their own making; now and then they were
 * there first, because the owner's registration is made anew.
 */
const intrude: Act = async (platform, flow, inputs) => {
  const { scheduler, chance, trace, http } = platform;
  const before = chance.happens(0.5);
  if (before && flow.registration) await remove(platform, flow, flow.registration);
  await scheduler.sleep(70_000);
  const wanted = chance.happens(0.5) ? inputs : (chooseInputs(platform, inputs) ?? inputs);
  const { status } = await http(
    {
      operation: wanted.trigger,
      path: { dataset: wanted.instanceId },
      body: {
        ...kindOf(wanted.trigger).body(wanted),
        callbackUrl: callbackUrlOf(flow.endpoint.id, flow.version + 1, madeUpSignature),
      },
      objectId: intruder,
    },
    `${flow.endpoint.id} 0`,
  );
  trace.count(`register by another person ${status ?? 'unanswered'}`);
  trace.add(`${flow.endpoint.id} is registered by another person: ${status ?? 'no answer'}`);
  if (before) await register(platform, flow, inputs);
  return inputs;
};

const acts: readonly Act[] = [intrude, saveAgain, saveAgain, change, saveTwice, deleteAndReturn, offAndOn];

const tempers: readonly Temper[] = [
  'fine',
  'fine',
  'flaky',
  'throttled',
  'down',
  'slow',
  'unsigned',
  'refusing',
  'gone',
  'astray',
];

/** How the flow's endpoint answers, in phases; the last one lasts. */
const moods = async ({ scheduler, chance, trace }: Platform, flow: Flow, end: number) => {
  if (chance.happens(0.4)) return;
  flow.moody = true;
  while (scheduler.now() < end) {
    await scheduler.sleep(chance.within(60_000, 1_800_000));
    flow.endpoint.temper = chance.pick(tempers);
    trace.add(`${flow.endpoint.id} answers ${flow.endpoint.temper}`);
  }
  flow.endpoint.temper = chance.pick(['fine', 'fine', 'fine', 'flaky', 'down', 'refusing', 'gone', 'astray']);
};

/** The life of a flow until `end`. */
export const liveFlow = async (platform: Platform, flow: Flow, end: number): Promise<void> => {
  const { scheduler, chance, instances } = platform;
  const hectic = instances.some((instance) => instance.hectic);
  const changes = hectic ? chance.whole(0, 8) : chance.pick([0, 0, 0, 1, 2, 5]);
  void moods(platform, flow, end);
  await scheduler.sleep(chance.within(0, 0.3) * (end - scheduler.now()));
  let inputs = chooseInputs(platform);
  if (!inputs) return;
  await register(platform, flow, inputs);
  for (let made = 0; made < changes && scheduler.now() < end; made += 1) {
    // Longer than anything of the last act can still be under way.
    await scheduler.sleep(80_000 + chance.random() * (hectic ? 60_000 : 900_000));
    if (scheduler.now() >= end) return;
    inputs = await chance.pick(acts)(platform, flow, inputs);
  }
};

export const createFlow = (index: number): Flow => ({
  endpoint: { id: `flow${index}`, on: true, temper: 'fine', oldest: 0 },
  operations: [],
  registration: undefined,
  version: 0,
  subscriptionId: undefined,
  moody: false,
});
