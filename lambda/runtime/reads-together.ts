import { AwsRefusal, isThrottled } from './aws-client.ts';
import type { Attributes, AwsClient, AwsOperations } from './aws-services.ts';

type Input = AwsOperations['dynamodb']['GetItem']['input'];
type Answer = AwsOperations['dynamodb']['GetItem']['answer'];

interface Asked {
  readonly input: Input;
  /** Ms; as the client takes it. */
  readonly withinMs: number | undefined;
  readonly resolve: (answer: Answer | Promise<Answer>) => void;
  readonly reject: (reason: unknown) => void;
}

/** The most keys that DynamoDB takes in one BatchGetItem. */
const mostKeys = 100;

/** @param names of the key's attributes */
const nameOf = (table: string, item: Attributes, names: readonly string[]): string =>
  JSON.stringify([table, ...names.map((name) => item[name])]);

const nameOfInput = ({ TableName, Key }: Input): string => nameOf(TableName, Key, Object.keys(Key));

/** What the request says can be wrong with one of its keys alone, as when a role may not read it. */
const concernsOne = (error: unknown): boolean =>
  error instanceof AwsRefusal && error.status < 500 && !isThrottled(error);

interface Request {
  readonly Keys: Attributes[];
  /** Strongly, if one of them is to be read so. */
  ConsistentRead: boolean;
}

const requestsOf = (all: Iterable<Asked>): Readonly<Record<string, Request>> => {
  const requests: Record<string, Request> = {};
  for (const {
    input: { TableName, Key, ConsistentRead },
  } of all) {
    requests[TableName] ??= { Keys: [], ConsistentRead: false };
    requests[TableName].Keys.push(Key);
    requests[TableName].ConsistentRead ||= ConsistentRead;
  }
  return requests;
};

/**
 * The same client, of which the GetItem that are asked for in one turn of the event loop are one request, also of several
 * tables: it costs a process little more than one read does. What that request leaves out, and what may be a fault of one
 * key alone, is read alone, so that no read depends on another. The longest time limit of them is that of all.
 *
 * Needs dynamodb:GetItem and dynamodb:BatchGetItem.
 */
export const readsTogether = (client: AwsClient<'dynamodb'>): AwsClient<'dynamodb'> => {
  const alone = ({ input, withinMs }: Asked) => client('GetItem', input, withinMs);

  const readAll = async (all: ReadonlyMap<string, Asked>) => {
    const asked = [...all.values()];
    const limits = asked.map(({ withinMs = Number.POSITIVE_INFINITY }) => withinMs);
    const RequestItems = requestsOf(asked);
    const { Responses = {}, UnprocessedKeys = {} } = await client(
      'BatchGetItem',
      { RequestItems },
      Math.max(...limits),
    );
    const named = (table: string, items: readonly Attributes[]) => {
      const names = Object.keys(RequestItems[table]?.Keys[0] ?? {});
      return items.map((item): [string, Attributes] => [nameOf(table, item, names), item]);
    };
    const found = new Map(Object.entries(Responses).flatMap(([table, items]) => named(table, items)));
    const left = new Map(Object.entries(UnprocessedKeys).flatMap(([table, { Keys }]) => named(table, Keys)));
    for (const [name, each] of all) {
      const Item = found.get(name);
      each.resolve(left.has(name) ? alone(each) : Item === undefined ? {} : { Item });
    }
  };

  let waiting = new Map<string, Asked>();
  let answers = new Map<string, Promise<Answer>>();
  const send = async () => {
    const all = waiting;
    waiting = new Map();
    answers = new Map();
    // None: they were sent already, as the most that fit into one request.
    if (all.size < 2) {
      for (const each of all.values()) each.resolve(alone(each));
      return;
    }
    try {
      await readAll(all);
    } catch (error) {
      for (const each of all.values()) concernsOne(error) ? each.resolve(alone(each)) : each.reject(error);
    }
  };

  const read = (input: Input, withinMs?: number): Promise<Answer> => {
    const name = nameOfInput(input);
    const same = answers.get(name);
    if (same !== undefined) return same;
    if (waiting.size === mostKeys) void send();
    if (waiting.size === 0) queueMicrotask(send);
    const answer = new Promise<Answer>((resolve, reject) => {
      waiting.set(name, { input, withinMs, resolve, reject });
    });
    answers.set(name, answer);
    return answer;
  };

  const call = (operation: string, input: unknown, withinMs?: number): Promise<unknown> =>
    operation === 'GetItem'
      ? read(input as Input, withinMs)
      : (client as (...request: readonly unknown[]) => Promise<unknown>)(operation, input, withinMs);
  return call as AwsClient<'dynamodb'>;
};
