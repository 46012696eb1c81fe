/**
 * Whether a host, as `URL.hostname` gives it, is this machine. Plain http is accepted there and nowhere else.
 */
export const isLoopbackHost = (host: string): boolean =>
  host === '127.0.0.1' || host === '[::1]' || host === 'localhost';
