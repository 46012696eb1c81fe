import { ArgumentError } from '../evaluation-errors.ts';
import { propertyName, type Value } from '../values.ts';
import { define, type ExpressionFunction, object, text } from './function.ts';

export const objects: readonly ExpressionFunction[] = [
  define('addProperty(object, property, value)', (args) => {
    const [target, name] = [object(args, 0), text(args, 1)];
    if (propertyName(target, name) !== undefined)
      throw new ArgumentError(
        1,
        'the name of a property that the object does not have yet; setProperty() replaces one',
      );
    return { ...target, [name]: args[2] ?? null };
  }),
  define('setProperty(object, property, value)', (args) => {
    const [target, name] = [object(args, 0), text(args, 1)];
    return { ...target, [propertyName(target, name) ?? name]: args[2] ?? null };
  }),
  define('removeProperty(object, property)', (args) => {
    const [target, name] = [object(args, 0), text(args, 1)];
    const found = propertyName(target, name);
    return Object.fromEntries(Object.entries(target).filter(([key]) => key !== found)) as Record<
      string,
      Value
    >;
  }),
];
