import type { CallLog } from '../../lambda/runtime/log.ts';

const nothing = () => undefined;

/** Discards log lines, because writing them is not part of the measurement. */
export const noLog: CallLog = { info: nothing, warn: nothing, error: nothing };
