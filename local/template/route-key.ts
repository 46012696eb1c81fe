/** A route key, taken apart. */
export type RouteKey =
  | { readonly kind: 'default' }
  | {
      readonly kind: 'path';
      readonly method: string;
      readonly path: string;
      readonly segments: readonly Segment[];
    };

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  /** `{name+}`: this segment and all that follow; only at the end. */
  | { readonly kind: 'greedy'; readonly name: string };

/** @returns undefined for a text that is not a route key of an HTTP API. */
export const parseRouteKey = (routeKey: string): RouteKey | undefined => {
  if (routeKey === '$default') return { kind: 'default' };
  const [, method, path] = /^(ANY|GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (\/\S*)$/.exec(routeKey) ?? [];
  if (method === undefined || path === undefined) return undefined;
  const segments = path.slice(1).split('/').map(segmentOf);
  if (segments.slice(0, -1).some(({ kind }) => kind === 'greedy')) return undefined;
  return { kind: 'path', method, path, segments };
};

const segmentOf = (text: string): Segment => {
  const [, name, plus] = /^\{([^{}+]+)(\+?)\}$/.exec(text) ?? [];
  if (name === undefined) return { kind: 'literal', text };
  return { kind: plus === '+' ? 'greedy' : 'parameter', name };
};

export interface RouteMatch<Route> {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/**
 * Chooses the route as HTTP APIs do: the most specific path that matches together with its method (a literal segment before a
 * parameter before a greedy one, from the left), on the same path a method before ANY, and `$default` last.
 * The path is decoded already: no part of it is decoded here.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export const createRouter = <Route extends { readonly routeKey: string }>(
  routes: readonly Route[],
): ((method: string, path: string) => RouteMatch<Route> | undefined) => {
  const parsed = routes.flatMap((route) => {
    const key = parseRouteKey(route.routeKey);
    return key === undefined ? [] : [{ route, key }];
  });
  const paths = parsed
    .flatMap(({ route, key }) => (key.kind === 'path' ? [{ route, key }] : []))
    .sort((a, b) => (rankOf(a.key) < rankOf(b.key) ? -1 : 1));
  const fallback = parsed.find(({ key }) => key.kind === 'default');

  return (method, path) => {
    const segments = path.slice(1).split('/');
    for (const { route, key } of paths) {
      if (key.method !== 'ANY' && key.method !== method) continue;
      const pathParameters = matchSegments(key.segments, segments);
      if (pathParameters !== undefined) return { route, pathParameters };
    }
    return fallback === undefined ? undefined : { route: fallback.route, pathParameters: {} };
  };
};

const segmentRank = { literal: '0', parameter: '1', greedy: '2' } as const;

/** Sorts the more specific route first. */
const rankOf = ({ segments, method }: Extract<RouteKey, { kind: 'path' }>): string =>
  `${segments.map(({ kind }) => segmentRank[kind]).join('')}|${method === 'ANY' ? '1' : '0'}`;

const matchSegments = (
  pattern: readonly Segment[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined => {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index];
    if (segment === undefined) return undefined;
    if (part.kind === 'literal') {
      if (segment !== part.text) return undefined;
    } else if (segment === '') {
      return undefined;
    } else if (part.kind === 'parameter') {
      parameters[part.name] = segment;
    } else {
      parameters[part.name] = segments.slice(index).join('/');
      return parameters;
    }
  }
  return pattern.length === segments.length ? parameters : undefined;
};
