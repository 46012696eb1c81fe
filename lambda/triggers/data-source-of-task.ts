/** Which data source a task refreshed, pure: a task carries the name that people see, and names repeat. */
import type { FinalTask } from './job-changes.ts';
import type { ObservedDataSource, ObservedNode } from './observation.ts';

/** The only source with this display name; undefined for none and for several. */
const named = (
  objectName: string,
  sources: readonly ObservedDataSource[],
): ObservedDataSource | undefined => {
  const shown = sources.filter(({ displayName }) => displayName === objectName);
  if (shown.length > 0) return shown.length === 1 ? shown[0] : undefined;
  return sources.find(({ name }) => name === objectName);
};

/**
 * By the workflow status, whose nodes carry an identifier: the only node of this name that ended with the
 * task. When a source has been refreshed again since, its node shows the later refresh; another node of this
 * name must not be taken for it.
 */
const identified = (
  { task, jobIds }: FinalTask,
  sources: readonly ObservedDataSource[],
  nodes: readonly ObservedNode[],
): ObservedDataSource | undefined => {
  const [node, ...others] = nodes.filter(
    (candidate) =>
      candidate.operation === 'ingestion' &&
      candidate.objectName === task.objectName &&
      candidate.jobIds.some((jobId) => jobIds.includes(jobId)) &&
      candidate.status === task.status &&
      candidate.endedAt === task.endedAt,
  );
  return node && others.length === 0
    ? sources.find(({ dataSourceId, name }) => [dataSourceId, name].includes(node.identifier))
    : undefined;
};

/**
 * Whether the name of a task does not identify its source, so that the workflow status has to be read.
 * @param tasks refreshes
 */
export const needsNodes = (tasks: readonly FinalTask[], sources: readonly ObservedDataSource[]): boolean =>
  sources.length > 0 && tasks.some(({ task }) => named(task.objectName, sources) === undefined);

/** Undefined where the name stays ambiguous: no source rather than the wrong one. */
export const dataSourceOfTask = (
  final: FinalTask,
  sources: readonly ObservedDataSource[],
  nodes: readonly ObservedNode[],
): ObservedDataSource | undefined =>
  named(final.task.objectName, sources) ?? identified(final, sources, nodes);
