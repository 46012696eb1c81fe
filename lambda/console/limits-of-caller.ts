import { consoleBudget } from '../../config/console.ts';
import type { FunctionSettings } from '../../config/schema.ts';
import type { Implementation } from '../http/implementations.ts';
import type { ConnectionIdentity, Counted, WindowUse } from '../limiter/index.ts';
import { iso, secondMs } from '../runtime/time.ts';

export interface LimitPorts {
  readonly settings: Pick<FunctionSettings, 'applications' | 'limit' | 'registrations'>;
  readonly windowUse: (
    connection: ConnectionIdentity,
    policy: { readonly limit: number; readonly windowMs: number },
    counted: Counted,
  ) => Promise<WindowUse>;
}

/** What is used of each budget of the caller; looking uses none of that of a connection. */
export const listLimits =
  ({ settings, windowUse }: LimitPorts): Implementation<'ConsoleListLimits'> =>
  async (_, { caller }) => {
    const budgets = [
      ['calls', settings.limit],
      ['registrations', settings.registrations],
      ['console', consoleBudget],
    ] as const;
    // The budget of calls is that of the connection: of the connector's registration.
    const connection = { ...caller, clientAppId: settings.applications.connector.clientId };
    const value = await Promise.all(
      budgets.map(async ([counted, { calls, windowSeconds }]) => {
        const policy = { limit: calls, windowMs: windowSeconds * secondMs };
        const { used, refusedUntil } = await windowUse(connection, policy, counted);
        return {
          counted,
          limit: calls,
          windowSeconds,
          used,
          refusedUntil: refusedUntil === undefined ? null : iso(refusedUntil),
        };
      }),
    );
    return { body: { value } };
  };
