import { createHash, timingSafeEqual } from 'node:crypto';

/** One permission that a request needs, in the words of an IAM statement. */
export interface Permission {
  /** IAM action, e.g. `sqs:SendMessage`. A batch operation needs the action of its single form. */
  readonly action: string;
  /** ARN of what the action is done to, or `*`. */
  readonly resource: string;
  /** Condition keys of the request, such as `sts:DurationSeconds`, each with its values. */
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

export interface ServiceCall extends Permission {
  /** Access key id of the request's signature; undefined when the request is not signed. */
  readonly accessKeyId: string | undefined;
}

export type AccessDecision =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: string };

/**
 * Asked once for each permission a request needs, before anything is done. The signature itself is not
 * verified.
 */
export type Authorize = (call: ServiceCall) => AccessDecision;

export const admitAll: Authorize = () => ({ allowed: true });

/**
 * Reads the access key id of a Signature Version 4 header: `AWS4-HMAC-SHA256 Credential=<key id>/<date>/…`.
 */
export const accessKeyIdOf = (authorization: string | undefined): string | undefined =>
  authorization === undefined ? undefined : /\bCredential=([^/,\s]+)\//.exec(authorization)?.[1];

/** Makes the access key id of a user in a local run: who it is, and what only that run knows. */
export const accessKeyOfRun = (who: string, runKey: string): string => `${who}.${runKey}`;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export const isOfRun = (accessKeyId: string | undefined, runKey: string): boolean =>
  timingSafeEqual(digest(accessKeyId?.slice(accessKeyId.lastIndexOf('.') + 1) ?? ''), digest(runKey));
