/**
 * A custom resource, as CloudFormation wants one: it invokes the function, goes on, and waits until an answer is put at
 * the address that the event names. Without an answer a deployment waits until its time is up, so every event is
 * answered, those that failed too.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudFormationCustomResourceEvent, CloudFormationCustomResourceResponse } from 'aws-lambda';
import { deadlineIn, rejectsWhenAborted } from '../runtime/deadline.ts';
import { type Fetch, readBounded } from '../runtime/http-client.ts';
import type { CallLog } from '../runtime/log.ts';
import { secondMs } from '../runtime/time.ts';

export interface CustomResourcePorts {
  /** May be repeated. @returns the ids of the instances whose rows were absent */
  readonly writeRows: () => Promise<readonly string[]>;
  readonly fetch: Fetch;
  readonly log: CallLog;
}

/** Always the same, so that no update replaces the resource. */
export const physicalId = 'instance-rows';

/** What the answer may take of the function's time, ms: three tries with a pause behind each. */
const answerMs = 15 * secondMs;
const [tries, tryMs, pauseMs] = [3, 3 * secondMs, secondMs];

/** CloudFormation takes 4,096 bytes for the whole answer; the ids in it are at most 500. */
const longestReason = 2_000;

/** The messages of an error and of what caused it. */
const messagesOf = (thrown: unknown): string => {
  const messages: string[] = [];
  for (let at = thrown; at instanceof Error && messages.length < 5; at = at.cause) messages.push(at.message);
  return messages.length === 0 ? String(thrown) : messages.join(' ');
};

const reasonOf = (thrown: unknown): string => {
  const told = messagesOf(thrown).replaceAll(/[^\x20-\x7e]+/g, ' ');
  return `The rows of the instances could not be written: ${told.slice(0, longestReason)} Rows that are there were not changed. Remove the cause, which the log of the function InstanceRows has too, and deploy again: docs/runbook.md, "A deployment does not write the rows of its instances".`;
};

/** @throws Error that says so when the time is up */
const within = async <Result>(milliseconds: number, work: Promise<Result>): Promise<Result> => {
  const { signal, end } = deadlineIn(Math.max(milliseconds, 0));
  try {
    return await Promise.race([work, rejectsWhenAborted(signal)]);
  } catch (error) {
    throw signal.aborted ? new Error('The state table took too long.') : error;
  } finally {
    end();
  }
};

const outcomeOf = async (
  { writeRows, log }: CustomResourcePorts,
  { RequestType }: CloudFormationCustomResourceEvent,
  leftMs: number,
): Promise<{ readonly Status: 'SUCCESS' } | { readonly Status: 'FAILED'; readonly Reason: string }> => {
  // The rows stay: they are the operators', and the state table outlives the stack.
  if (RequestType === 'Delete') return { Status: 'SUCCESS' };
  try {
    const added = await within(leftMs - answerMs, writeRows());
    log.info('instance rows written', { requestType: RequestType, added });
    return { Status: 'SUCCESS' };
  } catch (error) {
    const Reason = reasonOf(error);
    log.error('instance rows not written', { requestType: RequestType, reason: Reason });
    return { Status: 'FAILED', Reason };
  }
};

/** @throws Error so that Lambda repeats the event, which does no harm */
const send = async (
  { fetch, log }: CustomResourcePorts,
  url: string,
  answer: CloudFormationCustomResourceResponse,
): Promise<void> => {
  for (let made = 1; ; made += 1) {
    let problem: string;
    try {
      const response = await fetch(url, {
        method: 'PUT',
        // The signature in the address is one for no type.
        headers: { 'content-type': '' },
        body: JSON.stringify(answer),
        redirect: 'manual',
        timeoutMs: tryMs,
      });
      const { text } = await readBounded(response, 1_000);
      if (response.status === 200) return;
      problem = `status ${response.status} ${text}`;
    } catch (error) {
      problem = messagesOf(error);
    }
    // Without the address: a program that has it may answer.
    log.warn('CloudFormation was not reached', { tries: made, problem });
    if (made === tries) throw new Error(`CloudFormation could not be told the outcome: ${problem}`);
    await sleep(pauseMs);
  }
};

/** @param leftMs of the function's time */
export const answerCloudFormation = async (
  ports: CustomResourcePorts,
  event: CloudFormationCustomResourceEvent,
  leftMs: number,
): Promise<void> => {
  const { StackId, RequestId, LogicalResourceId } = event;
  const outcome = await outcomeOf(ports, event, leftMs);
  await send(ports, event.ResponseURL, {
    ...outcome,
    PhysicalResourceId: physicalId,
    StackId,
    RequestId,
    LogicalResourceId,
  });
};
