import { dayMs, hourMs } from '../../../lambda/runtime/time.ts';
import { fraction, mix } from '../random.ts';
import type { WorkflowNode } from '../workflow/types.ts';
import { historyDays, type Instance } from './instance.ts';
import { isScalar } from './measures.ts';
import type { TaskScript } from './task-plans.ts';

/** Days before the start on which something other than a plain success happened. */
const incidents: Readonly<Record<number, (node: WorkflowNode) => TaskScript>> = {
  23: (node) => (node.friendlyName === 'E-commerce shop' ? { outcome: 'fail', retries: 2 } : {}),
  17: (node) => (node.key === 'LoyaltyGold' ? { outcome: 'fail' } : {}),
  15: (node) => (node.friendlyName === 'Loyalty programme' ? { outcome: 'retryThenSucceed' } : {}),
  11: (node) => (node.friendlyName === 'Point of sale' ? { outcome: 'timeOut' } : {}),
  5: (node) => (node.key === 'AverageOrderValue' ? { outcome: 'fail' } : {}),
};

/**
 * Plays the 30 days before the start through the instance's own workflow: a scheduled full refresh a day, the
 * last one over before the start, with a few failures, one retry and two runs started by hand. Ends on the
 * seeded counts and values.
 */
export const layHistory = (instance: Instance, startAt: number): void => {
  const lastRun = Math.floor(startAt / hourMs) * hourMs - 3 * hourMs;
  const finals = finalFigures(instance);
  for (let daysAgo = historyDays - 1; daysAgo >= 0; daysAgo -= 1) {
    const at = lastRun - daysAgo * dayMs;
    instance.settleHistory(at);
    const incident = incidents[daysAgo] ?? (() => ({}));
    const scriptOf = (node: WorkflowNode): TaskScript => ({
      ...incident(node),
      evaluation: figuresOn(instance, finals, node, daysAgo),
    });
    instance.submit({ operationType: 'all', submissionKind: 'scheduled', scriptOf }, at);
    const byHand = at + 8 * hourMs;
    if (daysAgo === 12 || daysAgo === 3) {
      instance.settleHistory(byHand);
      const source = instance.dataSources[2]?.id ?? '';
      if (daysAgo === 3) instance.submit({ operationType: 'all', forceRunRequested: true, scriptOf }, byHand);
      else instance.submit({ operationType: 'ingestion', keys: [source], forceRunRequested: true }, byHand);
    }
  }
  instance.settleHistory(startAt);
};

type Figures = ReadonlyMap<string, number | string>;

const finalFigures = (instance: Instance): Figures => {
  const counts = [...instance.segments.values()].map((one): [string, number] => [one.name, one.count]);
  const values = [...instance.measures.values()]
    .filter(isScalar)
    .map((one): [string, string] => [one.name, one.value ?? '0']);
  return new Map<string, number | string>([...counts, ...values]);
};

/** Walks within 6 % below the final figure and reaches it on the last day. */
const figuresOn = (
  instance: Instance,
  finals: Figures,
  node: WorkflowNode,
  daysAgo: number,
): TaskScript['evaluation'] => {
  const final = finals.get(node.key);
  if (final === undefined) return undefined;
  const seed = mix(instance.seed, 81, node.key.length);
  const share = daysAgo === 0 ? 1 : 1 - 0.001 * daysAgo - 0.03 * fraction(seed, daysAgo);
  if (typeof final === 'number') return { count: Math.round(final * share) };
  const decimals = final.split('.')[1]?.length ?? 0;
  return { value: daysAgo === 0 ? final : (Number(final) * share).toFixed(decimals) };
};
