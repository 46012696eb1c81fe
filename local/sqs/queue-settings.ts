import { isRecord } from '../../lambda/runtime/json.ts';
import { invalidParameterValue, sqsError } from './sqs-error.ts';

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  /** A message received this many times goes to the dead-letter queue at the next receive. */
  readonly maxReceiveCount: number;
}

/** Which queues may name this queue as their dead-letter queue. */
export type RedriveAllowPolicy =
  | { readonly redrivePermission: 'allowAll' | 'denyAll' }
  | { readonly redrivePermission: 'byQueue'; readonly sourceQueueArns: readonly string[] };

/** A queue's settings, checked. */
export interface QueueSettings {
  readonly visibilityTimeoutSeconds: number;
  readonly delaySeconds: number;
  readonly retentionSeconds: number;
  readonly waitTimeSeconds: number;
  readonly maximumMessageBytes: number;
  readonly redrive: RedrivePolicy | undefined;
  readonly redriveAllow: RedriveAllowPolicy;
  /** Every attribute with the value that was set. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Ranges and defaults of the numeric attributes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const numeric = {
  VisibilityTimeout: { min: 0, max: 43_200, initial: 30 },
  DelaySeconds: { min: 0, max: 900, initial: 0 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, initial: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, initial: 0 },
  MaximumMessageSize: { min: 1_024, max: 1_048_576, initial: 1_048_576 },
} as const;

/**
 * Kept and read back; they govern encryption at rest and resource access, which a queue on loopback does not
 * have.
 */
const withoutLocalEffect: readonly string[] = [
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'Policy',
];

const known: readonly string[] = [
  ...Object.keys(numeric),
  ...withoutLocalEffect,
  'RedrivePolicy',
  'RedriveAllowPolicy',
];

/**
 * Checks attributes as the API takes them (all strings; an empty string clears a policy). Throws a
 * ServiceError.
 */
export const queueSettings = (given: Readonly<Record<string, string>>): QueueSettings => {
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw sqsError(
      'InvalidAttributeName',
      `The local SQS does not know the queue attribute ${unknown.join(', ')}. It knows ${known.join(', ')} (standard queues only).`,
    );
  const attributes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
  return {
    visibilityTimeoutSeconds: numberOf(attributes, 'VisibilityTimeout'),
    delaySeconds: numberOf(attributes, 'DelaySeconds'),
    retentionSeconds: numberOf(attributes, 'MessageRetentionPeriod'),
    waitTimeSeconds: numberOf(attributes, 'ReceiveMessageWaitTimeSeconds'),
    maximumMessageBytes: numberOf(attributes, 'MaximumMessageSize'),
    redrive: attributes.RedrivePolicy === undefined ? undefined : redrivePolicy(attributes.RedrivePolicy),
    redriveAllow:
      attributes.RedriveAllowPolicy === undefined
        ? { redrivePermission: 'allowAll' }
        : redriveAllowPolicy(attributes.RedriveAllowPolicy),
    attributes,
  };
};

/** The attributes as GetQueueAttributes reports them: those set, and the defaults of those that were not. */
export const reportedAttributes = (settings: QueueSettings): Readonly<Record<string, string>> => {
  const defaults = Object.entries(numeric).map(([name, { initial }]) => [name, String(initial)]);
  return { ...Object.fromEntries(defaults), SqsManagedSseEnabled: 'true', ...settings.attributes };
};

const numberOf = (attributes: Readonly<Record<string, string>>, name: keyof typeof numeric): number => {
  const { min, max, initial } = numeric[name];
  const text = attributes[name];
  if (text === undefined) return initial;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw sqsError(
      'InvalidAttributeValue',
      `Invalid value "${text}" for the attribute ${name}: a whole number from ${min} to ${max}.`,
    );
  return value;
};

const redrivePolicy = (text: string): RedrivePolicy => {
  const { deadLetterTargetArn, maxReceiveCount } = parsePolicy('RedrivePolicy', text);
  // Templates write the count as a number, the console as a string.
  const count = typeof maxReceiveCount === 'string' ? Number(maxReceiveCount) : maxReceiveCount;
  if (typeof deadLetterTargetArn !== 'string' || deadLetterTargetArn === '')
    throw invalidPolicy('RedrivePolicy', text, 'deadLetterTargetArn must be the ARN of a queue.');
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > 1_000)
    throw invalidPolicy('RedrivePolicy', text, 'maxReceiveCount must be a whole number from 1 to 1000.');
  return { deadLetterTargetArn, maxReceiveCount: count };
};

const redriveAllowPolicy = (text: string): RedriveAllowPolicy => {
  const { redrivePermission, sourceQueueArns } = parsePolicy('RedriveAllowPolicy', text);
  switch (redrivePermission) {
    case 'allowAll':
    case 'denyAll':
      return { redrivePermission };
    case 'byQueue': {
      const arns: readonly unknown[] = Array.isArray(sourceQueueArns) ? sourceQueueArns : [];
      const strings = arns.filter((arn) => typeof arn === 'string');
      if (strings.length < 1 || strings.length > 10 || strings.length !== arns.length)
        throw invalidPolicy('RedriveAllowPolicy', text, 'byQueue needs sourceQueueArns with 1 to 10 ARNs.');
      return { redrivePermission, sourceQueueArns: strings };
    }
    default:
      throw invalidPolicy(
        'RedriveAllowPolicy',
        text,
        'redrivePermission must be allowAll, denyAll or byQueue.',
      );
  }
};

const parsePolicy = (name: string, text: string): Readonly<Record<string, unknown>> => {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidPolicy(name, text, 'It must be JSON.');
  }
  if (!isRecord(policy)) throw invalidPolicy(name, text, 'It must be a JSON object.');
  return policy;
};

const invalidPolicy = (name: string, text: string, reason: string) =>
  invalidParameterValue(`Value ${text} for parameter ${name} is invalid. Reason: ${reason}`);
