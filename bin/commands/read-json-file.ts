import { UsageError } from './command.ts';

/** @throws UsageError when the file is not JSON, or the error of the operating system */
export const readJsonFile = async (file: string): Promise<unknown> => {
  const { readFileSync } = await import('node:fs');
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${file} is not JSON: ${error.message}`);
    throw error;
  }
};
