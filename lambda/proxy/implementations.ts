import type { Implementations } from '../http/implementations.ts';
import { getItems } from './get-items.ts';
import { listDataSources, listInstances, listSegments } from './lists.ts';
import type { ProxyPorts } from './ports.ts';

export const proxyImplementations = (ports: ProxyPorts): Implementations<'proxy'> => ({
  GetItems: getItems(ports),
  ListInstances: listInstances(ports),
  ListSegments: listSegments(ports),
  ListDataSources: listDataSources(ports),
});
