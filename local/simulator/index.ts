import type { Clock } from '../clock.ts';
import { type Behaviours, behavioursWith } from './behaviours.ts';
import type { InstanceControl } from './control/instance-control.ts';
import { control } from './control/routes.ts';
import { type Authority, customerInsightsAudience, tokenVerifier } from './http/authority.ts';
import type { RequestLog } from './http/request-log.ts';
import type { Route } from './http/routes.ts';
import { serve } from './http/server.ts';
import { answer } from './http/service.ts';
import { DATA_SOURCE_ROUTES } from './routes/data-sources.ts';
import { ENTITY_ROUTES } from './routes/entities.ts';
import { INSTANCE_ROUTES } from './routes/instances.ts';
import { MEASURE_ROUTES } from './routes/measures.ts';
import { RBAC_ROUTES } from './routes/rbac.ts';
import { ROW_WRITE_ROUTES } from './routes/row-writes.ts';
import { ROW_ROUTES } from './routes/rows.ts';
import { SCHEDULE_ROUTES } from './routes/schedules.ts';
import { SEARCH_ROUTES } from './routes/search.ts';
import { SEGMENT_ROUTES } from './routes/segments.ts';
import { WORKFLOW_ROUTES } from './routes/workflows.ts';
import { SimulatorWorld } from './simulator-world.ts';
import type { InstanceOptions } from './world/instance.ts';

export type { Behaviours } from './behaviours.ts';
export type { InstanceControl, RefreshScript, StartedJob } from './control/instance-control.ts';
export type { Fault, FaultKind, FaultScope } from './faults.ts';
export { type Authority, customerInsightsAudience, type VerifyToken } from './http/authority.ts';
export type { LoggedRequest, RequestLog } from './http/request-log.ts';
export type { SimulatorWorld } from './simulator-world.ts';
export type { InstanceOptions } from './world/instance.ts';
export { type Assignment, DEFAULT_ASSIGNMENTS, type Role } from './world/principals.ts';

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

const ROUTES: readonly Route[] = [
  ...INSTANCE_ROUTES,
  ...ENTITY_ROUTES,
  ...ROW_ROUTES,
  ...ROW_WRITE_ROUTES,
  ...DATA_SOURCE_ROUTES,
  ...SEGMENT_ROUTES,
  ...MEASURE_ROUTES,
  ...WORKFLOW_ROUTES,
  ...SCHEDULE_ROUTES,
  ...RBAC_ROUTES,
  ...SEARCH_ROUTES,
];

/** A server that speaks the REST API of Dynamics 365 Customer Insights - Data over HTTP on loopback. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { clock, authority, audience = customerInsightsAudience, seed = 1, instances = [{}, {}] } = options;
  const world = new SimulatorWorld(clock, seed, behavioursWith(options.behaviours), instances);
  const service = {
    instances: world.state,
    behaviours: world.behaviours,
    faults: world.faults,
    log: world.requests,
    routes: ROUTES,
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
}
