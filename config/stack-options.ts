/** The keys of the configuration that concern the stack only; no function reads them. */
import { Type } from 'typebox';
import type { presets } from './presets.ts';
import { arn, closed, oneOf } from './schema-parts.ts';

/** The functions by name; test/config compares them with lambda/functions.ts, which this folder cannot import. */
export const configurableFunctions = [
  'subscriptions',
  'proxy',
  'console',
  'resend',
  'dispatch',
  'watch',
  'deliver',
  'dead-letters',
] as const;

/** Calls of the API: above what the limit per connection lets through for hundreds of connections. */
export const throttleDefaults = { callsPerSecond: 500, burst: 1_000 } as const;

/**
 * The key of a week that seals callback URLs must seal fewer than 2³² of them: docs/decisions/data-keys.md. The account's
 * quota is 10,000 calls a second in a region, with bursts of 5,000.
 */
export const mostCallsPerSecond = 5_000;

const optionalInteger = () => Type.Optional(Type.Integer());

/** @param preset whose defaults they have */
export const stackOptions = (preset: (typeof presets)[keyof typeof presets]) => ({
  existing: Type.Optional(
    Type.Object(
      {
        stateTable: Type.Optional(
          Type.String({
            pattern: '^[A-Za-z0-9_.-]{3,255}$',
            description:
              'Name of the state table that this deployment uses: one that an earlier deployment left, or a restored one.',
          }),
        ),
        callbackKey: Type.Optional(
          Type.String({
            pattern:
              '^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/)?(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$',
            description:
              'Id or ARN of the KMS key that encrypts the callback URLs in that table. Without the right key no flow can be called.',
          }),
        ),
      },
      {
        ...closed,
        minProperties: 1,
        description:
          'Resources that this deployment uses instead of making them: { "stateTable", "callbackKey" }. They are not removed with it.',
      },
    ),
  ),
  domain: Type.Optional(
    Type.Object(
      {
        name: Type.String({
          pattern: '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$',
          description: 'Host name of the API, in lower case; for example insights.contoso.com.',
        }),
        certificateArn: arn(
          'acm',
          'certificate/[A-Za-z0-9-]+',
          'ARN of a certificate of AWS Certificate Manager for the name, in the region of the deployment.',
        ),
        hostedZoneId: Type.Optional(
          Type.String({
            pattern: '^Z[A-Z0-9]{1,31}$',
            description:
              'Id of the public hosted zone of Route 53 in which the deployment makes the DNS records. Without it, make them yourself.',
          }),
        ),
      },
      {
        ...closed,
        description:
          'Host name of your own, which survives that the deployment is removed and made again: { "name", "certificateArn", "hostedZoneId" }.',
      },
    ),
  ),
  throttle: Type.Object(
    {
      callsPerSecond: Type.Integer({
        minimum: 1,
        maximum: mostCallsPerSecond,
        default: throttleDefaults.callsPerSecond,
        description: `Calls a second of all flows together; 1 to ${mostCallsPerSecond}. Further ones are answered 429, and the platform repeats them.`,
      }),
      burst: Type.Integer({
        minimum: 1,
        maximum: 5_000,
        default: throttleDefaults.burst,
        description: 'Calls that may come at once before that holds; 1 to 5000.',
      }),
    },
    {
      ...closed,
      default: {},
      description:
        'The most that the API lets through: it protects the concurrency of the account from a flood. docs/scaling.md says how many calls there are.',
    },
  ),
  logs: Type.Object(
    {
      level: oneOf(
        ['DEBUG', 'INFO', 'WARN', 'ERROR'],
        'INFO',
        'Least severe log lines of the functions that are kept.',
      ),
      retentionDays: Type.Integer({
        default: preset.logRetentionDays,
        enum: [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365],
        description:
          'How long CloudWatch keeps the logs, in days; one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365.',
      }),
      tracing: Type.Boolean({
        default: false,
        description: 'Record traces of the functions with AWS X-Ray.',
      }),
    },
    { ...closed, default: {}, description: 'Logs and traces of the functions.' },
  ),
  monitoring: Type.Object(
    {
      alarms: Type.Boolean({
        default: preset.alarms,
        description: 'Make the alarms, the dashboard and the topic for notifications.',
      }),
      email: Type.Optional(
        Type.String({
          pattern: '^[^@\\s]+@[^@\\s]+$',
          description: 'E-mail address that is told of alarms; it must confirm the subscription once.',
        }),
      ),
      topicArn: Type.Optional(
        arn(
          'sns',
          '[A-Za-z0-9_-]{1,256}',
          'ARN of a topic of your own that is told of alarms, instead of "email".',
        ),
      ),
      monthlyUsd: Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        default: 100,
        description: 'Cost in US dollars a month above which an alarm rings; 1 to 1000000.',
      }),
      canary: Type.Boolean({
        default: false,
        description:
          'Every five minutes, register, sample, receive and remove a subscription of a reserved principal.',
      }),
    },
    { ...closed, default: {}, description: 'What watches the deployment, and who is told.' },
  ),
  updates: Type.Object(
    {
      terminationProtection: Type.Boolean({
        default: preset.terminationProtection,
        description: 'Refuse to delete the stack until this is set to false and deployed.',
      }),
      automaticRollback: Type.Boolean({
        default: false,
        description:
          'Shift calls to a new version of the functions step by step, and back if an alarm rings in the meantime. Needs monitoring.alarms.',
      }),
    },
    { ...closed, default: {}, description: 'How the deployment is updated and removed.' },
  ),
  reservedConcurrency: Type.Object(
    Object.fromEntries(
      configurableFunctions.map((name) => [
        name,
        Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 10_000,
            description: `Of the function ${name}; 1 to 10000.`,
          }),
        ),
      ]),
    ) as Record<(typeof configurableFunctions)[number], ReturnType<typeof optionalInteger>>,
    {
      ...closed,
      default: {},
      description:
        'Executions at once that are kept for a function, and its most; none by default. The quota of the account must leave 100 unreserved.',
    },
  ),
  operators: Type.Object(
    {
      readCallbackUrls: Type.Boolean({
        default: false,
        description:
          'Let the policy for operators use the callback key, which `subscriptions export` and `import` need. A callback URL is enough to run a flow: set this for a move only.',
      }),
    },
    { ...closed, default: {}, description: 'Further rights of the policy for operators.' },
  ),
  encryptionKeyArn: Type.Optional(
    arn(
      'kms',
      'key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})',
      'ARN of a KMS key of your own that encrypts tables, queues, secrets, logs and the topic, in place of keys that AWS owns. Its policy must admit the services (docs/deployment.md).',
    ),
  ),
  permissionsBoundaryArn: Type.Optional(
    Type.String({
      pattern: '^arn:aws[a-z-]*:iam::(\\d{12}|aws):policy/[\\w+=,.@/-]+$',
      description: 'ARN of the managed policy that bounds the permissions of every role of the stack.',
    }),
  ),
  tags: Type.Unsafe<Readonly<Record<string, string>>>({
    type: 'object',
    additionalProperties: {
      type: 'string',
      maxLength: 256,
      description: 'Value of a tag; at most 256 characters.',
    },
    maxProperties: 40,
    default: {},
    description: 'Further tags of the stack and its resources, name to value; at most 40.',
  }),
});
