import { operations } from '../../connector/contract/index.ts';
import { instance } from '../../flows/definitions/flow-settings.ts';
import { flowSources } from '../../flows/definitions/index.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { dayMs, iso } from '../../lambda/runtime/time.ts';
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
const longestAdvanceMs = 30 * dayMs;

type Body = Readonly<Record<string, unknown>>;
type Action = (body: Body) => Promise<unknown>;

const textIn = (body: Body, name: string): string | undefined => {
  const value = body[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw new Refused(`"${name}" must be a text.`);
};

const neededIn = (body: Body, name: string): string => textIn(body, name) ?? fail(`"${name}" is missing.`);

export const fail = (message: string): never => {
  throw new Refused(message);
};

const noSuch = (what: string, name: string, known: readonly string[]): never =>
  fail(`There is no ${what} "${name}". There are: ${known.join(', ') || 'none'}.`);

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
    noSuch(
      'flow',
      name,
      flowHost.flows.map((flow) => flow.name),
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
  const advance: Action = async ({ ms }) => {
    if (typeof ms !== 'number' || !Number.isInteger(ms) || ms < 0 || ms > longestAdvanceMs)
      return fail(`"ms" must be a whole number from 0 to ${longestAdvanceMs}: the clock only moves ahead.`);
    const before = flowHost.callbacks.length;
    await clock.advance(ms);
    return { now: iso(clock.now()), callbacks: flowHost.callbacks.slice(before) };
  };
  /** Does something to the flow that is named. */
  const toFlow =
    (change: (flow: Flow, body: Body) => Promise<void>): Action =>
    async (body) => {
      const flow = flowNamed(neededIn(body, 'name'));
      await change(flow, body);
      return shownFlow(flow);
    };
  const posts: Readonly<Record<string, Action>> = {
    token: async (body) => {
      const user = textIn(body, 'user');
      const known = issuer.users.map(({ userName }) => userName);
      if (user !== undefined && !known.includes(user)) noSuch('user', user, known);
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
        noSuch(
          'trigger',
          id,
          triggers.map(({ operationId }) => operationId),
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
        noSuch(
          'ready flow',
          id,
          flowSources.map((one) => one.id),
        );
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
        noSuch('lever', name, Object.keys(controlActions));
      return { done: action.run(world, given) ?? null };
    },
    'flows/off': toFlow((flow, { silently }) => flow.switchOff({ unsubscribe: silently !== true })),
    'flows/on': toFlow((flow) => flow.switchOn()),
    'flows/delete': toFlow((flow, { silently }) => flow.delete({ unsubscribe: silently !== true })),
    'flows/answer': async (body) => {
      const flow = flowNamed(neededIn(body, 'name'));
      const answer = neededIn(body, 'answer');
      const fault =
        (Object.hasOwn(answers, answer) ? answers[answer] : undefined) ??
        fail(`"${answer}" is not an answer. There are: ${Object.keys(answers).join(', ')}.`);
      const times = body.times ?? 1;
      if (typeof times !== 'number' || !Number.isInteger(times) || times < 1 || times > 1_000)
        return fail('"times" must be a whole number from 1 to 1000.');
      flow.answerWith({ ...fault, times });
      return { ...shownFlow(flow), answer, times };
    },
    replay: async ({ record, lastMs }) =>
      serviceActions.replay.run(world, { instance: instanceId, record, lastMs }),
    stories: async (body) => {
      const name = neededIn(body, 'name');
      const story =
        (Object.hasOwn(stories, name) ? stories[name] : undefined) ??
        noSuch('story', name, Object.keys(stories));
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
    state: (): RunState => {
      const { dataSources, segments } = world.instance(instanceId);
      return {
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
        dataSources: dataSources.map(({ name, friendlyName }) => ({ name, friendlyName })),
        segments: segments.map(({ name, count }) => ({ name, count: Number(count) })),
        faults: world.faults.active.length,
      };
    },
  };
};
