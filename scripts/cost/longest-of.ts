/** How long the slowest of several calls takes, of a service whose answers are log-normally distributed. */

/** Steps of the sum that stands for the integral. */
const steps = 4_000;
/** Of the standard normal distribution: the value that 99 % are below. */
const slowest = 2.326_347_87;
/** The integral reaches this many standard deviations to each side. */
const reach = 8;

/**
 * The cumulative standard normal distribution; off by at most 7.5e-8.
 * M. Abramowitz, I. A. Stegun, Handbook of Mathematical Functions, 26.2.17.
 */
const below = (z: number): number => {
  const t = 1 / (1 + 0.231_641_9 * Math.abs(z));
  const tail =
    (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) *
    t *
    (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return z < 0 ? tail : 1 - tail;
};

/**
 * The mean of the longest of so many independent calls, in the unit of the percentiles.
 * @param calls at least 1; need not be whole, as a mean of batches
 */
export const longestOf = (
  calls: number,
  { median, slow }: { readonly median: number; readonly slow: number },
): number => {
  const deviation = Math.log(slow / median) / slowest;
  const width = (2 * reach) / steps;
  let mean = 0;
  let before = 0;
  for (let step = 1; step <= steps; step += 1) {
    const z = -reach + step * width;
    const share = below(z) ** calls;
    mean += (share - before) * median * Math.exp(deviation * (z - width / 2));
    before = share;
  }
  return mean;
};
