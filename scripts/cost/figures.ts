/**
 * What the cost model and the model of the quotas are computed from, beside the definitions of the deployment. Each
 * measured figure is compared with the program by the test that it names; each assumed one can be replaced in thought.
 */

export interface Figure {
  readonly value: number;
  readonly unit: string;
  readonly what: string;
  /** The test that holds it; "assumed" where nothing here can measure it. */
  readonly from: string;
}

const assumed = 'assumed';
const calls = 'test/scripts/cost/usage.test.ts';

export const figures = {
  proxyUpstreamMs: {
    value: 140,
    unit: 'ms',
    what: 'a proxied call waits for Customer Insights and the network to it',
    from: assumed,
  },
  proxyOwnMs: {
    value: 12,
    unit: 'ms',
    what: "a proxied call's own time: the limiter's write, and the CPU time of `npm run bench:proxy` at a quarter of a core",
    from: assumed,
  },
  proxyWrites: { value: 1, unit: 'write units', what: 'of a proxied call, for the limit', from: calls },
  proxyReads: {
    value: 0.6,
    unit: 'read units',
    what: 'of a proxied call: whether the instance is paused (0.5, once in 5 s), and whether instances have changed (once in 30 s)',
    from: assumed,
  },
  proxyLineBytes: { value: 760, unit: 'bytes', what: "a proxied call's line in the log", from: calls },
  accessLineBytes: {
    value: 260,
    unit: 'bytes',
    what: "a call's line in the access log of the API",
    from: calls,
  },
  lineOverheadBytes: { value: 26, unit: 'bytes', what: 'that CloudWatch adds to each line', from: assumed },
  pageCallMs: { value: 60, unit: 'ms', what: 'a call of a page of the console, at most', from: assumed },
  pageCallReads: {
    value: 60,
    unit: 'read units',
    what: 'of a call of a page of the console, at most',
    from: 'test/lambda/console/search.test.ts',
  },
  pageCallWrites: {
    value: 1,
    unit: 'write units',
    what: 'of a call of a page of the console',
    from: assumed,
  },
  deliveryWrites: { value: 2, unit: 'write units', what: 'of a delivery: lease and outcome', from: calls },
  deliveryReads: {
    value: 1,
    unit: 'read units',
    what: 'of a delivery: its subscription, where no other of the batch has the same',
    from: calls,
  },
  deliveryRecordBytes: {
    value: 640,
    unit: 'bytes',
    what: 'the record of a delivery, with what DynamoDB adds',
    from: calls,
  },
  deliveryLineBytes: { value: 66, unit: 'bytes', what: 'of the log for a delivery', from: calls },
  deliveryBatchLineBytes: {
    value: 145,
    unit: 'bytes',
    what: 'of the log for the deliveries of an invocation together',
    from: calls,
  },
  deliverMetricsBytes: {
    value: 300,
    unit: 'bytes',
    what: 'the line of metrics of an invocation of `deliver`',
    from: calls,
  },
  deliveryWaitMs: {
    value: 200,
    unit: 'ms',
    what: 'the slowest of ten flows answers, with three calls of the table',
    from: assumed,
  },
  deliveryCpuMs: {
    value: 1.3,
    unit: 'ms',
    what: 'of a whole core for a delivery; `npm run bench` prints it for each machine',
    from: assumed,
  },
  monthsUntilSaved: {
    value: 36,
    unit: 'months',
    what: 'until a flow is saved again, at most',
    from: assumed,
  },
  processLifeHours: { value: 2, unit: 'hours', what: 'a process of a function is used', from: assumed },
  eventReads: {
    value: 3,
    unit: 'read units',
    what: 'of an event for ten flows beside the sweep or job that shows it, by a process that did not make the poll before',
    from: calls,
  },
  eventWrites: { value: 1, unit: 'write units', what: 'of an event for ten flows', from: calls },
  lookReads: { value: 1, unit: 'read units', what: 'of a poll at which nothing has happened', from: calls },
  lookWrites: { value: 1, unit: 'write units', what: 'of a poll at which nothing has happened', from: calls },
  sweepReads: {
    value: 1,
    unit: 'read units',
    what: 'more, of a poll that reads everything (each 15 minutes)',
    from: calls,
  },
  sweepWrites: {
    value: 2,
    unit: 'write units',
    what: 'more, of a poll that reads everything: lease and cursor',
    from: calls,
  },
  cursorUnits: {
    value: 4,
    unit: 'write units',
    what: 'of the cursor that such a poll writes: about 40 segments and measures',
    from: assumed,
  },
  sourceMedianMs: {
    value: 300,
    unit: 'ms',
    what: 'Customer Insights answers half of the polls within',
    from: assumed,
  },
  sourceSlowMs: {
    value: 3_000,
    unit: 'ms',
    what: 'Customer Insights answers 99 % of the polls within',
    from: assumed,
  },
  lookOwnMs: {
    value: 20,
    unit: 'ms',
    what: 'our own time and that of the table for a message of ten polls',
    from: assumed,
  },
  leaseBytes: {
    value: 310,
    unit: 'bytes',
    what: 'the lease of an instance, with what DynamoDB adds',
    from: calls,
  },
  dispatchMs: { value: 60, unit: 'ms', what: 'a run of `dispatch` for few instances', from: assumed },
  dispatchMsPerThousand: {
    value: 60,
    unit: 'ms',
    what: 'more for each 1,000 instances',
    from: assumed,
  },
  dispatchMetricsBytes: {
    value: 260,
    unit: 'bytes',
    what: 'the line of metrics of a run of `dispatch`',
    from: calls,
  },
  pollersPerQueue: {
    value: 5,
    unit: 'requests',
    what: 'of 20 s each are under way at every queue that has a consumer, also when it is empty',
    from: assumed,
  },
  keyBytes: {
    value: 180,
    unit: 'bytes',
    what: 'the two keys of an instance in a secret that instances share',
    from: calls,
  },
  registrationReads: {
    value: 20,
    unit: 'read units',
    what: 'of a registration, at most',
    from: 'test/e2e/calls-of-the-model.test.ts',
  },
  registrationWrites: {
    value: 17,
    unit: 'write units',
    what: 'of a registration, at most',
    from: 'test/e2e/calls-of-the-model.test.ts',
  },
  removalReads: {
    value: 3,
    unit: 'read units',
    what: 'of a removal of a subscription by its address',
    from: 'test/lambda/subscriptions/registration-cost.test.ts',
  },
  removalWrites: {
    value: 6,
    unit: 'write units',
    what: 'of a removal of a subscription by its address',
    from: 'test/lambda/subscriptions/registration-cost.test.ts',
  },
  removalMs: { value: 100, unit: 'ms', what: 'a removal takes', from: assumed },
  canaryReads: {
    value: 3,
    unit: 'read units',
    what: 'of a run of the canary, besides the registration, the delivery and the removal',
    from: 'test/lambda/canary/one-run.test.ts',
  },
  canaryWrites: {
    value: 3,
    unit: 'write units',
    what: 'of a run of the canary, likewise',
    from: 'test/lambda/canary/one-run.test.ts',
  },
  canaryReceiveMs: { value: 30, unit: 'ms', what: 'the canary takes to receive its sample', from: assumed },
  registrationMs: { value: 400, unit: 'ms', what: 'a registration takes', from: assumed },
  subscriptionBytes: {
    value: 4_100,
    unit: 'bytes',
    what: 'a subscription with its entries in lists, with what DynamoDB adds',
    from: calls,
  },
  entryBytes: {
    value: 400,
    unit: 'bytes',
    what: 'the entry by which an event finds a flow',
    from: calls,
  },
  sendBatchMs: { value: 20, unit: 'ms', what: 'a batch of messages takes to be sent', from: assumed },
  batchesAtOnce: { value: 8, unit: 'batches', what: 'are sent at once', from: assumed },
  peakFactor: {
    value: 6,
    unit: 'times',
    what: 'the mean, of calls and events in the busiest hour: all in the eight hours of working days, and half more',
    from: assumed,
  },
  answerOfListBytes: { value: 2_048, unit: 'bytes', what: 'the answer for a drop-down', from: assumed },
  answerOfPageBytes: { value: 32_768, unit: 'bytes', what: 'a page of 100 rows', from: assumed },
  notificationBytes: {
    value: 2_048,
    unit: 'bytes',
    what: 'the request that calls a flow, with headers and TLS',
    from: assumed,
  },
} as const satisfies Readonly<Record<string, Figure>>;

export type FigureName = keyof typeof figures;

export const figure = (name: FigureName): number => figures[name].value;
