import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalClock } from '../../../local/clock.ts';
import type { Outcome } from '../../../local/runtime/protocol.ts';
import { type LocalSqs, startSqs } from '../../../local/sqs/server.ts';
import { type EventSource, startEventSource } from '../../../local/template/event-source.ts';
import type { MappingModel } from '../../../local/template/model.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
const second = 1000;

let clock: LocalClock;
let sqs: LocalSqs;
let source: EventSource | undefined;

beforeEach(async () => {
  clock = LocalClock.frozen(start);
  sqs = await startSqs({ clock });
  sqs.createQueue('dead');
  sqs.createQueue('work', {
    VisibilityTimeout: '60',
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:dead',
      maxReceiveCount: 3,
    }),
  });
});
afterEach(async () => {
  source?.stop();
  await sqs.close();
});

interface Batch {
  readonly at: number;
  readonly bodies: readonly string[];
}

/** Answers each batch with what `answer` makes of its bodies, and tells which came when (seconds from the start). */
const feed = (
  answer: (bodies: readonly string[], ids: readonly string[]) => Outcome | Promise<Outcome>,
  changes: Partial<MappingModel> = {},
  environments = 4,
): readonly Batch[] => {
  const batches: Batch[] = [];
  source = startEventSource({
    model: {
      logicalId: 'Mapping',
      queueName: 'work',
      functionName: 'fn',
      enabled: true,
      batchSize: 10,
      reportsItemFailures: true,
      ...changes,
    },
    queue: sqs.queue('work'),
    clock,
    region: 'eu-west-1',
    environments,
    invoke: async (_name, { Records }) => {
      const bodies = Records.map(({ body }) => body);
      batches.push({ at: (clock.now() - start) / second, bodies });
      return await answer(
        bodies,
        Records.map(({ messageId }) => messageId),
      );
    },
  });
  return batches;
};

const done = (value: unknown = null): Outcome => ({
  kind: 'result',
  requestId: 'r',
  payload: JSON.stringify(value),
});
const failed: Outcome = {
  kind: 'error',
  requestId: 'r',
  error: { errorType: 'Error', errorMessage: 'x', trace: [] },
};
const send = (...bodies: readonly string[]) => {
  for (const body of bodies) sqs.queue('work').send(body);
};
const left = (name: string) =>
  sqs
    .queue(name)
    .messages()
    .map(({ body }) => body);

describe('an event source', () => {
  it('delivers what is sent, and deletes it once the function has answered', async () => {
    const batches = feed(() => done());
    send('a');
    await clock.advance(0);
    expect(batches).toEqual([{ at: 0, bodies: ['a'] }]);
    expect(left('work')).toEqual([]);
  });

  it('delivers what was sent before it began', async () => {
    send('a', 'b');
    const batches = feed(() => done());
    await clock.idle();
    expect(batches).toEqual([{ at: 0, bodies: ['a', 'b'] }]);
  });

  it('delivers a message delayed by 900 s exactly then', async () => {
    const batches = feed(() => done());
    sqs.queue('work').send('late', { delaySeconds: 900 });
    await clock.advance(899_999);
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(batches).toEqual([{ at: 900, bodies: ['late'] }]);
  });

  it('brings a failed batch back when its visibility runs out, and gives it up after its receives', async () => {
    const batches = feed(() => failed);
    send('a');
    await clock.advance(179_999);
    expect(batches.map(({ at }) => at)).toEqual([0, 60, 120]);
    expect(left('dead')).toEqual([]);
    await clock.advance(1);
    expect(batches).toHaveLength(3);
    expect([left('work'), left('dead')]).toEqual([[], ['a']]);
  });

  it('brings back only the messages that the function names', async () => {
    const batches = feed((bodies, ids) =>
      done({
        batchItemFailures: ids
          .filter((_id, i) => bodies[i] === 'bad')
          .map((itemIdentifier) => ({ itemIdentifier })),
      }),
    );
    sqs.queue('work').send('good', { delaySeconds: 1 });
    sqs.queue('work').send('bad', { delaySeconds: 1 });
    sqs.queue('work').send('fine', { delaySeconds: 1 });
    await clock.advance(61 * second);
    expect(batches).toEqual([
      { at: 1, bodies: ['good', 'bad', 'fine'] },
      { at: 61, bodies: ['bad'] },
    ]);
  });

  it.each<[string, unknown, readonly string[]]>([
    ['nothing', null, []],
    ['an empty list', { batchItemFailures: [] }, []],
    ['an unknown identifier', { batchItemFailures: [{ itemIdentifier: 'other' }] }, ['a']],
    ['an empty identifier', { batchItemFailures: [{ itemIdentifier: '' }] }, ['a']],
    ['no identifier', { batchItemFailures: [{}] }, ['a']],
    ['no list', { batchItemFailures: 'all' }, ['a']],
  ])('takes %s in the answer as Lambda does', async (_what, answer, remaining) => {
    feed(() => done(answer));
    send('a');
    await clock.advance(0);
    expect(left('work')).toEqual(remaining);
  });

  it('does not read the answer when the mapping does not report item failures', async () => {
    feed((_bodies, ids) => done({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) }), {
      reportsItemFailures: false,
    });
    send('a');
    await clock.advance(0);
    expect(left('work')).toEqual([]);
  });

  it('fills batches up to their size', async () => {
    send(...Array.from({ length: 7 }, (_item, i) => String(i)));
    const batches = feed(() => done(), { batchSize: 3 });
    await clock.idle();
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([3, 3, 1]);
  });

  it.each([
    [2, 4, 2],
    [20, 3, 3],
    [undefined, 10, 5],
  ])(
    'with a maximum concurrency of %s and %i environments runs %i batches at once',
    async (maximum, environments, expected) => {
      let running = 0;
      let worst = 0;
      const release: (() => void)[] = [];
      send(...Array.from({ length: 12 }, (_item, i) => String(i)));
      const batches = feed(
        async () => {
          running += 1;
          worst = Math.max(worst, running);
          await new Promise<void>((resolve) => release.push(resolve));
          running -= 1;
          return done();
        },
        { batchSize: 1, ...(maximum === undefined ? {} : { maximumConcurrency: maximum }) },
        environments,
      );
      expect(batches).toHaveLength(expected);
      const idle = clock.idle();
      while (batches.length < 12 || release.length > 0) {
        release.shift()?.();
        await new Promise((resolve) => setImmediate(resolve));
      }
      await idle;
      expect([worst, left('work')]).toEqual([expected, []]);
    },
  );

  it('that is disabled leaves the queue alone', async () => {
    const batches = feed(() => done(), { enabled: false });
    send('a');
    await clock.advance(120 * second);
    expect([batches, left('work')]).toEqual([[], ['a']]);
  });

  it('hands over records as Lambda does', async () => {
    const events: unknown[] = [];
    source = startEventSource({
      model: {
        logicalId: 'M',
        queueName: 'work',
        functionName: 'fn',
        enabled: true,
        batchSize: 1,
        reportsItemFailures: true,
      },
      queue: sqs.queue('work'),
      clock,
      region: 'eu-west-1',
      environments: 1,
      invoke: async (_name, event) => {
        events.push(event);
        return done();
      },
    });
    sqs.queue('work').send('{"a":1}', {
      senderId: 'Fn',
      attributes: { kind: { DataType: 'String', StringValue: 'retry' } },
    });
    await clock.advance(0);
    expect(events).toEqual([
      {
        Records: [
          {
            messageId: expect.any(String),
            receiptHandle: expect.any(String),
            body: '{"a":1}',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: String(start),
              SenderId: 'Fn',
              ApproximateFirstReceiveTimestamp: String(start),
            },
            messageAttributes: {
              kind: { stringValue: 'retry', stringListValues: [], binaryListValues: [], dataType: 'String' },
            },
            md5OfBody: 'bb6cb5c68df4652941caf652a366f2d8',
            md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
            eventSource: 'aws:sqs',
            eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:work',
            awsRegion: 'eu-west-1',
          },
        ],
      },
    ]);
  });
});
