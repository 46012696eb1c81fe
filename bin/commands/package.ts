import { type Command, textOf } from './command.ts';
import { readRequest, sourceOptions } from './request.ts';

const defaultFile = 'dist/insights-connector.zip';

/** `package` is a reserved word. */
export const packageConnector: Command = {
  name: 'package',
  summary:
    'Write the connector as a solution, or as a submission to certification; equal input gives equal bytes',
  options: [{ flags: '--out <file>', description: 'Where to write', default: defaultFile }, ...sourceOptions],
  examples: ['package --outputs cdk-outputs.json', 'package --certification --out submission.zip'],
  run: async (values, terminal) => {
    const { connectorPackage } = await import('../../flows/packages/build.ts');
    const { mkdirSync, writeFileSync } = await import('node:fs');
    const { dirname } = await import('node:path');
    const { content, contains } = await connectorPackage(await readRequest(values, terminal));
    const out = textOf(values, 'out') ?? defaultFile;
    mkdirSync(dirname(out), { recursive: true });
    writeFileSync(out, content);
    terminal.print(`${String(content.length).padStart(8)}  ${out} (${contains})`);
    return 0;
  },
};
