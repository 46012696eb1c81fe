/**
 * What the functions left out of the AWS SDK as long as they were made with it: the bare client that they are compared
 * with has to be as small as it can be.
 */
import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';

/**
 * Credentials from the environment, where Lambda puts them: the first source in the SDK's chain. The rest of
 * the chain (profiles, single sign-on, instance metadata), about 100 KB, is left out.
 */
const environmentCredentials: Plugin = {
  name: 'environment-credentials',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'environment-credentials',
      pluginData: resolveDir,
    }));
    onLoad({ filter: /.*/, namespace: 'environment-credentials' }, ({ pluginData }) => ({
      contents: `export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';`,
      loader: 'js',
      resolveDir: String(pluginData),
    }));
  },
};

/**
 * Event streams, which the SDK imports only for streaming operations; this project has none. They take about
 * 15 KB in each function. A streaming operation would fail with this message.
 */
const withoutEventStreams: Plugin = {
  name: 'without-event-streams',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'without-event-streams' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'without-event-streams' }, () => ({
      contents: `throw new Error('This bundle has no event streams: bench/start/bare-client-plugins.ts leaves them out.');`,
      loader: 'js',
    }));
  },
};

/**
 * The cache of endpoint discovery, which the DynamoDB client creates at its start and uses only with
 * discovery, which is off. It takes about 7 KB in each function. A client with endpoint discovery would fail
 * with this message.
 */
const withoutEndpointDiscovery: Plugin = {
  name: 'without-endpoint-discovery',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/endpoint-cache$/ }, ({ path }) => ({
      path,
      namespace: 'without-endpoint-discovery',
    }));
    onLoad({ filter: /.*/, namespace: 'without-endpoint-discovery' }, () => ({
      contents: `const absent = () => {
        throw new Error('This bundle has no endpoint discovery: bench/start/bare-client-plugins.ts leaves it out.');
      };
      export class EndpointCache { get = absent; getEndpoint = absent; set = absent; has = absent; delete = absent; }`,
      loader: 'js',
    }));
  },
};

/** Of the SDK's package.json files, the version, which its clients send: the rest is about 2 KB for each client. */
const versionsOfPackages: Plugin = {
  name: 'versions-of-packages',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]@aws-sdk[\\/].*[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

export const bareClientPlugins: readonly Plugin[] = [
  environmentCredentials,
  withoutEventStreams,
  withoutEndpointDiscovery,
  versionsOfPackages,
];
