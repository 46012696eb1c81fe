/** Segments that are made and deleted by the hundred each minute, and that nobody follows. */
import type { SegmentMetadata } from '../../lambda/customer-insights/index.ts';
import { toDecimal } from '../../lambda/runtime/decimal.ts';
import type { InstanceWorld } from './source-world.ts';

const minute = 60_000;

/** How their names begin. */
export const crowdPrefix = 'Crowd of ';

export const crowdSegments = ({ crowd }: InstanceWorld, time: number): readonly SegmentMetadata[] => {
  const entityCount = toDecimal('7');
  if (crowd === undefined || time < crowd.from || time >= crowd.to || entityCount === undefined) return [];
  const born = Math.floor(time / minute) * minute;
  return Array.from({ length: crowd.size }, (_, index) => ({
    name: `${crowdPrefix}${born} ${index}`,
    friendlyName: `The ${crowdPrefix}${born} ${index}`,
    state: 'active' as const,
    evaluationStatus: {
      jobStatus: 'CompletedSuccess' as const,
      evaluationDate: new Date(born).toISOString(),
      entityCount,
    },
  }));
};
