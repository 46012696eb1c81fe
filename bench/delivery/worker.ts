/** The bundled function `deliver` in a process of its own, called as an event source mapping calls it. */
import { pathToFileURL } from 'node:url';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { turnOfTheLoop } from '../../lambda/runtime/http-client.ts';
import { becomePart, partInput } from '../proxy/part.ts';
import { flows, messageFor } from './messages.ts';
import { queueRecord } from './queue-record.ts';
import { type WorkQuestion, workOff } from './work.ts';

/** As the stack sets it: ten messages a call, twenty calls at once. */
const batchSize = 10;
const callsAtOnce = 20;

const { directory } = partInput<{ readonly directory: string }>();
const { handler } = (await import(pathToFileURL(`${directory}/index.mjs`).href)) as {
  handler: (event: SQSEvent) => Promise<SQSBatchResponse>;
};

const eventsOf = ({ events, run }: WorkQuestion): readonly SQSEvent[] => {
  const records = Array.from({ length: events }, (_, event) =>
    queueRecord('delivery', `${run}${event}`, messageFor(event, event % flows, run)),
  );
  return Array.from({ length: Math.ceil(events / batchSize) }, (_, batch) => ({
    Records: records.slice(batch * batchSize, (batch + 1) * batchSize),
  }));
};

let prepared: readonly SQSEvent[] = [];

becomePart('', async (question) => {
  if (question === 'work')
    return workOff(prepared, callsAtOnce, async (event) => {
      // Calls at once are those of several processes in service: they share no request.
      await turnOfTheLoop();
      return (await handler(event)).batchItemFailures.length;
    });
  prepared = eventsOf(question as WorkQuestion);
  return null;
});
