/** Which actions an expression may name: those that have ended for certain when it is evaluated. */
import { type ActionNode, allActions, type FlowDefinition } from '../runner/workflow-definition.ts';

export interface Reach {
  readonly node: ActionNode;
  /** Lower-case names of the actions before it, and of those inside them. */
  readonly before: ReadonlySet<string>;
  /** Lower-case names of what is inside it. */
  readonly inside: ReadonlySet<string>;
  /** Loops around it, the innermost first. */
  readonly loops: readonly ActionNode[];
  /** How many actions it is inside of. */
  readonly depth: number;
  readonly parents: readonly ActionNode[];
}

const key = (name: string): string => name.toLowerCase();

const predecessors = (node: ActionNode, siblings: ReadonlyMap<string, ActionNode>): readonly ActionNode[] => {
  const found = new Set<ActionNode>();
  const open = [...node.runAfter.keys()];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const before = siblings.get(key(name));
    if (before === undefined || found.has(before)) continue;
    found.add(before);
    open.push(...before.runAfter.keys());
  }
  return [...found];
};

/** Every action of a flow with what it can see. */
export const reaches = (flow: FlowDefinition): readonly Reach[] => {
  const list: Reach[] = [];
  const visit = (
    actions: readonly ActionNode[],
    around: ReadonlySet<string>,
    parents: readonly ActionNode[],
  ): void => {
    const siblings = new Map(actions.map((node) => [key(node.name), node]));
    for (const node of actions) {
      const ended = predecessors(node, siblings).flatMap((before) => [before, ...inside(before)]);
      const before = new Set([...around, ...ended.map(({ name }) => key(name))]);
      list.push({
        node,
        before,
        inside: new Set(inside(node).map(({ name }) => key(name))),
        loops: parents.filter(({ type }) => type === 'Foreach' || type === 'Until'),
        depth: parents.length,
        parents,
      });
      for (const block of node.blocks) visit(block.actions, before, [node, ...parents]);
    }
  };
  visit(flow.actions, new Set(), []);
  return list;
};

const inside = (node: ActionNode): readonly ActionNode[] =>
  node.blocks.flatMap(({ actions }) => allActions(actions));
