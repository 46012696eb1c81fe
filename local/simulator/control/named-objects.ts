import type { WorkflowNode } from '../workflow/types.ts';
import type { DataSource } from '../world/data-sources.ts';
import type { Instance } from '../world/instance.ts';
import type { Measure } from '../world/measures.ts';
import type { Segment } from '../world/segments.ts';

/**
 * How a scenario may call an object: its key, its display name, and a data source also by its unique name.
 */
export const namesOf = (instance: Instance, node: WorkflowNode): readonly string[] => {
  const source = instance.dataSources.find(({ id }) => id === node.key);
  return [node.key, node.friendlyName, ...(source === undefined ? [] : [source.name])];
};

/** The functions below throw a RangeError that lists the existing objects. */
export const nodeNamed = (instance: Instance, name: string): WorkflowNode => {
  const nodes = instance.nodes();
  const known = nodes.map(({ key }) => key);
  return nodes.find((node) => namesOf(instance, node).includes(name)) ?? unknown('object', name, known);
};

export const dataSourceNamed = (instance: Instance, idOrName: string): DataSource => {
  const sources = instance.dataSources;
  const known = sources.map(({ name }) => name);
  const found = sources.find(({ id, name, friendlyName }) => [id, name, friendlyName].includes(idOrName));
  return found ?? unknown('data source', idOrName, known);
};

export const segmentNamed = (instance: Instance, name: string): Segment =>
  instance.segments.get(name) ?? unknown('segment', name, [...instance.segments.keys()]);

export const measureNamed = (instance: Instance, name: string): Measure =>
  instance.measures.get(name) ?? unknown('measure', name, [...instance.measures.keys()]);

function unknown(what: string, name: string, known: readonly string[]): never {
  throw new RangeError(`unknown ${what} "${name}"; known: ${known.join(', ')}`);
}
