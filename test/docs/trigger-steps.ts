/**
 * The recipe "A trigger" of CONTRIBUTING.md as edits of a source tree: what a contributor writes into each
 * file that the recipe names, to add the trigger of test/lambda/triggers/additional.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fixture = 'test/lambda/triggers/additional';
const operationFile = 'connector/contract/operations/on-segment-evaluated.ts';
const definitionFile = 'lambda/triggers/kinds/segment-evaluated.ts';

/** Edits a tree, given its root. */
type Edit = (tree: string) => void;

/** Copies a file of the fixture to its place, with its imports as they are from there. */
const create =
  (name: string, path: string): Edit =>
  (tree) => {
    const text = readFileSync(join(tree, fixture, name), 'utf8');
    writeFileSync(
      join(tree, path),
      text
        .replaceAll('../../../../', '../../../')
        .replace("'./on-", "'../../../connector/contract/operations/on-"),
    );
    // Tests of the tree import the trigger from where it is now.
    writeFileSync(join(tree, fixture, name), `export { onSegmentEvaluated } from '../../../../${path}';\n`);
  };

/** Adds an entry at the start of a list or a record, which begins where the pattern ends, and an import. */
const insert =
  (path: string, start: RegExp, entry: string, imports = ''): Edit =>
  (tree) => {
    const text = readFileSync(join(tree, path), 'utf8');
    if (!start.test(text)) throw new Error(`${path} has no ${start}: correct test/docs/trigger-steps.ts.`);
    writeFileSync(join(tree, path), imports + text.replace(start, (opening) => `${opening}\n  ${entry}`));
  };

const simulated = `OnSegmentEvaluated: {
    trigger: 'OnSegmentEvaluated',
    chooseInputs: (chance, instance) => ({
      ...plain,
      trigger: 'OnSegmentEvaluated',
      instanceId: instance.id,
      subject: chance.pick(instance.segments).name,
    }),
    body: ({ subject }) => ({ segment: subject }),
    truths: (instance) =>
      instance.segments.flatMap(({ name, evaluations }) =>
        evaluations.map(({ at, runId, visibleAt, value }) => ({
          trigger: 'OnSegmentEvaluated' as const,
          instance,
          subject: name,
          key: \`\${name} \${runId}\`,
          finalAt: at,
          visibleAt,
          optional: false,
          expected: { occurredAt: isoOf(instance)(at), segmentName: name, memberCount: Number(value) },
          oneOf: {},
        })),
      ),
    concerns: ({ subject }, truth) => subject === truth.subject,
    canRegister: (instance, { subject }, time) =>
      instance.segments.some((segment) => segment.name === subject && existsAt(segment, time)),
  },`;

/** By the name of the file in the recipe, where `<event>` is the event of the new trigger. */
export const triggerSteps: Readonly<Record<string, Edit>> = {
  'connector/contract/operations/on-<event>.ts': create('on-segment-evaluated.ts', operationFile),
  'connector/contract/index.ts': insert(
    'connector/contract/index.ts',
    /export const operations = \[/,
    'onSegmentEvaluated,',
    "import { onSegmentEvaluated } from './operations/on-segment-evaluated.ts';\n",
  ),
  'lambda/triggers/kinds/<event>.ts': create('segment-evaluated.ts', definitionFile),
  'lambda/triggers/registry.ts': insert(
    'lambda/triggers/registry.ts',
    /export const definitions: [^=]* = \{/,
    'OnSegmentEvaluated: onSegmentEvaluated,',
    "import { onSegmentEvaluated } from './kinds/segment-evaluated.ts';\n",
  ),
  'local/exchanges/occurrences.ts': insert(
    'local/exchanges/occurrences.ts',
    /export const occurrences: [^=]* = \{/,
    'OnSegmentEvaluated: { happen: (instance, { segment }) => instance.refreshSegment(String(segment), { durationMs }) },',
  ),
  'test/simulation/trigger-kinds.ts': insert(
    'test/simulation/trigger-kinds.ts',
    /const kinds: [^=]* = \{/,
    simulated,
  ),
};
