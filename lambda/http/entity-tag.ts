import { hash } from 'node:crypto';
import type { HttpHandler } from './handler.ts';

/** What `If-None-Match` names, weak tags too (RFC 9110, section 13.1.2). */
const names = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some((one) => one.trim().replace(/^W\//, '') === tag);

/**
 * Gives the answers to reads a tag, and answers 304 to who has the same content already: pages ask every few seconds.
 * The call is made and counted anyway.
 */
export const withEntityTags =
  (serve: HttpHandler): HttpHandler =>
  async (event) => {
    const answer = await serve(event);
    if (event.requestContext.http.method !== 'GET' || answer.statusCode !== 200 || answer.body === undefined)
      return answer;
    const tag = `"${hash('sha256', answer.body, 'base64url').slice(0, 22)}"`;
    const headers: Record<string, string | number | boolean> = { ...answer.headers, ETag: tag };
    if (!names(event.headers['if-none-match'], tag)) return { ...answer, headers };
    const { 'Content-Type': _, ...rest } = headers;
    return { statusCode: 304, headers: rest };
  };
