/** Calls the controls of a local run, with the token of the person who is signed in to the console. */
import type { RunState } from '../local/control/run-state.ts';
import { ApiError } from './api.ts';
import type { Session } from './session.ts';
import { fetchSignedIn } from './signed-in.ts';

export type { RunState };

export interface LocalRun {
  state(): Promise<RunState>;
  /** @throws ApiError when the control refuses, in its words */
  post<Answer>(action: string, body: object): Promise<Answer>;
}

export const createLocalRun = (url: string, session: Session): LocalRun => {
  const call = async (path: string, body?: object): Promise<unknown> => {
    // The clock of the run may have been moved beyond the end of the token, which is then renewed.
    const response = await fetchSignedIn(session, `${url}/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      body,
    });
    const answer = (await response.json()) as { readonly error?: string };
    if (!response.ok)
      throw new ApiError(response.status, 'LocalRun', answer.error ?? `HTTP ${response.status}`);
    return answer;
  };
  return {
    state: async () => (await call('state')) as RunState,
    post: async <Answer>(action: string, body: object) => (await call(action, body)) as Answer,
  };
};
