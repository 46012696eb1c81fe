import type { CallLog } from '../../lambda/runtime/log.ts';

const nothing = () => undefined;

/** Writing lines is not what is measured. */
export const noLog: CallLog = { info: nothing, warn: nothing, error: nothing };
