/** What a run, a scope or a loop ends as, by the actions in it that nothing follows. */

import type { ActionRecord } from './record.ts';
import type { ActionNode, Status } from './workflow-definition.ts';

/**
 * Failed when a branch ends in an unhandled failure. Where the last action of a branch was
 * skipped, those before it count (https://learn.microsoft.com/azure/logic-apps/error-exception-handling,
 * "evaluate actions and their statuses").
 */
export const blockStatus = (actions: readonly ActionNode[], records: readonly ActionRecord[]): Status => {
  const byName = new Map(records.map((record) => [record.name.toLowerCase(), record]));
  const nodes = new Map(actions.map((node) => [node.name.toLowerCase(), node]));
  const followed = new Set(
    actions.flatMap(({ runAfter }) => [...runAfter.keys()].map((name) => name.toLowerCase())),
  );
  const fails = (name: string): boolean => {
    const status = byName.get(name)?.status;
    if (status !== 'Skipped') return status === 'Failed' || status === 'TimedOut';
    return [...(nodes.get(name)?.runAfter.keys() ?? [])].some((before) => fails(before.toLowerCase()));
  };
  const leaves = [...nodes.keys()].filter((name) => !followed.has(name));
  return leaves.some(fails) ? 'Failed' : 'Succeeded';
};
