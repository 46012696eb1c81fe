/** `npm run lint:structure`: ends with 1 when the sources break a rule of scripts/import-rules.ts. */
import { fileURLToPath } from 'node:url';
import { structureRules } from './import-rules.ts';
import { readSources } from './source-graph.ts';
import { structureFigures, structureProblems } from './structure.ts';

const sources = readSources(fileURLToPath(new URL('..', import.meta.url)));
const problems = structureProblems(sources, structureRules);
console.log(`Structure: ${structureFigures(sources, structureRules).join('; ')}.`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`${problems.length} problems. The rules are in scripts/import-rules.ts.`);
  process.exitCode = 1;
}
