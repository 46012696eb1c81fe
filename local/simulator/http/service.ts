import type { Behaviours } from '../behaviours.ts';
import type { Fault, Faults } from '../faults.ts';
import { partitionFile } from '../routes/partitions.ts';
import type { Instance } from '../world/instance.ts';
import { reaches } from '../world/principals.ts';
import { roleOf } from '../world/roles.ts';
import { authenticate, type Principal, type VerifyToken } from './authority.ts';
import { pascalCaseEnums } from './casing.ts';
import { badRequest, type ErrorTable, errorReply, errorTable, notFound, ServiceError } from './errors.ts';
import type { Reply } from './reply.ts';
import { type LoggedRequest, loggedHeaders, loggedQuery, type RequestLog } from './request-log.ts';
import { matchRoute, type Route, type RouteMatch, type RouteRequest, roleFor } from './route.ts';
import type { Outcome, RawRequest } from './server.ts';
import { checkSubscriptionKey, type KeyName } from './subscription-key.ts';

export interface ServiceWorld {
  readonly instances: readonly Instance[];
  readonly behaviours: Behaviours;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly routes: readonly Route[];
  readonly verify: VerifyToken;
  now(): number;
}

const undeclared: ErrorTable = errorTable('401');

/** What was learned about a request on its way, for the log. */
interface Trail {
  operation?: string;
  instanceId?: string;
  principal?: Principal;
  key?: KeyName;
  fault?: Fault;
}

/** One request to the service, from path to answer: token, then instance, key, role, fault, route. */
export const answer = async (world: ServiceWorld, request: RawRequest): Promise<Outcome> => {
  const trail: Trail = {};
  const outcome = await served(world, request, trail);
  world.log.add(logged(world, request, trail, outcome === 'reset' ? 0 : outcome.reply.status));
  return outcome;
};

const served = async (world: ServiceWorld, request: RawRequest, trail: Trail): Promise<Outcome> => {
  let errors = undeclared;
  try {
    if (request.url.pathname.startsWith('/partitions/')) return servePartition(world, request, trail);
    const match = matched(world, request);
    errors = match.route.errors;
    trail.operation = match.route.operation;
    const instanceId = match.route.scope === 'instance' ? match.parameters.id : undefined;
    if (instanceId !== undefined) trail.instanceId = instanceId;
    const principal = await authenticate(request.message.headers.authorization, world.verify);
    trail.principal = principal;
    const now = world.now();
    for (const instance of world.instances) instance.settle(now);
    return decide(world, request, match, trail, principal, now);
  } catch (error) {
    if (error instanceof ServiceError) return { reply: errorReply(error, errors) };
    throw error;
  }
};

const matched = (world: ServiceWorld, { message, url }: RawRequest): RouteMatch => {
  const [version, ...parts] = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const match = version === 'v1' ? matchRoute(world.routes, message.method ?? 'GET', parts) : undefined;
  if (match === undefined) throw notFound('the path', url.pathname);
  return match;
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`"${part}" is not percent-encoded UTF-8`);
  }
};

const decide = (
  world: ServiceWorld,
  request: RawRequest,
  match: RouteMatch,
  trail: Trail,
  principal: Principal,
  now: number,
): Outcome => {
  const { route, parameters } = match;
  const instance = world.instances.find(({ id }) => id.toLowerCase() === parameters.id?.toLowerCase());
  const keyed = instance === undefined ? world.instances : [instance];
  const header = request.message.headers['ocp-apim-subscription-key'];
  trail.key = checkSubscriptionKey(text(header), request.url.searchParams, keyed, world.behaviours);

  const subject = {
    operation: route.operation,
    instanceId: instance?.id,
    declaresThrottling: route.errors.has(429),
  };
  const fault = world.faults.take(subject, now, world.behaviours.throttleUndeclared);
  if (fault !== undefined) trail.fault = fault;
  if (fault !== undefined && fault.kind !== 'slow' && fault.afterEffect !== true) return faulty(fault, route);

  const reply = run(world, request, match, principal, instance, now);
  if (fault === undefined) return { reply };
  return fault.kind === 'slow' ? { reply, delayMs: fault.delayMs } : faulty(fault, route);
};

const run = (
  world: ServiceWorld,
  request: RawRequest,
  { route, parameters }: RouteMatch,
  principal: Principal,
  instance: Instance | undefined,
  now: number,
): Reply => {
  try {
    const routed: RouteRequest = {
      now,
      behaviours: world.behaviours,
      instances: world.instances,
      principal,
      parameters,
      query: request.url.searchParams,
      headers: request.message.headers,
      body: jsonBody(request.text),
      origin: request.url.origin,
    };
    const reply = handled(world, route, routed, instance);
    const recase = world.behaviours.enumCasing === 'PascalCase' && !route.segments.includes('data');
    return recase && reply.json !== undefined ? { ...reply, json: pascalCaseEnums(reply.json) } : reply;
  } catch (error) {
    if (error instanceof ServiceError) return errorReply(error, route.errors);
    throw error;
  }
};

const handled = (
  world: ServiceWorld,
  route: Route,
  request: RouteRequest,
  instance: Instance | undefined,
): Reply => {
  if (route.scope === 'service') return route.handle(request);
  if (instance === undefined) throw notFound('the instance', request.parameters.id ?? '', 'instanceNotFound');
  if (instance.failing) throw new ServiceError(500, 'apiInternalError', 'the instance does not answer');
  const role = roleOf(instance, request.principal.ids);
  const needed = roleFor(route.gate, world.behaviours);
  if (role === undefined)
    throw new ServiceError(403, 'rbacUserNotFound', 'the caller has no role in this instance');
  if (!reaches(role, needed))
    throw new ServiceError(403, 'rbacInsufficientRole', `the caller is ${role}; this call needs ${needed}`);
  const replayed = instance.replay?.answer(route.operation, request);
  return replayed === undefined ? route.handle({ ...request, instance }) : { status: 200, json: replayed };
};

const faulty = (fault: Fault, route: Route): Outcome => {
  if (fault.kind === 'reset') return 'reset';
  if (fault.kind === 'slow') throw new Error('a slow answer is not an error');
  const seconds = fault.retryAfterSeconds ?? (fault.status === 429 ? 2 : undefined);
  const headers: Record<string, string> = seconds === undefined ? {} : { 'Retry-After': String(seconds) };
  const code = fault.status === 503 ? 'profileStoreUnavailable' : 'apiInternalError';
  const error = new ServiceError(fault.status, code, 'an injected fault', { headers });
  return { reply: errorReply(error, route.errors) };
};

const servePartition = (world: ServiceWorld, { message, url }: RawRequest, trail: Trail): Outcome => {
  trail.operation = 'partition';
  const { headers } = message;
  const parts = url.pathname.split('/').slice(2).map(decoded);
  if (parts[0] !== undefined) trail.instanceId = parts[0];
  if (headers.authorization !== undefined || headers['ocp-apim-subscription-key'] !== undefined) {
    // A storage service refuses two kinds of credential at once; here it also shows that a secret left its
    // host.
    world.log.noteCredentialLeak();
    return { reply: { status: 400 } };
  }
  const now = world.now();
  const subject = { operation: 'partition', instanceId: parts[0], declaresThrottling: true };
  const fault = world.faults.take(subject, now, true);
  if (fault !== undefined) trail.fault = fault;
  if (fault?.kind === 'reset') return 'reset';
  if (fault?.kind === 'status') return { reply: { status: fault.status } };
  const reply = partitionFile(
    world.instances,
    { path: url.pathname, parts, query: url.searchParams, headers },
    now,
  );
  return fault === undefined ? { reply } : { reply, delayMs: fault.delayMs };
};

const jsonBody = (body: string): unknown => {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest('the body is not JSON');
  }
};

const text = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

const logged = (
  world: ServiceWorld,
  { message, url }: RawRequest,
  trail: Trail,
  status: number,
): LoggedRequest => ({
  at: world.now(),
  method: message.method ?? 'GET',
  path: url.pathname,
  query: loggedQuery(url.searchParams),
  status,
  operation: trail.operation,
  instanceId: trail.instanceId,
  principalId: trail.principal?.ids[0],
  subscriptionKey: trail.key,
  headers: loggedHeaders(message.headers),
  fault: trail.fault?.id,
});
