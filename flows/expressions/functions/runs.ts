/** Functions that ask the run around the expression. */
import { select } from '../access.ts';
import type { EvaluationContext } from '../context.ts';
import type { Value, ValueObject } from '../values.ts';
import { define, type ExpressionFunction, text } from './function.ts';

const part = (record: ValueObject, key: string): Value => record[key] ?? null;

const bodyOf = (record: ValueObject, context: EvaluationContext): Value =>
  select(part(record, 'outputs'), 'body', {
    optional: true,
    slashPaths: context.slashPaths,
    expression: 'outputs.body',
  });

const actionBody = (args: readonly Value[], context: EvaluationContext) =>
  bodyOf(context.action(text(args, 0)), context);
const actionOutputs = (args: readonly Value[], context: EvaluationContext) =>
  part(context.action(text(args, 0)), 'outputs');

export const runs: readonly ExpressionFunction[] = [
  define('parameters(parameterName)', (args, context) => context.parameter(text(args, 0))),
  define('variables(variableName)', (args, context) => context.variable(text(args, 0))),
  define('body(actionName)', actionBody),
  define('actionBody(actionName)', actionBody),
  define('outputs(actionName)', actionOutputs),
  define('actionOutputs(actionName)', actionOutputs),
  define('actions(actionName)', (args, context) => context.action(text(args, 0))),
  define('action()', (_args, context) => context.currentAction()),
  define('result(scopedActionName)', (args, context) => context.result(text(args, 0))),
  define('trigger()', (_args, context) => context.trigger()),
  define('triggerOutputs()', (_args, context) => part(context.trigger(), 'outputs')),
  define('triggerBody()', (_args, context) => bodyOf(context.trigger(), context)),
  define('item()', (_args, context) => context.item()),
  define('items(loopName)', (args, context) => context.items(text(args, 0))),
  define('iterationIndexes(loopName)', (args, context) => context.iterationIndex(text(args, 0))),
  define('workflow()', (_args, context) => context.workflow()),
  define('listCallbackUrl()', (_args, context) => context.callbackUrl()),
];
