import { type Command, textOf, UsageError } from './command.ts';

const defaultFolder = 'docs';

const printTable = async (print: (text: string) => void): Promise<void> => {
  const [{ operations }, { operationTableText }] = await Promise.all([
    import('../../connector/contract/index.ts'),
    import('../../connector/reference/operation-table.ts'),
  ]);
  print(operationTableText(operations));
};

/** @param operationId undefined for all operations that makers see */
const printDesigner = async (
  operationId: string | undefined,
  print: (text: string) => void,
): Promise<void> => {
  const [{ localConnector }, { designerViews }, { designerText }] = await Promise.all([
    import('../../local/exchanges/operation-docs.ts'),
    import('../../connector/reference/designer.ts'),
    import('../../connector/reference/designer-text.ts'),
  ]);
  const views = designerViews(await localConnector());
  const chosen = views.filter((view) => operationId === undefined || view.operationId === operationId);
  if (chosen.length === 0)
    throw new UsageError(
      `Unknown operation "${operationId}". Operations: ${views.map((view) => view.operationId).join(', ')}.`,
    );
  print(chosen.map(designerText).join('\n\n'));
};

export const docs: Command = {
  name: 'docs',
  summary: 'Write the operation reference, with a call of each operation from a local run',
  options: [
    { flags: '--out <folder>', description: 'Where to write', default: defaultFolder },
    { flags: '--table', description: 'Print the table of operations; write nothing' },
    {
      flags: '--designer [operation]',
      description: "Print the flow designer's view of one operation or of all; write nothing",
    },
  ],
  examples: ['docs --table', 'docs --designer GetItems'],
  run: async (values, { print }) => {
    if (values.table) await printTable(print);
    if (values.designer) await printDesigner(textOf(values, 'designer'), print);
    if (values.table || values.designer) return 0;
    const { makeDesignerReference, makeOperationReference } = await import(
      '../../local/exchanges/operation-docs.ts'
    );
    const { mkdirSync, writeFileSync } = await import('node:fs');
    const { join } = await import('node:path');
    const folder = textOf(values, 'out') ?? defaultFolder;
    const files = [
      ['operations.md', await makeOperationReference()],
      ['designer.md', await makeDesignerReference()],
    ] as const;
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of files) {
      const path = join(folder, name);
      writeFileSync(path, content);
      print(`${String(Buffer.byteLength(content)).padStart(8)}  ${path}`);
    }
    return 0;
  },
};
