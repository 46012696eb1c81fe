/**
 * Policy templates as typed values. An operation or a parameter that the contract does not declare does not
 * compile. Keys of each template: https://learn.microsoft.com/connectors/custom-connectors/policy-templates
 */
import type { OperationById, OperationId } from '../contract/index.ts';
import type { RequestOf, ResponseOf } from '../contract/operation.ts';

type ExistsAction = 'override' | 'skip' | 'append';

/** Query parameters that every one of the operations has. */
export type QueryParameterOf<Id extends OperationId> = keyof RequestOf<OperationById<Id>>['query'] & string;

/** Path parameters that every one of the operations has. */
export type PathParameterOf<Id extends OperationId> = keyof RequestOf<OperationById<Id>>['path'] & string;

type NextLinkOf<Id extends OperationId> = keyof ResponseOf<OperationById<Id>> &
  ('@odata.nextLink' | 'nextLink');

/** Operations whose response holds a link to the next page. */
export type PageId = { [Id in OperationId]: [NextLinkOf<Id>] extends [never] ? never : Id }[OperationId];

type NamesIn<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;

interface Titled {
  /** Shown in the wizard's list of policies. */
  readonly title: string;
}

interface Selected {
  /** Absent: every operation. */
  readonly operations?: readonly OperationId[];
}

/**
 * Makes the link to the next page go through the connector, with its credentials, and not to the API
 * directly.
 */
export interface UpdateNextLink extends Titled {
  readonly template: 'updatenextlink';
  readonly operations: readonly PageId[];
  readonly nextLinkPropertyName: NextLinkOf<PageId>;
}

export interface SetHeader extends Titled, Selected {
  readonly template: 'setheader';
  readonly section: 'Request' | 'Response' | 'Failure';
  readonly name: string;
  readonly value: string;
  readonly existsAction: ExistsAction;
}

/** Disconnects the user on this status; the platform demands a test connection operation with it. */
export interface SetConnectionStatusToUnauthenticated extends Titled, Selected {
  readonly template: 'setconnectionstatustounauthenticated';
  readonly statusCode: number;
}

/**
 * Calls another host than the definition names. The address takes the place of scheme, host and base path.
 */
export interface DynamicHostUrl extends Titled, Selected {
  readonly template: 'dynamichosturl';
  readonly urlTemplate: `https://${string}`;
}

/**
 * Calls another path (and method) than the definition names. Made by {@link routeRequest}, which checks the
 * names.
 */
export interface RouteRequestToEndpoint extends Titled {
  readonly template: 'routerequesttoendpoint';
  readonly operations: readonly OperationId[];
  readonly newPath: string;
  readonly httpMethod: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | '@Request.OriginalHTTPMethod';
}

/** Made by {@link setQueryParameter}, which checks the name. */
export interface SetQueryParameter extends Titled {
  readonly template: 'setqueryparameter';
  readonly operations: readonly OperationId[];
  readonly name: string;
  readonly value: string;
  readonly existsAction: ExistsAction;
}

export type Policy =
  | UpdateNextLink
  | SetHeader
  | SetConnectionStatusToUnauthenticated
  | DynamicHostUrl
  | RouteRequestToEndpoint
  | SetQueryParameter;

/** A query parameter's value, where the caller gives none or whatever it gives. */
export const setQueryParameter = <const Id extends OperationId>(
  policy: Omit<SetQueryParameter, 'template' | 'operations' | 'name'> & {
    readonly operations: readonly Id[];
    readonly name: QueryParameterOf<Id>;
  },
): SetQueryParameter => ({ template: 'setqueryparameter', ...policy });

/** Another path, with `{name}` for path parameters of the operations only. */
export const routeRequest = <const Id extends OperationId, const Path extends string>(
  policy: Omit<RouteRequestToEndpoint, 'template' | 'operations' | 'newPath'> & {
    readonly operations: readonly Id[];
    readonly newPath: Path & ([NamesIn<Path>] extends [PathParameterOf<Id>] ? Path : never);
  },
): RouteRequestToEndpoint => ({ template: 'routerequesttoendpoint', ...policy });

/** An environment variable of the environment that the connector is imported into. */
export const environmentVariable = (name: `${string}_${string}`): string =>
  `@environmentVariables("${name}")`;
