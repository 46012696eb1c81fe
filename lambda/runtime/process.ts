/**
 * What every deployed function has: its settings, a clock, unguessable texts and a log. Nothing here is
 * requested at start.
 */
import { awsClient } from './aws-client.ts';
import type { AwsClient, AwsProtocol, AwsService } from './aws-services.ts';
import { type CallLog, logWith } from './log.ts';
import { embeddedMetrics, type InvocationMetrics } from './metrics.ts';
import { logger } from './powertools.ts';
import { readSettings } from './settings.ts';

export const settings = readSettings();

/** Milliseconds since the epoch; read at each call, so that a replaced clock is seen. */
export const now = () => Date.now();

/** A number in [0, 1). */
export const random = () => Math.random();

/**
 * 122 random bits: for versions, of which each delivery writes two. Node.js draws the bits of many at once, where
 * {@link newSecret} asks the system each time.
 */
export const newVersion = (): string => crypto.randomUUID();

/** 192 random bits, base64url: for generations and delete secrets. */
export const newSecret = () => Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');

/** A client with the region and the credentials that Lambda sets. One for each service of a function. */
export const aws = <Service extends AwsService>(protocol: AwsProtocol<Service>): AwsClient<Service> =>
  awsClient(protocol, { now, random });

/** A log for functions that do not answer HTTP calls. */
export const callLog = (serviceName: string): CallLog => logWith(logger(serviceName), {});

/** Metrics of this function, in the deployment that the settings name. */
export const functionMetrics = (serviceName: string): InvocationMetrics =>
  embeddedMetrics(serviceName, settings);
