import type { JobOperation, OperationType, WorkflowNode } from './types.ts';

const derivedOperations = [
  'profileStore',
  'search',
  'activity',
  'segmentation',
  'measures',
  'attributeMeasures',
  'entityMeasures',
] as const;

/**
 * Refresh order of the product (section 1 of the API reference): data sources → map → match → merge →
 * everything derived from profiles → exports and insights, which wait for segments.
 */
const upstream: Readonly<Record<OperationType, readonly OperationType[]>> = {
  ingestion: [],
  map: ['ingestion'],
  match: ['map'],
  merge: ['match'],
  profileStore: ['merge'],
  search: ['merge'],
  activity: ['merge'],
  segmentation: ['merge'],
  measures: ['merge'],
  attributeMeasures: ['merge'],
  entityMeasures: ['merge'],
  export: ['segmentation'],
  insights: ['segmentation'],
};

/** Upstream first. */
export const refreshOrder: readonly OperationType[] = [
  'ingestion',
  'map',
  'match',
  'merge',
  ...derivedOperations,
  'export',
  'insights',
];

export const isOperationType = (text: string): text is OperationType => Object.hasOwn(upstream, text);

/**
 * The selected nodes that a node waits for: those of the nearest upstream operation that is selected at all.
 */
export const upstreamOf = (
  node: WorkflowNode,
  selected: readonly WorkflowNode[],
): readonly WorkflowNode[] => {
  // An inactive object's task is skipped without dragging its dependants along.
  const nearest = (operations: readonly OperationType[]): readonly WorkflowNode[] =>
    operations.flatMap((operation) => {
      const nodes = selected.filter((other) => other.operationType === operation && other.active);
      return nodes.length > 0 ? nodes : nearest(upstream[operation]);
    });
  return nearest(upstream[node.operationType]);
};

export interface Selection {
  readonly operationType: JobOperation;
  /** Keys of the objects wanted; empty = all of that operation. */
  readonly keys: readonly string[];
  readonly runDownstreamAfterMerge: boolean;
}

/** The nodes a job runs, upstream first. Unification stages run with the stages before them. */
export const selectNodes = (all: readonly WorkflowNode[], selection: Selection): readonly WorkflowNode[] => {
  const wanted = operationsOf(selection);
  const primary = selection.operationType;
  return refreshOrder.flatMap((operation) =>
    all.filter((node) => {
      if (node.operationType !== operation || !wanted.has(operation)) return false;
      return operation !== primary || selection.keys.length === 0 || selection.keys.includes(node.key);
    }),
  );
};

const operationsOf = (selection: Selection): ReadonlySet<OperationType> => {
  const { operationType } = selection;
  if (operationType === 'all') return new Set(refreshOrder);
  const stages: readonly OperationType[] = ['map', 'match', 'merge'];
  const stage = stages.indexOf(operationType);
  const wanted = new Set<OperationType>(stage < 0 ? [operationType] : stages.slice(0, stage + 1));
  if (operationType === 'measures') wanted.add('attributeMeasures').add('entityMeasures');
  if (selection.runDownstreamAfterMerge && operationType === 'merge') {
    for (const derived of [...derivedOperations, 'export', 'insights'] as const) wanted.add(derived);
  }
  return wanted;
};
