import { isRecord } from '../../../lambda/runtime/json.ts';
import type { Reply } from '../http/reply.ts';
import type { RawRequest } from '../http/server.ts';
import type { SimulatorWorld } from '../simulator-world.ts';
import { controlActions, controlViews } from './actions.ts';

/**
 * `GET /_control` lists the controls; errors are 400 with `{ error }` in words. Loopback only, so without
 * sign-in.
 */
export const control = (world: SimulatorWorld, { message, url, text }: RawRequest): Reply => {
  const name = url.pathname.replace(/^\/_control\/?/, '');
  if (message.method === 'GET') {
    if (name === '') return { status: 200, json: listing(url.origin) };
    const view = Object.hasOwn(controlViews, name) ? controlViews[name] : undefined;
    return view === undefined ? unknown(name) : { status: 200, json: view.show(world) };
  }
  const action = Object.hasOwn(controlActions, name) ? controlActions[name] : undefined;
  if (message.method !== 'POST' || action === undefined) return unknown(name);
  try {
    const body: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (!isRecord(body)) throw new RangeError('the body must be a JSON object');
    return { status: 200, json: action.run(world, body) };
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof SyntaxError)) throw error;
    return { status: 400, json: { error: error.message, example: action.example } };
  }
};

const unknown = (name: string): Reply => ({
  status: 404,
  json: { error: `there is no control "${name}"; GET /_control lists them` },
});

const listing = (origin: string) => {
  const example = (name: string, body: unknown): string =>
    `curl -X POST ${origin}/_control/${name} -d '${JSON.stringify(body)}'`;
  return {
    show: Object.entries(controlViews).map(([name, { text }]) => ({ path: `GET /_control/${name}`, text })),
    change: Object.entries(controlActions).map(([name, action]) => ({
      path: `POST /_control/${name}`,
      text: action.text,
      example: example(name, action.example),
    })),
  };
};
