/**
 * What the definition allows is accepted, what it forbids is refused, for every input of every operation. The values
 * are made from the definition and go over the wire of the running system, one at a time beside an example that works.
 */
import SwaggerParser from '@apidevtools/swagger-parser';
import type { OpenAPIV2 } from 'openapi-types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../connector/contract/index.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';
import type { Json } from '../../flows/runner/connectors/connector-definition.ts';
import { exchangeRecorder, type Recorder, recordingWire, type Sent } from '../../local/exchanges/recorder.ts';
import { localConfiguration } from '../../local/system.ts';
import {
  type Boundaries,
  type BoundaryValue,
  boundariesOf,
  ordinaryOf,
  type Properties,
  propertiesOf,
} from './boundary-values.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

interface DeclaredOperation {
  readonly operationId: string;
  readonly parameters: readonly Properties[];
}

interface Input {
  readonly name: string;
  readonly in: 'path' | 'query' | 'body';
  readonly required: boolean;
  readonly schema: Properties;
}

/** A request, taken apart. */
interface Parts {
  readonly path: Readonly<Record<string, Json>>;
  readonly query: Readonly<Record<string, Json>>;
  readonly body: Readonly<Record<string, Json>> | null;
}

const definition = (await SwaggerParser.dereference(
  structuredClone(emitSwagger(operations, localConfiguration)) as OpenAPIV2.Document,
)) as unknown as {
  readonly basePath: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, DeclaredOperation>>>>;
};

const declared = Object.entries(definition.paths).flatMap(([path, item]) =>
  Object.entries(item)
    .filter(([, { operationId }]) => operationId !== undefined)
    .map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

const inputsOf = ({ parameters }: DeclaredOperation): readonly Input[] =>
  parameters.flatMap((parameter): readonly Input[] => {
    if (parameter.in !== 'body')
      return [
        {
          name: String(parameter.name),
          in: parameter.in as 'path' | 'query',
          required: parameter.required === true,
          schema: parameter,
        },
      ];
    const schema = parameter.schema as Properties;
    const required = (schema.required ?? []) as readonly Json[];
    return Object.entries(propertiesOf(schema)).map(([name, property]) => ({
      name,
      in: 'body' as const,
      required: required.includes(name),
      schema: property,
    }));
  });

let system: TestSystem;
let recorder: Recorder;

beforeAll(async () => {
  const wire = recordingWire();
  system = await startTestSystem({ send: wire.send });
  recorder = exchangeRecorder(system, wire);
  // Before anything is asked for that is not there.
  for (const { operationId } of declared) await recorder.record(operationId);
});
afterAll(() => system.close());
// Each operation meets the whole limit.
beforeEach(() => system.clock.advance(60_000));

const templateOf = (path: string) => {
  const names = [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name ?? '');
  const form = new RegExp(`^${definition.basePath}${path.replaceAll(/\{[^{}]+\}/g, '([^/]+)')}$`);
  return { names, form };
};

const partsOf = (path: string, { request }: Sent): Parts => {
  const url = new URL(request.target, 'http://localhost');
  const { names, form } = templateOf(path);
  const values = form.exec(url.pathname)?.slice(1) ?? [];
  return {
    path: Object.fromEntries(
      names.map((name, at) => [name, decodeURIComponent(decodeURIComponent(values[at] ?? ''))]),
    ),
    query: Object.fromEntries(url.searchParams),
    body: request.body as Parts['body'],
  };
};

const withValue = (parts: Parts, { name, in: where }: Input, { value }: BoundaryValue): Parts => {
  const { [name]: _, ...others } = parts[where] ?? {};
  return { ...parts, [where]: value === undefined ? others : { ...others, [name]: value } };
};

interface Problem {
  readonly parameter: string;
  readonly problem: string;
  readonly allowed?: string;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly details: readonly Problem[];
}

const send = async (operation: (typeof declared)[number], example: Sent, parts: Parts): Promise<Answer> => {
  const path = operation.path.replaceAll(/\{([^{}]+)\}/g, (_, name: string) =>
    encodeURIComponent(encodeURIComponent(String(parts.path[name] ?? ''))),
  );
  const query = Object.entries(parts.query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');
  const { authorization, ...headers } = example.request.headers;
  const response = await fetch(
    `${system.deployment.apiUrl}${definition.basePath}${path}${query === '' ? '' : `?${query}`}`,
    {
      method: operation.method,
      headers: {
        ...headers,
        ...(authorization !== undefined && { authorization: `Bearer ${await system.issuer.userToken({})}` }),
      },
      ...(parts.body !== null && { body: JSON.stringify(parts.body) }),
    },
  );
  const text = await response.text();
  const body = text === '' ? null : JSON.parse(text);
  return { status: response.status, text, details: body?.error?.details ?? [] };
};

/** How the checks of form word a refusal; what a value means, or asks of another input, is told in other words. */
const ofForm =
  /^(?:is missing|has the wrong (?:type|form)|is too (?:long|short|small|large)|is empty|is not one of the values)$/;

const isOfForm = ({ problem, allowed }: Problem): boolean =>
  // A missing input that only some choice of another input needs is told with what is allowed then.
  ofForm.test(problem) && !(problem === 'is missing' && allowed !== undefined);

const isAbout = (parameter: string, { name }: Input): boolean =>
  parameter === name || parameter.startsWith(`${name}.`);

/** At most so many calls a minute count (limiter.test.ts); the clock stands still meanwhile. */
const callsAMinute = 90;
let calls = 0;
const paced = async () => {
  calls += 1;
  if (calls % callsAMinute === 0) await system.clock.advance(61_000);
};

const boundariesFor = (input: Input, parts: Parts): Boundaries => {
  const given = parts[input.in]?.[input.name];
  const ordinary =
    given === undefined || input.in === 'body' || input.schema.type === 'string'
      ? (given ?? ordinaryOf(input.schema))
      : Number(given);
  return boundariesOf(input.schema, {
    required: input.required,
    asText: input.in !== 'body',
    ordinary: ordinary as Json,
  });
};

describe.each(declared)('$operationId', (operation) => {
  const inputs = inputsOf(operation);

  it.each(inputs.map((input) => [`${input.in} ${input.name}`, input] as const))(
    'takes of %s what the definition allows, and refuses what it forbids',
    async (_, input) => {
      const example = await recorder.record(operation.operationId);
      const parts = partsOf(operation.path, example);
      const { allowed, forbidden } = boundariesFor(input, parts);
      expect(allowed.length).toBeGreaterThan(0);
      const wrong: string[] = [];
      for (const value of allowed) {
        await paced();
        const { status, text, details } = await send(operation, example, withValue(parts, input, value));
        const refused = details.some((one) => one.parameter === input.name && isOfForm(one));
        if (refused || status >= 500 || [413, 415, 429, 431].includes(status))
          wrong.push(`${value.what} is allowed and was answered ${status}: ${text.slice(0, 300)}`);
      }
      for (const value of forbidden) {
        // A path without one of its parts is another path.
        if (input.in === 'path' && value.value === undefined) continue;
        await paced();
        const { status, text, details } = await send(operation, example, withValue(parts, input, value));
        if (status !== 400 || !details.some(({ parameter }) => isAbout(parameter, input)))
          wrong.push(`${value.what} is forbidden and was answered ${status}: ${text.slice(0, 300)}`);
      }
      expect(wrong).toEqual([]);
    },
  );

  it('takes no input that the definition does not have', async () => {
    const example = await recorder.record(operation.operationId);
    const parts = partsOf(operation.path, example);
    await paced();
    const query = await send(operation, example, { ...parts, query: { ...parts.query, unheardOf: '1' } });
    expect([query.status, query.details.map(({ parameter }) => parameter)]).toEqual([400, ['unheardOf']]);
    if (parts.body === null) return;
    const body = await send(operation, example, { ...parts, body: { ...parts.body, unheardOf: null } });
    expect([body.status, body.details.map(({ parameter }) => parameter)]).toEqual([400, ['unheardOf']]);
  });
});
