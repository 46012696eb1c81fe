/** Calls with the token of the person who is signed in. */
import type { Session } from './session.ts';

export interface SignedInCall {
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** A token that is refused is renewed once. When the new one is refused as well, the operator must check the sign-in. */
export const fetchSignedIn = async (
  session: Session,
  url: string,
  { method, headers, body }: SignedInCall,
): Promise<Response> => {
  const send = async () =>
    fetch(url, {
      method,
      // Answers and their tags belong to the person who is signed in, and the browser's cache to everybody.
      cache: 'no-store',
      credentials: 'omit',
      headers: {
        Authorization: `Bearer ${await session.token()}`,
        ...headers,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const response = await send();
  if (response.status !== 401) return response;
  session.expired();
  return send();
};
