import { minuteMs } from '../../lambda/runtime/time.ts';
import type { LocalClock } from '../clock.ts';
import type { Outcome } from '../runtime/protocol.ts';
import type { FunctionModel } from './model.ts';

/** Lambda waits one minute before the second attempt and two before the third. */
const waitsMs = [minuteMs, 2 * minuteMs] as const;

/**
 * Invokes as Lambda does for callers that do not wait (the scheduler): a function error is retried, at
 * most twice, and an event that is too old is dropped. `dropped` hears of it, because the deployed function
 * has nowhere to put it.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const createAsynchronousInvoker = (options: {
  readonly clock: LocalClock;
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
  readonly dropped: (functionName: string, reason: string) => void;
}): { send(target: FunctionModel, event: unknown): void; stop(): void } => {
  const { clock } = options;
  const waiting = new Set<() => void>();
  let stopped = false;

  const attempt = async (
    target: FunctionModel,
    event: unknown,
    sentAt: number,
    attempts: number,
  ): Promise<void> => {
    const end = clock.begin();
    try {
      const outcome = await options.invoke(target.name, event);
      if (outcome.kind === 'result' || stopped) return;
      const wait = waitsMs[attempts];
      if (wait === undefined || attempts >= target.asynchronous.retries) {
        options.dropped(target.name, `failed ${attempts + 1} times, last with ${outcome.error.errorMessage}`);
        return;
      }
      const at = clock.now() + wait;
      if (at - sentAt > target.asynchronous.maximumAgeMs) {
        options.dropped(target.name, `is older than ${target.asynchronous.maximumAgeMs / 1000} s`);
        return;
      }
      const cancel = clock.at(at, () => {
        waiting.delete(cancel);
        void attempt(target, event, sentAt, attempts + 1);
      });
      waiting.add(cancel);
    } finally {
      end();
    }
  };

  return {
    send: (target, event) => void attempt(target, event, clock.now(), 0),
    stop() {
      stopped = true;
      for (const cancel of waiting) cancel();
      waiting.clear();
    },
  };
};
