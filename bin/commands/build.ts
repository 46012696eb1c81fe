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
  examples: ['build --outputs cdk-outputs.json', 'build --config staging.json --out dist/staging'],
  run: async (values, terminal) => {
    const { buildConnector } = await import('../../connector/emit/write.ts');
    const { relative } = await import('node:path');
    const request = await readRequest(values, terminal);
    const startedAt = performance.now();
    const { files, kept, formerHost } = await buildConnector({
      ...request,
      out: textOf(values, 'out') ?? defaultFolder,
    });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(2);
    for (const { path, size } of files)
      terminal.print(`${String(size).padStart(8)}  ${relative(process.cwd(), path)}`);
    const total = files.reduce((sum, { size }) => sum + size, 0);
    terminal.print(`${String(total).padStart(8)}  bytes in ${files.length} files, built in ${seconds} s`);
    if (kept.connectorId !== undefined) {
      terminal.print(
        `settings.json still names the connector ${kept.connectorId}${kept.environment === undefined ? '' : ` in the environment ${kept.environment}`}.`,
      );
      if (formerHost !== undefined)
        terminal.complain(
          `The host of the connector in this folder was ${formerHost}; \`paconn update\` would send the calls of ${kept.connectorId} to another host.\n` +
            'Build each deployment into its own folder (--out), or remove connectorId from settings.json to create another connector.',
        );
    }
    const { checkBuilt } = await import('./check.ts');
    return checkBuilt(textOf(values, 'out') ?? defaultFolder, request.certification === true, terminal);
  },
};
