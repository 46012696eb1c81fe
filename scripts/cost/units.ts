/** Quantities of what has a price. */
import { dayMs, minuteMs, secondMs } from '../../lambda/runtime/time.ts';
import { prices } from '../../lib/prices.ts';

export type PriceName = Exclude<keyof typeof prices, 'logCompression'>;

/** Quantities, by the price of one. */
export type Units = Readonly<Partial<Record<PriceName, number>>>;

export const million = 1_000_000;
export const gigabyte = 1024 ** 3;
export const monthDays = 30;
export const monthMs = monthDays * dayMs;
export const monthMinutes = monthMs / minuteMs;
export const monthSeconds = monthMs / secondMs;

export const plus = (...all: readonly Units[]): Units => {
  const sum: Partial<Record<PriceName, number>> = {};
  for (const units of all)
    for (const [name, quantity] of Object.entries(units) as [PriceName, number][])
      sum[name] = (sum[name] ?? 0) + quantity;
  return sum;
};

export const times = (factor: number, units: Units): Units =>
  Object.fromEntries(Object.entries(units).map(([name, quantity]) => [name, quantity * factor]));

export const usdOf = (units: Units): number =>
  Object.entries(units).reduce((sum, [name, quantity]) => sum + quantity * prices[name as PriceName], 0);
