import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleConfiguration } from '../../../config/example.ts';
import { operations } from '../../../connector/contract/index.ts';
import { emitApiProperties } from '../../../connector/emit/api-properties.ts';
import { emitSwagger } from '../../../connector/emit/swagger.ts';
import { DefinitionUnusable } from '../../../flows/runner/connectors/connector-definition.ts';
import { flowIdOf } from '../../../lambda/callback/callback-url.ts';
import { notificationBody } from '../../../lambda/store/delivery-message.ts';
import { connectorClient } from '../../../local/flow-host/connector-client.ts';
import { type FlowHost, RegistrationFailed, startFlowHost } from '../../../local/flow-host/flow-host.ts';
import type { PolicyInstance } from '../../../local/flow-host/policies.ts';
import { message } from '../../lambda/deliver/deliver-world.ts';
import { type Asked, definition, type FakeApi, policies, startApi } from './api.ts';

/*
 * State: flows with their registration (callback URL, Location) and state; what the API was asked.
 * Events: a flow is made, saved, switched off and on, deleted; a callback comes; the API refuses.
 * Invariants:
 *  - a save registers the new before it deletes the old;
 *  - every callback is answered as the platform's runtime answers it, and kept.
 */

const clock = { now: () => 1_767_000_000_000 };
let api: FakeApi;
let host: FlowHost;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const callbackUrlOf = (asked: Asked | undefined): string =>
  (asked?.body as { hook: { url: string } } | undefined)?.hook.url ?? expect.fail('no callback URL was sent');

/** Answers every registration with a Location of its own. */
const registering = (asked: Asked) =>
  asked.method === 'POST'
    ? {
        status: 201,
        headers: { Location: `https://api.example.com/v1/subscriptions/${api.asked.length}` },
        body: { id: 'a' },
      }
    : { status: 204 };

beforeEach(async () => {
  api.asked.length = 0;
  api.answer = registering;
  const client = connectorClient({
    definition: definition(),
    policies,
    apiUrl: api.url,
    token: async () => 'user token',
  });
  host = await startFlowHost({ clock, client });
});
afterEach(() => host.close());

const flood = async () => {
  const flow = await host.create('Watch the river', 'OnFlood', { place: 'Trier', level: 7.5 });
  return { flow, url: callbackUrlOf(api.asked.at(-1)) };
};

const send = async (url: string, body: string) => {
  const response = await fetch(url, { method: 'POST', body, headers: { 'X-Insights-Event-Id': 'event' } });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    code: text === '' ? undefined : JSON.parse(text).error?.code,
    text,
  };
};

const fits = JSON.stringify({ level: 8, street: 'Moselufer', at: '2026-01-10T12:00:00Z' });

describe('a flow', () => {
  it('registers through the definition: path values, body and callback URL at their places', async () => {
    const { flow, url } = await flood();
    expect(api.asked).toMatchObject([
      {
        method: 'POST',
        url: '/v1/places/Trier/floods',
        headers: { authorization: 'Bearer user token', 'x-version': '7' },
        body: { level: 7.5, hook: { url: expect.stringContaining(host.url) } },
      },
    ]);
    expect(flow).toMatchObject({ state: 'on', location: 'https://api.example.com/v1/subscriptions/1' });
    expect(new URL(url).searchParams.get('sig')).toMatch(/^[\w-]{32,}$/);
  });

  it('that is saved registers the new and then deletes the old, without credentials', async () => {
    const { flow, url } = await flood();
    await flow.save({ place: 'Trier', level: 9 });
    expect(api.asked.map((asked) => [asked.method, asked.url])).toEqual([
      ['POST', '/v1/places/Trier/floods'],
      ['POST', '/v1/places/Trier/floods'],
      ['DELETE', '/v1/subscriptions/1'],
    ]);
    expect(api.asked[1]?.body).toMatchObject({ level: 9 });
    expect(api.asked[2]?.headers).not.toHaveProperty('authorization');
    expect(flow.location).toBe('https://api.example.com/v1/subscriptions/2');
    // Another version of the URL, the same flow.
    const newer = callbackUrlOf(api.asked[1]);
    expect(newer).not.toBe(url);
    expect(flowIdOf(new URL(newer))).toBe(flowIdOf(new URL(url)));
  });

  it('of the same definition as another has a callback URL of its own', async () => {
    const [one, other] = [await flood(), await flood()];
    expect(flowIdOf(new URL(one.url))).not.toBe(flowIdOf(new URL(other.url)));
  });

  it('that is switched off or deleted unsubscribes, if the platform says so, and registers when switched on', async () => {
    const { flow } = await flood();
    await flow.switchOff();
    expect(api.asked.at(-1)).toMatchObject({ method: 'DELETE', url: '/v1/subscriptions/1' });
    expect(flow).toMatchObject({ state: 'off', location: undefined });
    await flow.switchOn();
    expect(api.asked).toHaveLength(3);
    expect(flow).toMatchObject({ state: 'on', location: 'https://api.example.com/v1/subscriptions/3' });
    await flow.delete({ unsubscribe: false });
    expect(api.asked).toHaveLength(3);
    expect(flow.state).toBe('deleted');
  });

  it.each([
    ['is refused', { status: 400, body: { error: { code: 'RequestInvalid', message: 'No such place.' } } }],
    ['is answered without a Location', { status: 201, body: {} }],
    [
      'is answered with another success',
      { status: 200, headers: { Location: 'https://api.example.com/v1/x' } },
    ],
  ])(
    'whose registration %s is not made, and keeps its old registration when it is saved',
    async (_, answer) => {
      api.answer = () => answer;
      await expect(flood()).rejects.toBeInstanceOf(RegistrationFailed);
      await expect(flood()).rejects.toMatchObject({ status: answer.status });
      api.answer = registering;
      const { flow } = await flood();
      const { location } = flow;
      api.answer = () => answer;
      await expect(flow.save()).rejects.toThrow(`OnFlood was answered ${answer.status}`);
      expect(flow.location).toBe(location);
      expect(api.asked.filter(({ method }) => method === 'DELETE')).toEqual([]);
    },
  );

  it('of an operation that is no trigger is not made', async () => {
    await expect(host.create('x', 'ListRows', {})).rejects.toBeInstanceOf(DefinitionUnusable);
    await expect(host.create('x', 'Nothing', {})).rejects.toBeInstanceOf(DefinitionUnusable);
  });
});

describe('a callback', () => {
  it('that fits is accepted with 202 and kept', async () => {
    const { url } = await flood();
    const heard: string[] = [];
    host.onCallback(({ flow }) => heard.push(flow));
    expect(await send(url, fits)).toMatchObject({ status: 202, text: '' });
    expect(host.callbacks).toMatchObject([
      {
        flow: 'Watch the river',
        receivedAt: 1_767_000_000_000,
        payload: JSON.parse(fits),
        headers: { 'x-insights-event-id': 'event' },
        status: 202,
      },
    ]);
    expect(heard).toEqual(['Watch the river']);
  });

  it.each([
    ['lacks a property', '{"street":"Moselufer"}'],
    ['has a text for a number', '{"level":"8"}'],
    ['has a null for a text, whatever the definition says', '{"level":8,"street":null}'],
    ['has a property more', '{"level":8,"depth":3}'],
    ['has a date that is none', '{"level":8,"at":"tomorrow"}'],
    ['is null', 'null'],
  ])('whose payload %s is refused as TriggerInputSchemaMismatch', async (_, body) => {
    const { url } = await flood();
    const heard: unknown[] = [];
    host.onCallback((callback) => heard.push(callback));
    expect(await send(url, body)).toMatchObject({ status: 400, code: 'TriggerInputSchemaMismatch' });
    expect(host.callbacks).toMatchObject([{ status: 400 }]);
    expect(heard).toEqual([]);
  });

  it('that is no JSON is refused, and kept as it was', async () => {
    const { url } = await flood();
    expect(await send(url, 'hello')).toMatchObject({ status: 400, code: 'InvalidRequestContent' });
    expect(host.callbacks[0]?.payload).toEqual({ unreadable: 'hello' });
  });

  it('with another signature is refused', async () => {
    const { url } = await flood();
    expect(await send(url.replace(/sig=.*/, 'sig=guessed'), fits)).toMatchObject({ status: 401 });
    expect(await send(url.replace(/&sig=.*/, ''), fits)).toMatchObject({ status: 401 });
  });

  it('for an unknown flow, or another address or method, is not found', async () => {
    const { url } = await flood();
    expect(await send(url.replace(/workflows\/\w+/, 'workflows/unknown'), fits)).toMatchObject({
      status: 404,
      code: 'WorkflowNotFound',
    });
    expect(await send(`${host.url}/other`, fits)).toMatchObject({ status: 404, code: 'NotFound' });
    expect((await fetch(url)).status).toBe(404);
  });

  it.each([
    ['switched off', 'Disabled', 'switchOff'],
    ['deleted', 'Deleted', 'delete'],
  ] as const)('for a flow that was %s is refused as WorkflowTriggerIsNotEnabled', async (_, state, how) => {
    const { flow, url } = await flood();
    await flow[how]({ unsubscribe: false });
    const answer = await send(url, fits);
    expect(answer).toMatchObject({ status: 400, code: 'WorkflowTriggerIsNotEnabled' });
    expect(answer.text).toContain(state);
  });

  it('meets the faults that a test asks for, in their order, and is then accepted', async () => {
    const { flow, url } = await flood();
    flow.answerWith({ status: 503, times: 2 });
    flow.answerWith({
      status: 429,
      headers: { 'Retry-After': '9' },
      body: { error: { code: 'Throttled' } },
      times: 1,
    });
    expect((await send(url, fits)).status).toBe(503);
    expect((await send(url, fits)).status).toBe(503);
    const throttled = await send(url, fits);
    expect(throttled).toMatchObject({ status: 429, code: 'Throttled' });
    expect(throttled.headers.get('retry-after')).toBe('9');
    expect((await send(url, fits)).status).toBe(202);
    expect(host.callbacks.map(({ status }) => status)).toEqual([503, 503, 429, 202]);
  });
});

describe('the generated connector', () => {
  it('registers each trigger with its example, and takes what the connector posts', async () => {
    const client = connectorClient({
      definition: emitSwagger(operations, exampleConfiguration),
      policies: emitApiProperties(operations, exampleConfiguration).properties
        .policyTemplateInstances as readonly PolicyInstance[],
      apiUrl: api.url,
      token: async () => 'user token',
    });
    api.answer = () => ({
      status: 201,
      headers: { location: `${client.publicUrl}/subscriptions/a/b` },
      body: {},
    });
    const real = await startFlowHost({ clock, client });
    try {
      for (const { operationId, notification, example } of operations) {
        if (notification === null) continue;
        const { callbackUrl: _, ...inputs } = example.body;
        await real.create(operationId, operationId, { ...example.path, ...inputs });
        const { body } = api.asked.at(-1) ?? expect.fail('nothing was asked');
        expect(body).toEqual({ ...inputs, callbackUrl: expect.stringContaining(real.url) });
      }
      const threshold =
        api.asked.find(({ url }) => url.includes('segment-threshold')) ?? expect.fail('not registered');
      const { callbackUrl } = threshold.body as { callbackUrl: string };
      expect(await send(callbackUrl, notificationBody(message()))).toMatchObject({ status: 202 });
      expect(await send(callbackUrl, notificationBody(message({ crossing: null })))).toMatchObject({
        status: 400,
      });
    } finally {
      await real.close();
    }
  });
});
