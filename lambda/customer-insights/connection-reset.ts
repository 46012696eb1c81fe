/** How Node's fetch reports a connection that the other side dropped. */
const resetCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** The code of the error or of what caused it, such as ECONNREFUSED. */
export const causeCode = (error: unknown): string | undefined => {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if ('code' in at && typeof at.code === 'string') return at.code;
  return undefined;
};

/** Whether a read may be repeated because its connection was dropped. */
export const isConnectionReset = (error: unknown): boolean => resetCodes.has(causeCode(error) ?? '');
