/** Units of time, and how far clocks are trusted. */

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const daySeconds = dayMs / secondMs;

/** Whole seconds, rounded up. @param milliseconds a span, or a time since the epoch */
export const wholeSeconds = (milliseconds: number): number => Math.ceil(milliseconds / secondMs);

/** The clocks of two hosts may differ by this, ms; a message that comes early by as much is still on time. */
export const clockToleranceMs = secondMs;

/** RFC 3339 in UTC with milliseconds. @param at epoch ms */
export const iso = (at: number): string => new Date(at).toISOString();

/** As AbortSignal.timeout gives it. */
export const timeoutError = (): DOMException =>
  new DOMException('The operation was aborted due to timeout', 'TimeoutError');
