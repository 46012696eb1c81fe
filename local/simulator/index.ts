import type { Clock } from '../clock.ts';
import { type Behaviours, behavioursWith } from './behaviours.ts';
import { control } from './control/control.ts';
import type { InstanceControl } from './control/instance-control.ts';
import { type Authority, customerInsightsAudience, tokenVerifier } from './http/authority.ts';
import type { RequestLog } from './http/request-log.ts';
import type { Route } from './http/route.ts';
import { serve } from './http/server.ts';
import { answer } from './http/service.ts';
import { dataSourceRoutes } from './routes/data-source-routes.ts';
import { entityRoutes } from './routes/entity-routes.ts';
import { instancesRoutes } from './routes/instance-routes.ts';
import { measureRoutes } from './routes/measure-routes.ts';
import { rbacRoutes } from './routes/rbac-routes.ts';
import { rowRoutes } from './routes/row-routes.ts';
import { rowWriteRoutes } from './routes/row-write-routes.ts';
import { scheduleRoutes } from './routes/schedule-routes.ts';
import { searchRoutes } from './routes/search-routes.ts';
import { segmentRoutes } from './routes/segment-routes.ts';
import { workflowRoutes } from './routes/workflow-routes.ts';
import { SimulatorWorld } from './simulator-world.ts';
import type { InstanceOptions } from './world/instance.ts';

export type { Behaviours } from './behaviours.ts';
export type { InstanceControl, RefreshScript, StartedJob } from './control/instance-control.ts';
export type { Fault, FaultKind, FaultScope } from './faults.ts';
export { type Authority, customerInsightsAudience, type VerifyToken } from './http/authority.ts';
export type { LoggedRequest, RequestLog } from './http/request-log.ts';
export type { SimulatorWorld } from './simulator-world.ts';
export type { InstanceOptions } from './world/instance.ts';
export { type Assignment, defaultAssignments, type Role } from './world/principals.ts';

export interface SimulatorOptions {
  readonly clock: Clock;
  /** 0 (the default) takes a free port; always on 127.0.0.1. */
  readonly port?: number;
  /** Where tokens come from, or a function that checks them. */
  readonly authority: Authority;
  readonly audience?: string;
  readonly seed?: number;
  readonly behaviours?: Partial<Behaviours>;
  /** Two instances by default. */
  readonly instances?: readonly InstanceOptions[];
}

export interface Simulator {
  /** The base of the REST API, including `/v1`. */
  readonly url: string;
  /** `GET` it for what can be controlled over HTTP. */
  readonly controlUrl: string;
  readonly instances: readonly InstanceControl[];
  readonly world: SimulatorWorld;
  readonly requests: RequestLog;
  /** Ends the server and every open connection. */
  close(): Promise<void>;
}

const routes: readonly Route[] = [
  ...instancesRoutes,
  ...entityRoutes,
  ...rowRoutes,
  ...rowWriteRoutes,
  ...dataSourceRoutes,
  ...segmentRoutes,
  ...measureRoutes,
  ...workflowRoutes,
  ...scheduleRoutes,
  ...rbacRoutes,
  ...searchRoutes,
];

/** A server that speaks the REST API of Dynamics 365 Customer Insights - Data over HTTP on loopback. */
export const startSimulator = async (options: SimulatorOptions): Promise<Simulator> => {
  const { clock, authority, audience = customerInsightsAudience, seed = 1, instances = [{}, {}] } = options;
  const world = new SimulatorWorld(clock, seed, behavioursWith(options.behaviours), instances);
  const service = {
    instances: world.state,
    behaviours: world.behaviours,
    faults: world.faults,
    log: world.requests,
    routes: routes,
    verify: tokenVerifier(authority, audience, clock),
    now: () => clock.now(),
  };
  const server = await serve(options.port ?? 0, async (request) => {
    const { pathname } = request.url;
    const isControl = pathname === '/_control' || pathname.startsWith('/_control/');
    return isControl ? { reply: control(world, request) } : answer(service, request);
  });
  return {
    url: `${server.origin}/v1`,
    controlUrl: `${server.origin}/_control`,
    instances: world.instances,
    world,
    requests: world.requests,
    close: () => server.close(),
  };
};
