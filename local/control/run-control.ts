/**
 * The control of a local run, on loopback and with the run's key: its clock, flows, tokens, stories and log. The commands
 * `local` and `logs` call it, and its page in a browser.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { operations } from '../../connector/contract/index.ts';
import { isRecord } from '../../lambda/runtime/json.ts';
import { iso } from '../../lambda/runtime/time.ts';
import type { ConnectedSystem } from '../connected-system.ts';
import type { CallbackFault, Flow } from '../flow-host/flow-host.ts';
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import { serviceActions } from '../simulator/control/service-actions.ts';
import type { LocalSystem } from '../system.ts';
import { controlPage } from './control-page.ts';
import { stories } from './stories.ts';

/** The answer is no: the message says why and what there is. */
class Refused extends Error {
  override readonly name = 'Refused';
}

export interface RunControl {
  readonly url: string;
  /** What every request but that for the page has to carry as a bearer token. */
  readonly key: string;
  close(): Promise<void>;
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

const fail = (message: string): never => {
  throw new Refused(message);
};

const triggers = operations.filter(({ kind }) => kind === 'trigger');

/** Inputs with which a trigger registers in the simulator: those of its example, in the first instance. */
const exampleInputs = (
  { example }: (typeof operations)[number],
  dataset: string,
): Readonly<Record<string, unknown>> => {
  const { callbackUrl: _, ...body }: Readonly<Record<string, unknown>> = { ...example.body };
  return { ...example.path, ...example.query, ...body, dataset };
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

const controlOf = (system: LocalSystem) => {
  const { clock, flowHost, issuer, configuration } = system;
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
        ...exampleInputs(trigger, configuration.instances[0]?.id ?? ''),
        ...inputs,
      });
      return shownFlow(flow);
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
    state: () => ({
      mode: 'simulated',
      now: iso(clock.now()),
      aheadMs: Math.max(0, Math.round(clock.now() - Date.now())),
      api: system.deployment.apiUrl,
      simulator: system.simulator.controlUrl,
      flows: flowHost.flows.map(shownFlow),
      callbacks: flowHost.callbacks.slice(-50),
      stories: Object.entries(stories).map(([name, { title }]) => ({ name, title })),
      triggers: triggers.map(({ operationId, summary }) => ({ operationId, summary })),
      users: issuer.users.map(({ userName }) => userName),
    }),
  };
};

/** A record of an instance with many segments and their history has some megabytes. */
const largestBodyBytes = 16 * 1024 * 1024;

const readBody = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > largestBodyBytes) fail('The body is larger than 16 MB.');
    chunks.push(chunk as Buffer);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const body: unknown = text.trim() === '' ? {} : JSON.parse(text);
  return isRecord(body) ? body : fail('The body must be a JSON object.');
};

const isKey = (given: string | undefined, key: string): boolean => {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(`Bearer ${key}`)];
  return one.length === other.length && timingSafeEqual(one, other);
};

/** Starts the control. A run against a real instance gives its log and its clock, and nothing that acts. */
export const startRunControl = async (
  system: LocalSystem | ConnectedSystem,
  {
    newKey = () => randomBytes(24).toString('base64url'),
    port = 0,
  }: { readonly newKey?: () => string; readonly port?: number } = {},
): Promise<RunControl> => {
  const key = newKey();
  const simulated = 'simulator' in system ? controlOf(system) : undefined;
  const gets: Readonly<Record<string, () => unknown>> = {
    state: () => simulated?.state() ?? { mode: 'real', api: system.deployment.apiUrl, now: iso(Date.now()) },
    log: () => ({
      lines: system.deployment.model.functions.flatMap(({ logicalId }) => system.deployment.logs(logicalId)),
    }),
  };
  const respond = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(JSON.stringify(body));
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const name = pathname.slice(1);
    if (request.method === 'GET' && name === '') {
      response.writeHead(200, {
        'Content-Type': 'text/html; charset=utf-8',
        'Content-Security-Policy': "default-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
        'Referrer-Policy': 'no-referrer',
      });
      response.end(controlPage);
      return;
    }
    if (!isKey(request.headers.authorization, key))
      return respond(response, 401, {
        error: "The run's key is missing or wrong. It is in the outputs file that the run printed.",
      });
    const get = Object.hasOwn(gets, name) ? gets[name] : undefined;
    if (request.method === 'GET' && get !== undefined) return respond(response, 200, get());
    if (request.method === 'POST' && simulated === undefined)
      return respond(response, 403, {
        error:
          'This run works on a real instance. Tokens, flows, the clock and stories are for simulated runs only.',
      });
    const post = simulated && Object.hasOwn(simulated.posts, name) ? simulated.posts[name] : undefined;
    if (request.method !== 'POST' || post === undefined)
      return respond(response, 404, { error: `There is no ${request.method} ${pathname}.` });
    respond(response, 200, await post(await readBody(request)));
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      respond(response, error instanceof Refused || error instanceof SyntaxError ? 400 : 500, {
        error: message,
      });
    });
  });
  return { url: await listenOnLoopback(server, port), key, close: () => closeServer(server) };
};
