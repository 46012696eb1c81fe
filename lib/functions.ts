/**
 * The Lambda functions: `lambda/<name>/index.ts` exports the handler, `<functions directory>/<name>` is what is uploaded.
 * Memory buys CPU time in proportion (1,769 MB is one core): the figures are for work that mostly waits on others, with
 * enough of a core that start-up and the checking of a token's signature stay short.
 */
export const functionNames = ['subscriptions', 'proxy', 'dispatch', 'watch', 'deliver'] as const;

export type FunctionName = (typeof functionNames)[number];

export interface FunctionLimits {
  readonly description: string;
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
}

/** An HTTP API waits 29 s for its integration; a second less, so that the function's own end is what is logged. */
const httpTimeoutSeconds = 28;

export const functionLimits: Readonly<Record<FunctionName, FunctionLimits>> = {
  subscriptions: {
    description: 'Registers and removes the webhook subscriptions of flows.',
    memoryMegabytes: 1024,
    timeoutSeconds: httpTimeoutSeconds,
  },
  proxy: {
    description:
      'Serves actions and drop-downs from the Customer Insights REST API, within the limit per connection.',
    memoryMegabytes: 512,
    timeoutSeconds: httpTimeoutSeconds,
  },
  dispatch: {
    description: 'Runs every minute; queues the instances whose watch is due.',
    memoryMegabytes: 256,
    // Overlaps with the next minute's run at most once.
    timeoutSeconds: 60,
  },
  watch: {
    description: 'Looks at a batch of instances, detects events and queues their deliveries.',
    memoryMegabytes: 512,
    // A batch of instances, each with an upstream that may be slow or worked off after an outage.
    timeoutSeconds: 120,
  },
  deliver: {
    description: "Posts events to the flows' callback URLs.",
    memoryMegabytes: 512,
    // Ten callbacks at once, each with its own shorter time-out.
    timeoutSeconds: 60,
  },
};

/** What a bundle may have at most, in bytes of `index.mjs`: every start loads it. */
export const maximumBundleBytes: Readonly<Record<FunctionName, number>> = {
  subscriptions: 450_000,
  proxy: 650_000,
  dispatch: 450_000,
  watch: 450_000,
  deliver: 450_000,
};
