import { type Command, textOf } from './command.ts';
import { readRequest, sourceOptions } from './request.ts';

const defaultFolder = 'dist/connector';

export const build: Command = {
  name: 'build',
  summary: 'Write the connector: definition, properties, settings, icon, texts',
  options: [
    { flags: '--out <folder>', description: 'Where to write', default: defaultFolder },
    ...sourceOptions,
  ],
  run: async (values, terminal) => {
    const { buildConnector } = await import('../../connector/emit/write.ts');
    const { relative } = await import('node:path');
    const request = await readRequest(values, terminal);
    const startedAt = performance.now();
    const files = await buildConnector({ ...request, out: textOf(values, 'out') ?? defaultFolder });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
    for (const { path, size } of files)
      terminal.print(`${String(size).padStart(8)}  ${relative(process.cwd(), path)}`);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    terminal.print(`${String(total).padStart(8)}  bytes in ${files.length} files, built in ${seconds} s`);
    const { checkBuilt } = await import('./check.ts');
    return checkBuilt(textOf(values, 'out') ?? defaultFolder, request.certification === true, terminal);
  },
};
