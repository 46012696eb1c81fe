/**
 * The measures as people see them: what kind each is, and the value of those that have one for the whole
 * instance.
 */
import pMap from 'p-map';
import type { RunStatus } from '../../connector/contract/display-names.ts';
import {
  type CustomerInsightsClient,
  isAnyOf,
  isScalarMeasure,
  type MeasureMetadata,
} from '../customer-insights/index.ts';
import { ownershipIn } from '../customer-insights/ownership.ts';
import { toDecimal } from '../runtime/decimal.ts';
import type { Ownership } from '../triggers/observation.ts';
import type { DatedValue } from './read-segments.ts';
import { runStatusOf } from './upstream-status.ts';

export interface MeasureState {
  readonly name: string;
  readonly displayName: string;
  readonly kind: 'customerAttribute' | 'customerMeasure' | 'businessMeasure';
  /** One value for the whole instance: a business measure without a dimension. */
  readonly hasValue: boolean;
  readonly output: DatedValue | undefined;
  readonly status: RunStatus;
  readonly evaluatedAt: string | undefined;
  readonly error: string | undefined;
  readonly ownership: Ownership;
}

/**
 * Whether the list carries `output` is not published; at most this many measures are asked one by one, this
 * many at a time.
 */
const mostAskedAlone = 60;
const askedAtOnce = 6;

const kindOf = ({ definition }: MeasureMetadata): MeasureState['kind'] => {
  if (isAnyOf(definition?.kind, 'attribute')) return 'customerAttribute';
  const perCustomer = (definition?.dimensions ?? []).some(({ field }) => isAnyOf(field, 'CustomerId'));
  return perCustomer ? 'customerMeasure' : 'businessMeasure';
};

/** Whether it is a business measure without a dimension. */
export const isScalar = (measure: MeasureMetadata): boolean => isScalarMeasure(measure) === true;

/** A scalar has exactly one value, under a name that is not published. */
const outputOf = (measure: MeasureMetadata): DatedValue | undefined => {
  if (!isScalar(measure)) return undefined;
  const [digits, ...others] = Object.values(measure.output?.values ?? {});
  const value = digits === undefined || others.length > 0 ? undefined : toDecimal(digits);
  return value === undefined ? undefined : { value, at: measure.output?.evaluationTime };
};

const lacksOutput = (measure: MeasureMetadata): boolean =>
  isScalar(measure) &&
  measure.output === undefined &&
  (measure.latestEvaluation?.lastSuccessfulRunId !== undefined ||
    measure.evaluationStats?.lastSuccessful !== undefined);

/** The same measures, those whose value the list left out asked for one by one. */
const withOutputs = async (
  client: CustomerInsightsClient,
  instanceId: string,
  measures: readonly MeasureMetadata[],
): Promise<readonly MeasureMetadata[]> => {
  const asked = measures.filter(lacksOutput).slice(0, mostAskedAlone);
  const outputs = new Map<string, MeasureMetadata['output']>();
  await pMap(
    asked,
    async ({ name }) => {
      if (name !== undefined) outputs.set(name, (await client.getMeasure(instanceId, name)).output);
    },
    { concurrency: askedAtOnce },
  );
  return measures.map((measure) => {
    const output = measure.output ?? outputs.get(measure.name ?? '');
    return output === undefined ? measure : { ...measure, output };
  });
};

export const readMeasures = async (
  client: CustomerInsightsClient,
  instanceId: string,
): Promise<readonly MeasureState[]> => {
  const measures = await withOutputs(client, instanceId, await client.listMeasures(instanceId));
  return measures.flatMap((measure) => {
    const { name, displayName, latestEvaluation, errorDescription } = measure;
    return name === undefined
      ? []
      : [
          {
            name,
            displayName: displayName ?? name,
            kind: kindOf(measure),
            hasValue: isScalar(measure),
            output: outputOf(measure),
            status: runStatusOf(latestEvaluation?.state),
            evaluatedAt: latestEvaluation?.endTime,
            error: latestEvaluation?.error ?? errorDescription?.value,
            ownership: ownershipIn(measure),
          },
        ];
  });
};
