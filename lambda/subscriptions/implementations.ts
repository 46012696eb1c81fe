import { ApiError } from '../http/errors.ts';
import type { Implementations } from '../http/implementations.ts';
import { servedInstance } from '../http/served-instance.ts';
import { baselineOfJobs, emptyBaseline } from '../triggers/baseline.ts';
import { toDecimal } from '../triggers/decimal.ts';
import { longestHistoryDays } from '../triggers/source.ts';
import { deleteSubscription, registerSubscription, type SubscriptionPorts } from './service.ts';

/** What each operation of the function does: its inputs, how they are checked against the source, and the baseline. */
export const subscriptionImplementations = (ports: SubscriptionPorts): Implementations<'subscriptions'> => ({
  OnDataSourceRefreshFailed: async ({ path, body }, context) => {
    const { id: instanceId } = servedInstance(ports.settings, path.dataset);
    const dataSource = body.dataSource?.trim() || null;
    return registerSubscription(
      ports,
      {
        trigger: 'OnDataSourceRefreshFailed',
        instanceId,
        subject: dataSource,
        threshold: null,
        callbackUrl: body.callbackUrl,
        readBaseline: async (source) => {
          const [jobs, dataSources] = await Promise.all([
            source.jobs(instanceId),
            dataSource === null ? [] : source.dataSources(instanceId),
          ]);
          if (dataSource !== null && !dataSources.some((known) => known.dataSourceId === dataSource))
            throw new ApiError(
              'DataSourceUnknown',
              `The instance has no data source with the id "${dataSource}". Choose one from the list, or leave it empty for any.`,
            );
          return baselineOfJobs(jobs);
        },
      },
      context,
    );
  },

  OnSegmentThresholdCrossed: async ({ path, body }, context) => {
    const { id: instanceId } = servedInstance(ports.settings, path.dataset);
    const threshold = toDecimal(body.threshold);
    if (threshold === undefined)
      throw new ApiError(
        'RequestInvalid',
        `The threshold ${body.threshold} cannot be held exactly. At most 38 significant digits and an exponent from -130 to 125 are possible.`,
      );
    return registerSubscription(
      ports,
      {
        trigger: 'OnSegmentThresholdCrossed',
        instanceId,
        subject: body.segment,
        threshold,
        callbackUrl: body.callbackUrl,
        readBaseline: async (source) => {
          const read = async (historyDays: number) =>
            (await source.segments(instanceId, historyDays)).find(({ name }) => name === body.segment);
          const segment = await read(0);
          if (!segment)
            throw new ApiError(
              'SegmentUnknown',
              `The instance has no segment named "${body.segment}". Choose one from the list.`,
            );
          // While it is being evaluated, or after a failure, the latest success stands in the history only.
          const last = segment.evaluations.at(-1) ?? (await read(longestHistoryDays))?.evaluations.at(-1);
          return last ? { at: last.at, occurrences: [new Date(last.at).toISOString()] } : emptyBaseline;
        },
      },
      context,
    );
  },

  DeleteSubscription: async ({ path }, context) => {
    const outcome = await deleteSubscription(ports, path.subscriptionId, path.secret);
    context.log.info('subscription delete', { subscriptionId: path.subscriptionId, outcome });
    return { body: null };
  },
});
