/**
 * The contract is real: every operation of the generated definition is called with its example, through a client that knows
 * only the definition and the policies, and every request, response and callback is compared with the definition.
 */
import SwaggerParser from '@apidevtools/swagger-parser';
import type { OpenAPIV2 } from 'openapi-types';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { operations } from '../../connector/contract/index.ts';
import type { Operation } from '../../connector/contract/operation.ts';
import { emitSwagger } from '../../connector/emit/swagger.ts';
import type { Json } from '../../flows/runner/connectors/connector-definition.ts';
import { examples } from '../../local/exchanges/examples.ts';
import { turnedOff } from '../../local/exchanges/occurrences.ts';
import {
  type Exchange,
  exchangeRecorder,
  type Recorder,
  recordingWire,
} from '../../local/exchanges/recorder.ts';
import { payloadCheck } from '../../local/flow-host/payload-check.ts';
import { localConfiguration } from '../../local/system.ts';
import { bodyProblem, requestProblems, responseProblems, strictly } from './definition-check.ts';
import { startTestSystem, type TestSystem } from './test-system.ts';

type Properties = Readonly<Record<string, Json>>;

interface DeclaredOperation {
  readonly operationId: string;
  readonly parameters: readonly Properties[];
  readonly responses: Readonly<Record<string, Properties>>;
}

const definition = emitSwagger(operations, localConfiguration);
const basePath = definition.basePath;
const ids = Object.values(definition.paths).flatMap((item) =>
  (['get', 'post', 'patch', 'delete'] as const).flatMap((method) => item[method]?.operationId ?? []),
);
const triggers = (operations as readonly Operation[]).filter(({ notification }) => notification !== null);

/** With its references resolved by somebody else's parser. */
const resolved = (await SwaggerParser.dereference(
  structuredClone(definition) as OpenAPIV2.Document,
)) as unknown as { readonly paths: Readonly<Record<string, Readonly<Record<string, DeclaredOperation>>>> };
const declared: ReadonlyMap<string, DeclaredOperation> = new Map(
  Object.values(resolved.paths)
    .flatMap((item) => Object.values(item))
    .filter(({ operationId }) => operationId !== undefined)
    .map((operation) => [operation.operationId, operation]),
);

let system: TestSystem;
let recorder: Recorder;

beforeAll(async () => {
  const wire = recordingWire();
  system = await startTestSystem({ send: wire.send });
  recorder = exchangeRecorder(system, wire);
});
afterAll(() => system.close());
// Each operation meets the whole limit.
beforeEach(() => system.clock.advance(60_000));

const declaredOf = (operationId: string): DeclaredOperation => {
  const found = declared.get(operationId);
  if (!found) throw new Error(`The definition does not declare ${operationId}.`);
  return found;
};

const clientOperation = (operationId: string) => {
  const found = system.client.operations.get(operationId);
  if (!found) throw new Error(`The client does not know ${operationId}.`);
  return found;
};

const requestProblemsOf = (operationId: string, request: Exchange['request']) =>
  requestProblems(clientOperation(operationId), declaredOf(operationId).parameters, basePath, request);

const responseProblemsOf = (operationId: string, response: Exchange['response']) =>
  responseProblems(declaredOf(operationId).responses, clientOperation(operationId), response);

const at = (value: unknown, path: string | readonly string[]): unknown =>
  (typeof path === 'string' ? path.split('/') : path).reduce<unknown>(
    (found, key) => (found as Properties | undefined)?.[key],
    value,
  );

describe('the generated definition', () => {
  it('holds every operation of the contract, each with an example', () => {
    expect([...ids].sort()).toEqual(operations.map(({ operationId }) => operationId).sort());
    expect(ids.filter((operationId) => !examples.has(operationId))).toEqual([]);
  });
});

describe.each(ids)('%s', (operationId) => {
  it('is called with its example, and request and response are as declared', async () => {
    const { request, response } = await recorder.record(operationId);
    expect(requestProblemsOf(operationId, request)).toEqual([]);
    expect(responseProblemsOf(operationId, response)).toEqual([]);
    expect(response.status).toBeLessThan(300);
  });
});

describe.each(triggers.map(({ operationId }) => operationId))('%s', (operationId) => {
  it('calls its flow with what the definition describes, and nothing else', async () => {
    const { callback } = await recorder.record(operationId);
    const schema = clientOperation(operationId).notification;
    expect(callback?.status).toBe(202);
    expect(payloadCheck(strictly(schema ?? null), 'refused')(callback?.payload)).toBeUndefined();
    expect(callback?.payload).toMatchObject({ trigger: operationId });
    expect(callback?.headers['content-type']).toMatch(/^application\/json/);
  });
});

interface Reference {
  readonly caller: string;
  readonly place: string;
  readonly operationId: string;
  readonly parameters: Properties;
  readonly 'value-path': string;
  /** Of a drop-down only. */
  readonly 'value-collection': string;
  readonly 'value-title': string;
}

/** Every use of a dynamic extension, wherever it stands. */
const referencesBy = (extension: 'x-ms-dynamic-values' | 'x-ms-dynamic-schema'): readonly Reference[] => {
  const search = (caller: string, place: string, value: unknown): readonly Reference[] =>
    typeof value !== 'object' || value === null
      ? []
      : Object.entries(value).flatMap(([key, inner]) =>
          key === extension
            ? [{ ...(inner as Reference), caller, place }]
            : search(caller, place === '' ? key : `${place}/${key}`, inner),
        );
  return [...declared.values()].flatMap((operation) => search(operation.operationId, '', operation));
};

/** Calls the operation that a dynamic extension names, with the values that the caller's example has. */
const follow = async ({ caller, operationId, parameters }: Reference): Promise<Json> => {
  const values = examples.get(caller)?.values ?? {};
  const body = (values.body ?? {}) as Properties;
  const bound = Object.fromEntries(
    Object.entries(parameters ?? {}).map(([name, binding]) => {
      const { parameter } = (typeof binding === 'object' && binding !== null ? binding : {}) as {
        parameter?: string;
      };
      return [name, parameter === undefined ? binding : (values[parameter] ?? at(body, parameter))];
    }),
  );
  const answer = await system.client.call(operationId, bound);
  expect(answer.status).toBe(200);
  return answer.body;
};

describe('what the designer asks for', () => {
  it.each(referencesBy('x-ms-dynamic-values'))(
    'fills the drop-down $place of $caller, and offers what the example chose',
    async (reference) => {
      const { caller, place } = reference;
      const entries = at(await follow(reference), reference['value-collection']) as Json[];
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) {
        expect(at(entry, reference['value-path'])).toEqual(expect.anything());
        expect(at(entry, reference['value-title'])).toEqual(expect.any(String));
      }
      const position = /^parameters\/(\d+)(?:\/schema\/properties\/(.+))?$/.exec(place);
      const parameter = String(declaredOf(caller).parameters[Number(position?.[1])]?.name);
      const { values = {}, from = {} } = examples.get(caller) ?? {};
      const chosen = position?.[2] === undefined ? values[parameter] : at(values.body, position[2]);
      // What the example takes from another answer stands for itself.
      if (chosen !== undefined && !(parameter in from))
        expect(entries.map((entry) => at(entry, reference['value-path']))).toContain(chosen);
    },
  );

  it.each(referencesBy('x-ms-dynamic-schema'))(
    'tells every column at $place of $caller',
    async (reference) => {
      const { caller, place } = reference;
      const schema = at(await follow(reference), reference['value-path']) as Json;
      const { request, response } = await recorder.record(caller);
      const body = place.startsWith('responses') ? response.body : request.body;
      const path = place
        .replace(/^.*?schema\/?/, '')
        .split('/')
        .filter((step) => step !== '' && step !== 'properties');
      const rows = path.at(-1) === 'items' ? (at(body, path.slice(0, -1)) as Json[]) : [at(body, path)];
      expect(rows.length).toBeGreaterThan(0);
      for (const row of rows) expect(bodyProblem(optional(schema), row)).toBeUndefined();
    },
  );
});

/** A row may leave columns out ($select, an update); what is there must be described. */
const optional = (schema: Json): Json => {
  const { required: _, ...rest } = schema as Properties;
  return rest;
};

describe('at the end', () => {
  it('every flow has taken everything that was posted to it', async () => {
    await system.clock.advance(10 * 60_000);
    const { callbacks } = system.flowHost;
    expect(callbacks.length).toBeGreaterThanOrEqual(triggers.length);
    // The flow whose trouble is told was turned off on purpose.
    const refused = callbacks.filter(({ flow, status }) => status !== 202 && flow !== turnedOff);
    expect(refused.map(({ payload }) => payload)).toEqual([]);
  });

  it.each(triggers.map(({ operationId }) => operationId))(
    '%s is ended at the address that it gave, by the operation that the definition declares',
    async (operationId) => {
      const { response } = await recorder.record(operationId);
      const { request: removal, response: removed } = await recorder.unsubscribe(operationId);
      const [remove] = (operations as readonly Operation[]).filter(({ kind }) => kind === 'unsubscribe');
      expect(response.headers.location?.endsWith(removal.target)).toBe(true);
      expect(removal.headers).not.toHaveProperty('authorization');
      expect(requestProblemsOf(String(remove?.operationId), removal)).toEqual([]);
      expect(responseProblemsOf(String(remove?.operationId), removed)).toEqual([]);
    },
  );
});
