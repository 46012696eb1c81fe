import { operations } from '../../connector/contract/index.ts';
import { instance } from '../../flows/definitions/flow-settings.ts';
import { flowSources } from '../../flows/definitions/index.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { iso } from '../../lambda/runtime/time.ts';
import type { CallbackFault, Flow } from '../flow-host/flow-host.ts';
import { controlActions } from '../simulator/control/actions.ts';
import { serviceActions } from '../simulator/control/service-actions.ts';
import type { LocalSystem } from '../system.ts';
import { inboxesOf, type RunState } from './run-state.ts';
import { stories } from './stories.ts';

/** The answer is no: the message says why and what there is. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** The most that the clock is moved at once: the time for which records are kept. */
const longestAdvanceMs = 30 * 86_400_000;

const textIn = (body: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = body[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new Refused(`"${name}" must be a text.`);
};

const neededIn = (body: Readonly<Record<string, unknown>>, name: string): string =>
  textIn(body, name) ?? fail(`"${name}" is missing.`);

export const fail = (message: string): never => {
  throw new Refused(message);
};

const triggers = operations.filter(({ kind }) => kind === 'trigger');

/** Inputs with which a trigger registers in the simulator: those of its example, in the first instance. */
const exampleInputs = (
  { example }: (typeof operations)[number],
  dataset: string,
): Readonly<Record<string, unknown>> => {
  const { callbackUrl: _, ...body }: Readonly<Record<string, unknown>> = { ...example.body };
  // A trigger that is not about one instance has no such parameter.
  return { ...example.path, ...example.query, ...body, ...('dataset' in example.path && { dataset }) };
};

const answers: Readonly<Record<string, Omit<CallbackFault, 'times'>>> = {
  '404': {
    status: 404,
    body: { error: { code: 'WorkflowNotFound', message: 'The workflow could not be found.' } },
  },
  '410': { status: 410, body: { error: { code: 'Gone', message: 'The workflow is gone.' } } },
  '400': { status: 400, body: { error: { code: 'TriggerInputSchemaMismatch', message: 'Another schema.' } } },
  '429': { status: 429, headers: { 'Retry-After': '30' } },
  '500': { status: 500 },
  slow: { status: 202, delayMs: 15_000 },
};

/** The actions of a run by name, and its state. */
export const controlOf = (system: LocalSystem) => {
  const { clock, flowHost, issuer, configuration, readyFlows, simulator } = system;
  const instanceId = configuration.instances[0]?.id ?? '';
  const { world } = simulator;
  /** Why runs of ready flows were stopped, the newest last. */
  const stopped: string[] = [];
  let playing = false;
  const flowNamed = (name: string): Flow =>
    flowHost.flows.findLast((flow) => flow.name === name) ??
    fail(
      `There is no flow "${name}". There are: ${flowHost.flows.map((flow) => flow.name).join(', ') || 'none'}.`,
    );
  const shownFlow = (flow: Flow) => ({
    name: flow.name,
    state: flow.state,
    subscriptionId: /\/subscriptions\/([^/]+)\//.exec(flow.location ?? '')?.[1] ?? null,
    accepted: flowHost.callbacks.filter(({ flow: name, status }) => name === flow.name && status === 202)
      .length,
    refused: flowHost.callbacks.filter(({ flow: name, status }) => name === flow.name && status !== 202)
      .length,
  });
  const advance = async (body: Readonly<Record<string, unknown>>) => {
    const { ms } = body;
    if (typeof ms !== 'number' || !Number.isInteger(ms) || ms < 0 || ms > longestAdvanceMs)
      return fail(`"ms" must be a whole number from 0 to ${longestAdvanceMs}: the clock only moves ahead.`);
    const before = flowHost.callbacks.length;
    await clock.advance(ms);
    return { now: iso(clock.now()), callbacks: flowHost.callbacks.slice(before) };
  };
  const posts: Readonly<Record<string, (body: Readonly<Record<string, unknown>>) => Promise<unknown>>> = {
    token: async (body) => {
      const user = textIn(body, 'user');
      const known = issuer.users.map(({ userName }) => userName);
      if (user !== undefined && !known.includes(user))
        fail(`There is no user "${user}". There are: ${known.join(', ')}.`);
      return {
        token: await issuer.userToken(user === undefined ? {} : { user }),
        user: user ?? known[0],
        api: system.deployment.apiUrl,
      };
    },
    'clock/advance': advance,
    'flows/add': async (body) => {
      const id = neededIn(body, 'trigger');
      const trigger =
        triggers.find(({ operationId }) => operationId.toLowerCase() === id.toLowerCase()) ??
        fail(
          `There is no trigger "${id}". There are: ${triggers.map(({ operationId }) => operationId).join(', ')}.`,
        );
      const name = textIn(body, 'name') ?? `${trigger.operationId} ${flowHost.flows.length + 1}`;
      if (flowHost.flows.some((flow) => flow.name === name && flow.state !== 'deleted'))
        fail(`There is a flow "${name}" already. Give another --name.`);
      const inputs = isRecord(body.inputs) ? body.inputs : {};
      const flow = await flowHost.create(name, trigger.operationId, {
        ...exampleInputs(trigger, instanceId),
        ...inputs,
      });
      return shownFlow(flow);
    },
    'flows/host': async (body) => {
      const id = neededIn(body, 'flow');
      const source =
        flowSources.find((one) => one.id === id) ??
        fail(`There is no ready flow "${id}". There are: ${flowSources.map(({ id }) => id).join(', ')}.`);
      if (flowHost.flows.some(({ name, state }) => name === source.name && state !== 'deleted'))
        fail(`The flow "${source.name}" is there already.`);
      const values = isRecord(body.values) ? (body.values as Record<string, string | number>) : {};
      const hosted = await readyFlows.host(source, { [instance.key]: instanceId, ...values }, (error) =>
        stopped.push(`${source.name}: ${error instanceof Error ? error.message : String(error)}`),
      );
      return shownFlow(hosted.flow);
    },
    levers: async (body) => {
      const { lever: _, ...given } = body;
      const name = neededIn(body, 'lever');
      const action =
        (Object.hasOwn(controlActions, name) ? controlActions[name] : undefined) ??
        fail(`There is no lever "${name}". There are: ${Object.keys(controlActions).join(', ')}.`);
      return { done: action.run(world, given) ?? null };
    },
    'flows/off': async (body) => {
      const flow = flowNamed(neededIn(body, 'name'));
      await flow.switchOff({ unsubscribe: body.silently !== true });
      return shownFlow(flow);
    },
    'flows/on': async (body) => {
      const flow = flowNamed(neededIn(body, 'name'));
      await flow.switchOn();
      return shownFlow(flow);
    },
    'flows/delete': async (body) => {
      const flow = flowNamed(neededIn(body, 'name'));
      await flow.delete({ unsubscribe: body.silently !== true });
      return shownFlow(flow);
    },
    'flows/answer': async (body) => {
      const flow = flowNamed(neededIn(body, 'name'));
      const answer = neededIn(body, 'answer');
      const fault =
        answers[answer] ??
        fail(`"${answer}" is not an answer. There are: ${Object.keys(answers).join(', ')}.`);
      const times = body.times ?? 1;
      if (typeof times !== 'number' || !Number.isInteger(times) || times < 1 || times > 1_000)
        return fail('"times" must be a whole number from 1 to 1000.');
      flow.answerWith({ ...fault, times });
      return { ...shownFlow(flow), answer, times };
    },
    replay: async ({ record, lastMs }) => {
      try {
        return serviceActions.replay.run(system.simulator.world, {
          instance: configuration.instances[0]?.id,
          record,
          lastMs,
        });
      } catch (error) {
        return error instanceof RangeError ? fail(error.message) : Promise.reject(error);
      }
    },
    stories: async (body) => {
      const name = neededIn(body, 'name');
      const story =
        stories[name] ?? fail(`There is no story "${name}". There are: ${Object.keys(stories).join(', ')}.`);
      // Two at a time would move each other's clock.
      if (playing) fail('A story is being told. Wait for its end.');
      playing = true;
      const lines: string[] = [];
      try {
        await story.play(system, (line) => lines.push(`${iso(clock.now()).slice(11, 19)}  ${line}`));
      } finally {
        playing = false;
      }
      return { story: name, title: story.title, lines };
    },
  };
  return {
    posts,
    state: (): RunState => ({
      mode: 'simulated',
      now: iso(clock.now()),
      aheadMs: Math.max(0, Math.round(clock.now() - Date.now())),
      api: system.deployment.apiUrl,
      simulator: simulator.controlUrl,
      flows: flowHost.flows.map(shownFlow),
      readyFlows: flowSources.map(({ id, name }) => ({ id, name })),
      inboxes: inboxesOf([readyFlows.teams, readyFlows.outlook]),
      stopped: stopped.slice(-20),
      callbacks: flowHost.callbacks.slice(-50),
      stories: Object.entries(stories).map(([name, { title }]) => ({ name, title })),
      triggers: triggers.map(({ operationId, summary }) => ({ operationId, summary })),
      users: issuer.users.map(({ userName }) => userName),
      dataSources: world
        .instance(instanceId)
        .dataSources.map(({ name, friendlyName }) => ({ name, friendlyName })),
      segments: world
        .instance(instanceId)
        .segments.map(({ name, count }) => ({ name, count: Number(count) })),
      faults: world.faults.active.length,
    }),
  };
};
