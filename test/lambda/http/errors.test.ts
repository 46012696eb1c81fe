import { describe, expect, it } from 'vitest';
import { errorAnswer } from '../../../lambda/http/error-answer.ts';
import { type ErrorCode, type ErrorKind, errorKinds } from '../../../lambda/runtime/error-codes.ts';
import { ConnectorError } from '../../../lambda/runtime/errors.ts';
import { loggedError, redacted } from '../../../lambda/runtime/redaction.ts';

const kinds = Object.entries<ErrorKind>(errorKinds) as [ErrorCode, ErrorKind][];

describe('an error code', () => {
  it.each(kinds)('%s has a status, a remedy and an origin, which its errors carry', (code, kind) => {
    expect(new ConnectorError(code, 'message')).toMatchObject({ code, name: code, status: kind.status });
    expect(kind.remedy).toMatch(/^[A-Z].*\.$/);
    expect(kind.status).toBeGreaterThanOrEqual(400);
  });

  it('with the status 401 is about the token of the caller: the platform would disconnect everyone otherwise', () => {
    for (const [code, { status }] of kinds) expect(status === 401).toBe(code.startsWith('Token'));
  });

  it('that says to wait is repeatable', () => {
    for (const [code, { repeatable, retryAfterSeconds }] of kinds)
      if (retryAfterSeconds !== undefined) expect([code, repeatable]).toEqual([code, true]);
  });
});

describe('the answer to an error', () => {
  it.each(kinds)('%s shows its code, or Internal where it is internal', (code, kind) => {
    const answer = errorAnswer(new ConnectorError(code, 'what to do', { retryAfterSeconds: 1.2 }), 'id-1');
    if (kind.internal) {
      expect(answer).toMatchObject({ status: 500, headers: {}, body: { error: { code: 'Internal' } } });
      expect(answer.body.error.message).toContain('id-1');
    } else {
      expect(answer.body).toEqual({ error: { code, message: 'what to do' } });
      expect(answer.status).toBe(kind.status);
      expect(answer.headers).toEqual({
        'Retry-After': '2',
        ...(kind.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      });
    }
    expect(answer.unexpected).toBe(kind.status === 500);
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

  it('says what to do about an error of ours', () => {
    expect(loggedError(new ConnectorError('UpstreamKeyRefused', 'refused'))).toMatchObject({
      name: 'UpstreamKeyRefused',
      code: 'UpstreamKeyRefused',
      remedy: errorKinds.UpstreamKeyRefused.remedy,
    });
  });

  it('follows causes, but not for ever', () => {
    const error = new Error('outer');
    error.cause = error;
    expect(JSON.stringify(loggedError(error)).match(/"outer"/g)).toHaveLength(6);
    expect(loggedError('Bearer abcdefgh')).toEqual({ name: 'string', message: 'Bearer [token]' });
  });
});
