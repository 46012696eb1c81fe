import { ArgumentError } from '../evaluation-errors.ts';
import type { Value } from '../values.ts';
import { define, type ExpressionFunction, text } from './function.ts';

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'ftp:': 21 };

const uri = (args: readonly Value[]): URL => {
  const value = text(args, 0);
  if (!URL.canParse(value))
    throw new ArgumentError(0, "an absolute URI, such as 'https://www.contoso.com/catalog'");
  return new URL(value);
};

export const uris: readonly ExpressionFunction[] = [
  define('uriHost(uri)', (args) => uri(args).hostname),
  define('uriPath(uri)', (args) => uri(args).pathname || '/'),
  define('uriPathAndQuery(uri)', (args) => {
    const { pathname, search } = uri(args);
    return (pathname || '/') + search;
  }),
  define('uriPort(uri)', (args) => {
    const { port, protocol } = uri(args);
    return port === '' ? (defaultPorts[protocol] ?? -1) : Number(port);
  }),
  define('uriQuery(uri)', (args) => uri(args).search),
  define('uriScheme(uri)', (args) => uri(args).protocol.slice(0, -1)),
];
