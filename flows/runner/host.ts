import type { FlowClock } from './clock.ts';
import type { Connector } from './connectors/hosted-connector.ts';
import type { Mocks } from './connectors/mocks.ts';

/** What a flow runs with. All of it is handed in, so that the same event gives the same record. */
export interface FlowHostParts {
  readonly workflowId: string;
  readonly clock: FlowClock;
  /** A GUID in its 8-4-4-4-12 form. */
  readonly newGuid: () => string;
  /** From 0 to 1, without 1. */
  readonly random: () => number;
  readonly connectors: readonly Connector[];
  readonly mocks: Mocks;
}
