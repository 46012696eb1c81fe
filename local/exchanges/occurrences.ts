/**
 * What makes each trigger fire in the simulated instance, given the inputs that its flow was registered with.
 */
import type { TriggerId } from '../../connector/contract/index.ts';
import type { InstanceControl } from '../simulator/control/instance-control.ts';

export type Inputs = Readonly<Record<string, unknown>>;

/** Makes other flows; the flow host does. */
interface Flows {
  create(
    name: string,
    operationId: string,
    inputs: Inputs,
  ): Promise<{ switchOff(how: { readonly unsubscribe: boolean }): Promise<unknown> }>;
}

export interface Occurrence {
  /** Brings the instance to where the flow still waits; before the flow registers. */
  readonly precede?: (instance: InstanceControl, inputs: Inputs, flowHost: Flows) => unknown;
  readonly happen: (instance: InstanceControl, inputs: Inputs) => void;
}

/** Every job of an occurrence takes this long per task, ms of the clock: long enough to be seen running. */
const durationMs = 20_000;

const firstSource = ({ dataSources }: InstanceControl, { dataSource }: Inputs): string =>
  typeof dataSource === 'string' ? dataSource : (dataSources[0]?.name ?? '');

const whole = (value: unknown): number => Math.floor(Number(value));

/** The flow whose trigger is in trouble. */
export const turnedOff = 'turned off';

/** A trigger that is not here does not compile. */
export const occurrences: Readonly<Record<TriggerId, Occurrence>> = {
  OnDataSourceRefreshFailed: {
    happen: (instance, inputs) =>
      instance.refreshDataSource(firstSource(instance, inputs), { outcome: 'fail', durationMs }),
  },
  OnDataSourceRefreshSucceeded: {
    happen: (instance, inputs) =>
      instance.refreshDataSource(firstSource(instance, inputs), { outcome: 'succeed', durationMs }),
  },
  OnSegmentThresholdCrossed: {
    precede: (instance, { segment, threshold }) =>
      instance.refreshSegment(String(segment), { count: whole(threshold), durationMs }),
    happen: (instance, { segment, threshold }) =>
      instance.refreshSegment(String(segment), { count: whole(threshold) + 40, durationMs }),
  },
  OnMeasureThresholdCrossed: {
    precede: (instance, { measure, threshold }) =>
      instance.refreshMeasure(String(measure), { value: String(whole(threshold)), durationMs }),
    happen: (instance, { measure, threshold }) =>
      instance.refreshMeasure(String(measure), { value: `${whole(threshold) + 1250}.5`, durationMs }),
  },
  OnFullRefreshCompleted: { happen: (instance) => instance.refreshAll({ kind: 'scheduled', durationMs }) },
  OnUnificationRefreshCompleted: { happen: (instance) => instance.refreshUnification({ durationMs }) },
  OnTriggerTrouble: {
    // A flow that is turned off while the platform does not say so: the next event finds it out.
    precede: async ({ id }, _, flowHost) => {
      const flow = await flowHost.create(turnedOff, 'OnDataSourceRefreshFailed', { dataset: id });
      await flow.switchOff({ unsubscribe: false });
    },
    happen: (instance) =>
      instance.refreshDataSource(firstSource(instance, {}), { outcome: 'fail', durationMs }),
  },
};
