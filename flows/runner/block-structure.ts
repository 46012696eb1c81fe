import { type ActionNode, allActions, type FlowDefinition, type Problem } from './workflow-definition.ts';

/** Names that are used twice and predecessors that are not there would make every run wrong. */
export const structureProblems = (definition: FlowDefinition): readonly Problem[] => {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const { name, place } of allActions(definition.actions)) {
    const other = seen.get(name.toLowerCase());
    if (other !== undefined)
      problems.push({ place, problem: `has the same name as ${other}; names are unique in the whole flow.` });
    seen.set(name.toLowerCase(), place);
  }
  const visit = (actions: readonly ActionNode[]): void => {
    const siblings = new Map(actions.map((node) => [node.name.toLowerCase(), node]));
    for (const { name, place, runAfter, blocks } of actions) {
      for (const before of runAfter.keys())
        if (!siblings.has(before.toLowerCase()))
          problems.push({
            place: `${place}/runAfter`,
            problem: `names '${before}', which is not an action next to it.`,
          });
      if (reaches(name, name, siblings))
        problems.push({ place: `${place}/runAfter`, problem: `'${name}' would have to run after itself.` });
      for (const block of blocks) visit(block.actions);
    }
  };
  visit(definition.actions);
  return problems;
};

const reaches = (from: string, wanted: string, siblings: ReadonlyMap<string, ActionNode>): boolean => {
  const seen = new Set<string>();
  const open = [...(siblings.get(from.toLowerCase())?.runAfter.keys() ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const key = name.toLowerCase();
    if (key === wanted.toLowerCase()) return true;
    if (seen.has(key)) continue;
    seen.add(key);
    open.push(...(siblings.get(key)?.runAfter.keys() ?? []));
  }
  return false;
};
