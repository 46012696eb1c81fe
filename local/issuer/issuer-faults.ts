import type { AadstsCode } from './entra-error.ts';

export const grants = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:jwt-bearer',
] as const;

export type Grant = (typeof grants)[number];

export type Endpoint = 'discovery' | 'keys' | 'authorize' | 'token';

/** Something to go wrong in place of, or before, the normal answer. */
export type Fault =
  /** A refusal in Microsoft Entra ID's shape; `claims` is a claims challenge as JSON. */
  | { readonly kind: 'refusal'; readonly code: AadstsCode; readonly claims?: string }
  /** A bare status with an HTML body, as a failing front end gives it. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** The normal answer, but not before `until` settles. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  /** The connection is cut without an answer. */
  | { readonly kind: 'cut' };

export interface FaultTarget {
  readonly endpoint: Endpoint;
  /** Only token requests with this grant. */
  readonly grant?: Grant;
  /** How many requests it meets; without it, all until cleared. */
  readonly times?: number;
}

export interface Faults {
  inject(target: FaultTarget, fault: Fault): void;
  clear(): void;
}

interface Injected {
  readonly target: FaultTarget;
  readonly fault: Fault;
  left: number;
}

/** The switchboard of faults; `take` gives the one a request meets and counts it. */
export const createFaults = (): Faults & { take(endpoint: Endpoint, grant?: string): Fault | undefined } => {
  let injected: Injected[] = [];
  return {
    inject(target, fault) {
      injected.push({ target, fault, left: target.times ?? Number.POSITIVE_INFINITY });
    },
    clear() {
      injected = [];
    },
    take(endpoint, grant) {
      const met = injected.find(
        ({ target, left }) =>
          left > 0 && target.endpoint === endpoint && (target.grant === undefined || target.grant === grant),
      );
      if (met === undefined) return undefined;
      met.left -= 1;
      return met.fault;
    },
  };
};
