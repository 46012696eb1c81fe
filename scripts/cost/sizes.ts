/** The three sizes for which docs/cost.md and docs/scaling.md have figures. */
import type { Workload } from './month.ts';

/** What each flow does in a month: assumed. */
export const flowMonth = { callsPerFlow: 200, deliveriesPerFlow: 100, registrationsPerFlow: 1 } as const;

export const sizes = {
  small: { ...flowMonth, instances: 1, subscriptions: 10, together: 1 },
  medium: { ...flowMonth, instances: 50, subscriptions: 1_000, together: 4 },
  large: { ...flowMonth, instances: 10_000, subscriptions: 1_000_000, together: 10 },
} as const satisfies Readonly<Record<string, Workload>>;

export type SizeName = keyof typeof sizes;

export const sizeNames = Object.keys(sizes) as readonly SizeName[];

const inEnglish = (value: number) => value.toLocaleString('en');

export const sizeText = ({ instances, subscriptions }: Workload): string =>
  `${inEnglish(instances)} ${instances === 1 ? 'instance' : 'instances'}, ${inEnglish(subscriptions)} flows`;
