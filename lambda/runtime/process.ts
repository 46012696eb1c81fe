/**
 * What every deployed function has: its settings, a clock, unguessable texts and a log. Nothing here is
 * requested at start.
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { type CallLog, type Log, logWith } from './log.ts';
import { readSettings } from './settings.ts';

export const settings = readSettings();

/** Milliseconds since the epoch; read at each call, so that a replaced clock is seen. */
export const now = () => Date.now();

/** A number in [0, 1). */
export const random = () => Math.random();

/** 192 random bits, base64url: for versions, generations and delete secrets. */
export const newSecret = () => Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');

export const logger = (serviceName: string): Log => new Logger({ serviceName });

/** A log for functions that do not answer HTTP calls. */
export const callLog = (serviceName: string): CallLog => logWith(logger(serviceName), {});
