import type { Behaviours } from '../behaviours.ts';
import type { Instance } from '../world/instance.ts';
import type { Role } from '../world/principals.ts';
import type { Principal } from './authority.ts';
import { type ErrorTable, errorTable } from './errors.ts';
import type { Reply } from './reply.ts';

/** A request that has passed token, key and role. */
export interface RouteRequest {
  readonly now: number;
  readonly behaviours: Behaviours;
  readonly instances: readonly Instance[];
  readonly principal: Principal;
  /** Placeholders of the path, decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  /** Scheme, host and port the client used. */
  readonly origin: string;
}
export type InstanceRequest = RouteRequest & { readonly instance: Instance };

/** What a call needs, by the gates of 5.4. */
export type Gate = 'read' | 'write' | 'settings';

interface RouteBase {
  /** Operation id of the API definition; faults and counters name it. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly segments: readonly string[];
  readonly errors: ErrorTable;
}
export type Route =
  | (RouteBase & { readonly scope: 'service'; handle(request: RouteRequest): Reply })
  | (RouteBase & {
      readonly scope: 'instance';
      readonly gate: Gate;
      handle(request: InstanceRequest): Reply;
    });

/**
 * A route below `/instances/{id}`, under each of its path variants (3.1).
 * @param signature method and path, for example `GET manage/segments/{segmentName}`; the variants `workflows`
 *   / `manage/workflows`, `datasources` / `datasources/v2` and `entities` / `tables` follow from it.
 * @param errors the declared errors in the notation of {@link errorTable}.
 */
export const instanceRoutes = (
  signature: string,
  operation: string,
  gate: Gate,
  errors: string,
  handle: (request: InstanceRequest) => Reply,
): readonly Route[] => {
  const [method, path] = signature.split(' ') as [RouteBase['method'], string];
  return variants(path).map((variant) => ({
    scope: 'instance',
    operation,
    method,
    segments: ['instances', '{id}', ...variant.split('/').filter((part) => part !== '')],
    gate,
    errors: errorTable(errors),
    handle,
  }));
};

const variants = (path: string): readonly string[] => {
  if (path.startsWith('workflows/')) return [path, `manage/${path}`];
  if (path.startsWith('manage/datasources'))
    return [path, path.replace('manage/datasources', 'manage/datasources/v2')];
  if (path.startsWith('manage/entities')) return [path, path.replace('manage/entities', 'manage/tables')];
  return [path];
};

export interface RouteMatch {
  readonly route: Route;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Literal segments win over placeholders; `{+rest}` takes all remaining segments, at least one. */
export const matchRoute = (
  routes: readonly Route[],
  method: string,
  parts: readonly string[],
): RouteMatch | undefined => {
  const matches = routes
    .filter((route) => route.method === method)
    .map((route) => ({ route, parameters: parametersOf(route.segments, parts) }))
    .filter((match): match is RouteMatch => match.parameters !== undefined);
  return matches.sort((a, b) => placeholders(a.route) - placeholders(b.route))[0];
};

const placeholders = (route: Route): number =>
  route.segments.filter((segment) => segment.startsWith('{')).length;

const parametersOf = (
  segments: readonly string[],
  parts: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const parameters: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.startsWith('{+')) {
      if (parts.length <= index) return undefined;
      parameters[segment.slice(2, -1)] = parts.slice(index).join('/');
      return parameters;
    }
    const part = parts[index];
    if (part === undefined) return undefined;
    if (segment.startsWith('{')) parameters[segment.slice(1, -1)] = part;
    else if (segment !== part) return undefined;
  }
  return segments.length === parts.length ? parameters : undefined;
};

export const roleFor = (gate: Gate, behaviours: Behaviours): Role => {
  if (behaviours.roleGates === 'open' || gate === 'read') return 'Viewer';
  if (behaviours.roleGates === 'adminWrites' || gate === 'settings') return 'Admin';
  return 'Contributor';
};
