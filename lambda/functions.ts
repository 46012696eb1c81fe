/**
 * The Lambda functions, each with all that is true of it: `lambda/<name>/index.ts` exports its handler, lib/
 * makes role, environment, queues and schedule from this table, and the names of metrics and variables
 * that the code may use are taken from it. Data only: lib/ reads it, and the functions take types from it.
 */

export type TableAction = 'GetItem' | 'BatchGetItem' | 'Query' | 'PutItem' | 'UpdateItem' | 'DeleteItem';

/**
 * The kinds of records of the state table, by their partition keys: patterns of IAM, to which the roles are limited.
 * lambda/store/ says what the records are. While an update is under way, the version before runs with the new rights:
 * what a release no longer uses stays in `uses` until the next one.
 */
export const stateKeys = {
  subscriptions: 'S#*',
  /** Detection finds subscriptions by them. */
  entries: 'I#*',
  'lists of people': 'P#*',
  'lists of instances': 'N#*',
  'lists of flows': 'F#*',
  deliveries: 'D#*',
  decisions: 'L#*',
  cursors: 'C#*',
  leases: 'WATCH#*',
  /** Of 0.1.0. */
  'former leases': 'WATCH',
  pauses: 'PAUSED',
  troubles: 'TROUBLES',
  audit: 'A#*',
  'dead letters': 'Q#*',
  /** Tells which instances have changed. */
  'head of the instances': 'INSTANCES',
  instances: 'INSTANCES#*',
  'connectors in use': 'USE',
  'shared keys': 'KEY',
  /** Callback URLs are sealed with it. */
  'sealing key': 'SEAL',
  'sent rows': 'sent#*',
  'canary runs': 'CANARY',
} as const;

export type StateKind = keyof typeof stateKeys;

/** The queues of the work. */
export type QueueName = 'watch' | 'delivery' | 'retry';

/** Where messages of a queue are put that were given up. */
export type DeadLetterQueueName = `${QueueName}DeadLetters`;

/** The queues that functions consume. */
export type ConsumedQueueName = QueueName | DeadLetterQueueName;

export interface QueueConsumption {
  /** Messages in one invocation. */
  readonly batchSize: number;
  /**
   * Invocations at once. They bound the pressure on Customer Insights (watch) and on the hosts of callbacks.
   */
  readonly maximumConcurrency: number;
}

/** Something that a function uses: it gets the right to it and is told where it is, and nothing else. */
export type Use =
  | {
      readonly table: 'state';
      readonly actions: readonly TableAction[];
      /** The only records that the actions are allowed on. */
      readonly of: readonly StateKind[];
      /** What of it nothing in the end-to-end suite needs, each with the reason why it is allowed anyway. */
      readonly unusedHere?: Readonly<Partial<Record<TableAction | StateKind, string>>>;
    }
  | {
      readonly table: 'limiter';
      readonly actions: readonly TableAction[];
      readonly unusedHere?: Readonly<Partial<Record<TableAction, string>>>;
    }
  | { readonly sendTo: readonly (QueueName | 'deliveryDeadLetters')[] }
  | { readonly consume: Readonly<Partial<Record<ConsumedQueueName, QueueConsumption>>> }
  /** Callback URLs: seals them, and opens none; or opens them. */
  | { readonly callbackKey: 'seal' | 'open' }
  /** The REST API, the tenant's tokens and the secrets of both. */
  | { readonly customerInsights: 'call' }
  /** The issuer of the callers' tokens, for a function that calls nothing in their name. */
  | { readonly signIn: 'verify' }
  /** Where the controls of a local run are; "none" in a deployment. */
  | { readonly localRun: 'tell' }
  /** The callback of the canary, where the configuration has one. */
  | { readonly canary: 'know' }
  /** To be called as a function, and not through the API. */
  | { readonly invoke: 'subscriptions' };

/** The environment variables in which a function is told where something is. */
export const environmentNames = {
  state: 'STATE_TABLE',
  limiter: 'LIMITER_TABLE',
  watch: 'WATCH_QUEUE_URL',
  delivery: 'DELIVERY_QUEUE_URL',
  retry: 'RETRY_QUEUE_URL',
  deliveryDeadLetters: 'DEAD_LETTER_QUEUE_URL',
  // A message says the ARN of the queue that it comes from.
  watchDeadLettersArn: 'WATCH_DEAD_LETTERS_ARN',
  deliveryDeadLettersArn: 'DELIVERY_DEAD_LETTERS_ARN',
  retryDeadLettersArn: 'RETRY_DEAD_LETTERS_ARN',
  callbackKey: 'CALLBACK_KEY_ID',
  customerInsights: 'CUSTOMER_INSIGHTS_URL',
  authority: 'AUTHORITY',
  localRun: 'LOCAL_RUN_URL',
  canary: 'CANARY_URL',
  subscriptions: 'SUBSCRIPTIONS_FUNCTION',
} as const;

export type EnvironmentName = (typeof environmentNames)[keyof typeof environmentNames];

export interface FunctionFacts {
  readonly description: string;
  /**
   * Buys CPU time in proportion: 1,769 MB is one core. The functions mostly wait for others; the figures
   * leave enough of a core that start-up and the check of a token's signature stay short.
   */
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** The most that `index.mjs` may have: every start loads it. */
  readonly maximumBundleBytes: number;
  /** In the order of the statements of its role. */
  readonly uses: readonly Use[];
  /** When it runs by itself: an expression of EventBridge Scheduler. */
  readonly schedule?: string;
  /** What it counts, by name: an alarm can watch nothing else. docs/runbook.md says what to do about each. */
  readonly metrics: readonly string[];
}

/**
 * An HTTP API waits 29 s for its integration; a second less, so that the function's own end is what is
 * logged.
 */
const httpTimeoutSeconds = 28;

/**
 * What an instance grants is shared by all that call it: read before a call, written when it asks for a
 * pause.
 */
const upstreamBudget: Use = { table: 'limiter', actions: ['GetItem', 'UpdateItem'] };

/**
 * A failure without a visible effect: an older secret, key or token was used, or a pause was not shared.
 */
const coveredUp = 'FailuresCoveredUp';

const knowInstances: readonly Use[] = [
  { table: 'state', actions: ['GetItem'], of: ['head of the instances'] },
  { table: 'state', actions: ['Query'], of: ['instances'] },
];

/** Failures that no caller can mend; lambda/runtime/failure-metric.ts says which error counts where. */
const failures = [
  // A token could not be had, or a secret or key was refused or could not be read.
  'CredentialFailures',
  // Customer Insights refused a call, or did not answer.
  'SourceRefusals',
  // The state table or a queue did not answer.
  'StoreFailures',
  // Calls could not be counted, and were refused.
  'LimiterFailures',
] as const;

/** Messages whose handling threw. Each comes back, and is a dead letter after its last receive. */
const thrown = 'MessagesFailed';

export const functionFacts = {
  subscriptions: {
    description: 'Registers and removes the webhook subscriptions of flows.',
    memoryMegabytes: 1024,
    timeoutSeconds: httpTimeoutSeconds,
    maximumBundleBytes: 250_000,
    uses: [
      {
        table: 'state',
        actions: ['GetItem', 'PutItem', 'DeleteItem'],
        of: ['subscriptions', 'entries', 'lists of people', 'lists of instances', 'lists of flows'],
      },
      // Starting values, who called, and the key that seals callback URLs.
      {
        table: 'state',
        actions: ['GetItem', 'PutItem'],
        of: ['cursors', 'connectors in use', 'audit', 'sealing key'],
      },
      {
        table: 'state',
        actions: ['Query'],
        of: ['lists of people', 'lists of instances', 'lists of flows', 'deliveries', 'decisions', 'cursors'],
      },
      ...knowInstances,
      // The limit per connection needs the same; the places of a person and of an instance are read at once.
      { table: 'limiter', actions: ['GetItem', 'UpdateItem', 'BatchGetItem'] },
      // Samples.
      { sendTo: ['delivery'] },
      { callbackKey: 'seal' },
      { customerInsights: 'call' },
      { canary: 'know' },
    ],
    metrics: [
      coveredUp,
      ...failures,
      // How far the clock of a function is behind those of others.
      'ClockBehind',
      // Records of another schema version.
      'RecordsSetAside',
    ],
  },
  proxy: {
    description:
      'Serves actions and drop-downs from the Customer Insights REST API, within the limit per connection.',
    // A quarter of a core: a call needs 2 ms of a whole one.
    memoryMegabytes: 448,
    timeoutSeconds: httpTimeoutSeconds,
    maximumBundleBytes: 350_000,
    uses: [
      // The limit per connection needs the same.
      upstreamBudget,
      // Which rows were sent to be created; see lambda/proxy/sent-rows.ts.
      { table: 'state', actions: ['GetItem', 'PutItem', 'DeleteItem'], of: ['sent rows'] },
      // Who called, and the key that seals partitions.
      { table: 'state', actions: ['GetItem', 'PutItem'], of: ['connectors in use', 'shared keys'] },
      ...knowInstances,
      { customerInsights: 'call' },
    ],
    metrics: [coveredUp, ...failures, 'ClockBehind'],
  },
  console: {
    description: 'Serves the pages of the console, and the operations that they call.',
    memoryMegabytes: 512,
    timeoutSeconds: httpTimeoutSeconds,
    maximumBundleBytes: 250_000,
    uses: [
      // Removals of subscriptions.
      {
        table: 'state',
        actions: ['GetItem', 'DeleteItem'],
        of: ['subscriptions', 'lists of people', 'lists of instances', 'lists of flows'],
      },
      { table: 'state', actions: ['DeleteItem'], of: ['entries'] },
      { table: 'state', actions: ['PutItem'], of: ['audit'] },
      // All else only looks.
      { table: 'state', actions: ['GetItem'], of: ['cursors', 'connectors in use'] },
      {
        table: 'state',
        actions: ['Query'],
        of: [
          'lists of people',
          'lists of instances',
          'deliveries',
          'decisions',
          'cursors',
          'pauses',
          'leases',
          'former leases',
        ],
      },
      ...knowInstances,
      upstreamBudget,
      // Samples.
      { sendTo: ['delivery'] },
      { customerInsights: 'call' },
      { localRun: 'tell' },
    ],
    metrics: [coveredUp, ...failures, 'ClockBehind', 'RecordsSetAside'],
  },
  resend: {
    description: 'Shows deliveries and dead letters in the console, and sends events again.',
    memoryMegabytes: 512,
    timeoutSeconds: httpTimeoutSeconds,
    maximumBundleBytes: 250_000,
    uses: [
      { table: 'state', actions: ['GetItem', 'Query'], of: ['deliveries', 'dead letters'] },
      // Dead letters that were sent again.
      { table: 'state', actions: ['DeleteItem'], of: ['dead letters'] },
      { table: 'state', actions: ['GetItem'], of: ['subscriptions'] },
      {
        table: 'state',
        actions: ['Query'],
        of: ['lists of people', 'lists of instances', 'decisions'],
      },
      { table: 'state', actions: ['PutItem'], of: ['audit'] },
      ...knowInstances,
      // The limit per person.
      {
        table: 'limiter',
        actions: ['GetItem', 'UpdateItem'],
        unusedHere: {
          GetItem:
            'DynamoDB and dynoxide return the item of a failed condition; with the engine dynalite it has to be read.',
        },
      },
      // As redriven and replayed events go, so that they delay no first attempt.
      { sendTo: ['retry'] },
      { signIn: 'verify' },
    ],
    metrics: [coveredUp, ...failures, 'ClockBehind', 'RecordsSetAside'],
  },
  dispatch: {
    description: 'Runs every minute; queues the instances whose watch is due.',
    memoryMegabytes: 256,
    // Overlaps with the next minute's run at most once.
    timeoutSeconds: 60,
    maximumBundleBytes: 250_000,
    uses: [
      {
        table: 'state',
        actions: ['Query'],
        of: ['leases', 'former leases', 'pauses', 'troubles'],
      },
      // Subscriptions that were paused too long are ended.
      {
        table: 'state',
        actions: ['GetItem', 'PutItem'],
        of: ['subscriptions', 'lists of people', 'lists of instances', 'lists of flows', 'audit', 'troubles'],
      },
      {
        table: 'state',
        actions: ['DeleteItem'],
        of: ['entries', 'pauses', 'subscriptions'],
        unusedHere: {
          subscriptions:
            'A poll that began before the pause may write again whether a trigger can fire; that is removed.',
        },
      },
      ...knowInstances,
      { sendTo: ['watch'] },
    ],
    schedule: 'rate(1 minute)',
    metrics: [
      // How long the instance that waits longest has been due.
      'WatchLag',
      // Subscriptions that were paused for too long.
      'SubscriptionsEnded',
      // Records of another schema version.
      'RecordsSetAside',
    ],
  },
  watch: {
    description: 'Polls a batch of instances, detects events and queues their deliveries.',
    // It waits for Customer Insights most of the time, and the price is that of memory times time: docs/cost.md.
    memoryMegabytes: 288,
    // A batch of instances, each with an upstream that may be slow or processed after an outage.
    timeoutSeconds: 120,
    maximumBundleBytes: 250_000,
    uses: [
      {
        table: 'state',
        actions: ['GetItem', 'PutItem'],
        of: [
          'leases',
          'former leases',
          'cursors',
          'decisions',
          'subscriptions',
          'entries',
          'pauses',
          'troubles',
          'audit',
        ],
        unusedHere: {
          entries:
            'They are written again with the note of a trouble: test/lambda/watch/tell-troubles.test.ts.',
        },
      },
      {
        table: 'state',
        actions: ['GetItem'],
        of: ['deliveries'],
        unusedHere: {
          deliveries: 'One that has waited too long is a trouble: test/lambda/watch/troubles.test.ts.',
        },
      },
      // In one request: the leases of a message's instances, their pauses, and whether instances have changed.
      { table: 'state', actions: ['BatchGetItem'], of: ['leases', 'head of the instances'] },
      { table: 'limiter', actions: ['BatchGetItem'] },
      { table: 'state', actions: ['Query'], of: ['cursors', 'entries', 'troubles'] },
      {
        table: 'state',
        // Of a subscription that it pauses: its entries, and whether it can fire.
        actions: ['DeleteItem'],
        of: ['cursors', 'entries', 'troubles', 'subscriptions', 'former leases'],
        unusedHere: {
          'former leases': 'Only the first polls after 0.1.0: test/pins/upgrade.test.ts.',
          subscriptions:
            'Whether a trigger can fire is forgotten when it is paused: test/lambda/store/subscriptions.test.ts.',
        },
      },
      ...knowInstances,
      upstreamBudget,
      // One message is a batch of instances in itself. Few instances never need them; 10,000 need 40 on average (docs/scaling.md).
      { consume: { watch: { batchSize: 1, maximumConcurrency: 100 } } },
      { sendTo: ['watch', 'delivery'] },
      { customerInsights: 'call' },
    ],
    metrics: [
      // Occurrences that were owed to at least one subscription.
      'EventsDetected',
      // Times that detection could not look back to.
      'Gaps',
      // Occurrences that could not be sent; each is a gap too.
      'EventsSetAside',
      // Looks that left work to the next one, because their time was up or an event is still being sent.
      'LooksUnfinished',
      // Looks at an instance that Customer Insights did not answer.
      'SourceFailures',
      'CredentialFailures',
      // Until the client secret expires.
      'ClientSecretDaysLeft',
      // The segment or measure of a subscription is gone.
      'SubscriptionsPaused',
      // Records of another schema version.
      'RecordsSetAside',
      // Jobs, evaluations, leases and cursors dated later than the clock allows.
      'ClockFaults',
      coveredUp,
      thrown,
    ],
  },
  deliver: {
    description: "Posts events to the flows' callback URLs.",
    // It waits for the flows most of the time.
    memoryMegabytes: 256,
    // Ten callbacks at once. The longest delivery, one that ends its subscription: 10 s for the callback, 9 s where
    // one call of table, queue or keys needs all three tries of 3 s, and 0.1 s for each of 20 calls: 21 s. Measured
    // by test/lambda/deliver/time-limit.test.ts. It is short because the messages of a worker that was killed come
    // back after six times as long (lib/queues.ts): 132 s.
    timeoutSeconds: 22,
    maximumBundleBytes: 250_000,
    uses: [
      // BatchGetItem: what a batch of messages reads at a time.
      {
        table: 'state',
        actions: ['GetItem', 'BatchGetItem', 'PutItem'],
        of: [
          'deliveries',
          'subscriptions',
          'entries',
          'lists of people',
          'lists of instances',
          'lists of flows',
          'pauses',
          'troubles',
          'audit',
        ],
      },
      // Of a subscription that keeps failing, and the other subscriptions of a flow.
      { table: 'state', actions: ['Query'], of: ['deliveries', 'lists of flows'] },
      {
        table: 'state',
        actions: ['DeleteItem'],
        of: ['entries', 'subscriptions', 'lists of flows'],
        unusedHere: {
          subscriptions:
            'Whether a trigger can fire is forgotten when it is stopped: test/lambda/store/subscriptions.test.ts.',
        },
      },
      // Deliveries are independent. Retries have a budget of their own, so that a backlog of them delays no
      // first attempt.
      {
        consume: {
          delivery: { batchSize: 10, maximumConcurrency: 20 },
          retry: { batchSize: 10, maximumConcurrency: 5 },
        },
      },
      // A delivery that was given up after its last attempt lies where one that could not be handled at all
      // does.
      { sendTo: ['retry', 'deliveryDeadLetters'] },
      { callbackKey: 'open' },
      { canary: 'know' },
    ],
    metrics: [
      'DeliveriesDelivered',
      // Attempts that are followed by another.
      'DeliveriesRetried',
      // Events with no active subscription: the flow was switched off or deleted.
      'DeliveriesDropped',
      'DeadLetters',
      // The flow answered that it is switched off, or gone.
      'SubscriptionsPaused',
      'SubscriptionsEnded',
      // Records of another schema version.
      'RecordsSetAside',
      thrown,
    ],
  },
  'dead-letters': {
    description: 'Keeps what the queues gave up, so that it can be listed and sent again.',
    memoryMegabytes: 256,
    timeoutSeconds: 22,
    maximumBundleBytes: 250_000,
    uses: [
      { table: 'state', actions: ['PutItem'], of: ['dead letters'] },
      // Dead letters arrive in bursts, when flows fail together; no user waits for them.
      {
        consume: {
          watchDeadLetters: { batchSize: 10, maximumConcurrency: 2 },
          deliveryDeadLetters: { batchSize: 10, maximumConcurrency: 2 },
          retryDeadLetters: { batchSize: 10, maximumConcurrency: 2 },
        },
      },
    ],
    metrics: [
      // Those that SQS moved by itself are among them.
      'DeadLettersKept',
      thrown,
    ],
  },
  canary: {
    description: 'Registers a subscription every five minutes, and receives the sample that is sent to it.',
    memoryMegabytes: 256,
    // A registration that waits for the start of its function, and a removal.
    timeoutSeconds: 40,
    maximumBundleBytes: 250_000,
    uses: [
      { table: 'state', actions: ['GetItem', 'PutItem'], of: ['canary runs'] },
      { canary: 'know' },
      { invoke: 'subscriptions' },
    ],
    schedule: 'rate(5 minutes)',
    metrics: [
      // Samples that arrived.
      'CanarySuccesses',
      // From the beginning of the registration until the sample arrives.
      'CanaryMilliseconds',
    ],
  },
  'instance-rows': {
    description:
      'Writes rows for the instances of the configuration that have none, while a stack is deployed.',
    memoryMegabytes: 256,
    // 200 rows take less than a second; the rest is for a table that does not answer at once.
    timeoutSeconds: 60,
    maximumBundleBytes: 150_000,
    uses: [{ table: 'state', actions: ['GetItem', 'PutItem'], of: ['head of the instances', 'instances'] }],
    // A failure fails the deployment, and the operator sees the reason.
    metrics: [],
  },
} as const satisfies Readonly<Record<string, FunctionFacts>>;

export type FunctionName = keyof typeof functionFacts;

export const functionNames = Object.keys(functionFacts) as readonly FunctionName[];

/** The functions that serve calls, queues and the heartbeat of every deployment. */
export type ServingFunctionName = Exclude<FunctionName, 'canary' | 'instance-rows'>;

export const servingFunctionNames: readonly ServingFunctionName[] = functionNames.filter(
  (name) => name !== 'canary' && name !== 'instance-rows',
);

/** The functions of every deployment; the canary is only where the configuration asks for it. */
export const deployedFunctionNames: readonly FunctionName[] = functionNames.filter(
  (name) => name !== 'canary',
);

export type MetricName = (typeof functionFacts)[FunctionName]['metrics'][number];

export const metricNames: readonly MetricName[] = [
  ...new Set(functionNames.flatMap((name) => functionFacts[name].metrics)),
];
