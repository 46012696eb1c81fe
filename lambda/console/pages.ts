/**
 * The pages of the console: one HTML entry for every address below `/console`, and the script and style that it names.
 * They hold nothing of a user, so they are open to everybody; what they show they ask the API for, with a token.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { consolePath } from '../../config/console.ts';

/** What the page is told. Public: it is in a page that needs no sign-in. */
export interface PageSettings {
  /** Issuer of the tokens. */
  readonly authority: string;
  /** Of the console's registration; null where the console is not set up. */
  readonly clientId: string | null;
  /** The scopes to ask for, separated by spaces. */
  readonly scope: string;
  /** Path of the API's operations. */
  readonly basePath: string;
  readonly connectorUrl: string | null;
  /** Address of the controls of a local run; null in a deployment. */
  readonly localRun: string | null;
}

/** The files that the build made, with hashes of their content in their names. */
export interface PageFiles {
  readonly version: string;
  readonly script: string;
  readonly style: string;
}

type Event = Pick<APIGatewayProxyEventV2, 'routeKey' | 'rawPath' | 'headers'>;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

const entry = (settings: PageSettings, { script, style, version }: PageFiles): string => {
  const file = (name: string) => `${consolePath}/assets/${name}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="console-settings" content="${escaped(JSON.stringify({ ...settings, version }))}">
<title>Customer Insights connector</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${file(style)}">
<script type="module" src="${file(script)}"></script>
</head>
<body><div id="app"></div><noscript>This console needs JavaScript.</noscript></body>
</html>
`;
};

/** Nothing inline, nothing from elsewhere; calls go to this API and to the sign-in, and to the controls of a local run. */
const securityHeaders = ({ authority, localRun }: PageSettings): Readonly<Record<string, string>> => {
  const reachable = ["'self'", new URL(authority).origin, ...(localRun === null ? [] : [localRun])];
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      'img-src data:',
      `connect-src ${reachable.join(' ')}`,
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Strict-Transport-Security': 'max-age=31536000',
  };
};

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

const year = 'public, max-age=31536000, immutable';

/** Of the compressed forms that the build made, the best that the browser takes. */
const codingOf = (accepted: string | undefined): 'br' | 'gzip' | undefined => {
  const codings = (accepted ?? '').split(',').map((one) => one.split(';')[0]?.trim());
  if (codings.includes('br')) return 'br';
  return codings.includes('gzip') ? 'gzip' : undefined;
};

export interface PagesOptions {
  readonly settings: PageSettings;
  readonly files: PageFiles;
  /** A built file; undefined for one that does not exist. */
  readonly read: (name: string) => Buffer | undefined;
}

/** Reads the files beside the bundle, each once. */
export const filesBeside = (
  module: string,
): { readonly files: PageFiles; readonly read: PagesOptions['read'] } => {
  const folder = new URL('./assets/', module);
  const files = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')) as PageFiles;
  const named = new Set([files.script, files.style].flatMap((name) => [name, `${name}.br`, `${name}.gzip`]));
  const known = new Map<string, Buffer>();
  return {
    files,
    // Only the names of the manifest: no path of a caller reaches the file system.
    read(name) {
      if (!named.has(name)) return undefined;
      const content = known.get(name) ?? readFileSync(new URL(name, folder));
      known.set(name, content);
      return content;
    },
  };
};

/** Answers GET /console and everything below it. */
export const createPages = ({ settings, files, read }: PagesOptions) => {
  const html = entry(settings, files);
  const etag = `"${hash('sha256', html, 'base64url').slice(0, 22)}"`;
  const security = securityHeaders(settings);

  const asset = (name: string, headers: Event['headers']): APIGatewayProxyStructuredResultV2 => {
    const coding = codingOf(headers['accept-encoding']);
    const content = read(coding === undefined ? name : `${name}.${coding}`);
    // An earlier version's page, still open: it asks for its new entry.
    if (content === undefined)
      return {
        statusCode: 404,
        headers: { ...security, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
        body: 'There is no such file in this version of the console. Load the page again.',
      };
    return {
      statusCode: 200,
      headers: {
        ...security,
        'Content-Type': types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
        'Cache-Control': year,
        Vary: 'Accept-Encoding',
        ...(coding && { 'Content-Encoding': coding }),
      },
      body: content.toString('base64'),
      isBase64Encoded: true,
    };
  };

  return ({ rawPath, headers }: Event): APIGatewayProxyStructuredResultV2 => {
    const [, name] = /^\/console\/assets\/([\w.-]+)$/.exec(rawPath) ?? [];
    if (name !== undefined) return asset(name, headers);
    const common = { ...security, 'Cache-Control': 'no-cache', ETag: etag };
    return headers['if-none-match'] === etag
      ? { statusCode: 304, headers: common }
      : { statusCode: 200, headers: { ...common, 'Content-Type': 'text/html; charset=utf-8' }, body: html };
  };
};
