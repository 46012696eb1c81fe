import { type ErrorKind, errorKinds } from '../lambda/runtime/error-codes.ts';

/** The codes that a caller can see, as a table in Markdown. */
export const errorReference = (): string =>
  [
    '| Code | Status | What to do |',
    '|---|---|---|',
    ...Object.entries<ErrorKind>(errorKinds)
      .filter(([, { internal }]) => !internal)
      .map(([code, { status, remedy }]) => `| \`${code}\` | ${status} | ${remedy} |`),
  ].join('\n');
