import type {
  OperationById,
  OperationId,
  OperationIdOf,
  ServedOperationId,
} from '../../connector/contract/index.ts';
import type { HttpFunction, RequestOf, ResponseOf } from '../../connector/contract/operation.ts';
import type { Caller } from '../identity/caller.ts';
import type { Deadline } from '../runtime/deadline.ts';
import type { ExactNumber, UnreadJson } from '../runtime/json.ts';
import type { CallLog } from '../runtime/log.ts';

/**
 * Operations with authentication "location". The contract's types do not carry it, so a test holds this list
 * against it.
 */
export const locationOperations = ['DeleteSubscription'] as const satisfies readonly OperationId[];

type LocationOperationId = (typeof locationOperations)[number];

interface AnyCallContext {
  /** The one time limit for everything the call does. */
  readonly deadline: Deadline;
  /** Names this call in the log and in messages. */
  readonly correlationId: string;
  /** Host under which the caller reached the API, without scheme. */
  readonly requestHost: string;
  /** Numbers of the query or the body that a double does not hold: parameter → the digits that were sent. */
  readonly exactNumbers?: Readonly<Record<string, string>>;
  /** Lines carry the call's ids already. Tokens, keys and callback URLs do not belong in it. */
  readonly log: CallLog;
}

/** What an implementation knows about the call of a signed-in user beside its request. */
export interface CallContext extends AnyCallContext {
  readonly caller: Caller;
  /** The name that the platform gives the calling flow; where it gives none, absent. */
  readonly workflowName?: string;
}

/** The same where the operation's address is its only credential. */
export interface LocationCallContext extends AnyCallContext {
  readonly caller: null;
}

/**
 * What an implementation gives for a body of the contract: lists need not be writable, numbers keep all their
 * digits, and rows may be passed on unread.
 */
export type Written<Value> = Value extends number
  ? Value | ExactNumber
  : Value extends readonly (infer Item)[]
    ? readonly Written<Item>[] | (string extends keyof Item ? UnreadJson : never)
    : Value extends object
      ? { readonly [Name in keyof Value]: Written<Value[Name]> }
      : Value;

export interface ImplementationResult<Body> {
  readonly body: Written<Body>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Gets a validated request; throws a ConnectorError where it cannot answer
 * with a success.
 */
export type Implementation<Id extends ServedOperationId> = (
  request: RequestOf<OperationById<Id>>,
  context: Id extends LocationOperationId ? LocationCallContext : CallContext,
) => Promise<ImplementationResult<ResponseOf<OperationById<Id>>>>;

/** One implementation for every operation of the function: a missing one does not compile. */
export type Implementations<Fn extends HttpFunction> = {
  readonly [Id in OperationIdOf<Fn>]: Implementation<Id>;
};
