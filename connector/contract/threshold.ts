/** Shared by the threshold triggers. */
import { choice, decimal, optional } from './schema.ts';

/** What a threshold can be; in words, because a bound of Swagger is a double. */
export const exactNumbers = 'At most 38 significant digits.';

const directions = { above: 'Rises above', below: 'Falls below' } as const;

/** Optional inputs of a threshold trigger. */
export const thresholdOptions = {
  direction: optional(
    choice(directions, {
      summary: 'Direction',
      description:
        'above: the flow runs when the value rises above the threshold. below: when it falls below it. A value equal to the threshold is neither.',
      default: 'above',
      visibility: 'advanced',
    }),
  ),
  rearmLevel: optional(
    decimal({
      summary: 'Reset Level',
      description: `After a run, the flow runs again only after the value has returned to this level. If empty, the level is the threshold. ${exactNumbers}`,
      visibility: 'advanced',
    }),
  ),
};

/**
 * What a threshold trigger takes beside its subject.
 * @param value what crosses the threshold, in the words of the designer
 */
export const thresholdInputs = (value: 'member count' | 'measure') => ({
  threshold: decimal({
    summary: 'Threshold',
    description: `The number that the ${value} must cross for the flow to run; Direction says which way. ${exactNumbers}`,
  }),
  ...thresholdOptions,
});

/** The payload of a threshold trigger. */
export const thresholdProperties = {
  currentValue: decimal({ summary: 'Current Value', description: 'The value that crossed the threshold.' }),
  previousValue: decimal({
    summary: 'Previous Value',
    description: 'The value at the evaluation before.',
  }),
  threshold: decimal({ summary: 'Threshold', description: 'The threshold of this subscription.' }),
  direction: choice(directions, {
    summary: 'Direction',
    description: 'Whether the value rose above the threshold or fell below it.',
  }),
};
