import { ConnectorError } from './errors.ts';

/** Longest text that is logged or quoted, characters: what a source echoes has no other bound. */
export const longestLogged = 8_192;

/** What words of credentials consist of: tokens, and the rest of a URL. */
const isOfWord = (character: string | undefined): boolean =>
  character !== undefined && !/[\s"'<>]/.test(character);

/** Cut first, so that the work below is bounded; a word that the cut divides goes whole, for half a token is no longer recognised. */
const cut = (text: string): string => {
  if (text.length <= longestLogged) return text;
  let end = longestLogged;
  if (isOfWord(text[end])) while (end > 0 && isOfWord(text[end - 1])) end -= 1;
  return `${text.slice(0, end)}[…]`;
};

/** `scheme://host/path?query` up to where it ends. Nothing follows that could fail, and so nothing is read twice. */
const url = /\bhttps?:\/\/[^\s"'<>]*/gi;
/** Long enough to be one, so that a sentence about the Bearer scheme stays readable. */
const bearer = /\bbearer\s+[\w.~+/-]{8,}=*/gi;
/** What a token can consist of. */
const tokenWord = /[\w.-]+/g;

/** The query of a callback URL or of a partition's address is a credential. */
const withoutQuery = (address: string): string => {
  const query = address.search(/[?#]/);
  return query < 0 ? address : `${address.slice(0, query)}?[removed]`;
};

/** Where a part of a word begins to look like the first part of a token, a JSON object in base64url; -1 if it does not. */
const headerAt = (part: string): number => {
  const at = part.startsWith('eyJ') ? 0 : part.indexOf('-eyJ') + 1;
  return (at === 0 && !part.startsWith('eyJ')) || part.length === at + 3 ? -1 : at;
};

/** Three base64url parts, the first of which is a JSON object: a token. */
const withoutTokens = (word: string): string => {
  const parts = word.split('.');
  const kept: string[] = [];
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] ?? '';
    const at = index + 2 < parts.length && parts[index + 1] !== '' ? headerAt(part) : -1;
    if (at < 0) kept.push(part);
    else {
      kept.push(`${part.slice(0, at)}[token]`);
      index += 2;
    }
  }
  return kept.join('.');
};

/** A text fit for the log: without tokens and without the query part of URLs, and of bounded length. */
export const redacted = (text: string): string => {
  const bounded = cut(text);
  // Most texts have no token, and to look at each of their words costs more than the rest.
  const tokenless = bounded.includes('eyJ') ? bounded.replace(tokenWord, withoutTokens) : bounded;
  return tokenless.replace(bearer, 'Bearer [token]').replace(url, withoutQuery);
};

export interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** What to do about an error of ours. */
  readonly remedy?: string;
  readonly stack?: string;
  readonly cause?: LoggedError;
  /** Of an AggregateError. */
  readonly errors?: readonly LoggedError[];
}

/** Causes followed, so that a chain that refers to itself ends. */
const maximumCauses = 5;

/** What an error says, redacted. The stack costs more than all else of a refusal, and is not made here. */
export const loggedMessage = (error: unknown): string =>
  error instanceof Error ? redacted(error.message) : redacted(String(error)).slice(0, 1_000);

/** An error for the log, redacted, with its causes. */
export const loggedError = (error: unknown, depth = 0): LoggedError => {
  if (!(error instanceof Error)) return { name: typeof error, message: loggedMessage(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name: error.name,
    message: loggedMessage(error),
    ...(code !== undefined && { code }),
    ...(error instanceof ConnectorError && { remedy: error.remedy }),
    ...(error.stack !== undefined && { stack: redacted(error.stack) }),
    ...(error instanceof AggregateError &&
      depth < maximumCauses && { errors: error.errors.map((one) => loggedError(one, depth + 1)) }),
    ...(error.cause !== undefined && depth < maximumCauses && { cause: loggedError(error.cause, depth + 1) }),
  };
};
