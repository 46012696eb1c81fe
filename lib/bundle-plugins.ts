/** Replacements for modules that the sources of the bundles import. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Plugin } from 'esbuild';
import { type HttpFunction, httpFunctions } from '../connector/contract/operation.ts';
import { formatsModule, usedFormats, validatorModules } from '../connector/contract/validation.ts';
import { type Route, routesOf } from '../lambda/http/route-table.ts';

/** Where the bundled code of {@link contractRoutes} keeps the routes: a variable of each bundle's own. */
const routesModule = 'contract:routes';

/** What most routes have, which a bundle has once. */
const usualRoute: Readonly<Partial<Route>> = {
  authentication: 'user',
  counted: true,
  status: 200,
  takesBody: false,
  takesRow: false,
  queryTypes: {},
  bodyProperties: [],
  optionalProperties: [],
};

const unusualOf = (route: Route): Readonly<Partial<Route>> =>
  Object.fromEntries(
    Object.entries(route).filter(
      ([property, value]) => JSON.stringify(value) !== JSON.stringify(usualRoute[property as keyof Route]),
    ),
  );

/** What a bundle that serves a function has of its routes, and of no other function's. */
const routesSource = (name: HttpFunction): string => {
  const unusual = [...routesOf(name)].map(([key, route]) => [key, unusualOf(route)]);
  return `import { routes } from '${routesModule}';
const usual = ${JSON.stringify(usualRoute)};
routes.${name} = new Map(${JSON.stringify(unusual)}.map(([key, route]) => [key, { ...usual, ...route }]));
`;
};

/**
 * `validators:<function>`: the request checks, compiled from the contract. What imports them serves the function, so
 * the module brings its routes too.
 */
export const contractValidators = (projectDirectory: string): Plugin => ({
  name: 'contract-validators',
  setup({ onResolve, onLoad }) {
    const modules = new Map(httpFunctions.flatMap((name) => [...validatorModules(name)]));
    onResolve({ filter: /^validators:/ }, ({ path }) => ({ path, namespace: 'contract-validators' }));
    onLoad({ filter: /.*/, namespace: 'contract-validators' }, ({ path }) => {
      const contents = modules.get(path);
      if (contents === undefined)
        return { errors: [{ text: `${path}: no such function has operations in the contract.` }] };
      const served = httpFunctions.find((name) => path === `validators:${name}`);
      // The sources name ajv's small runtime by package; it is found from the project.
      return {
        contents: served === undefined ? contents : routesSource(served) + contents,
        loader: 'js',
        resolveDir: projectDirectory,
      };
    });
  },
});

/**
 * The routes of the contract, computed at build time: those of the function, which its `validators:` module brings. The
 * schemas, the texts and the library behind them, about 90 KB, are left out.
 */
export const contractRoutes = (projectDirectory: string): Plugin => ({
  name: 'contract-routes',
  setup({ onResolve, onLoad }) {
    const contract = join(projectDirectory, 'connector/contract/');
    const routeTable = join(projectDirectory, 'lambda/http/route-table.ts');
    onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const file = resolve(resolveDir, path);
      // Declarations only: unused ones may be removed.
      return file.startsWith(contract) ? { path: file, sideEffects: false } : undefined;
    });
    onResolve({ filter: /^contract:routes$/ }, ({ path }) => ({ path, namespace: 'contract-routes' }));
    onLoad({ filter: /.*/, namespace: 'contract-routes' }, () => ({
      contents: 'export const routes = {};',
      loader: 'js',
    }));
    onLoad({ filter: /route-table\.ts$/ }, ({ path }) =>
      path === routeTable
        ? {
            contents: `import { routes } from '${routesModule}';\nexport const routesOf = (name) => routes[name];`,
            loader: 'js',
          }
        : undefined,
    );
  },
});

/**
 * Node.js makes an ES module of a built-in module that is imported, and reads each of its properties for it. Of `node:http`
 * one is WebSocket, which loads all of the built-in fetch: more time than most functions need for the rest of their
 * import (`npm run bench:start`). The bundles take these modules as they are.
 */
export const builtInModules: Plugin = {
  name: 'built-in-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:node:)?(?:http|fs)$/ }, ({ path }) => ({
      path: path.replace(/^node:/, ''),
      namespace: 'built-in-modules',
    }));
    onLoad({ filter: /.*/, namespace: 'built-in-modules' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)});`,
      loader: 'js',
    }));
  },
};

/**
 * The formats of ajv-formats that the contract uses, with the functions behind them: as a module of which the rest can
 * be left out, 7 KB of each function that checks requests.
 * @throws Error when the file of the library has not the form that is known
 */
const leanFormats = (source: string): string => {
  const known =
    /^exports\.fullFormats = \{\n(.*?)^\};\nexports\.fastFormats = \{.*?^\};\nexports\.formatNames = .*?;$/ms;
  const entries = (known.exec(source)?.[1] ?? '').split('\n').filter((line) => {
    const name = /^ {4}"?([\w-]+)"?[:,]/.exec(line)?.[1];
    return (usedFormats as readonly (string | undefined)[]).includes(name);
  });
  if (entries.length !== usedFormats.length)
    throw new Error(`ajv-formats/dist/formats.js has another form than lib/bundle-plugins.ts expects.`);
  return source
    .replace(known, () => `export const fullFormats = {\n${entries.join('\n')}\n};`)
    .replaceAll(/^(?:Object\.defineProperty\(exports,|exports\.).*$/gm, '');
};

export const contractFormats = (projectDirectory: string): Plugin => ({
  name: 'contract-formats',
  setup({ onResolve, onLoad }) {
    const file = createRequire(join(projectDirectory, 'package.json')).resolve('ajv-formats/dist/formats');
    onResolve({ filter: new RegExp(`^${formatsModule}$`) }, () => ({
      path: file,
      namespace: 'contract-formats',
    }));
    onLoad({ filter: /.*/, namespace: 'contract-formats' }, ({ path }) => ({
      contents: leanFormats(readFileSync(path, 'utf8')),
      loader: 'js',
    }));
  },
});
