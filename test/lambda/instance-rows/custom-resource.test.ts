import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { answerCloudFormation, physicalId } from '../../../lambda/instance-rows/custom-resource.ts';
import { keepAliveFetch } from '../../../lambda/runtime/http-client.ts';
import { instanceStore, rowsOf } from '../../../lambda/store/instances.ts';
import { StoreUnavailable } from '../../../lambda/store/table.ts';
import { closeServer, listenOnLoopback } from '../../../local/loopback-server.ts';
import { memoryTable } from '../memory-table.ts';

/*
 * State: the rows of the table; the answers that CloudFormation has.
 * Events: Create, Update and Delete of the resource, each once or again; the table does not answer, or not in time; the
 * address of the answer does not answer, or refuses.
 * Invariants:
 *  - an event is answered once, whatever happens, and one that cannot be answered ends with an error;
 *  - Create and Update write the rows that are absent and change none, Delete does nothing;
 *  - no log line has the address of the answer.
 */

const instance = (digit: string, name: string) => ({
  id: `${digit.repeat(8)}-0000-4000-8000-000000000000`,
  name,
  secretName: `keys-${digit}`,
});
const configured = [instance('1', 'One'), instance('2', 'Two')];

interface Answer {
  readonly Status: string;
  readonly Reason?: string;
}

const ended: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ended.splice(0).map((end) => end()));
});

/** CloudFormation as its functions meet it. @param statuses of the answers to them, 200 behind the last one */
const cloudFormation = async (...statuses: number[]) => {
  const answers: Answer[] = [];
  const requests: { readonly method: string | undefined; readonly type: string | undefined }[] = [];
  const server = createServer(async (request, response) => {
    const status = statuses.shift() ?? 200;
    requests.push({ method: request.method, type: request.headers['content-type'] });
    const sent = (await json(request)) as Answer;
    if (status === 200) answers.push(sent);
    response.writeHead(status).end('<Error>');
  });
  const url = await listenOnLoopback(server);
  ended.push(() => closeServer(server));
  return { answers, requests, url: `${url}/answer?signature=secret` };
};

const eventOf = (RequestType: string, ResponseURL: string) =>
  ({
    RequestType,
    ResponseURL,
    RequestId: 'request-1',
    StackId: 'stack-1',
    LogicalResourceId: 'Rows',
    ResourceType: 'Custom::InstanceRows',
    ServiceToken: 'arn',
    ResourceProperties: { ServiceToken: 'arn' },
    // Of a creation, CloudFormation has none yet.
    ...(RequestType !== 'Create' && { PhysicalResourceId: physicalId }),
  }) as CloudFormationCustomResourceEvent;

const world = (instances = configured) => {
  const items = memoryTable();
  let marks = 0;
  const rows = instanceStore(items, () => `mark ${++marks}`);
  const lines: string[] = [];
  const write = (message: string, more: object = {}) => lines.push(JSON.stringify({ message, ...more }));
  const ports = {
    writeRows: () => rows.addAbsent(instances),
    fetch: keepAliveFetch,
    log: { info: write, warn: write, error: write },
  };
  return {
    rows,
    lines,
    ports,
    served: async () => rowsOf((await rows.list()) ?? expect.fail('no rows')).map(({ name }) => name),
  };
};

const named = {
  PhysicalResourceId: physicalId,
  StackId: 'stack-1',
  RequestId: 'request-1',
  LogicalResourceId: 'Rows',
};
const aMinute = 60_000;

describe('the function of the custom resource', () => {
  it.each(['Create', 'Update'])('writes the rows that are absent for %s, also again', async (type) => {
    const { rows, ports, served, lines } = world();
    await rows.addAbsent([{ ...instance('1', 'Renamed since'), secretName: 'another' }]);
    const { answers, requests, url } = await cloudFormation();
    for (let times = 0; times < 2; times += 1) await answerCloudFormation(ports, eventOf(type, url), aMinute);
    expect(answers).toEqual([
      { Status: 'SUCCESS', ...named },
      { Status: 'SUCCESS', ...named },
    ]);
    expect(requests).toEqual(Array(2).fill({ method: 'PUT', type: '' }));
    expect((await served()).sort()).toEqual(['Renamed since', 'Two']);
    expect(lines.map((line) => JSON.parse(line).added)).toEqual([[instance('2', '').id], []]);
    expect(lines.join()).not.toContain('signature');
  });

  it('leaves an instance out that an operator has removed', async () => {
    const { rows, ports } = world();
    const [one] = configured;
    await rows.addAbsent(configured);
    await rows.change([one?.id ?? ''], (row) => row && { ...row, removedAt: '2026-06-01T12:00:00Z' });
    const { url } = await cloudFormation();
    await answerCloudFormation(ports, eventOf('Update', url), aMinute);
    expect((await rows.find(one?.id ?? ''))?.body.removedAt).toBe('2026-06-01T12:00:00Z');
  });

  it('does nothing when the resource is deleted', async () => {
    const { rows, ports } = world();
    const { answers, url } = await cloudFormation();
    await answerCloudFormation(ports, eventOf('Delete', url), aMinute);
    expect(answers).toEqual([{ Status: 'SUCCESS', ...named }]);
    expect(await rows.list()).toBeUndefined();
  });

  it('answers with the reason and what to do when the table does not answer', async () => {
    const { ports, lines } = world();
    const { answers, url } = await cloudFormation();
    const cause = new Error('Requested resource not found\n✗');
    const failing = {
      ...ports,
      writeRows: () => Promise.reject(new StoreUnavailable('The state table did not answer.', { cause })),
    };
    await answerCloudFormation(failing, eventOf('Create', url), aMinute);
    expect(answers).toEqual([
      { Status: 'FAILED', Reason: expect.stringContaining('and deploy again: docs/runbook.md'), ...named },
    ]);
    expect(answers[0]?.Reason).toContain('The state table did not answer. Requested resource not found ');
    expect(answers[0]?.Reason).toMatch(/^[\x20-\x7e]*$/);
    expect(lines).toEqual([expect.stringContaining('instance rows not written')]);
  });

  it('answers before its time is up when the table keeps it waiting', async () => {
    const { ports } = world();
    const { answers, url } = await cloudFormation();
    const waiting = { ...ports, writeRows: () => new Promise<never>(() => undefined) };
    await answerCloudFormation(waiting, eventOf('Create', url), 0);
    expect(answers).toMatchObject([{ Status: 'FAILED', Reason: expect.stringContaining('took too long') }]);
  });

  it('keeps a long reason within what CloudFormation takes', async () => {
    const { ports } = world();
    const { answers, url } = await cloudFormation();
    const failing = { ...ports, writeRows: () => Promise.reject(new Error('very '.repeat(2_000))) };
    await answerCloudFormation(failing, eventOf('Update', url), aMinute);
    expect(answers).toMatchObject([{ Status: 'FAILED' }]);
    expect(JSON.stringify(answers[0]).length).toBeLessThan(4_096 - 500);
  });

  it('tries an answer again that is not taken', async () => {
    const { ports, lines } = world();
    const { answers, requests, url } = await cloudFormation(503);
    await answerCloudFormation(ports, eventOf('Create', url), aMinute);
    expect(answers).toMatchObject([{ Status: 'SUCCESS' }]);
    expect(requests).toHaveLength(2);
    expect(lines[1]).toContain('status 503');
    expect(lines.join()).not.toContain('signature');
  });

  it.each([
    ['refuses it', () => cloudFormation(403, 403, 403), 'status 403'],
    [
      'is not there',
      async () => ({ answers: [], url: 'http://127.0.0.1:9/answer?signature=secret' }),
      'ECONNREFUSED',
    ],
  ])(
    'ends with an error when the address of the answer %s, and Lambda repeats it',
    async (_, start, problem) => {
      const { ports, lines } = world();
      const { answers, url } = await start();
      await expect(answerCloudFormation(ports, eventOf('Create', url), aMinute)).rejects.toThrow(problem);
      expect(answers).toEqual([]);
      expect(lines.join()).not.toContain('signature');
    },
  );
});
