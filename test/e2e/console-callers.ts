/** People who use the console, and their calls of its operations. */
import { consoleScope } from '../../config/console.ts';
import { send, type TestSystem } from './test-system.ts';

const other = { objectId: '5b1d0a52-6f6c-4a4e-9a39-0c7f3f1f0a03', userName: 'o@contoso.example', name: 'O' };

/** owner: of the flows of the flow host; operator: has the role; other: owns nothing. */
export type Who = 'owner' | 'operator' | 'other';

const users = { owner: undefined, operator: 'omar.operator@contoso.example', other } as const;

export type Ask = (
  who: Who,
  path: string,
  method?: string,
  body?: object,
) => Promise<Awaited<ReturnType<typeof send>>>;

/** Calls an operation of the console; the path is below its prefix. */
export const consoleCallers = (system: TestSystem): Ask => {
  const tokens = new Map<Who, Promise<string>>();
  const tokenOf = (who: Who): Promise<string> => {
    const user = users[who];
    const known =
      tokens.get(who) ??
      system.issuer.userToken({
        clientApp: system.issuer.applications.console,
        scopes: [consoleScope],
        ...(user !== undefined && { user }),
      });
    tokens.set(who, known);
    return known;
  };
  return async (who, path, method = 'GET', body) =>
    send(system, method, `/v1/console${path}`, {
      token: await tokenOf(who),
      ...(body && { body: JSON.stringify(body) }),
    });
};
