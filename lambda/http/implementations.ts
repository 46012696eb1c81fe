import type { OperationById, OperationId, OperationIdOf } from '../../connector/contract/index.ts';
import type { HttpFunction, RequestOf, ResponseOf } from '../../connector/contract/operation.ts';
import type { Caller } from '../identity/verify-caller.ts';
import type { Deadline } from '../runtime/deadline.ts';
import type { CallLog } from '../runtime/log.ts';

/** Operations with authentication "location". The contract's types do not carry it, so a test holds this list against it. */
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
}

/** The same where the operation's address is its only credential. */
export interface LocationCallContext extends AnyCallContext {
  readonly caller: null;
}

export interface ImplementationResult<Body> {
  readonly body: Body;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Gets a validated request; throws an ApiError (or an error of lambda/identity) where it cannot answer with a success. */
export type Implementation<Id extends OperationId> = (
  request: RequestOf<OperationById<Id>>,
  context: Id extends LocationOperationId ? LocationCallContext : CallContext,
) => Promise<ImplementationResult<ResponseOf<OperationById<Id>>>>;

/** One implementation for every operation of the function: a missing one does not compile. */
export type Implementations<Fn extends HttpFunction> = {
  readonly [Id in OperationIdOf<Fn>]: Implementation<Id>;
};
