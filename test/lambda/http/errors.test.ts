import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ApiError, type ApiErrorCode, errorKinds } from '../../../lambda/runtime/errors.ts';
import { loggedError, redacted } from '../../../lambda/runtime/redaction.ts';

const documented = readFileSync(new URL('../../../docs/proxy.md', import.meta.url), 'utf8');

describe('an error code', () => {
  const codes = Object.keys(errorKinds) as ApiErrorCode[];

  it.each(codes)('%s has a status, a remedy, and its line in docs/proxy.md', (code) => {
    const { status, remedy } = errorKinds[code];
    expect(new ApiError(code, 'message').status).toBe(status);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
    expect(documented).toContain(`| \`${code}\` | ${status} | ${remedy} |`);
  });

  it('of the source is never a 401: the platform would disconnect everyone', () => {
    const statuses: readonly number[] = codes.map((code) => errorKinds[code].status);
    expect(statuses).not.toContain(401);
  });
});

describe('what goes into the log', () => {
  it.each([
    ['Bearer abc.def-123=', 'Bearer [token]'],
    ['Send "Authorization: Bearer <access token>".', 'Send "Authorization: Bearer <access token>".'],
    ['token eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln!', 'token [token]!'],
    ['GET https://h.example/p/a?sig=1&x=2 failed', 'GET https://h.example/p/a?[removed] failed'],
    ['two https://a/x?b https://c/d#e', 'two https://a/x?[removed] https://c/d?[removed]'],
    ['plain text? yes', 'plain text? yes'],
  ])('%s becomes %s', (text, shown) => {
    expect(redacted(text)).toBe(shown);
  });

  it('follows causes, but not for ever', () => {
    const error = new Error('outer');
    error.cause = error;
    expect(JSON.stringify(loggedError(error)).match(/"outer"/g)).toHaveLength(6);
    expect(loggedError('Bearer abcdefgh')).toEqual({ name: 'string', message: 'Bearer [token]' });
  });
});
