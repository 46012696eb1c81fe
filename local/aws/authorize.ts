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
  /** @property message what the service answers */
  | { readonly allowed: false; readonly message: string };

/**
 * A refusal as AWS words it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 * @param who ARN of the caller
 * @param reason such as `because no identity-based policy allows the sqs:SendMessage action`
 */
export const accessDenied = (
  who: string,
  { action, resource }: Permission,
  reason: string,
): AccessDecision => {
  const message = `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  // SQS alone writes its actions in small letters.
  const small = action.startsWith('sqs:') ? message.replaceAll(action, action.toLowerCase()) : message;
  return { allowed: false, message: small };
};

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

/** The user of an access key that {@link accessKeyOfRun} made. */
export const userOfRun = (accessKeyId: string | undefined): string =>
  accessKeyId?.slice(0, Math.max(0, accessKeyId.lastIndexOf('.'))) ?? '';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export const isOfRun = (accessKeyId: string | undefined, runKey: string): boolean =>
  timingSafeEqual(digest(accessKeyId?.slice(accessKeyId.lastIndexOf('.') + 1) ?? ''), digest(runKey));
