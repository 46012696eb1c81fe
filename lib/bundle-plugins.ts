/** Replacements for modules that the sources of the bundles import. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { httpFunctions } from '../connector/contract/operation.ts';
import { validatorModules } from '../connector/contract/validation.ts';
import { routesOf } from '../lambda/http/route-table.ts';

/** `validators:<function>`: the request checks, compiled from the contract. */
export const contractValidators = (projectDirectory: string): Plugin => ({
  name: 'contract-validators',
  setup({ onResolve, onLoad }) {
    const modules = new Map(httpFunctions.flatMap((name) => [...validatorModules(name)]));
    onResolve({ filter: /^validators:/ }, ({ path }) => ({ path, namespace: 'contract-validators' }));
    onLoad({ filter: /.*/, namespace: 'contract-validators' }, ({ path }) => {
      const contents = modules.get(path);
      if (contents === undefined)
        return { errors: [{ text: `${path}: no such function has operations in the contract.` }] };
      // The sources name ajv's small runtime by package; it is found from the project.
      return { contents, loader: 'js', resolveDir: projectDirectory };
    });
  },
});

/**
 * The routes of the contract, computed at build time. A function needs only them; the schemas, the texts and
 * the library behind them, about 90 KB, are left out.
 */
export const contractRoutes = (projectDirectory: string): Plugin => ({
  name: 'contract-routes',
  setup({ onResolve, onLoad }) {
    const contract = join(projectDirectory, 'connector/contract/');
    const routesModule = join(projectDirectory, 'lambda/http/route-table.ts');
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      // Declarations only: unused ones may be removed.
      return file.startsWith(contract) ? { path: file, sideEffects: false } : undefined;
    });
    onLoad({ filter: /route-table\.ts$/ }, ({ path }) => {
      if (path !== routesModule) return undefined;
      const tables = httpFunctions.map((name) => `${name}: new Map(${JSON.stringify([...routesOf(name)])})`);
      return {
        contents: `const routes = { ${tables.join(', ')} };\nexport const routesOf = (name) => routes[name];`,
        loader: 'js',
      };
    });
  },
});

/**
 * Credentials from the environment, where Lambda puts them: the first source in the SDK's chain. The rest of
 * the chain (profiles, single sign-on, instance metadata), about 100 KB, is left out.
 */
export const environmentCredentials: Plugin = {
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
export const withoutEventStreams: Plugin = {
  name: 'without-event-streams',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path, kind }) =>
      kind === 'dynamic-import' ? { path, namespace: 'without-event-streams' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'without-event-streams' }, () => ({
      contents: `throw new Error('This bundle has no event streams: lib/bundle-plugins.ts leaves them out.');`,
      loader: 'js',
    }));
  },
};

/**
 * The cache of endpoint discovery, which the DynamoDB client creates at its start and uses only with
 * discovery, which is off. It takes about 7 KB in each function. A client with endpoint discovery would fail
 * with this message.
 */
export const withoutEndpointDiscovery: Plugin = {
  name: 'without-endpoint-discovery',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@aws-sdk\/endpoint-cache$/ }, ({ path }) => ({
      path,
      namespace: 'without-endpoint-discovery',
    }));
    onLoad({ filter: /.*/, namespace: 'without-endpoint-discovery' }, () => ({
      contents: `const absent = () => {
        throw new Error('This bundle has no endpoint discovery: lib/bundle-plugins.ts leaves it out.');
      };
      export class EndpointCache { get = absent; getEndpoint = absent; set = absent; has = absent; delete = absent; }`,
      loader: 'js',
    }));
  },
};

/** Of the SDK's package.json files, the version, which its clients send: the rest is about 2 KB for each client. */
export const versionsOfPackages: Plugin = {
  name: 'versions-of-packages',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]@aws-sdk[\\/].*[\\/]package\.json$/ }, ({ path }) => {
      const { version } = JSON.parse(readFileSync(path, 'utf8')) as { readonly version: string };
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};
