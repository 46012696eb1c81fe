/**
 * Rules of cdk-nag (packs Serverless and NIST 800-53 R5) that our resources break on purpose, each with its reason. Those
 * of the pack AWS Solutions are acknowledged where the resource is made, or here where an option breaks both.
 */
import { Validations } from 'aws-cdk-lib/core';
import type { IConstruct } from 'constructs';

const serverless = (rule: string) => `Serverless::Serverless-${rule}`;
const nist = (rule: string) => `NIST.800.53.R5::NIST.800.53.R5-${rule}`;

const anyResource = 'AwsSolutions-IAM5[Resource::*]';

const noResourceOfTokens =
  'sts:GetWebIdentityToken has no resource. Conditions bound audience, algorithm and lifetime of the tokens.';

const noDeadLetters =
  'It holds failed asynchronous invocations. Queues and API invoke the functions synchronously, and the next minute does the work of a failed heartbeat. Messages that were given up are in the dead-letter queues.';

const inlinePolicy = {
  id: nist('IAMNoInlinePolicy'),
  reason: 'The policy is of this role and ends with it; no other role may be given it.',
};

const logEncryption = {
  id: nist('CloudWatchLogGroupEncrypted'),
  reason: 'CloudWatch encrypts it with a key of its own; encryptionKeyArn takes one of yours.',
};

const accepted = {
  function: [
    {
      id: serverless('LambdaTracing'),
      reason: 'logs.tracing switches it on. It costs 5 USD per million traces, and the log has the times.',
    },
    { id: serverless('LambdaDLQ'), reason: noDeadLetters },
    { id: nist('LambdaDLQ'), reason: noDeadLetters },
    {
      id: nist('LambdaConcurrency'),
      reason:
        'reservedConcurrency sets it. It is off by default, because AWS refuses it in accounts whose quota would keep less than 100.',
    },
    {
      id: nist('LambdaInsideVPC'),
      reason:
        'It calls public services alone: Microsoft and the APIs of AWS. A network of its own would need a NAT gateway, and reach the same.',
    },
    inlinePolicy,
    logEncryption,
  ],
  tracing: [{ id: anyResource, reason: 'The operations of X-Ray that write traces have no resource.' }],
  federated: [
    { id: anyResource, reason: noResourceOfTokens },
    { id: serverless('LambdaStarPermissions'), reason: noResourceOfTokens },
  ],
  email: [
    {
      id: serverless('SNSRedrivePolicy'),
      reason:
        'A mail that SNS could not hand over is of no use later; the dashboard has the state of each alarm.',
    },
  ],
  deadLetters: [
    {
      id: serverless('SQSRedrivePolicy'),
      reason: 'It is the queue that the redrive policy of another names.',
    },
  ],
  eventSource: [
    {
      id: serverless('LambdaEventSourceMappingDestination'),
      reason: 'It is for streams. The redrive policy of the queue takes what was given up.',
    },
  ],
  heartbeat: [{ id: serverless('LambdaAsyncFailureDestination'), reason: noDeadLetters }, inlinePolicy],
  accessLog: [logEncryption],
  topic: [
    {
      id: nist('SNSEncryptedKMS'),
      reason: 'It holds names of alarms only; encryptionKeyArn encrypts it with a key of yours.',
    },
  ],
} as const;

/** Acknowledges what a construct and those below it break on purpose. */
export const acceptRules = (construct: IConstruct, of: keyof typeof accepted): void =>
  Validations.of(construct).acknowledge(...accepted[of]);
