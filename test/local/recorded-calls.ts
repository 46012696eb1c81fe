import { type Authorize, accessDenied, type ServiceCall } from '../../local/aws/authorize.ts';

export interface RecordedCalls {
  readonly authorize: Authorize;
  readonly calls: ServiceCall[];
  /** The action that is refused from now on. */
  refusedAction: string | undefined;
  /** Forgets the calls and refuses nothing. */
  reset(): void;
}

/** An authorization that allows every call but one kind, and keeps them. */
export const recordedCalls = (): RecordedCalls => {
  const calls: ServiceCall[] = [];
  const recorded: RecordedCalls = {
    calls,
    refusedAction: undefined,
    authorize: (call) => {
      calls.push(call);
      return call.action === recorded.refusedAction
        ? accessDenied(call.accessKeyId ?? 'nobody', call, 'because no policy allows it')
        : { allowed: true };
    },
    reset() {
      calls.length = 0;
      recorded.refusedAction = undefined;
    },
  };
  return recorded;
};
