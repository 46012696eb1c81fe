/**
 * Whatever a server does, each exchange ends: in an answer, in an error of ours, or at its deadline.
 *
 * State: one exchange of one client, open or settled. Events: what the server does (behaviours.ts), the time
 * limit of the exchange. What must hold, for every client and every behaviour:
 * - settled at most a little after the time limit, and the process reads a bounded part of the answer;
 * - settled in one of our own ways, never by an unexpected error;
 * - a request is made again once at most, and only where its connection was dropped and it has no effect; one to AWS
 *   three times at most, because its condition or its idempotence makes that harmless.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { requestTries } from '../../lambda/runtime/aws-client.ts';
import { type Behaviour, behaviours } from './behaviours.ts';
import { type Client, endOf, exchanges, limitMs } from './exchanges.ts';
import { startHostileServer } from './hostile-listener.ts';

/** For a loaded machine; an exchange that does not settle is far beyond it. */
const graceMs = 4_000;

const aws = requestTries;
const mostRequests: Partial<Record<Client, number>> = {
  callback: 1,
  write: 1,
  'table read': aws,
  'table write': aws,
  'call counted': aws,
  'places counted': aws,
  'pause shared': aws,
  queue: aws,
  keys: aws,
  secret: aws,
};

const clients = Object.keys(exchanges) as readonly Client[];
const matrix = new Map<Behaviour, Map<Client, string>>();

const never = (milliseconds: number): { readonly promise: Promise<string>; readonly end: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  return {
    promise: new Promise((resolve) => {
      timer = setTimeout(() => resolve('not settled'), milliseconds);
    }),
    end: () => clearTimeout(timer),
  };
};

const play = async (behaviour: Behaviour, client: Client) => {
  const { answers, make } = exchanges[client];
  const server = await startHostileServer(behaviours[behaviour], answers);
  const late = never(2 * limitMs + graceMs);
  try {
    const end = await Promise.race([endOf(make(server.url)), late.promise]);
    return { end, met: server.met() };
  } finally {
    late.end();
    server.close();
  }
};

afterAll(() => {
  const width = Math.max(...Object.keys(behaviours).map(({ length }) => length));
  const columns = clients.map((client) =>
    Math.max(client.length, ...[...matrix.values()].map((row) => row.get(client)?.length ?? 0)),
  );
  const line = (name: string, cells: readonly string[]) =>
    [name.padEnd(width), ...cells.map((cell, index) => cell.padEnd(columns[index] ?? 0))].join('  ');
  console.log(
    [
      line('', clients),
      ...[...matrix].map(([behaviour, row]) =>
        line(
          behaviour,
          clients.map((client) => row.get(client) ?? ''),
        ),
      ),
    ].join('\n'),
  );
});

describe.each(Object.keys(behaviours) as readonly Behaviour[])('a server: %s', (behaviour) => {
  it('leaves no exchange open', async () => {
    const row = new Map<Client, string>();
    matrix.set(behaviour, row);
    const ends = await Promise.all(
      clients.map(async (client) => ({ client, ...(await play(behaviour, client)) })),
    );
    for (const { client, end, met } of ends) row.set(client, `${end}${met > 1 ? `, ${met} times` : ''}`);
    for (const { client, end, met } of ends) {
      expect(end, client).not.toMatch(/^(not settled|unexpected)/);
      expect(met, client).toBeLessThanOrEqual(mostRequests[client] ?? 2);
    }
  });
});
