/**
 * The declaration of an operation of the connector. Every operation is declared once, in one file under
 * `operations/`; the swagger, the API's routes, the request validators, the handlers' types and the operation
 * reference are derived from it.
 */
import {
  type DynamicSchema,
  type DynamicValues,
  record,
  type Static,
  type TObject,
  type TSchema,
} from './schema.ts';

/** The Lambda functions that answer HTTP requests. */
export const httpFunctions = ['subscriptions', 'proxy', 'console', 'resend'] as const;
export type HttpFunction = (typeof httpFunctions)[number];

/**
 * - trigger: registers a webhook subscription
 * - action: shown to makers as an action
 * - lookup: internal, feeds a drop-down or a dynamic schema
 * - unsubscribe: internal, called by the platform at the `Location` of a registration
 * - console: not for makers, so not in the connector; called by the pages of the console
 */
export type OperationKind = 'trigger' | 'action' | 'lookup' | 'unsubscribe' | 'console';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Operation<
  Id extends string = string,
  Fn extends HttpFunction = HttpFunction,
  Path extends TObject = TObject,
  Query extends TObject = TObject,
  Body extends TSchema | null = TSchema | null,
  Response extends TSchema | null = TSchema | null,
  Notification extends TSchema | null = TSchema | null,
> {
  readonly operationId: Id;
  readonly kind: OperationKind;
  readonly method: Method;
  /** Below the base path, with `{name}` for each property of `pathParameters`. */
  readonly path: `/${string}`;
  /** The function that serves it. */
  readonly function: Fn;
  /**
   * "user": a signed-in person's token, from a connection of the connector. "console": one from the sign-in of the
   * console, with a scope of its own. "location": the unguessable address is the credential (unsubscribe).
   */
  readonly authentication: 'user' | 'console' | 'location';
  /** Whether a call counts against the limit per connection. */
  readonly counted: boolean;
  /** Sentence case, at most 80 characters, no punctuation; a trigger's begins "When a". */
  readonly summary: string;
  /** A sentence, different from the summary. */
  readonly description: string;
  readonly visibility?: 'important' | 'advanced' | 'internal';
  /**
   * Operations of one family belong together; a higher number is the newer one. One that is replaced is deprecated:
   * it works as before, and designers no longer offer it.
   */
  readonly revision?: { readonly family: string; readonly number: number; readonly replacedBy?: string };
  /** A hint shown while the designer waits for a trigger's first event. */
  readonly triggerHint?: string;
  readonly pathParameters: Path;
  readonly queryParameters: Query;
  readonly body: Body;
  readonly response: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    readonly schema: Response;
    /** Headers beside the schema, name → description. */
    readonly headers?: Readonly<Record<string, string>>;
  };
  /** Statuses that the operation answers in addition to the common ones (400, 401, 403, 429, 502, 503 …). */
  readonly errors?: Readonly<Record<number, string>>;
  readonly notification: Notification;
  /** The response carries `@odata.nextLink`, which the platform follows when the maker switches paging on. */
  readonly pageable?: boolean;
  /**
   * The operation that the platform calls to test a connection: a GET without required parameters; at most
   * one.
   */
  readonly testsConnection?: boolean;
  /**
   * Values of the example that exist only once the system runs, such as the id of a job: name of the path or
   * query parameter → where the answer to another operation's example holds it. They replace the values in
   * `example`.
   */
  readonly exampleFrom?: Readonly<
    Record<string, { readonly operationId: string; readonly at: readonly (string | number)[] }>
  >;
  /** One request that works against the simulator's data, and its response (shape, not figures). */
  readonly example: {
    readonly path: Static<Path>;
    readonly query: Static<Query>;
    readonly body: Body extends TSchema ? Static<Body> : null;
  };
}

export const operation = <
  const Id extends string,
  const Fn extends HttpFunction,
  Path extends TObject,
  Query extends TObject,
  Body extends TSchema | null,
  Response extends TSchema | null,
  Notification extends TSchema | null,
>(
  declared: Operation<Id, Fn, Path, Query, Body, Response, Notification>,
): Operation<Id, Fn, Path, Query, Body, Response, Notification> => declared;

/** For operations without path, query parameters. */
export const noParameters = record({});

/** A validated request of an operation, as its implementation receives it. */
export interface RequestOf<Op> {
  readonly path: Op extends Operation<string, HttpFunction, infer Path> ? Static<Path> : never;
  readonly query: Op extends Operation<string, HttpFunction, TObject, infer Query> ? Static<Query> : never;
  readonly body: Op extends Operation<string, HttpFunction, TObject, TObject, infer Body>
    ? Body extends TSchema
      ? Static<Body>
      : null
    : never;
}

/** The response body of an operation; null where it has none. */
export type ResponseOf<Op> =
  Op extends Operation<string, HttpFunction, TObject, TObject, TSchema | null, infer Response>
    ? Response extends TSchema
      ? Static<Response>
      : null
    : never;

/** The payload that a trigger posts to the callback URL. */
export type NotificationOf<Op> =
  Op extends Operation<
    string,
    HttpFunction,
    TObject,
    TObject,
    TSchema | null,
    TSchema | null,
    infer Notification
  >
    ? Notification extends TSchema
      ? Static<Notification>
      : null
    : never;

type ItemOf<Collection> = Collection extends readonly (infer Item)[] ? Item : never;
type ParameterNames<Op> = keyof RequestOf<Op>['path'] & string;

/**
 * A drop-down filled from `target`. Names that do not exist in `target`'s parameters or response do not
 * compile; the parameters named on the calling side are checked when the connector is emitted.
 */
export const dynamicValues = <
  Op extends Operation,
  Collection extends keyof ResponseOf<Op> & string,
  Item extends ItemOf<ResponseOf<Op>[Collection]>,
>(
  target: Op,
  binding: {
    readonly parameters: Readonly<Record<ParameterNames<Op>, { readonly parameter: string }>>;
    readonly collection: Collection;
    readonly value: keyof Item & string;
    readonly title: keyof Item & string;
  },
): DynamicValues => ({ operationId: target.operationId, ...binding });

/** The columns of an item, asked of `target` when the maker has chosen the entity. */
export const dynamicSchema = <Op extends Operation>(
  target: Op,
  binding: {
    readonly parameters: Readonly<Record<ParameterNames<Op>, { readonly parameter: string }>>;
    readonly value: keyof ResponseOf<Op> & string;
  },
): DynamicSchema => ({ operationId: target.operationId, ...binding });
