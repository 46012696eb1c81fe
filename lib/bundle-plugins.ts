/** Replacements for modules that the sources of the bundles import. */
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
