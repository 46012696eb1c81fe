/// <reference path="./dynalite.d.ts" />
import { closeServer, listenOnLoopback } from '../loopback-server.ts';
import type { RunningEngine } from './engine.ts';

/**
 * Starts dynalite in this process, in memory, on loopback. It runs everywhere, but has no transactions, no
 * UpdateTimeToLive and no ALL_OLD on a failed condition. Rejects when the port is taken.
 */
export const startDynalite = async (port: number | undefined): Promise<RunningEngine> => {
  // Loaded only where it is used: it costs more time than dynoxide takes to start.
  const { default: dynalite } = await import('dynalite');
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  try {
    return { url: await listenOnLoopback(server, port), close: () => closeServer(server) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The DynamoDB engine dynalite did not start on port ${port}: ${reason}`, {
      cause: error,
    });
  }
};
