import { type Command, textOf } from './command.ts';
import { readRequest, sourceOptions } from './request.ts';

const defaultFile = 'dist/insights-connector.zip';

/** `package` is a reserved word. */
export const packageConnector: Command = {
  name: 'package',
  summary: 'Write the connector as one zip; equal input gives equal bytes',
  options: [{ flags: '--out <file>', description: 'Where to write', default: defaultFile }, ...sourceOptions],
  examples: ['package --outputs cdk-outputs.json'],
  run: async (values, terminal) => {
    const { connectorFiles } = await import('../../connector/emit/files.ts');
    const { packageFiles } = await import('../../connector/emit/package.ts');
    const { mkdirSync, writeFileSync } = await import('node:fs');
    const { dirname } = await import('node:path');
    const files = await connectorFiles(await readRequest(values, terminal));
    const zip = packageFiles(files);
    const out = textOf(values, 'out') ?? defaultFile;
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, zip);
    terminal.print(`${String(zip.length).padStart(8)}  ${out} (${files.map(({ name }) => name).join(', ')})`);
    return 0;
  },
};
