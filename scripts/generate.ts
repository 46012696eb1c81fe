/**
 * `npm run generate` writes every generated file that is committed; `npm run generate:check` writes nothing
 * and ends with 1 when one of them is out of date.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptOptions } from '../bin/commands/run.ts';
import { firstDifference } from './first-difference.ts';
import { generatedFiles, withSynthesis } from './generated-files.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const readIfThere = async (path: string): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
};

const generate = async (check: boolean): Promise<boolean> => {
  let drifted = false;
  await withSynthesis(async (synthesised) => {
    for (const { path, make } of generatedFiles) {
      const committed = await readIfThere(join(root, path));
      const text = committed.toString();
      const made = await make(text, synthesised);
      if (committed.equals(Buffer.from(made))) {
        console.log(`unchanged  ${path}`);
      } else if (check) {
        drifted = true;
        const difference = typeof made === 'string' ? firstDifference(text, made) : '  its bytes differ';
        console.error(`drifted    ${path}\n${difference}`);
      } else {
        await mkdir(dirname(join(root, path)), { recursive: true });
        await writeFile(join(root, path), made);
        console.log(`written    ${path}`);
      }
    }
  });
  return drifted;
};

const check = scriptOptions(
  {
    name: 'npm run generate --',
    summary: 'Write every generated file that is committed',
    options: [{ flags: '--check', description: 'Write nothing; exit code 1 when a file is out of date' }],
  },
  (values) => values.check === true,
);

if (await generate(check)) {
  console.error('Run `npm run generate` and commit the result.');
  process.exitCode = 1;
}
